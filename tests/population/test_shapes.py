"""Distributions asked for are the ones that the rows have, and what is asked for in vain is refused."""

from datetime import date

import pytest

from dbworkbench.data.obey import check
from dbworkbench.data.tables import Tables
from dbworkbench.errors import DesignError, UnknownName, Unsatisfiable, Unsupported
from dbworkbench.population.likeness import like
from dbworkbench.population.populate import populate
from dbworkbench.population.shapes import (
    Bell,
    Between,
    Children,
    Fanout,
    Following,
    Length,
    Quantiles,
    Seasonal,
    Shape,
    Unknowns,
    Weighted,
    Zipf,
)
from dbworkbench.schema.notation import relation, schema

SHOP = schema("""
    customers(*id: integer, name: text, joined: date)
    orders(
        *id: bigint, customer_id: integer -> customers, placed: timestamp, status: enum('open', 'paid', 'sent'),
        total: decimal(10, 2), tax: decimal(10, 2), note: text?, kind: text
    )
    staff(*id: integer, boss: integer? -> staff, name: text)
""")
COUNTS = {"customers": 1_000, "orders": 40_000, "staff": 341}


def answer(tables: Tables, query: str) -> tuple[float, ...]:
    return tuple(float(value) for value in tables.connection.execute(query).fetchall()[0])


def shaped(**shapes: Shape | tuple[Shape, ...]) -> Tables:
    named = {f"orders.{name}": shape for name, shape in shapes.items()}
    return populate(SHOP, rows=COUNTS, seed=4, shapes=named)


@pytest.mark.parametrize("exponent", [0.0, 0.7, 1.0, 1.4])
def test_a_reference_follows_zipf(exponent: float) -> None:
    with shaped(customer_id=Zipf(exponent)) as rows:
        counts = [
            n
            for (n,) in rows.connection.execute(
                "SELECT count(*) n FROM orders GROUP BY customer_id ORDER BY n DESC"
            ).fetchall()
        ]
        assert check(rows, SHOP)
    whole = sum(rank**-exponent for rank in range(1, 1_001))
    for top in (1, 10, 100):
        wanted = sum(rank**-exponent for rank in range(1, top + 1)) / whole
        assert sum(counts[:top]) / 40_000 == pytest.approx(wanted, rel=0.25, abs=0.03)


def test_some_rows_are_never_referred_to() -> None:
    with shaped(customer_id=Zipf(0.5, share=0.6)) as rows:
        (used,) = answer(rows, "SELECT count(DISTINCT customer_id) FROM orders")
    assert 590 <= used <= 600


def test_weights_and_shares_of_unknown_values() -> None:
    with shaped(
        status=Weighted({"paid": 90, "open": 10}), note=Unknowns(0.37), kind=Weighted({"a": 1, "b": 3})
    ) as rows:
        paid, opened, sent = answer(
            rows,
            "SELECT count(*) FILTER (status = 'paid'), count(*) FILTER (status = 'open'), count(*) FILTER (status = 'sent') FROM orders",
        )
        (unknown,) = answer(rows, "SELECT avg((note IS NULL)::INTEGER) FROM orders")
        (b,) = answer(rows, "SELECT avg((kind = 'b')::INTEGER) FROM orders")
    assert paid / 40_000 == pytest.approx(0.9, abs=0.01)
    assert opened / 40_000 == pytest.approx(0.1, abs=0.01)
    assert sent == 0
    assert unknown == pytest.approx(0.37, abs=0.01)
    assert b == pytest.approx(0.75, abs=0.01)


def test_ranges_bells_and_quantiles_of_numbers() -> None:
    with shaped(total=Between(10, 20), tax=Bell(100, 15)) as rows:
        low, high, mean, spread = answer(rows, "SELECT min(total), max(total), avg(tax), stddev(tax) FROM orders")
    assert (low, high) == (10, 20)
    assert mean == pytest.approx(100, abs=0.5)
    assert spread == pytest.approx(15, rel=0.04)
    with shaped(total=Quantiles((0, 10, 1000))) as rows:
        (middle,) = answer(rows, "SELECT median(total) FROM orders")
    assert middle == pytest.approx(10, rel=0.1)


