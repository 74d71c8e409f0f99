"""Translations are checked by what they answer: the same rows in DuckDB, as written, and in SQLite, as translated."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import Answer, engine
from dbworkbench.errors import EngineError, UnknownName, Unsupported, WorkloadError
from dbworkbench.schema.notation import relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.translation import held_in, translated
from dbworkbench.trials.answers import unlike

EVENTS = relation(
    "events(id: integer, name: text?, n: integer?, x: double?, d: date?, ts: timestamp?, p: decimal(8,2)?)"
)
ROWS = """(1, 'Ann O''Hara', 7, 2.5, '2024-02-29', '2024-02-29 23:59:59', 10.25),
          (2, 'bob', -3, -0.5, '2023-12-31', '2023-12-31 00:00:00', 0.10),
          (3, '', 0, 1e10, '2024-01-01', '2024-01-01 12:30:00', 99.99),
          (4, NULL, NULL, NULL, NULL, NULL, NULL),
          (5, 'Ünd_%', 7, 0.125, '1999-07-04', '1999-07-04 06:05:04', 10.25)"""

SAME = """
id / 2
n // 2
n % 3
id + n * 2.5
-n
abs(n)
round(x, 1)
round(p / 3, 2)
floor(x)
ceil(x)
sqrt(abs(x))
power(id, 2)
greatest(id, 3)
least(id, 3)
coalesce(n, 0)
nullif(n, 7)
CASE WHEN n > 0 THEN 'plus' WHEN n = 0 THEN 'zero' ELSE 'other' END
if(n > 0, 'a', 'b')
n IS DISTINCT FROM 7
n IS NOT DISTINCT FROM NULL
n BETWEEN 0 AND 7
n IN (7, 0)
name LIKE 'A%'
name LIKE 'a%'
name ILIKE 'a%'
name LIKE '%!_%' ESCAPE '!'
upper(name)
length(name)
name || '-' || id
concat(name, '-', id)
left(name, 2)
right(name, 2)
substring(name, 2, 3)
contains(name, 'b')
starts_with(name, 'A')
strpos(name, 'n')
replace(name, 'n', 'm')
trim(name)
true
n > 0 AND x > 0
NOT (n > 0)
id::DOUBLE
round(x)::BIGINT
id::VARCHAR
p::DECIMAL(8,1)
d
year(d)
month(d)
day(d)
quarter(d)
dayofweek(d)
isodow(d)
dayofyear(d)
extract(year FROM ts)
extract(hour FROM ts)
date_part('minute', ts)
hour(ts)
minute(ts)
second(ts)
date_trunc('year', d)
date_trunc('month', ts)
date_trunc('day', ts)
date_trunc('hour', ts)
date_trunc('week', d)
strftime(d, '%Y-%m')
d + INTERVAL 3 DAY
d - INTERVAL '2 weeks'
d + INTERVAL 1 YEAR
d - INTERVAL 13 MONTH
ts + INTERVAL 1 QUARTER
DATE '2024-01-31' + INTERVAL 1 MONTH
ts + INTERVAL 90 MINUTE
d + 5
d - DATE '2000-01-01'
date_diff('day', DATE '2000-01-01', d)
date_diff('month', DATE '2000-01-15', d)
date_diff('year', DATE '2000-06-15', d)
epoch(ts)
d >= DATE '2024-01-01'
ts >= TIMESTAMP '2024-01-01 12:30:00'
d BETWEEN DATE '2023-01-01' AND DATE '2023-01-01' + INTERVAL 1 YEAR
ts::DATE
row_number() OVER (ORDER BY id)
sum(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
lag(name) OVER (ORDER BY id)
rank() OVER (ORDER BY n)
(SELECT max(e.id) FROM events e WHERE e.n = events.n)
"""
MORE = r"""
name LIKE 'Ünd\_%'
name LIKE '%\%'
name LIKE name
ends_with(name, 'b')
ends_with(name, '')
n / 4
p / 3
p::INTEGER
greatest(n, 1)
least(n, id, 3)
d - 3
d - INTERVAL (id) DAY
d - lag(d) OVER (ORDER BY id)
d + id > DATE '2024-01-01'
d - (id + 1)
ts - TIMESTAMP '2023-12-31 12:00:00' > INTERVAL 5 HOUR
INTERVAL 2 DAY >= ts - d
ts = TIMESTAMP '2024-02-29 23:59:59.5'
CAST(ts AS TIMESTAMP)
week(d)
weekofyear(d)
extract(dow FROM d)
extract(second FROM ts)
last_day(d)
date_trunc('quarter', d)
date_diff('week', DATE '2000-01-05', d)
date_diff('quarter', DATE '2000-06-15', d)
date_diff('hour', TIMESTAMP '1999-01-01 00:59:59', ts)
date_diff('minute', TIMESTAMP '1999-01-01 00:59:59', ts)
date_diff('second', TIMESTAMP '1999-01-01 00:59:59', ts)
"""
ON_SERVERS = """
round(x + 0.0)
round(x * 1.0, 2)
round(-x / 2, 1)
avg(p) OVER ()
avg(n) OVER (ORDER BY id)
stddev(n) OVER ()
monthname(d)
dayname(d)
date_trunc('second', ts)
"""
QUERIES = """
SELECT count(*), count(n), sum(n), avg(n), min(name), max(d), count(DISTINCT n) FROM events
SELECT n, count(*) FROM events GROUP BY ALL
SELECT n, year(d) AS y, sum(p) FROM events GROUP BY ALL ORDER BY ALL
SELECT name FROM events ORDER BY n, id LIMIT 2 OFFSET 1
SELECT name FROM events ORDER BY n DESC NULLS FIRST, id LIMIT 1
SELECT sum(n) FILTER (WHERE x > 0), count_if(n > 0), bool_and(n > -9), bool_or(n > 100) FROM events
SELECT stddev(n), stddev_pop(n), variance(n), var_pop(n) FROM events
SELECT stddev(n) FROM events WHERE id = 1
SELECT q.a, q.b FROM (SELECT id, n FROM events) AS q(a, b) WHERE q.a > 1
SELECT name FROM events QUALIFY row_number() OVER (PARTITION BY n ORDER BY id) = 1
SELECT DISTINCT ON (n) n, name FROM events ORDER BY n, id
FROM events SELECT id WHERE n = 7
SELECT * EXCLUDE (d, ts) FROM events
WITH a AS (SELECT n, count(*) AS c FROM events GROUP BY n), b AS (SELECT max(c) AS m FROM a) SELECT n FROM a, b WHERE c = m
SELECT e.id, f.id FROM events e LEFT JOIN events f ON e.n = f.n AND e.id < f.id
SELECT id FROM events WHERE n IN (SELECT n FROM events GROUP BY n HAVING count(*) > 1)
SELECT id FROM events WHERE EXISTS (SELECT 1 FROM events f WHERE f.n = events.n AND f.id <> events.id)
SELECT id FROM events UNION SELECT n FROM events EXCEPT SELECT 0
SELECT string_agg(name, ',') FROM events WHERE id = 1
SELECT * EXCLUDE (d, ts) FROM events AS e WHERE e.id > 2
VALUES (1, 'a'), (2, 'b')
WITH RECURSIVE up(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM up WHERE i < 5) SELECT sum(i) FROM up
SELECT any_value(name) FROM events WHERE id = 2
"""


@pytest.fixture(scope="module")
def both() -> tuple[duckdb.DuckDBPyConnection, sqlite3.Connection]:
    duck, lite = duckdb.connect(), sqlite3.connect(":memory:")
    duck.execute(
        "CREATE TABLE events (id INTEGER, name TEXT, n INTEGER, x DOUBLE, d DATE, ts TIMESTAMP, p DECIMAL(8,2))"
    )
    lite.execute("CREATE TABLE events (id INTEGER, name TEXT, n INTEGER, x REAL, d TEXT, ts TEXT, p REAL)")
    lite.execute("PRAGMA case_sensitive_like = on")
    for connection in (duck, lite):
        connection.execute(f"INSERT INTO events VALUES {ROWS}")
    return duck, lite


def answers(both: tuple[duckdb.DuckDBPyConnection, sqlite3.Connection], query: str) -> tuple[Answer, Answer]:
    duck, lite = both
    expected = duck.execute(query)
    names = tuple(name for name, *_ in expected.description or ())
    text = translated(query, "duckdb", "sqlite", [EVENTS])
    return Answer(names, tuple(lite.execute(text).fetchall())), Answer(names, tuple(expected.fetchall()))


@pytest.mark.parametrize("expression", (SAME + MORE).strip().replace("\n\n", "\n").split("\n"))
def test_sqlite_answers_an_expression_as_duckdb_does(
    both: tuple[duckdb.DuckDBPyConnection, sqlite3.Connection], expression: str
) -> None:
    found, expected = answers(both, f"SELECT id, {expression} AS v FROM events")
    assert unlike(found, expected) is None


@pytest.mark.parametrize("query", QUERIES.strip().split("\n"))
def test_sqlite_answers_a_query_as_duckdb_does(
    both: tuple[duckdb.DuckDBPyConnection, sqlite3.Connection], query: str
) -> None:
    found, expected = answers(both, query)
    assert unlike(found, expected) is None


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        pytest.param("postgresql", set(), marks=pytest.mark.postgresql),
        pytest.param("mariadb", set(), marks=pytest.mark.mariadb),
    ],
)
def test_servers_answer_as_duckdb_does(
    both: tuple[duckdb.DuckDBPyConnection, sqlite3.Connection],
    kind: str,
    lacks: set[str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    duck, _ = both
    queries = {
        one: f"SELECT id, {one} AS v FROM events" for one in (SAME + MORE + ON_SERVERS).strip().split("\n") if one
    }
    queries |= {one: one for one in QUERIES.strip().split("\n")}
    refused, wrong = set(), []
    with Tables() as source, engine(reached(kind, request)).session(tmp_path) as session:
        session.create(Schema((EVENTS,)))
        session.load(EVENTS, source, f"SELECT * FROM (VALUES {ROWS}) AS v({', '.join(EVENTS.names)})")
        for name, query in queries.items():
            expected = duck.execute(query)
            want = Answer(tuple(one for one, *_ in expected.description or ()), tuple(expected.fetchall()))
            try:
                found = session.run(translated(query, "duckdb", kind, [EVENTS]), plain=True)
            except EngineError:
                refused.add(name)
                continue
            if unlike(found, want) is not None:
                wrong.append((name, unlike(found, want)))
    assert wrong == []
    assert refused == lacks


def reached(kind: str, request: pytest.FixtureRequest) -> str:
    if kind == "mariadb":
        return str(request.getfixturevalue("mariadb_url"))
    server = request.getfixturevalue("postgresql_server")
    return f"postgresql://{server.user}@/postgres?unix_sock={quote(server.socket, safe='')}"


@pytest.mark.parametrize("dialect", ["sqlite", "mariadb"])
def test_spans_that_would_be_taken_for_numbers_are_refused(dialect: str) -> None:
    with pytest.raises(Unsupported, match="no spans of time such as MAX"):
        translated("SELECT max(ts) - min(ts) FROM events", "duckdb", dialect, [EVENTS])


def test_patterns_of_other_dialects_keep_their_escapes() -> None:
    query = r"SELECT name FROM events WHERE name LIKE '%d\_%'"
    assert translated(query, "postgresql", "duckdb", [EVENTS]).endswith(r"LIKE '%d\_%' ESCAPE '\'")


def test_a_query_in_its_own_dialect_is_left_as_it_is() -> None:
    odd = "select   1 /* as it was */"
    assert translated(odd, "duckdb", "duckdb") == odd
    assert translated(odd, "postgres", "postgresql") == odd


def test_tables_are_looked_up_where_they_are_held() -> None:
    text = "WITH sales AS (SELECT * FROM sales) SELECT a FROM sales JOIN Other USING (a) JOIN x.sales USING (a)"
    assert held_in(text, ["sales", "other"], "main") == (
        "WITH sales AS (SELECT * FROM main.sales) SELECT a FROM sales JOIN main.Other USING (a) JOIN x.sales USING (a)"
    )


def test_what_cannot_be_read_is_named() -> None:
    with pytest.raises(WorkloadError, match="cannot be read as duckdb"):
        held_in("SELECT FROM WHERE", [], "main")
    with pytest.raises(UnknownName, match="did you mean 'sqlite'"):
        translated("SELECT 1", "duckdb", "sqlit")
