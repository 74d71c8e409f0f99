"""Designs put to real engines: what is refused, what is taken, and that a verification notices when it should."""

import builtins
import json
import sqlite3
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings

import dbworkbench as wb
from dbworkbench.data.scratch import PREFIX
from dbworkbench.errors import EngineError, UnknownName, Unsupported
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import schema
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements
from dbworkbench.trials import verify as module
from dbworkbench.trials.breaking import chosen
from dbworkbench.trials.verification import Verification
from dbworkbench.trials.verify import verify
from tests.bench import verify_bench
from tests.formats.samples import EVERY, RICH
from tests.servers import PostgreSQL
from tests.sql.designs import CYCLE, SHOP, schemas

SAMPLES = Path(__file__).parents[2] / "sample_data"
DESIGNS: dict[str, Callable[[], Schema]] = {
    **{name: make for name, make in EVERY.items() if name != "clinic_dump.sql"},  # which has a test of its own
    "a shop of every type": lambda: SHOP,
    "a cycle": lambda: CYCLE,
}
ENGINES = ("duckdb", "sqlite", "postgresql", "mariadb", "clickhouse")


@pytest.fixture(scope="module")
def on(postgresql_server: PostgreSQL, mariadb_url: str) -> dict[str, str]:
    """By dialect: itself, or the URL of the server that this session shares."""
    socket = quote(postgresql_server.socket, safe="")
    return {
        **{name: name for name in ENGINES},
        "postgresql": f"postgresql://{postgresql_server.user}@/postgres?unix_sock={socket}",
        "mariadb": mariadb_url,
    }


def said(found: Verification) -> str:
    refused = sum(probe.refused is True for probe in found.probes)
    taken = sum(probe.refused is False for probe in found.probes)
    unknown = sum(probe.refused is None for probe in found.probes)
    return f"{found.outcome}: {len(found.rows)} tables, {refused} refused, {taken} taken, {unknown} not tried, losses: {len(found.losses)}"


def test_every_sample_holds_on_every_engine(on: dict[str, str], golden: Callable[[str, str], None]) -> None:
    lines = ["| design | " + " | ".join(ENGINES) + " |", "| :--- | " + " | ".join(":---" for _ in ENGINES) + " |"]
    for name, make in DESIGNS.items():
        design, cells = make(), []
        for engine in ENGINES:
            found = verify(design, on[engine], rows=8)
            assert found.holds, (name, engine, found)
            assert found.stamp.tier == "engine"
            assert found.unfilled == ""
            assert set(found.rows) == set(design.names)
            assert {probe.kind for probe in found.probes} >= {"not null", "key"}
            cells.append(said(found))
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    golden("../../../docs/verified_engines.md", _HEAD + "\n".join(lines) + "\n")


_HEAD = """# What engines make of the sample designs

Each design is created in a scratch database by `wb.verify`, filled with rows that obey it, attacked with rows that break one
rule each, and read back from the engine's catalogue. *Refused* and *taken* count those rows; what is taken, the dialect declares
not to enforce (a loss). *Not tried* are rules for which no breaking row exists or was found.

"""


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_too_long_for_keys_and_indexes_hold(engine: str, on: dict[str, str]) -> None:
    """MariaDB refused a key over 900 characters in two attributes."""
    long = """
        pages(*url: text(700), *place: text(200), title: text(2048), body: text, kind: enum('a', 'b'))
          index title
          index body, title
          unique title, kind, place
        links(*id: integer, url: text(700), place: text(200))
          url, place -> pages
    """
    found = verify(long, on[engine], rows=8)
    assert found.holds, found
    assert {probe.kind for probe in found.probes} >= {"not null", "key"}


