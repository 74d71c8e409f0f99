"""Designs as people write them, and what their rows must look like."""

from dataclasses import replace
from pathlib import Path

import pytest

from dbworkbench.data.obey import check
from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DesignError, NotationError, UnknownName, Unsatisfiable, Unsupported
from dbworkbench.population import populate as populating
from dbworkbench.population import scratch as scratches
from dbworkbench.population.narrowing import narrowings
from dbworkbench.population.plan import Shapes
from dbworkbench.population.populate import populate
from dbworkbench.population.shapes import Between, Fanout
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Index
from dbworkbench.theory.dependencies import MVD
from dbworkbench.theory.keys import candidate_keys

SAMPLES = Path(__file__).parents[2] / "sample_data"
SALES = relation((SAMPLES / "sales.txt").read_text(encoding="utf-8"))
SHOP = schema((SAMPLES / "shop.txt").read_text(encoding="utf-8"))


def fingerprint(tables: Tables) -> dict[str, str]:
    """A hash of each table's rows that does not look at their order, made of their text."""
    run = tables.connection.execute
    return {
        name: str(
            run(
                f"SELECT count(*), bit_xor(md5_number_lower(CAST(t AS VARCHAR))), sum(length(CAST(t AS VARCHAR))) FROM {quoted(name)} t"
            ).fetchall()[0]
        )
        for name in tables.names
    }


def test_sales_obey_every_rule_and_repeat_themselves_as_declared() -> None:
    with populate(SALES, rows=20_000, seed=7) as rows:
        assert rows.rows("sales") == 20_000
        assert check(rows, SALES)
        counts = rows.sql(
            "SELECT count(DISTINCT order_id), count(DISTINCT customer_id), count(DISTINCT product_id), "
            "count(DISTINCT city), count(DISTINCT country) FROM sales"
        ).to_numpy()[0]
    assert all(counts[:4] < 20_000), "facts are repeated, as they are in a relation that is not normalized"
    assert counts[0] > counts[1] > counts[3] >= counts[4] > 1


def test_nothing_else_is_a_key_by_accident() -> None:
    with populate(SALES, rows=5_000) as rows:
        for left_out in SALES.primary_key:
            rest = ", ".join(quoted(name) for name in SALES.names if name != left_out)
            (distinct,) = rows.connection.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT {rest} FROM sales)"
            ).fetchall()[0]
            assert distinct < 5_000, f"without {left_out} rows are not told apart"


def test_a_schema_keeps_its_references_and_checks() -> None:
    with populate(SHOP, rows=2_000, seed=3) as rows:
        assert check(rows, SHOP)
        assert rows.rows("order_lines") == rows.rows("employees") == 2_000
        assert 0 < rows.rows("customers") < rows.rows("orders") < 2_000
        managers = rows.sql("SELECT count(*) FILTER (manager_id IS NULL), count(*) FROM employees").to_numpy()[0]
        assert 0 < managers[0] < managers[1]
        statuses = rows.sql("SELECT DISTINCT status FROM orders")["status"]
        assert set(statuses) == {"open", "paid", "sent"}


def test_rows_by_name_and_by_normalization() -> None:
    with populate(SHOP, rows={"customers": 11, "products": 5, "orders": 40, "order_lines": 90, "employees": 3}) as rows:
        assert {name: rows.rows(name) for name in rows.names} == {
            "customers": 11,
            "products": 5,
            "orders": 40,
            "order_lines": 90,
            "employees": 3,
        }
    normalized = normalize(SALES)
    with populate(normalized, rows=300) as rows:
        assert set(rows.names) == set(normalized.schema.names)
        assert check(rows, normalized.schema)


