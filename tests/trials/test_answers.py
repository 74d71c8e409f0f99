import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.engines.engine import Answer
from dbworkbench.trials.answers import Unlike, misordered, unlike


def answer(*rows: tuple[object, ...]) -> Answer:
    return Answer(tuple(f"c{at}" for at in range(len(rows[0]) if rows else 1)), rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (((1, "a"), (2, "b")), ((2, "b"), (1, "a"))),
        (((1.0,),), ((1,),)),
        (((Decimal("1.50"),),), ((1.5,),)),
        (((0.1 + 0.2,),), ((0.3,),)),
        (((1e20, "x"), (1e20 + 1e10, "x")), ((1e20, "x"), (1e20, "x"))),
        (((Decimal("12345678901234.56"),),), ((12345678901234.57,),)),
        (((Decimal("12345678901234.01"), "x"),), ((12345678901234.0, "x"),)),
        (((Decimal("1.5"), 0.1),), ((Decimal("1.500"), Decimal("0.1")),)),
        (((Decimal("NaN"), Decimal("Infinity")),), ((float("nan"), float("inf")),)),
        (((True,),), ((1,),)),
        (((dt.date(2024, 1, 2),),), (("2024-01-02",),)),
        (((dt.datetime(2024, 1, 2),),), ((dt.date(2024, 1, 2),),)),  # noqa: DTZ001  a local time
        (((dt.datetime(2024, 1, 2, 3, 4, 5, 500000),),), (("2024-01-02 03:04:05.5",),)),  # noqa: DTZ001  a local time
        (
            ((dt.datetime(2024, 1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2))),),),
            (("2024-01-02 01:00:00+00:00",),),
        ),
        (((dt.time(1, 2, 3, 500000),),), (("01:02:03.5",),)),
        (((dt.timedelta(minutes=58),),), (("00:58:00",),)),
        (((dt.timedelta(days=423, seconds=1, milliseconds=500),),), (("1 year 2 months 3 days 00:00:01.5",),)),
        (((dt.timedelta(hours=-1),),), (("-01:00:00",),)),
        ((((14, 3, 1_500_000_000),),), (("1 year 2 months 3 days 00:00:01.5",),)),
        (((UUID(int=1),),), ((str(UUID(int=1)),),)),
        (((b"ab",),), ((memoryview(b"ab"),),)),
        (((float("nan"),),), ((float("nan"),),)),
        ((([1, {"a": None}],),), (([1, {"a": None}],),)),
        (((None, 0.30000000000000004), (None, 5.0)), ((None, 5), (None, 0.3))),
    ],
)
def test_the_same_said_otherwise_is_alike(
    one: tuple[tuple[object, ...], ...], other: tuple[tuple[object, ...], ...]
) -> None:
    assert unlike(answer(*one), answer(*other)) is None
    assert unlike(answer(*other), answer(*one)) is None


@pytest.mark.parametrize(
    ("found", "expected", "missing", "extra"),
    [
        (((1,), (1,)), ((1,),), 0, 1),
        (((1,),), ((2,),), 1, 1),
        (((1.001,),), ((1.0,),), 1, 1),
        (((None,),), ((0,),), 1, 1),
        (((None,),), (("",),), 1, 1),
        ((("1",),), ((1,),), 1, 1),
        (((10**17 + 1,),), ((10**17,),), 1, 1),
        (((Decimal("12345678901234.56"),),), ((Decimal("12345678901234.57"),),), 1, 1),
        (((Decimal("12345678901234.01"),),), ((12345678901234,),), 1, 1),
        (((Decimal("0.000000000000000001"), 0.1),), ((0, 0.1 + 1e-12),), 1, 1),
        (((1, "a"), (2, "b")), ((1, "b"), (2, "a")), 2, 2),
        (((1.0, 2.0), (3.0, 4.0)), ((1.0, 4.0), (3.0, 2.0)), 2, 2),
        (((1, 2),), ((1,),), 1, 1),
    ],
)
def test_what_differs_is_counted_and_shown(
    found: tuple[tuple[object, ...], ...], expected: tuple[tuple[object, ...], ...], missing: int, extra: int
) -> None:
    told = unlike(answer(*found), answer(*expected))
    assert told is not None
    assert (told.missing, told.extra) == (missing, extra)
    assert len(told.missing_rows) == missing
    assert len(told.extra_rows) == extra


def test_an_empty_answer_has_columns_too() -> None:
    assert unlike(Answer(("a",), ()), Answer(("b",), ())) is None


VALUES = st.one_of(
    st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=3), st.dates()
)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=12), st.randoms(use_true_random=False))
def test_order_never_counts_and_a_row_too_many_always_does(rows: list[tuple[object, ...]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert unlike(answer(*rows), answer(*shuffled)) is None
    told = unlike(answer(*rows, ("one", "more")), answer(*shuffled))
    assert told is not None
    assert (told.missing, told.extra) == (0, 1)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=30))
def test_noise_in_the_last_digits_is_forgiven(rows: list[tuple[str, float, float]]) -> None:
    noisy = [(name, x * (1 + 1e-13), y * (1 - 1e-13)) for name, x, y in reversed(rows)]
    assert unlike(answer(*rows), answer(*noisy)) is None


def test_an_order_is_told_by_its_keys_alone() -> None:
    want = answer((1, "b", 0.5), (1, "a", 0.5), (2, "c", 0.1))
    tied = answer((1, "a", 0.5), (1, "b", 0.5), (2, "c", 0.1))
    assert misordered(tied, want, (0,)) is None
    told = misordered(tied, want, (0, 1))
    assert told == Unlike(0, 0, ((1, "b", 0.5), (1, "a", 0.5)), ((1, "a", 0.5), (1, "b", 0.5)), 2)
    assert misordered(tied, want, (0, 1), texts=False) is None  # another collation
    assert misordered(tied, want, (2, 1)) is None  # noise in the first key decides the rest
    assert misordered(answer((0.1 + 0.2, 1), (0.3, 2)), answer((0.3, 2), (0.1 + 0.2, 1)), (0,)) is None
