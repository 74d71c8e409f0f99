"""A few rows over some attributes, and whether they satisfy a dependency."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from dbworkbench.errors import DataError, DesignError, Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, prose, written
from dbworkbench.theory.verdict import Verdict

BUDGET = 200_000


@dataclass(frozen=True, slots=True)
class Instance(Shown):
    """Rows under named columns: an example, a counterexample, or a learner's table.

    >>> Instance(("a", "b"), ((1, 2), (1, 3))).projected({"a"}).rows
    ((1,),)
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Hashable, ...], ...]

    def __post_init__(self) -> None:
        if len(set(self.columns)) != len(self.columns):
            raise DataError(f"two columns have the same name among {', '.join(self.columns)}")
        for at, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise DataError(f"row {at} has {len(row)} values for {len(self.columns)} columns")

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Hashable]], columns: Sequence[str] = ()) -> "Instance":
        """Rows given as mappings from attribute to value."""
        listed = tuple(rows)
        names = tuple(columns) or tuple(dict.fromkeys(name for row in listed for name in row))
        for at, row in enumerate(listed, start=1):
            for name in names:
                if name not in row:
                    raise DataError(f"row {at} has no value for {name!r}", rows=(dict(row),))
        return cls(names, tuple(tuple(row[name] for name in names) for row in listed))

    def value(self, row: int, names: Iterable[str]) -> tuple[Hashable, ...]:
        """The values of a row for some attributes, in the order of their names."""
        return tuple(self.rows[row][self.columns.index(name)] for name in sorted(names))

    def projected(self, names: Collection[str]) -> "Instance":
        """The distinct rows of some columns, which keep their order."""
        kept = tuple(name for name in self.columns if name in names)
        places = [self.columns.index(name) for name in kept]
        return Instance(kept, tuple(dict.fromkeys(tuple(row[at] for at in places) for row in self.rows)))

    def joined(self, other: "Instance", *, budget: int = BUDGET) -> "Instance":
        """The natural join; raises Undecided past `budget` rows."""
        shared = [name for name in self.columns if name in other.columns]
        fresh = [at for at, name in enumerate(other.columns) if name not in self.columns]
        here = [self.columns.index(name) for name in shared]
        there = [other.columns.index(name) for name in shared]
        by_value: dict[tuple[Hashable, ...], list[tuple[Hashable, ...]]] = {}
        for row in other.rows:
            by_value.setdefault(tuple(row[at] for at in there), []).append(tuple(row[at] for at in fresh))
        found: dict[tuple[Hashable, ...], None] = {}
        for row in self.rows:
            for more in by_value.get(tuple(row[at] for at in here), ()):
                found.setdefault((*row, *more))
            if len(found) > budget:
                raise Undecided(f"the join passed {budget} rows and was given up — give a larger budget")
        return Instance((*self.columns, *(other.columns[at] for at in fresh)), tuple(found))

    def rejoined(self, parts: Iterable[Collection[str]], *, budget: int = BUDGET) -> "Instance":
        """The join of the projections on the parts, in the order of this instance's columns."""
        left = [frozenset(part) for part in parts]
        if not left:
            raise DesignError("no parts to join — give at least one")
        whole = self.projected(left.pop(0))
        while left:  # next what shares the most, so that the join stays small
            nearest = max(range(len(left)), key=lambda at: (len(left[at] & set(whole.columns)), -at))
            whole = whole.joined(self.projected(left.pop(nearest)), budget=budget)
        places = [whole.columns.index(name) for name in self.columns if name in whole.columns]
        names = tuple(name for name in self.columns if name in whole.columns)
        return Instance(names, tuple(tuple(row[at] for at in places) for row in whole.rows))

    def satisfies(self, dependency: Dependency) -> Verdict:
        """Whether the rows obey a dependency; the witness is an Instance of rows that break it (or are missing)."""
        for name in sorted(dependency.attributes):
            if name not in self.columns:
                raise DesignError(f"{dependency} names {written(name)}, which is no column of these rows")
        match dependency:
            case FD():
                return self._functional(dependency)
            case MVD(determinant, dependent):
                rest = frozenset(self.columns) - dependent
                return self._joins(dependency, (determinant | dependent, determinant | rest))
            case JD(components):
                if missing := frozenset(self.columns) - dependency.attributes:
                    raise DesignError(f"{dependency} does not name {prose(missing)}: it must name every column")
                return self._joins(dependency, tuple(sorted(components, key=sorted)))

    def _functional(self, fd: FD) -> Verdict:
        first: dict[tuple[Hashable, ...], int] = {}
        for at in range(len(self.rows)):
            before = first.setdefault(self.value(at, fd.determinant), at)
            if self.value(before, fd.dependent) != self.value(at, fd.dependent):
                witness = Instance(self.columns, (self.rows[before], self.rows[at]))
                on = prose(fd.determinant) if fd.determinant else "nothing"
                return Verdict(False, f"two rows agree on {on} and differ on {prose(fd.dependent)}", witness)
        return Verdict(True, f"the rows satisfy {fd}")

    def _joins(self, dependency: Dependency, components: tuple[frozenset[str], ...]) -> Verdict:
        here = set(self.rows)
        missing = tuple(row for row in self.rejoined(components).rows if row not in here)
        if missing:
            return Verdict(False, f"{dependency} asks for rows that are not there", Instance(self.columns, missing))
        return Verdict(True, f"the rows satisfy {dependency}")


Named = Callable[[str, int], Hashable]


def plain_value(name: str, number: int) -> Hashable:
    """An example value: the attribute's name and a number.

    >>> plain_value("city", 2)
    'city 2'
    """
    return f"{name} {number}"


def from_examples(examples: Mapping[str, Sequence[Hashable]]) -> Named:
    """Example values by attribute, as a person would write them; numbered ones where they run out.

    >>> named = from_examples({"city": ["Bonn", "Ulm"]})
    >>> named("city", 2), named("city", 3), named("zip", 1)
    ('Ulm', 'city 3', 'zip 1')
    """
    kept = {name: tuple(dict.fromkeys(values)) for name, values in examples.items()}

    def named(name: str, number: int) -> Hashable:
        values = kept.get(name, ())
        return values[number - 1] if 0 < number <= len(values) else plain_value(name, number)

    return named


def agreeing(columns: Sequence[str], same: Collection[str], named: Named = plain_value) -> Instance:
    """Two rows that agree on some attributes and differ on all others."""
    first = tuple(named(name, 1) for name in columns)
    second = tuple(named(name, 1 if name in same else 2) for name in columns)
    return Instance(tuple(columns), (first, second))


def crossed(instances: Sequence[Instance]) -> Instance:
    """The product of rows over columns that do not overlap."""
    columns = tuple(name for one in instances for name in one.columns)
    rows = tuple(tuple(value for row in rows for value in row) for rows in product(*(one.rows for one in instances)))
    return Instance(columns, rows)