def test_another_seed_makes_other_rows() -> None:
    with populate(SHOP, rows=5_000, seed=1) as once, populate(SHOP, rows=5_000, seed=1) as again:
        assert fingerprint(once) == fingerprint(again)
        with populate(SHOP, rows=5_000, seed=2) as other:
            assert all(fingerprint(other)[name] != fingerprint(once)[name] for name in SHOP.names)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_rows_of_a_seed_are_what_they_were(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Tables.__init__

    def limited(self: Tables, *, on_disk: bool = False) -> None:
        made(self, on_disk=on_disk)
        self.connection.execute(f"SET threads = {threads}")

    monkeypatch.setattr(Tables, "__init__", limited)
    with populate(SALES, rows=30_000, seed=7) as rows:
        assert fingerprint(rows) == {"sales": "(30000, 13875279628518638326, 6356555)"}


def test_one_thread_and_two_make_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes, coherence, references and texts, in tables of several pieces: the rows and their order."""
    made = Tables.__init__
    found = []
    for threads in (1, 2):

        def limited(self: Tables, *, on_disk: bool = False, threads: int = threads) -> None:
            made(self, on_disk=on_disk)
            self.connection.execute(f"SET threads = {threads}")

        monkeypatch.setattr(Tables, "__init__", limited)
        shapes: Shapes = {"orders.customer_id": Fanout(0, 40), "order_lines.qty": Between(1, 9)}
        counts = {"customers": 20_000, "orders": 150_000, "order_lines": 400_000}
        with populate(SHOP, rows=counts, seed=5, shapes=shapes) as rows:
            runs = [rows.sql(f"SELECT rowid, * FROM {name} WHERE rowid % 997 = 3 ORDER BY 1").to_csv() for name in rows]
            found.append((fingerprint(rows), runs))
    assert found[0] == found[1]


def test_rows_made_by_many_statements_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"customers": 700, "orders": 4_096, "order_lines": 9_999}
    with populate(SHOP, rows=counts, seed=5) as whole:
        wanted = {name: whole.frame(name) for name in whole}
        assert not [name for name in whole.names if "numbers" in name], "the numbers go with the scratch schema"
    monkeypatch.setattr(scratches, "LONGEST", 1_000)
    with populate(SHOP, rows=counts, seed=5) as parts:
        assert all(parts.frame(name).equals(wanted[name]) for name in parts)
        assert parts.sql("SELECT count(*) FROM duckdb_schemas() WHERE schema_name LIKE '%scratch%'").iat[0, 0] == 0


@pytest.mark.parametrize("part", [range(1), range(122_000, 123_500), range(149_990, 150_000)])
def test_any_slice_is_the_same_rows_of_the_whole(part: range) -> None:
    counts = {"customers": 20_000, "orders": 150_000, "order_lines": 150_000}
    with (
        populate(SHOP, rows=counts, seed=5) as whole,
        populate(SHOP, rows=counts, seed=5, slices={"orders": part, "customers": range(7, 9)}) as some,
    ):
        for name, wanted in (("orders", part), ("customers", range(7, 9))):
            same = whole.sql(f"SELECT * FROM {name} LIMIT {len(wanted)} OFFSET {wanted.start}")
            assert some.frame(name).equals(same)


def test_many_cells_are_written_to_a_file_that_goes_with_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    with populate(SHOP, rows=3_000, seed=1) as small:
        wanted = fingerprint(small)
        limit = small.sql("SELECT current_setting('memory_limit') AS m").iat[0, 0]
    assert limit == "3.0 GiB"
    monkeypatch.setattr(populating, "LARGE", 1_000)
    with populate(SHOP, rows=3_000, seed=1) as large:
        scratch = large.scratch
        assert (scratch / "rows.duckdb").exists()
        assert fingerprint(large) == wanted
        reader = large.connection.cursor().sql("SELECT * FROM orders").to_arrow_reader(100)
        assert sum(batch.num_rows for batch in reader) == large.rows("orders")
    assert not scratch.exists()


@pytest.mark.parametrize(
    ("design", "rows", "says"),
    [
        ("r(*a: boolean)", 1000, "r"),
        ("r(*a: enum('x', 'y'), b: integer)", 3, "r"),
        ("r(*a: integer, b: enum('x', 'y') check (b = 'z'))", 10, "b"),
        ("r(*a: integer, b: integer)\n check (b > 5 and b < 3)", 10, "b"),
        ("r(a: boolean, b: boolean)\n a -> b", 5, "r"),
    ],
)
def test_what_no_rows_can_satisfy_is_named(design: str, rows: int, says: str) -> None:
    with pytest.raises(Unsatisfiable) as met:
        populate(relation(design), rows=rows)
    assert says in str(met.value)


def test_mistakes_in_the_call() -> None:
    with pytest.raises(DesignError, match="no design"):
        populate(5)
    with pytest.raises(NotationError, match="a relation was expected"):
        populate("sales")
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        populate(SHOP, rows={"order": 5})
    with pytest.raises(DesignError):
        populate(relation("r(*a: integer)\n check (a > nothing_like_that)"))


@pytest.mark.parametrize(
    "design",
    [
        'r("select": integer, "unit price": decimal(8,2), "a ""q""": text)\n "select" -> "unit price", "a ""q"""',
        "größe(länge: integer, 名前: text, q: date)\n länge -> 名前\n 名前 -> q",
        "r(a: integer, b: integer)\n a -> b\n b -> a",
        "r(a, b, c)\n a -> c\n b -> c",
        "r(a: integer, b: integer, c: integer, d: integer)\n a, b -> c, d\n c -> b\n d -> a",
        "r(a, b, c)\n {} -> a\n b -> c",
        "r(course, teacher, book)\n course ->> teacher",
        "r(a?: integer, b?: text, c: integer)\n key c\n a -> b",
        "r(low: integer, high: integer, *id: integer)\n check (low < high)\n check (low in (1, 2, 3))",
        "r(*id: uuid, at: timestamp, on_time: boolean, big: bigint, real: double, day: time, doc: json, raw: bytes)",
    ],
)
def test_ugly_designs(design: str) -> None:
    whole = relation(design)
    with populate(whole, rows=200, seed=5) as rows:
        assert rows.rows(whole.name) == 200
        assert check(rows, whole)


