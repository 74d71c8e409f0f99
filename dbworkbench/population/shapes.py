"""How values are distributed, where the usual is not what is wanted: small values given to `populate(shapes=…)`.

    import dbworkbench as wb
    wb.populate(shop, rows=100_000, shapes={
        "orders.customer_id": wb.shapes.Zipf(1.1, share=0.9),      # some customers often, a tenth of them never
        "orders.product_id": wb.shapes.Fanout(0, 500, none=0.2),   # from 0 to 500 orders of each product, exactly
        "orders.placed": wb.shapes.Seasonal(months=(1,) * 11 + (3,), growth=0.2),
        "orders.status": wb.shapes.Weighted({"paid": 9, "open": 1}),
        "orders.total": wb.shapes.Bell(80, 25),
        "orders.tax": wb.shapes.Following("total", 0.95),
        "orders.note": (wb.shapes.Unknowns(0.6), wb.shapes.Length(20, 200)),
        "staff.boss": wb.shapes.Children(6),
    })

for a reference            Zipf · Fanout · Children (a tree within one relation)
for any drawn value        Zipf · Weighted · Unknowns
for numbers and dates      Between · Bell · Quantiles · Following; Seasonal for dates alone
for texts                  Length

What is not asked for is made as the names say: a city lies in its country, an e-mail address has its person's name, an
order is shipped after it is placed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from dbworkbench.errors import DesignError


@dataclass(frozen=True, slots=True)
class Zipf:
    """The k-th most frequent value is chosen in proportion to 1 / k^exponent; only `share` of the values are, at all.

    For a reference: some rows are referred to often and some (1 - share of them) never. An exponent of 0 is even.
    """

    exponent: float = 1.0
    share: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.exponent <= 10 or not 0 < self.share <= 1:
            raise DesignError(f"{self} needs an exponent from 0 to 10 and a share above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Weighted:
    """These values and no others, in proportion to their weights.

    >>> Weighted({"paid": 9, "open": 1}).weights
    (('paid', 9), ('open', 1))
    """

    weights: Mapping[object, float] | tuple[tuple[object, float], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", tuple(dict(self.weights).items()))
        if not self.weights or min(self.pairs.values()) < 0 or sum(self.pairs.values()) <= 0:
            raise DesignError(f"{self} needs weights of 0 or more, one of them above 0")

    @property
    def pairs(self) -> dict[object, float]:
        """The weights by value."""
        return dict(self.weights)


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers, dates or times from `low` to `high`, each as likely."""

    low: object
    high: object


@dataclass(frozen=True, slots=True)
class Bell:
    """Numbers, dates or times around `mean`, normally distributed; `deviation` in the value's units (days of a date)."""

    mean: object
    deviation: float


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Numbers, dates or times with these quantiles at equal steps, the least value first: a distribution copied."""

    values: tuple[object, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise DesignError("quantiles need two values or more, the least and the greatest")


@dataclass(frozen=True, slots=True)
class Seasonal:
    """Dates or timestamps that come more often in some months, and more from year to year.

    `months` are twelve weights, January first; `growth` is by what share a year has more rows than the one before.
    """

    months: tuple[float, ...] = (1.0,) * 12
    growth: float = 0.0
    first: date = date(2020, 1, 1)
    last: date = date(2024, 12, 31)

    def __post_init__(self) -> None:
        if len(self.months) != 12 or min(self.months) < 0 or sum(self.months) <= 0 or self.growth <= -1:
            raise DesignError("a season needs twelve weights of 0 or more, January first, and a growth above -1")
        if self.first > self.last:
            raise DesignError(f"a season from {self.first} to {self.last} has no days")


@dataclass(frozen=True, slots=True)
class Following:
    """Values that go up with those of another attribute of the same relation: a Gaussian copula of this correlation."""

    attribute: str
    correlation: float = 0.8

    def __post_init__(self) -> None:
        if not -1 <= self.correlation <= 1:
            raise DesignError(f"a correlation of {self.correlation} is none — give -1 to 1")


@dataclass(frozen=True, slots=True)
class Children:
    """A reference to the same relation as a tree in which every row but the last ones has `each` children."""

    each: int = 4

    def __post_init__(self) -> None:
        if self.each < 1:
            raise DesignError("a tree needs one child or more for each row")


@dataclass(frozen=True, slots=True)
class Fanout:
    """A reference in which each row referred to has from `low` to `high` rows that refer to it, exactly.

    A share `none` of the rows is referred to by nobody. How many refer to one row on average follows from how many rows
    both relations have; around that, each number is as likely as the average allows, or normally distributed with a
    `deviation`. With `low` equal to `high` it is fixed.
    """

    low: int = 0
    high: int = 10
    none: float = 0.0
    deviation: float | None = None

    def __post_init__(self) -> None:
        fitting = 0 <= self.low <= self.high and self.high >= 1 and 0 <= self.none < 1
        if not fitting or (self.deviation is not None and self.deviation <= 0):
            raise DesignError(
                f"{self} needs 0 <= low <= high, a high of 1 or more, a share of none below 1 and a deviation above 0"
            )


@dataclass(frozen=True, slots=True)
class Length:
    """Texts of `low` to `high` characters."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise DesignError(f"texts of {self.low} to {self.high} characters are none")


@dataclass(frozen=True, slots=True)
class Unknowns:
    """This share of the values is unknown."""

    share: float

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise DesignError(f"{self.share} is no share — give 0 to 1")


Shape: TypeAlias = (
    Zipf | Weighted | Between | Bell | Quantiles | Seasonal | Following | Children | Fanout | Length | Unknowns
)