OWN_TYPES = """
    CREATE TABLE a (ip inet PRIMARY KEY, c cidr NOT NULL, m macaddr NOT NULL, b bit(3) NOT NULL, v varbit NOT NULL, mo money NOT NULL,
        t tsvector NOT NULL, p point NOT NULL, bo box NOT NULL, r int4range NOT NULL, tr tstzrange NOT NULL, o oid NOT NULL, x xml,
        ch character(3) NOT NULL, n integer[] NOT NULL, s text[] NOT NULL, u uuid[3] NOT NULL, d numeric(5, 2)[][] NOT NULL, i inet[] NOT NULL,
        ct citext NOT NULL, hs hstore NOT NULL, g geography(point) NOT NULL);
    CREATE TABLE b (id int PRIMARY KEY, ip inet NOT NULL REFERENCES a (ip), pick text NOT NULL CHECK (pick = 'yes' OR (pick = 'no')))
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_types_that_one_engine_has_are_filled_on_all(engine: str, on: dict[str, str]) -> None:
    found = verify(read(OWN_TYPES, "postgresql").schema, on[engine], rows=8)
    assert found, found
    assert (found.unfilled, [*found.rows]) == ("", ["a", "b"])
    assert all(probe.refused is not None for probe in found.probes)
    places = "CREATE TABLE g (id INT PRIMARY KEY, a GEOMETRY NOT NULL, b POINT NOT NULL, c LINESTRING NOT NULL, d POLYGON NOT NULL)"
    found = verify(read(places, "mysql").schema, on[engine], rows=8)
    assert found, found
    assert found.unfilled == ""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_refusal_among_rows_that_refer_to_each_other_leaves_no_transaction_behind(
    engine: str, on: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(*given: Any, **options: Any) -> tuple[dict[str, list[Any]], dict[str, Any]]:
        loaded, spare = chosen(*given, **options)
        return {name: [rows[0], *rows] for name, rows in loaded.items()}, spare

    monkeypatch.setattr(module, "chosen", twice)
    found = verify(schema("a(*id: integer, boss: integer? -> a, n: integer)"), on[engine], rows=4)
    assert not found
    assert "unique" in found.complaint.casefold()
    assert (found.rows, found.differences) == ({"a": 0}, ())


def test_a_text_that_enumerations_refer_to_has_their_values() -> None:
    design = read(
        """CREATE TYPE grade AS ENUM ('a', 'b');
        CREATE TABLE held (no int, grade text, PRIMARY KEY (no, grade));
        CREATE TABLE given (id int PRIMARY KEY, no int NOT NULL, grade grade NOT NULL, FOREIGN KEY (no, grade) REFERENCES held);""",
        "postgresql",
    ).schema
    found = verify(design, "sqlite", rows=6)
    assert found, found
    assert [probe.refused for probe in found.probes if probe.kind == "foreign key"] == [True]


def test_what_mariadb_keeps_in_other_words_is_no_difference(on: dict[str, str]) -> None:
    """utf8 is called utf8mb3 now, CHAR says its characters, and an instant has no zone."""
    design = read(
        """
        CREATE TABLE t (id int PRIMARY KEY, name varchar(9) NOT NULL UNIQUE CHECK (name::text = lower(name::text)),
            since timestamptz NOT NULL DEFAULT '1970-01-01 05:00:00+05');
        """,
        "postgresql",
    ).schema
    found = verify(design, on["mariadb"], rows=8)
    assert found, found
    assert {probe.kind for probe in found.probes} >= {"key", "check"}
    named = "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9) COLLATE utf8_general_ci)"
    assert verify(read(named, "mysql").schema, on["mariadb"], rows=8)


def test_a_check_that_refuses_nothing_without_case_is_said_to(
    on: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an attribute says so, 'No Such' is its own lower case to MariaDB; a check that is another is broken all the same."""
    text = "CREATE TABLE t (id int PRIMARY KEY, name varchar(9) NOT NULL{} CHECK (name = lower(name)), n int CHECK (n > 0))"
    found = verify(read(text.format(" COLLATE utf8mb4_general_ci"), "mysql").schema, on["mariadb"], rows=6)
    fates = {probe.rule: probe for probe in found.probes if probe.kind == "check"}
    lower = fates['check ("name" = LOWER("name"))']
    assert (found.outcome, lower.refused, lower.expected, fates['check ("n" > 0)'].refused) == (
        "holds",
        False,
        False,
        True,
    )
    assert "texts that differ in case" in lower.said
    assert "is taken" in str(found).split("▸", 1)[0]
    exact = verify(read(text.format(""), "mysql").schema, on["mariadb"], rows=6)
    assert (exact.outcome, [probe.refused for probe in exact.probes if probe.kind == "check"]) == (
        "holds",
        [True, True],
    )

    def careless(given: Schema, dialect: Any) -> tuple[str, ...]:
        return tuple(one.replace("LOWER(`name`)", "`name`") for one in statements(given, dialect))

    monkeypatch.setattr(module, "statements", careless)
    found = verify(read(text.format(" COLLATE utf8mb4_general_ci"), "mysql").schema, on["mariadb"], rows=6)
    assert [probe.kind for probe in found.probes if not probe.holds] == ["check"]


