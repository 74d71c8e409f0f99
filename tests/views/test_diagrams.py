from dbworkbench.diagram.erd import erd
from dbworkbench.page.blocks import Figure, Fold, Heading
from dbworkbench.schema.notation import schema
from dbworkbench.views.describe import describe


def test_pages_after_the_first_stand_behind_their_titles() -> None:
    design = schema("a(*id)", "b(*id, a_id -> a)", "c(*id, b_id -> b)", name="Three")
    page = describe(erd(design, areas={"One": ["a"], "Two": ["b", "c"]}))
    assert [type(block) for block in page] == [Heading, Figure, Fold, Fold, Fold]
    assert [block.title for block in page if isinstance(block, Fold)] == ["One", "Two", "Index"]


def test_a_single_page_is_a_figure_alone() -> None:
    (figure,) = describe(erd(schema("a(*id)")))
    assert isinstance(figure, Figure)
    assert figure.text.startswith("a")
