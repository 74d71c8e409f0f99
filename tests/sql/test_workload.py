from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.errors import UnknownName, WorkloadError
from dbworkbench.sql.workload import Query, Workload, check_tables, read_workload, relations_named, trees_of

FILE = """\
-- what the shop asks of its sales
-- dialect: duckdb

-- name: revenue by country  weight: 5  kind: read
SELECT country, sum(price * qty) FROM sales GROUP BY country; -- trailing words: not ours
-- a plain comment
SELECT 'a;b' AS "c;d", 1 /* ; */ FROM sales;
-- name: latest — Zürich
WITH recent AS (SELECT * FROM sales) SELECT * FROM recent JOIN "order; lines" USING (id);
-- engine: sqlite
SELECT 5;
;
VALUES (1)
"""


def test_a_file_gives_named_weighted_queries() -> None:
    workload = read_workload(FILE)
    assert [(q.name, q.weight, q.kind, q.line) for q in workload] == [
        ("revenue by country", 5.0, "read", 5),
        ("query 2", 1.0, "read", 7),
        ("latest — Zürich", 1.0, "read", 9),
        ("query 4", 1.0, "read", 13),
    ]
    assert workload["query 2"].text == """SELECT 'a;b' AS "c;d", 1 /* ; */ FROM sales"""
    assert workload["latest — Zürich"].own == (("sqlite", "SELECT 5"),)
    assert workload.dialect == "duckdb"
    assert len(workload) == 4
    with pytest.raises(UnknownName, match="did you mean 'query 2'"):
        workload["query2"]


def test_writing_statements_are_of_kind_write() -> None:
    text = "INSERT INTO t (a) VALUES (1); UPDATE t SET a = 2 WHERE a = 1; -- kind: write\nDELETE FROM t; SELECT 1"
    assert [query.kind for query in read_workload(text)] == ["write", "write", "write", "read"]
    assert read_workload({"x": "DELETE FROM t"})["x"].kind == "write"