def test_types_that_hold_few_values_are_filled_with_these(on: dict[str, str]) -> None:
    """MariaDB refuses a TIMESTAMP of 1950, 500 in a TINYINT, a YEAR of 16 and a DOUBLE(5,2) of a thousand."""
    text = """CREATE TABLE t (id INT PRIMARY KEY, born TIMESTAMP NOT NULL, published YEAR NOT NULL, amount TINYINT NOT NULL,
        total DOUBLE(5,2) UNSIGNED NOT NULL, population TINYINT UNSIGNED NOT NULL, opened TIME NOT NULL, KEY (born))"""
    found = verify(read(text, "mysql").schema, on["mariadb"], rows=60)
    assert found, found
    assert found.rows["t"] == 59


@pytest.mark.parametrize(("ids", "refused"), [("id < 1000", False), ("id % 10 = 0", True)])
def test_sqlite_numbers_a_key_that_refers_and_the_number_has_to_be_there(ids: str, refused: bool) -> None:  # noqa: FBT001
    design = schema(f"parent(*id: integer)\n  check {ids}\nchild(*id: integer -> parent, x: integer)")
    found = verify(design, "sqlite", rows=9)
    assert found, found
    (told,) = [one for one in found.probes if (one.relation, one.kind, one.rule) == ("child", "not null", "id")]
    assert (told.refused, told.expected) == (refused, refused)


def test_a_table_without_rows_shows_nothing_of_its_rules() -> None:
    """No lone row can be loaded into DuckDB that refers to itself; two rules that hold elsewhere do not make up for it."""
    found = verify(schema("a(*id: integer, boss: integer -> a)\nb(*id: integer, n: integer)"), "duckdb", rows=6)
    assert (found.rows, found.outcome, found.holds) == ({"a": 0, "b": 5}, "not shown", None)
    assert found.unshown == ("no rule of a was tried: no row is left over to be changed",)
    assert "no rule of a was tried" in " ".join(str(found).split())
    assert "Not shown" in found._repr_mimebundle_()["text/html"]


def test_a_reference_of_which_a_part_has_no_other_value_is_broken_by_the_rest() -> None:
    design = schema(
        "held(*kind: enum('x', 'y'), *no: integer)\ngiven(*id: integer, kind: enum('x', 'y'), no: integer)\n  kind, no -> held"
    )
    found = verify(design, "sqlite", rows=6)
    assert found, found
    assert [one.refused for one in found.probes if one.kind == "foreign key"] == [True]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_real_dump_holds_with_its_cycles_and_patterns(engine: str, on: dict[str, str]) -> None:
    found = verify(wb.read(SAMPLES / "clinic_dump.sql").schema, on[engine])
    assert found, said(found)
    assert not found.differences
    assert len(found.rows) == 29
    assert not found.unfilled
    assert all(probe.refused is not None for probe in found.probes), said(found)  # a row that breaks each rule is found