def test_cyclic_and_composite_references() -> None:
    whole = schema("""
        flats(*house: integer, *door: integer, tenant: integer? -> people)
        people(*id: integer, house: integer, door: integer)
            house, door -> flats(house, door)
        keys(*no: integer, house: integer, door: integer)
            house, door -> flats
    """)
    with populate(whole, rows=300) as rows:
        assert check(rows, whole)


def test_three_hundred_attributes() -> None:
    names = [f"a{at}" for at in range(300)]
    wide = relation(f"wide({', '.join(f'{name}: integer' for name in names)})\n a0 -> {', '.join(names[1:])}")
    with populate(wide, rows=50) as rows:
        assert check(rows, wide)
        assert set(candidate_keys(wide.names, wide.fds)) == {frozenset({"a0"})}


def test_values_read_like_their_names() -> None:
    with populate(
        relation("people(*id: integer, email: text, city: text, price: decimal(8,2), phone: text)"), rows=50
    ) as rows:
        frame = rows.frame("people")
    assert frame["email"].str.contains("@example").all()
    assert (frame["price"] > 0).all()
    assert frame["city"].str.istitle().mean() > 0.5


@pytest.mark.parametrize(
    ("design", "repeated"),
    [
        ("r(a, b, c)\n a ->> b", ["a", "b", "c"]),
        ("r(a, b, c, d, e)\n a ->> b\n a ->> c", ["a", "b", "c"]),
        ("r(a, b, c, d)\n a ->> b\n c ->> d", ["a", "b", "c"]),
        ("r(a, b, c, d)\n join[a b, b c, c d]", ["a", "b", "c"]),
        ("r(a, b, c)\n {} ->> a", ["a", "b"]),
        ("r(a, b, c, d)\n a ->> b\n b -> d", ["a", "b", "c"]),
        ("r(a, b, c, d)\n a ->> b, d\n b -> d", ["a", "b", "d"]),
    ],
)
def test_multivalued_facts_are_combined_in_every_way(design: str, repeated: list[str]) -> None:
    whole = relation(design)
    with populate(whole, rows=1_009) as rows:
        assert rows.rows("r") == 1_009
        assert check(rows, whole)
    with populate(whole, rows=1_000) as rows:
        for name in repeated:
            (different,) = rows.connection.execute(f"SELECT count(DISTINCT {name}) FROM r").fetchall()[0]
            assert 1 < different < 1_000, name


def test_rows_that_a_check_refuses_are_tried_again_and_keys_stay_dense() -> None:
    design = relation("r(*id: integer, a: integer, b: text)\n check (a % 7 = 3)")
    with populate(design, rows=5_000) as rows:
        low, high = rows.connection.execute("SELECT min(id), max(id) FROM r").fetchall()[0]
        assert (low, high) == (1, 5_000)
        assert check(rows, design)
    with populate(relation("r(*id: integer)\n check (id % 7 = 3)"), rows=100) as rows:
        assert rows.rows("r") == 100