def test_a_path_a_text_a_mapping_and_a_workload_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "shop.sql"
    path.write_bytes(b"\xef\xbb\xbf-- name: all\r\nSELECT *\r\nFROM sales;\r\n")
    expected = [("all", "SELECT *\nFROM sales")]
    for source in (path, str(path), path.read_text("utf-8-sig"), {"all": "SELECT *\nFROM sales"}):
        read = read_workload(source)
        assert [(q.name, q.text) for q in read] == expected
        assert read_workload(read) is read


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", None, None, "there is no query in it"),
        ("-- only a comment", None, None, "there is no query in it"),
        ("SELECT 1;\n  SELEC 2", 2, 3, "'query 2'.*'SELEC' starts no query"),
        ("SELECT a FROM t\n WHERE (b = 3;", 2, 13, "expecting \\) after '3'"),
        ("SELECT a\nFROM t\nWHERE a = 'é' AND (b = ORDER BY a", 3, 24, "something is missing"),
        ("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", 1, 1, "but INSERT is what it does — write INSERT INTO"),
        ("WITH x AS (SELECT 1) DELETE FROM t", 1, 1, "but DELETE is what it does"),
        ("SELECT 1;\nSELECT *\n FROM read_text('/etc/passwd')", 3, 7, r"read_text\(\) reaches beyond the relations"),
        ("SELECT * FROM read_csv('x')", 1, 15, r"read_csv\(\) reaches"),
        ("SELECT * FROM a, LATERAL glob(a.b)", 1, 26, r"glob\(\) reaches"),
        ("SELECT 1 WHERE 1 IN (FROM system.main.\"read_blob\"('x'))", 1, 39, r"read_blob\(\) reaches"),
        ("SELECT getenv('HOME')", 1, 8, r"getenv\(\) reaches"),
        ("SELECT * FROM query('SELECT 1')", 1, 15, r"query\(\) reaches"),
        ("SELECT * FROM something_new('x')", 1, 15, r"something_new\(\) reaches"),
        ("INSERT INTO t SELECT * FROM parquet_scan('x')", 1, 29, r"parquet_scan\(\) reaches"),
        ("SELECT 1;\n-- engine: sqlite\nDELETE FROM t", 3, None, "it writes"),
        ("-- kind: read\nDELETE FROM t", 2, None, "say kind: write"),
        ("-- kind: write\nSELECT 1", 2, None, "say kind: read"),
        ("DROP TABLE t", 1, 1, "'DROP' starts no query"),
        ("CREATE TABLE t AS SELECT 1", 1, 1, "'CREATE' starts no query"),
        ("DELETE FROM t WHERE i IN (SELECT i FROM u WHERE", 1, 43, "something is missing"),
        ("WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", 1, 1, "part of it writes"),
        ("SELECT 1 INTO t", 1, 1, "part of it writes"),
        ("EXPLAIN SELECT 1", 1, 1, "starts no query"),
        ("ATTACH 'x'", 1, 1, "starts no query"),
        ("SELECT a FROM t WHERE a >>", 1, 26, "something is missing after '>>'"),
        ("SELECT a FROM t WHERE a = b >>", 1, 30, "something is missing after '>>'"),
        ("SELECT a FROM t WHERE a >> > 5", 1, 28, "something is missing before '>'"),
        ("SELECT a ** FROM t", 1, 13, "something is missing before 'FROM'"),
        ("SELECT a FROM t WHERE b IN (1) AND NOT", 1, 36, "something is missing after 'NOT'"),
        ("SELECT a FROM", 1, 10, "a table's name is missing"),
        ("SELECT count(* FROM t", 1, 16, "expecting \\)"),
        ("SELECT FROM t", 1, 1, "selects nothing"),
        ("SELECT ?", 1, 8, "parameter"),
        ("SELECT a\n FROM t WHERE b = $1", 2, 19, "parameter"),
        ("SELECT 1;\nSELECT 'abc", 2, 8, "quotation that ' opens"),
        ('SELECT "abc', 1, 8, 'quotation that " opens'),
        ("SELECT 1 /* abc", 1, 10, "comment that /\\* opens"),
        ("SELECT $x$ abc $y$", 1, 8, "quotation that \\$x\\$ opens"),
        ("-- name: a\nSELECT 1;\n-- name: a\nSELECT 2", 4, None, "line 2 has a query of this name"),
        ("-- wieght: 3\nSELECT 1", 1, None, "did you mean 'weight:'"),
        ("-- name: a  wegiht: 3\nSELECT 1", 1, None, "did you mean 'weight:'"),
        ("-- name: a  weight: 0\nSELECT 1", 2, None, "not above zero"),
        ("-- name: a  weight: nan\nSELECT 1", 2, None, "not above zero"),
        ("-- name: a  weight: much\nSELECT 1", 2, None, "no number"),
        ("-- name:\nSELECT 1", 1, None, "nothing stands after 'name:'"),
        ("-- name: a\n-- name: b\nSELECT 1", 2, None, "said twice"),
        ("-- kind: wrote\nSELECT 1", 2, None, "no kind of query"),
        ("-- dialect: oracel\nSELECT 1", 1, None, "did you mean 'oracle'"),
        ("-- name: b\n-- engine: sqlite\nSELECT 1", 3, None, "for engine 'sqlite' only"),
        ("SELECT 1;\n-- engine: sqlite\n  SELECT (1", 3, 11, "expecting \\)"),
        ("SELECT 1;\n-- engine: sqlite\nSELECT 1;\n-- engine: sqlite\nSELECT 1", 5, None, "twice for engine"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, line: int | None, column: int | None, message: str) -> None:
    with pytest.raises(WorkloadError, match=message) as caught:
        read_workload(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_what_is_no_text_in_a_mapping_is_named() -> None:
    with pytest.raises(WorkloadError, match="query 'a': an int is no SQL — give its text"):
        read_workload({"a": 3})  # type: ignore[dict-item]


def test_functions_that_make_rows_of_their_arguments_are_asked() -> None:
    read_workload(
        "FROM range(3); SELECT * FROM generate_series(1, 2), unnest([1]) u(a), json_each('[1]'); SELECT repeat('x', 3); "
        "SELECT * FROM t, LATERAL unnest(t.a), LATERAL (SELECT 1) l; SELECT a FROM t WHERE a GLOB 'x*'"
    )


def test_a_text_is_held_to_its_kind() -> None:
    assert len(trees_of("DELETE FROM t; INSERT INTO t VALUES (1)", "duckdb", name="q", kind="write")) == 2
    for text, kind, message in [
        ("DELETE FROM t", "read", "it writes"),
        ("SELECT 1; SELECT 2", "read", "one statement is wanted here, not 2"),
        ("COPY (SELECT 1) TO 'x'", "read", "'COPY' starts no query"),
        ("DELETE FROM t; SELECT 1", "write", "it reads"),
        ("", "read", "no statement"),
    ]:
        with pytest.raises(WorkloadError, match=message):
            trees_of(text, "duckdb", name="q", kind=kind)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * FROM sales, 'data/file.csv'", "'data/file.csv' is no relation, and files are not read"),
        ("SELECT * FROM 'x.parquet'", "files are not read"),
        ("SELECT * FROM saels", "did you mean 'sales'"),
        ("SELECT * FROM other.main.sales", "reaches beyond"),
        ("SELECT * FROM information_schema.sales", "reaches beyond"),
    ],
)
def test_tables_that_are_no_relations_are_refused(text: str, message: str) -> None:
    (tree,) = trees_of(text, "duckdb", name="q")
    with pytest.raises(WorkloadError, match=message):
        check_tables(tree, ("sales", "unit/price"))
    (fine,) = trees_of('WITH a AS (SELECT 1) SELECT * FROM a, Sales, main.sales, "unit/price"', "duckdb", name="q")
    check_tables(fine, ("sales", "unit/price"))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"there is no file 'nowhere\.sql'"):
        read_workload("nowhere.sql")
    with pytest.raises(WorkloadError, match="cannot be read"):
        read_workload(tmp_path)
    latin = tmp_path / "latin.sql"
    latin.write_bytes("SELECT 1;\nSELECT 'é'".encode("latin-1"))
    with pytest.raises(WorkloadError, match="not UTF-8") as caught:
        read_workload(latin)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM a, b JOIN c ON true", {"a", "b", "c"}),
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a, b", {"a", "b"}),
        ("WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT * FROM a) SELECT * FROM a", set()),
        ("WITH x AS (SELECT 1), y AS (SELECT * FROM x) SELECT * FROM Y WHERE 1 IN (SELECT i FROM z)", {"z"}),
        ("SELECT * FROM (WITH q AS (SELECT 1) SELECT * FROM q) JOIN q ON true", {"q"}),
        ("VALUES (1)", set()),
    ],
)
def test_relations_named_are_those_stored(text: str, expected: set[str]) -> None:
    assert set(relations_named(Query("q", text), "duckdb")) == expected


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=12),
        min_size=1,
        max_size=5,
    )
)
def test_literals_of_any_text_are_kept(values: list[str]) -> None:
    texts = ["SELECT '" + value.replace("'", "''") + "' AS v FROM t" for value in values]
    workload = read_workload(";\n".join(texts))
    assert [query.text for query in workload] == texts


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_as_a_workload(text: str) -> None:
    with suppress(WorkloadError):
        assert isinstance(read_workload(text), Workload)