HARD = {
    "cycle of three": "a(*id: integer, b: integer -> b)\nb(*id: integer, c: integer -> c)\nc(*id: integer, a: integer -> a)",
    "of itself": "a(*id: integer, a: integer -> a)\nb(*id: integer, a: integer? -> a)",
    "small keys": "a(*k: enum('x', 'y'), n: integer)\nb(*k: enum('x', 'y') -> a, *t: boolean)\nc(*d: decimal(1, 0), t: boolean)\ne(t: boolean)",
    "overlapping": """t(*a: integer)
        p(*a: integer -> t, *b: integer)
        q(*a: integer -> t, *c: integer)
        r(*id: integer, a: integer, b: integer, c: integer)
          a, b -> p
          a, c -> q""",
    "long names": f"{'t' * 128}(*{'c' * 128}: integer, {'c' * 127}d: text)\n{'t' * 127}u(*id: integer, x: integer -> {'t' * 128})",
    "nothing": "",
}


@pytest.mark.parametrize("name", [*HARD])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_hard_to_fill_is_filled_and_attacked(engine: str, name: str, on: dict[str, str]) -> None:
    design = schema(HARD[name]) if HARD[name] else Schema(())
    found = verify(design, on[engine], rows=8)
    itself = engine == "duckdb" and name == "of itself"  # which has no first row there
    assert found.outcome == ("not shown" if itself else "holds"), found
    assert (found.unfilled, set(found.rows)) == ("", set(design.names))
    assert itself or {probe.kind for probe in found.probes if probe.refused} >= (
        {"not null"} if design.names else set()
    )


def test_what_no_row_satisfies_says_why() -> None:
    for said, why in (
        ("check n > 3 and n < 2", "no value is left for a.n"),
        ("check 1 = 2", "only 0 rows were found for 'a'"),
    ):
        found = verify(f"a(*id: integer, n: integer) {said}", "sqlite", rows=8)
        assert found.unfilled.startswith(why)
        assert why in " ".join(str(found).split())
        assert (found.outcome, found.holds, bool(found)) == ("not shown", None, False)
        assert str(found.stamp).endswith(" (not shown)")
        assert "Not shown, by engine: SQLite" in str(found)


@pytest.mark.parametrize("expected", ["not null", "check", "foreign key", "key"])
def test_a_rule_that_is_not_there_is_noticed(expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    design = schema(
        """
        parent(*id: integer)
        child(*id: text, other: integer, n: integer, m: integer)
          key other
          n references parent(id)
          check m > 0
        """
    )

    cut, instead = {
        "not null": (" NOT NULL", ""),
        "check": ('CHECK ("m" > 0)', "CHECK (1 = 1)"),
        "foreign key": ('FOREIGN KEY ("n") REFERENCES "parent" ("id")', "CHECK (2 = 2)"),
        "key": ('UNIQUE ("other")', "CHECK (3 = 3)"),
    }[expected]

    def careless(given: Schema, dialect: Any) -> tuple[str, ...]:
        return tuple(text.replace(cut, instead) for text in statements(given, dialect))

    assert verify(design, "sqlite")
    monkeypatch.setattr(module, "statements", careless)
    found = verify(design, "sqlite")
    assert not found
    assert expected in {probe.kind for probe in found.probes if not probe.holds}
    assert found.differences


def test_with_a_row_that_is_not_loaded_those_go_that_refer_to_it() -> None:
    """The spare row of another relation takes nodes along, and those the nodes below them."""
    design = schema("parents(*id: integer)\nnodes(*id: integer, parent: integer -> parents, above: integer? -> nodes)")
    for seed, none in product(range(4), (True, False)):
        with populate(design, rows=20, seed=seed) as tables:
            loaded, _ = chosen(design, tables, themselves=lambda _: False) if none else chosen(design, tables)
        there = {row["id"] for row in loaded["nodes"]} | {None}
        assert len(there) > 5
        assert all(row["above"] in there for row in loaded["nodes"])


def test_a_lone_number_without_a_key_is_no_primary_key() -> None:
    found = verify(read("CREATE TABLE version (id INTEGER NOT NULL)", "sqlite").schema, "sqlite")
    assert found, found
    assert [(probe.kind, probe.refused) for probe in found.probes] == [("not null", True)]


def test_ddl_that_is_refused_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "statements", lambda *_: ("CREATE TABLE (",))
    found = verify(SHOP, "duckdb")
    assert not found
    assert "CREATE TABLE (" in found.complaint


