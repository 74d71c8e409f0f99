"""Documents: chapters in reading order, the same bytes for the same values, whole files or none."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from dbworkbench.diagram.dependencies import dependency_picture
from dbworkbench.diagram.erd import erd
from dbworkbench.errors import OutputExists, Unsupported
from dbworkbench.page.blocks import Figure, Fold, Heading, Page, Prose
from dbworkbench.page.outline import level_of
from dbworkbench.report.chapters import under
from dbworkbench.report.document import Document, document
from dbworkbench.schema.analysis import analyze
from dbworkbench.schema.loss import Loss, Written
from dbworkbench.schema.normalization import normalize
from dbworkbench.sql.write import write
from dbworkbench.theory.anomalies import anomalies
from tests.views.designs import ADDRESSES, HOSTILE, SALES, SHOP, normalized, wide
from tests.views.trials import bad, good


def _shop() -> Document:
    return document("Shop", "What we sell, and to whom.", normalized())


def _titles(page: Page) -> list[str]:
    return [block.text for block in page if isinstance(block, Heading) and block.level == 2]


def test_a_normalization_brings_all_that_it_takes_to_understand_and_use_it() -> None:
    assert _titles(_shop().page) == ["The relation sales", "sales is in 1NF", "sales in 3NF: 4 relations", "Diagram", "The 4 relations of sales", "SQL for DuckDB"]  # fmt: skip
    assert _shop().page[:2] == (Heading("Shop", 1), Prose("What we sell, and to whom."))


def test_what_is_given_is_not_said_twice() -> None:
    shop, graph = normalized(), dependency_picture(SALES)
    given = document(
        "Shop", write(shop, "sqlite"), write(shop, "duckdb"), erd(shop), graph, shop, analyze(SALES), SALES
    )
    assert _titles(given.page) == [
        "The relation sales", "sales is in 1NF", "sales in 3NF: 4 relations", "Diagram", "The 4 relations of sales",
        "SQL for SQLite",
    ]  # fmt: skip
    assert sum('CREATE TABLE "orders"' in str(block) for block in given.page) == 2
    assert sum(isinstance(block, Figure) for block in given.page) == 2


def test_a_picture_of_the_dependencies_alone_does_not_replace_the_diagram() -> None:
    made = document("Shop", normalized(), dependency_picture(SALES))
    assert _titles(made.page)[2:4] == ["sales in 3NF: 4 relations", "Diagram"]
    assert sum(isinstance(block, Figure) for block in made.page) == 2
    assert made.page.index(Heading("Who determines whom", 3)) < made.page.index(Heading("sales in 3NF: 4 relations"))


def test_a_schema_brings_its_picture_and_its_sql() -> None:
    assert _titles(document("Shop", SHOP).page) == ["A schema of 3 relations", "Diagram", "SQL for DuckDB"]
    assert _titles(document("Shop", normalized().schema, normalized()).page) == _titles(_shop().page)


def test_two_designs_of_one_relation_are_told_apart() -> None:
    made = document("Addresses", normalize(ADDRESSES, to="3NF"), normalize(ADDRESSES, to="BCNF"))
    assert _titles(made.page) == [
        "The relation addresses", "addresses is in EKNF", "addresses in 3NF: 1 relation", "addresses in BCNF: 2 relations",
        "Diagram: addresses in 3NF", "Diagram: addresses in BCNF", "The 1 relation of addresses: addresses in 3NF",
        "The 2 relations of addresses: addresses in BCNF", "SQL for DuckDB: addresses in 3NF",
        "SQL for DuckDB: addresses in BCNF",
    ]  # fmt: skip


def test_values_of_a_kind_stand_together_under_one_title() -> None:
    found = anomalies(SALES.names, SALES.fds)
    made = document(
        "T",
        SALES,
        "Why it matters.",
        *found,
        normalized().lossless,
        normalized().preserving,
        1,
        {"a": 2},
        good(),
        bad(),
    )
    assert _titles(made.page) == [
        "The relation sales",
        "Anomalies",
        "Proofs",
        *["Trial: one table against 3NF"] * 2,
        "Further",
    ]
    at = made.page.index(Heading("Anomalies"))
    assert made.page[at + 1 : at + 3] == (
        Prose("Why it matters."),
        Heading("Update anomaly by order_id → customer_id", 3),
    )
    assert len([block for block in made.page if isinstance(block, Heading) and "anomaly by" in block.text]) == len(
        found
    )


def test_texts_open_the_chapter_after_them_and_pages_stand_as_they_are() -> None:
    made = document(
        "T",
        "Purpose.",
        SHOP,
        "About addresses.",
        analyze(ADDRESSES),
        (Heading("My own", 1), Prose("words")),
        "The end.",
    )
    said = [block.text for block in made.page if isinstance(block, (Heading, Prose))]
    assert said[:2] == ["T", "Purpose."]
    assert said[said.index("addresses is in EKNF") + 1] == "About addresses."
    assert said[-3:] == ["My own", "words", "The end."]
    assert document("T", "Only words.").page == (Heading("T", 1), Prose("Only words."))
    assert document("T").page == (Heading("T", 1),)


@pytest.mark.parametrize(
    ("levels", "moved"),
    [((2, 3), (2, 3)), ((1, 2, 3), (2, 3, 4)), ((3,), (2,)), ((3, 2, 3), (2, 4, 3, 4)), ((), (2,))],
)
def test_chapters_begin_with_their_highest_heading(levels: tuple[int, ...], moved: tuple[int, ...]) -> None:
    page = tuple(Heading("x", level) for level in levels) or (Prose("words"),)
    assert tuple(level_of(block) for block in under("Title", page) if isinstance(block, Heading)) == moved


@pytest.mark.parametrize("ending", [".html", ".md", ".ipynb"])
def test_the_shop_document(ending: str, golden: Callable[[str, str], None]) -> None:
    sql = Written('CREATE TABLE "orders" (…);\n', (Loss("orders.placed", "time zone", "written as TEXT"),), "sqlite")
    shop = document("Shop", "What we sell, and to whom.", normalized(), sql)
    text = re.sub(r"<img src=[^>]*>", "<img>", shop.text(ending))  # how it is drawn is not what is shown here
    golden(f"shop{ending}", re.sub(r'"id": "\w+"', '"id": ""', text))


def test_the_same_values_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = (
        "import sys, dbworkbench as wb\n"
        "from tests.views.designs import SALES\n"
        "wb.document('Shop', wb.normalize(SALES), wb.analyze('r(a,b,c,d,e) \\n a,b -> c; c -> b; d ->> e')).save(sys.argv[1])"
    )
    made = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.html"
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env=env)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_saving_writes_one_whole_file(tmp_path: Path) -> None:
    made = document("T", "words")
    for name in ("a.html", "b.md", "c.ipynb", "D.HTML", "new folder/é.md"):
        assert made.save(tmp_path / name) == tmp_path / name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["D.HTML", "a.html", "b.md", "c.ipynb", "new folder"]
    nbformat.validate(json.loads((tmp_path / "c.ipynb").read_text(encoding="utf-8")))
    assert (tmp_path / "b.md").read_text(encoding="utf-8") == "# T\n\nwords\n"


def test_an_existing_file_is_kept_unless_said_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")
    with pytest.raises(OutputExists, match="overwrite=True"):
        document("T").save(path)
    assert path.read_text() == "mine"
    document("T").save(path, overwrite=True)
    assert path.read_text() == "# T\n"
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(OutputExists):
        document("T").save(tmp_path / "folder.md", overwrite=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.md", "folder.md"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        document("T").save(path, overwrite=True)
    assert [each.name for each in tmp_path.iterdir()] == ["a.md"]
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a", "a.html.gz"])
def test_other_endings_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=r"use .html, .md or .ipynb"):
        document("T").save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_document_shows_as_its_chapters() -> None:
    forms = _shop()._repr_mimebundle_()
    assert "<h1>Shop</h1>" in forms["text/html"]
    assert str(_shop()).startswith("Shop\n════")


_FACTS = """() => ({
    images: [...document.images].map(image => image.naturalWidth),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    links: [...document.querySelectorAll("nav a")].filter(a => !document.getElementById(a.hash.slice(1))).length,
    jumps: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1])
        .filter((level, at, all) => at && level > all[at - 1] + 1).length,
})"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("design", ["shop", "hostile", "wide"])
def test_a_saved_document_opens_offline(browser: Any, tmp_path: Path, design: str, scheme: str) -> None:
    values = {"shop": normalized(), "hostile": HOSTILE, "wide": wide()}
    path = document("<b>", values[design]).save(tmp_path / "a.html")
    with browser.open(path, scheme=scheme) as tab:
        tab.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        facts = tab.page.evaluate(_FACTS)
        assert tab.requests == []
        assert tab.complaints == []
        assert all(width > 0 for width in facts["images"])
        assert len(facts["images"]) == (2 if design == "shop" else 0)
        assert (facts["overflow"], facts["links"], facts["jumps"]) == (0, 0, 0)


def test_folds_stay_folds_in_a_chapter() -> None:
    page = (Heading("x", 1), Fold("why", (Prose("because"),)))
    assert under("", page) == (Heading("x", 2), page[1])
