"""What is easily given by mistake, to each verb: taken where it can be, else refused in words that name the fix."""

from collections.abc import Callable
from pathlib import Path

import pytest

import dbworkbench as wb
from dbworkbench.__main__ import main
from dbworkbench.errors import UnknownName
from dbworkbench.exercises.sheet import save_sheet

SHOP = "customer(*id: integer, name: text)\norders(*id: integer, customer_id: integer -> customer)"
CHAIN = "r(a, b, c)\n a -> b\n b -> c"

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a list for a relation": (lambda: wb.relation(["a"]), "not from a list"),  # type: ignore[arg-type]
    "letters written together": (lambda: wb.relation("R(A, B, C)\n AB -> C"), "did you mean 'A, B'?"),
    "SQL for a relation": (lambda: wb.relation("CREATE TABLE t (a int)"), "SQL is read with read(…)"),
    "a number for a schema": (lambda: wb.schema(5), "an int is no design"),  # type: ignore[arg-type]
    "nothing to read": (lambda: wb.read(None), "nothing (None) holds no design"),
    "nothing as a format": (lambda: wb.write(SHOP, None), "no format called"),  # type: ignore[arg-type]
    "nothing to discover": (lambda: wb.discover(None), "nothing (None) holds no rows"),
    "a number to discover": (lambda: wb.discover(5), "an int holds no rows"),
    "nothing to reflect": (lambda: wb.reflect(None), "give a URL, a file"),  # type: ignore[arg-type]
    "nothing to fill": (lambda: wb.populate(None), "nothing (None) is no design"),
    "a text as a scale": (lambda: wb.tpch("1"), "a scale of '1' makes no rows"),  # type: ignore[arg-type]
    "a form not carried out": (lambda: wb.normalize(CHAIN, to="4NF"), "theory.decompose_4nf"),
    "a design as a title": (lambda: wb.document(wb.schema(SHOP)), "is no title"),  # type: ignore[arg-type]
    "an exercise as a folder": (lambda: wb.grade(wb.exercise(seed=3)), "exercise.check("),  # type: ignore[arg-type]
    "an attribute as indexes": (lambda: wb.indexed(wb.relation(CHAIN), "a"), "a str names no rel"),  # type: ignore[arg-type]
    "an attribute as an order": (lambda: wb.clustered(wb.relation(CHAIN), "a"), "a str names no rel"),  # type: ignore[arg-type]
    "no relation for the grid": (lambda: wb.dependencies(None), "nothing (None) is no design"),  # type: ignore[arg-type]
    "a relation as a trial": (lambda: wb.scoreboard(wb.relation(CHAIN)), "a Relation is no trial"),  # type: ignore[arg-type]
    "a path as rows": (lambda: wb.relation_of("rows.csv"), "read it first: wb.read_data"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_mistake_is_refused_in_words(case: str) -> None:
    given, words = REFUSED[case]
    with pytest.raises(wb.WorkbenchError) as refused:
        given()
    assert words in str(refused.value)


def test_rows_are_sent_where_rows_are_read(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(wb.WorkbenchError, match=r"holds rows, not a design — discover"):
        wb.read(rows)
    assert "so none is proposed" in str(wb.discover(rows))


def test_texts_are_taken_where_designs_are(tmp_path: Path) -> None:
    with wb.populate(CHAIN, rows=5) as made:
        assert made.rows("r") == 5
    assert wb.normalization_picture(CHAIN).pages == wb.normalization_picture(wb.normalize(CHAIN)).pages
    assert wb.dependency_picture("a, b, c", "a -> b; b -> c").svg == wb.dependency_picture(wb.relation(CHAIN)).svg
    assert "Made from seed 3" in save_sheet(wb.exercise(seed=3), tmp_path / "sheet.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["convert", "rows.csv", "--to", "dbml"], "dbworkbench discover finds the design in them"),
        (["convert", "design.txt"], "into which format? — say --to"),
        (["convert", "other.note", "--to", "dbml"], "say which: --from one of"),
        (["design", "design.txt", "--out", "out", "--to", "4NF"], "--to 4NF: no form to normalize to here — use 3NF"),
    ],
)
def test_the_command_line_speaks_of_its_options(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("rows.csv", "a,b\n1,2\n"), ("design.txt", CHAIN), ("other.note", "hello world")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(words) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("postgres", "postgresql"),
        ("PostgreSQL", "postgresql"),
        ("pg", "postgresql"),
        ("MySQL", "mysql"),
        ("MSSQL", "sqlserver"),
        ("MS SQL Server", "sqlserver"),
        ("sql-server", "sqlserver"),
        ("SQLite3", "sqlite"),
        ("BigQuery", "bigquery"),
    ],
)
def test_a_database_is_called_what_people_call_it(said: str, meant: str) -> None:
    assert wb.ddl(SHOP, said) == wb.ddl(SHOP, meant)
    assert wb.write(SHOP, said) == wb.write(SHOP, meant)
    assert wb.write(SHOP, "sql", dialect=said).language == meant
    assert wb.read(wb.ddl(SHOP, meant).text, said) == wb.read(wb.ddl(SHOP, meant).text, meant)


def test_a_format_and_an_engine_are_called_what_people_call_them() -> None:
    assert wb.write(SHOP, "JSON Schema") == wb.write(SHOP, "jsonschema") == wb.write(SHOP, "json_schema")
    assert wb.write(SHOP, "SQLAlchemy", dialect="Postgres") == wb.write(SHOP, "sqlalchemy", dialect="postgresql")
    assert str(wb.verify(SHOP, "SQLite", rows=3)) == str(wb.verify(SHOP, "sqlite", rows=3))
    trial = wb.trial({"shop": wb.schema(SHOP)}, workload={"all": "SELECT * FROM customer"}, rows=9, engines=["DuckDB"])
    assert {one.engine for one in trial.measurements} == {"duckdb"}
    for wrong, nearest in (("postgrsql", "postgresql"), ("jsonschem", "json_schema"), ("", None)):
        with pytest.raises(UnknownName) as refused:
            wb.write(SHOP, wrong)
        assert refused.value.nearest == nearest
