from collections.abc import Callable

import pytest

from dbworkbench.diagram.normalized import normalization_picture
from dbworkbench.schema.normalization import normalize
from tests.diagram.measuring import measured

SALES = """sales(order_id, line_no, placed: date, customer_id, customer_name: text, city: text?, quantity: integer)
  key order_id, line_no
  order_id -> customer_id, placed
  customer_id -> customer_name, city
"""


def test_before_and_after_as_they_were_looked_at(golden: Callable[[str, str], None]) -> None:
    picture = normalization_picture(normalize(SALES))
    golden("normalization.svg", picture.svg)
    golden("normalization.txt", picture.outline + "\n")


@pytest.mark.parametrize("form", ["3NF", "BCNF"])
def test_every_attribute_tells_where_it_went_and_every_step_has_a_page(form: str) -> None:
    normalization = normalize(SALES, to=form)
    picture = normalization_picture(normalization)
    changing = [step for step in normalization.steps if set(step.before) != set(step.after)]
    assert len(picture.pages) == 1 + len(changing)
    for page in picture.pages:
        sheet = measured(page.svg)
        tables = list(sheet.tables.values())
        assert not any(a.overlaps(b) for at, a in enumerate(tables) for b in tables[at + 1 :])
    assert "customer_id → customers, orders" in picture.outline
    assert len(measured(picture.svg).tables) == 1 + len(normalization.schema)


def test_nothing_to_do_is_still_a_picture() -> None:
    picture = normalization_picture(normalize("r(a, b); key a"))
    assert [page.title for page in picture.pages] == ["Before and after"]