def test_an_index_that_is_unique_for_some_rows() -> None:
    design = replace(
        relation("r(*id: integer, x: integer, active: boolean)"), indexes=(Index(("x",), unique=True, where="active"),)
    )
    with populate(design, rows=300) as rows:
        (active, different) = rows.connection.execute(
            "SELECT count(*), count(DISTINCT x) FROM r WHERE active"
        ).fetchall()[0]
    assert active == different > 0


@pytest.mark.parametrize(
    "checks", ["check (boss <> id)", "check (boss > id)", "check (mate <> id)\n check (mate < id or id < 3)"]
)
def test_a_check_may_say_what_a_row_of_the_same_relation_is_referred_to(checks: str) -> None:
    design = schema(
        f"staff(*id: integer, boss: integer? -> staff, mate: integer -> staff, n: integer, j: text)\n {checks}"
    )
    with populate(design, rows=3_000) as tables:
        rules = " AND ".join(f"({check.expression}) IS NOT FALSE" for check in design["staff"].checks)
        (kept, known, there) = tables.connection.execute(
            f"SELECT count(*) FILTER ({rules}), count(boss), count(*) FILTER (mate IN (SELECT id FROM staff)) FROM staff"
        ).fetchall()[0]
        assert kept == there == 3_000
        assert known > 2_500


def test_a_row_that_no_row_can_be_referred_to_by_is_named_with_the_check() -> None:
    with pytest.raises(Unsatisfiable, match=r"1 rows of 'staff'.*can refer to by its checks, \(boss <> id\)"):
        populate(schema("staff(*id: integer, boss: integer -> staff)\n check (boss <> id)"), rows=1)


def test_a_row_that_must_be_above_what_is_above_all_its_values_is_refused_by_its_checks() -> None:
    text = "r(*id: integer, a: integer check (a > 100), b: integer{} check (b < 50))\n check (b > a)"
    with pytest.raises(Unsatisfiable, match=r"r\.b must be above a, and all its values are below, by b < 50, a > 100"):
        populate(schema(text.format("")))
    with populate(schema(text.format("?")), rows=50) as tables:  # an unknown value is not compared
        assert tables.sql("SELECT count(*) AS n FROM r WHERE b IS NULL")["n"][0] == 50


def test_an_error_of_rows_that_are_made_beside_others_names_their_relation() -> None:
    with Tables() as tables:
        scratch = scratches.Scratch(tables)
        with scratch.open():
            scratch.create("CREATE TABLE few (n INTEGER)")
            scratch.insert("few", "SELECT CAST('x' || i AS INTEGER) FROM rows", 0, 3)
            scratch.create("CREATE TABLE many (n INTEGER)")
            with pytest.raises(Unsupported, match="refuses those of 'few': Conversion Error"):
                scratch.run("SELECT 1")


def test_rows_made_beside_others_are_there_when_they_are_read() -> None:
    with Tables() as tables:
        scratch = scratches.Scratch(tables)
        with scratch.open():
            for name in ("a", "b", "c"):
                scratch.create(f"CREATE TABLE {name} (n BIGINT)")
                scratch.insert(name, "SELECT i FROM rows", 10, 100_000)
            assert scratch.count("a") == scratch.count("b") == scratch.count("c") == 100_000
            assert scratch.run("SELECT min(n), max(n) FROM c").fetchall() == [(10, 100_009)]


def test_what_tells_which_reference_it_is_is_chosen_once() -> None:
    kinds = schema(
        "r1(*shipped: time, *weight: text(12))\n"
        "r0(b: boolean, *d: text, *kind: text, *zip: timestamp, e: text(12), status: time, fk: time?, placed: timestamp unique)\n"
        "  fk, e -> r1\n  b -> kind\n  status -> kind\n  e -> b, status\n  kind -> e\n"
    )
    with populate(kinds, rows=100) as tables:
        assert check(tables, kinds)