def test_only_databases_that_are_made_here_are_written_to(tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    connection = sqlite3.connect(mine)
    for one in (connection, mine):
        with pytest.raises(Unsupported, match="databases are made here"):
            verify(CYCLE, one)  # type: ignore[arg-type]
    connection.close()
    with pytest.raises(Unsupported, match="reached by no URL"):
        verify(CYCLE, f"sqlite:///{mine}")
    with pytest.raises(UnknownName, match="did you mean 'sqlite'"):
        verify(CYCLE, "sqlight")
    with pytest.raises(EngineError, match="no server answers"):
        verify(CYCLE, "postgresql://ann@127.0.0.1:1/x")


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_nothing_is_left_on_a_server(engine: str, on: dict[str, str]) -> None:
    assert verify(CYCLE, on[engine])
    from dbworkbench.engines.reached import reached  # noqa: PLC0415  only here

    query = {"postgresql": "SELECT nspname FROM pg_namespace", "mariadb": "SHOW DATABASES"}[engine]
    with reached(on[engine]) as found:
        assert [name for (name,) in found.ask(query) if str(name).startswith("dbworkbench_")] == []


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert verify(CYCLE, "sqlite")
    assert list(tmp_path.glob(PREFIX + "*")) == []


@pytest.mark.parametrize("dialect", ["oracle", "bigquery"])
def test_what_documents_allow_and_grammars_do_not_know_is_parsed(dialect: str) -> None:
    found = verify(RICH, dialect)
    assert (found.stamp.tier, found.outcome, found.complaint) == ("grammar", "not shown", "")


def test_oracle_computes_no_large_object() -> None:
    written = wb.write("r(*a: integer, b: text(9), c: text as (lower(b)) stored)", "oracle")
    assert 'VARCHAR2(400 CHAR) GENERATED ALWAYS AS (LOWER("b")) VIRTUAL' in " ".join(written.text.split())
    assert any("r.c" in str(loss) for loss in written.losses)


def test_a_dialect_whose_engine_is_not_here_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = verify(SHOP, "snowflake")
    assert (found.stamp.tier, found.outcome, found.probes) == ("grammar", "not shown", ())
    assert found.unshown == ("it was parsed, and nothing was executed",)
    monkeypatch.setattr(
        module, "write", lambda *_: wb.write("r(*a: integer)", "snowflake").__class__("CREATE TABLE (;")
    )
    assert verify(SHOP, "snowflake").outcome == "broken"
    monkeypatch.undo()
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("sqlfluff"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    found = verify(SHOP, "snowflake")
    assert (found.stamp.tier, found.stamp.tool, found.outcome) == ("shape", "dbworkbench's own reader", "not shown")


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
@settings(max_examples=20)
@given(design=schemas())
def test_whatever_can_be_filled_holds(dialect: str, design: Schema) -> None:
    found = verify(design, dialect, rows=4)
    assert found.outcome != "broken", found
    assert found.unfilled or set(found.rows) == set(design.names)
    assert found.unshown or all(rows for rows in found.rows.values())


def test_the_table_of_schemas_in_use_is_that_of_what_was_found() -> None:
    results = json.loads((verify_bench.HERE / "verified.json").read_text("utf-8"))
    assert (verify_bench.HERE / "verified.md").read_text("utf-8") == verify_bench.table(results)
    assert {cell["outcome"] for found in results.values() for cell in found["engines"].values()} <= {
        "holds",
        "not shown",
    }


def test_it_is_shown(golden: Callable[[str, str], None]) -> None:
    found = verify(SHOP, "sqlite", rows=8)
    golden("verification.txt", str(found).replace(sqlite3.sqlite_version, "3") + "\n")


@pytest.mark.parametrize("dialect", ["mariadb", "sqlite", "duckdb"])
def test_some_of_a_list_of_values_that_are_never_unknown_are_filled_and_attacked(dialect: str) -> None:
    design = read("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, s SET('a', 'it''s') NOT NULL)", "mysql").schema
    found = verify(design, dialect)
    assert found.complaint == found.unfilled == ""
    assert found.rows["t"] > 0
    assert found.differences == ()
