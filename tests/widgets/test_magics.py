"""The magics in a real IPython shell: designs read, refusals marked, words completed."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from dbworkbench.schema.notation import relation, schema
from dbworkbench.widgets.magics import completions

interactive: Any = import_module("IPython.core.interactiveshell")  # untyped


@pytest.fixture(scope="module")
def shell() -> Iterator[Any]:
    made = interactive.InteractiveShell.instance()
    made.history_manager.enabled = False
    made.extension_manager.load_extension("dbworkbench")
    yield made
    made.extension_manager.unload_extension("dbworkbench")
    made.history_manager.end_session()
    interactive.InteractiveShell.clear_instance()


TEXT = "customers(*id: integer, name: text)\norders(*id: integer, customer_id: integer -> customers)"


def test_a_cell_becomes_a_schema_and_a_relation(shell: Any) -> None:
    assert shell.run_cell(f"%%schema shop\n{TEXT}").result == schema(TEXT)
    assert shell.user_ns["shop"] == schema(TEXT)
    assert shell.run_cell("%%relation r\nr(a, b)\n a -> b").result == relation("r(a, b)\n a -> b")
    assert shell.run_cell("%erd shop").result.title == "Schema"
    assert "CREATE TABLE" in str(shell.run_cell("%ddl shop sqlite").result.text)
    assert shell.run_cell("%normalize r BCNF").result.form == "BCNF"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%%schema s\na(x: integer,\n b c d, e:)\n", "line 3, column"),
        ("%%schema s\na(x)\n y -> x\n", "no attribute called 'y'"),
        ("%%schema my shop\na(x)", "is no Python name"),
        ("%%relation r\na(x)\nb(y)", "one relation was expected"),
        ("%erd", "needs the name of a design"),
        ("%ddl shp", "did you mean 'shop'"),
        ("%normalize shop", "one relation is needed"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(shell: Any, cell: str, says: str) -> None:
    done = shell.run_cell(cell)
    assert done.error_in_exec is None
    assert says in repr(done.result)


def test_what_is_wrong_is_marked_under_its_place_in_the_notebook_too(shell: Any) -> None:
    told = shell.run_cell("%%schema s\na(*x: integer)\nb(y: integer -> <b>)\n").result._repr_html_()
    line, place = told.split("\n")[-2:]
    assert "&lt;b&gt;" in line
    assert "<b>" not in told
    assert line.replace("&gt;", ">").replace("&lt;", "<").index("<") == place.index("^")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("%%schema s\na(x: deci", ["decimal"]),
        ("%%schema s\ncustomers(*customer_id: integer)\norders(c: integer -> cust", ["customers", "customer_id"]),
        ("%%schema s\ncustomers(*customer_id: integer, city: text)\n    ci", ["city"]),
        ("%%schema s\na(x)\n  uni", ["unique"]),
    ],
)
def test_words_are_completed(cell: str, found: list[str]) -> None:
    assert completions(cell, len(cell))[1] == found


def test_completion_in_the_shell_is_ours_within_our_cells(shell: Any) -> None:
    with import_module("IPython.core.completer").provisionalcompleter():
        cell = "%%schema s\na(x: deci"
        found = [one.text for one in shell.Completer.completions(cell, len(cell))]
    assert "decimal" in found