def test_seasons_and_growth() -> None:
    december = Seasonal(months=(1,) * 11 + (5,), growth=0.5, first=date(2021, 1, 1), last=date(2023, 12, 31))
    with shaped(placed=december) as rows:
        share, first, last = answer(
            rows,
            "SELECT avg((month(placed) = 12)::INTEGER), count(*) FILTER (year(placed) = 2021), "
            "count(*) FILTER (year(placed) = 2023) FROM orders",
        )
        (outside,) = answer(rows, "SELECT count(*) FROM orders WHERE placed < '2021-01-01' OR placed >= '2024-01-01'")
    assert share == pytest.approx(5 * 31 / (5 * 31 + 334), abs=0.05)
    assert last / first == pytest.approx(2.25, rel=0.08)
    assert outside == 0


@pytest.mark.parametrize("correlation", [-0.9, 0.0, 0.6, 0.95])
def test_correlations(correlation: float) -> None:
    with shaped(total=Bell(100, 20), tax=Following("total", correlation)) as rows:
        (found,) = answer(
            rows,
            "SELECT corr(a, b) FROM (SELECT rank() OVER (ORDER BY total) AS a, rank() OVER (ORDER BY tax) AS b FROM orders)",
        )
    assert found == pytest.approx(correlation, abs=0.06)


def test_trees_and_lengths() -> None:
    with populate(SHOP, rows=COUNTS, shapes={"staff.boss": Children(4), "orders.kind": Length(30, 60)}) as rows:
        most, roots = answer(
            rows,
            "SELECT max(n), count(*) FROM (SELECT boss, count(*) AS n FROM staff WHERE boss IS NOT NULL GROUP BY boss)",
        )
        low, high = answer(rows, "SELECT min(length(kind)), max(length(kind)) FROM orders")
        assert check(rows, SHOP)
    assert most == 4
    assert roots > 60
    assert (low, high) == (30, 60)