def test_a_reference_of_a_narrower_type_goes_to_what_it_can_hold() -> None:
    kinds = schema(
        "parents(*amount: decimal(10, 2), *line: integer)\n"
        "children(*id: integer, whole: bigint, line: integer)\n  whole, line -> parents(amount, line)\n"
        "ones(*amount: decimal(10, 2))\nothers(*id: integer, one: integer -> ones)\n"
    )
    with populate(kinds, rows={"parents": 3_000, "children": 40, "ones": 900, "others": 50}) as tables:
        assert check(tables, kinds)


@pytest.mark.parametrize(
    "design",
    [
        "days(*day: date)\nvisits(*day: date -> days check (day >= '2024-01-01'), note: text)",
        (
            "r(*zip: float, *code: enum('a', 'b', 'c'), note: text, up: float, kind: enum('a', 'b', 'c') check (kind <> 'a'))\n"
            "  up, kind -> r(zip, code)"
        ),
        "r(*day: timestamp, from_day: timestamp -> r, f: text, check (day >= from_day))\n  day -> f\n  from_day -> f",
        "r(*id: integer, top: decimal(8, 2) check (top <= 10), low: decimal(8, 2), check (low < top))",
        "r(*low: bigint, *high: decimal(10, 2), check (low < high))",
        "r(*a: integer, *b: integer, n: text, check (a = b))",
        "r(*a: text(12), b: text(12) unique, n: text, check (b = a))\n  b -> n",
        "r(*low: decimal(4, 1) check (low between 0 and 90), high: decimal(4, 1), check (low <= high))",
    ],
)
def test_rows_are_found_where_narrower_designs_have_them(design: str) -> None:
    whole = schema(design)
    with populate(whole, rows=200, seed=3) as tables:
        assert check(tables, whole)
        assert tables.rows(tables.names[-1]) == 200


def test_narrower_designs_keep_every_rule_and_say_none_where_they_cannot() -> None:
    plain = schema("r(*id: integer, *a: integer, *b: integer, note: text, check (a = b))")
    (narrow,) = narrowings(plain)
    assert narrow["r"].keys[0].attributes == ("id", "a")
    assert not narrow["r"].checks
    more = replace(plain["r"], dependencies=frozenset({MVD.parse("id ->> note")}))
    assert not list(narrowings(replace(plain, relations=(more,))))
    to_itself = schema("r(*id: integer, up: integer -> r, note: text)\n  up -> note")
    assert [one["r"].foreign_keys for one in narrowings(to_itself)] == [()]
    kept = replace(to_itself["r"], dependencies=frozenset({MVD.parse("id ->> note")}))
    assert not list(narrowings(replace(to_itself, relations=(kept,))))


@pytest.mark.parametrize(
    "of", ["title integer -> titles, *position", "title integer -> titles, *rank", "title integer, *line_no"]
)
def test_what_counts_within_its_parent_does_so_beside_a_second_key(of: str) -> None:
    title, line = of.replace(" integer", ": integer").split(", *")
    design = schema(f"""
        titles(*id: integer)
        authors(*id: integer)
        title_authors(*{title}, *{line}: smallint, author: integer -> authors, role: text?)
            unique title, author
    """)
    with populate(design, rows={"titles": 400, "authors": 300, "title_authors": 900}, seed=5) as rows:
        assert check(rows, design)
        wrong = rows.sql(
            f"SELECT count(*) FROM (SELECT min({line}) AS first, max({line}) AS last, count(*) AS many FROM title_authors "
            "GROUP BY title) WHERE first <> 1 OR last <> many"
        ).iat[0, 0]
        assert wrong == 0
        assert len(rows.sql("SELECT DISTINCT author FROM title_authors")) > 150
        with populate(
            design,
            rows={"titles": 400, "authors": 300, "title_authors": 900},
            seed=5,
            slices={"title_authors": range(500, 520)},
        ) as some:
            assert some.frame("title_authors").equals(rows.sql("FROM title_authors LIMIT 20 OFFSET 500"))


def test_a_second_key_holds_where_lines_cannot_be_numbered() -> None:
    design = schema("""
        authors(*id: integer)
        title_authors(*title: integer, *position: smallint, author: integer -> authors)
            unique title, author
    """)
    with populate(design, rows={"authors": 3, "title_authors": 200}, seed=5) as rows:
        assert check(rows, design)