@pytest.mark.parametrize(
    ("shapes", "error", "says"),
    [
        ({"orders.totl": Zipf()}, UnknownName, "total"),
        ({"orders.id": Zipf()}, Unsupported, "rows apart"),
        ({"orders.customer_id": Bell(1, 2)}, Unsupported, "Zipf"),
        ({"orders.total": (Zipf(), Bell(1, 2))}, DesignError, "two distributions"),
        ({"orders.total": Between("a", "b")}, DesignError, "'a'"),
        ({"orders.total": Between(20, 10)}, DesignError, "range"),
        ({"orders.kind": Bell(1, 2)}, Unsupported, "line"),
        ({"orders.total": Seasonal()}, Unsupported, "season"),
        ({"orders.total": Unknowns(0.5)}, DesignError, "nullable"),
        ({"orders.total": Length(1, 5)}, DesignError, "characters"),
        ({"orders.total": Following("total")}, DesignError, "itself"),
        ({"orders.total": Following("id")}, Unsupported, "follow"),
        ({"staff.boss": Zipf()}, Unsupported, "Children"),
        ({"orders.total": Children()}, Unsupported, "Children"),
        ({"orders.total": Fanout()}, Unsupported, "Fanout"),
        ({"orders.customer_id": Fanout(50, 60)}, Unsatisfiable, "from 50000 to 60000 rows"),
    ],
)
def test_shapes_that_cannot_be(shapes: dict[str, Shape], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        populate(SHOP, rows=COUNTS, shapes=shapes)


def test_a_slice_is_what_it_is_in_the_whole() -> None:
    with (
        populate(SHOP, rows=COUNTS) as whole,
        populate(SHOP, rows=COUNTS, slices={"orders": range(500, 700), "customers": range(0)}) as part,
    ):
        assert part.rows("customers") == 0
        expected = whole.sql("SELECT * FROM orders LIMIT 200 OFFSET 500")
        assert part.frame("orders").equals(expected)


def test_scale_multiplies_rows() -> None:
    with populate(SHOP, rows={"customers": 10, "orders": 50, "staff": 5}, scale=3) as rows:
        assert [rows.rows(name) for name in ("customers", "orders", "staff")] == [30, 150, 15]


def test_rows_like_a_real_table_say_nothing_of_people() -> None:
    people = relation("""
        people(*id: integer, email: text, city: text, plan: text, contact: text, salary: integer, joined: date?, story: text)
    """)
    with Tables() as real:
        real.connection.execute("""
            CREATE TABLE people AS SELECT i AS id, 'real' || i % 40 || '@firm.org' AS email,
              CASE WHEN i % 10 < 7 THEN 'Ulm' WHEN i = 9 THEN 'Nowhere' ELSE 'Bonn' END AS city,
              CASE WHEN i % 5 = 0 THEN 'gold' ELSE 'basic' END AS plan, '+49 731 ' || (i % 20) || '55555' AS contact,
              30000 + i * 10 AS salary,
              CASE WHEN i % 4 > 0 THEN DATE '2010-01-01' + i::INTEGER END AS joined, repeat('real ', 12 + i % 5) AS story
            FROM range(2000) r(i)
        """)
        shapes = like(real, people)
    with populate(people, rows=4_000, shapes=shapes) as rows:
        assert check(rows, people)
        ulm, gold, unknown, middle = answer(
            rows,
            "SELECT avg((city = 'Ulm')::INTEGER), avg((plan = 'gold')::INTEGER), avg((joined IS NULL)::INTEGER), "
            "median(salary) FROM people",
        )
        (leaked,) = answer(
            rows,
            "SELECT count(*) FROM people WHERE email LIKE '%firm%' OR contact LIKE '+49%' OR story LIKE '%real%' "
            "OR city = 'Nowhere'",
        )
        low, high = answer(rows, "SELECT min(length(story)), max(length(story)) FROM people")
    assert ulm == pytest.approx(0.7, abs=0.03)
    assert gold == pytest.approx(0.2, abs=0.03)
    assert unknown == pytest.approx(0.25, abs=0.03)
    assert middle == pytest.approx(40_000, rel=0.03)
    assert leaked == 0
    assert (low, high) == (60, 80)


def test_references_like_real_ones() -> None:
    with shaped(customer_id=Zipf(1.2)) as rows:
        found = like(rows, SHOP)["orders.customer_id"][0]
    assert isinstance(found, Zipf)
    assert found.exponent == pytest.approx(1.2, abs=0.25)


def spread(rows: Tables) -> dict[int, int]:
    """How many customers have how many orders."""
    return dict(
        rows.connection.execute(
            "SELECT n, count(*) FROM (SELECT count(o.id) AS n FROM customers c LEFT JOIN orders o ON o.customer_id = c.id "
            "GROUP BY c.id) GROUP BY n ORDER BY n"
        ).fetchall()
    )


@pytest.mark.parametrize(
    ("shape", "orders"),
    [
        (Fanout(40, 40), 40_000),
        (Fanout(20, 100), 40_000),
        (Fanout(0, 300, none=0.2), 40_000),
        (Fanout(1, 1000, none=0.5), 5_000),
        (Fanout(0, 1), 700),
        (Fanout(1, 1), 1_000),
    ],
)
def test_children_per_row_stay_within_bounds_exactly(shape: Fanout, orders: int) -> None:
    counts = {**COUNTS, "orders": orders}
    with populate(SHOP, rows=counts, seed=4, shapes={"orders.customer_id": shape}) as rows:
        assert check(rows, SHOP)
        found = spread(rows)
    assert sum(found.values()) == 1_000
    nobody = round(1_000 * shape.none)
    assert found.get(0, 0) >= nobody
    assert shape.low == 0 or found.get(0, 0) == nobody
    assert all(shape.low <= count <= shape.high for count in found if count)
    assert sum(count * many for count, many in found.items()) == orders


def test_children_per_row_are_normally_distributed_or_even() -> None:
    with shaped(customer_id=Fanout(0, 200, deviation=8)) as rows:
        bell = spread(rows)
    mean = sum(n * many for n, many in bell.items()) / 1_000
    assert mean == 40
    assert sum((n - mean) ** 2 * many for n, many in bell.items()) / 1_000 == pytest.approx(64, rel=0.1)
    with shaped(customer_id=Fanout(20, 60)) as rows:
        even = spread(rows)
    assert len(even) == 41
    assert max(even.values()) - min(even.values()) <= 10


def test_a_fan_out_slice_is_what_it_is_in_the_whole() -> None:
    given = {"orders.customer_id": Fanout(10, 90)}
    with (
        populate(SHOP, rows=COUNTS, shapes=given) as whole,
        populate(SHOP, rows=COUNTS, shapes=given, slices={"orders": range(39_900, 40_000)}) as part,
    ):
        assert part.frame("orders").equals(whole.sql("SELECT * FROM orders LIMIT 100 OFFSET 39900"))
