"""Anomalies: what goes wrong with rows when a relation holds more than one kind of fact."""

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass

from dbworkbench.errors import Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.dependencies import FD, MVD, Dependency, prose
from dbworkbench.theory.given import liberal
from dbworkbench.theory.instance import Instance, Named, plain_value
from dbworkbench.theory.keys import BUDGET
from dbworkbench.theory.normal_forms import NormalForm, Violation, violations
from dbworkbench.theory.numbering import Rules

_MOST = 6
_PAIRED = 500


@dataclass(frozen=True, slots=True)
class Anomaly(Shown):
    """An insertion, update or deletion that goes wrong, on rows.

    `kind` is "update", "insertion" or "deletion"; `before` and `after` are the rows around the change, a `None` in
    `after` is a value nobody has; `because` says what is wrong with it; `cells` are the (row, column) places of `after`
    to look at (of `before` for a deletion), rows numbered from 0.
    """

    kind: str
    dependency: Dependency
    because: str
    before: Instance
    after: Instance
    cells: frozenset[tuple[int, str]]


class Anomalies(tuple[Anomaly, ...]):  # noqa: SLOT001  a tuple of any length has no slots
    """Anomalies in the order of the dependencies; `left_open` says of what none could be looked for, nothing as a rule."""

    left_open: str

    def __new__(cls, found: Iterable[Anomaly] = (), left_open: str = "") -> "Anomalies":
        """The anomalies, and what is open."""
        made = super().__new__(cls, found)
        made.left_open = left_open
        return made


@liberal
def anomalies(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    *,
    rows: Instance | None = None,
    named: Named = plain_value,
    budget: int = BUDGET,
) -> Anomalies:
    """The anomalies of each dependency that keeps the relation out of BCNF or 4NF; none where it is in these.

    Shown on the given rows where they have some that show it, else on a few example rows. What could not be decided
    within the budget is told in `left_open` of the result.

    >>> found = anomalies(["id", "city", "zip"], [FD.parse("id -> zip"), FD.parse("zip -> city")])
    >>> [anomaly.kind for anomaly in found]
    ['update', 'insertion', 'deletion']
    >>> found[0].because
    'Two rows say which city goes with zip 1; if only one of them is changed, they contradict each other.'
    """
    columns = rows.columns if rows is not None else tuple(attributes)
    form = NormalForm.FOURTH if any(isinstance(d, MVD) for d in dependencies) else NormalForm.BOYCE_CODD
    scene = _Scene(columns, Rules(functional_part(attributes, dependencies), columns), rows, named)
    found: list[Anomaly] = []
    broken = violations(attributes, dependencies, form, budget=budget)
    for violation in broken:
        match violation.dependency:
            case FD() as fd:
                found += _functional(scene, fd, violation)
            case MVD() as mvd:
                found += _multivalued(columns, mvd, named)
            case _:
                pass
    return Anomalies(found, broken.left_open)


@liberal
def redundant_cells(rows: Instance, dependencies: Collection[Dependency]) -> frozenset[tuple[int, str]]:
    """The (row, column) places whose value the other values force: it could not be changed alone.

    >>> rows = Instance(("id", "zip", "city"), ((1, 9, "Ulm"), (2, 9, "Ulm"), (3, 8, "Bonn")))
    >>> sorted(redundant_cells(rows, [FD.parse("zip -> city")]))
    [(0, 'city'), (1, 'city')]

    Linear in the rows where they obey the dependencies; where they do not, every two are compared, and Undecided is raised
    above 500 rows.

    Reference: Vincent, Semantic foundations of 4NF in relational database design, Acta Informatica 36(3), 1999.
    """
    fds = functional_part(rows.columns, dependencies)
    if all(rows.satisfies(fd) for fd in fds):
        return frozenset(_repeated(rows, fds))
    if len(rows.rows) > _PAIRED:
        raise Undecided(
            f"{len(rows.rows)} rows break the dependencies: which of their cells are redundant is left open, since every two "
            f"of them would have to be compared — give rows that obey, or at most {_PAIRED}"
        )
    under = Rules(fds, rows.columns)
    found = set()
    for one, first in enumerate(rows.rows):
        for other, second in enumerate(rows.rows[:one]):
            same = under.mask(
                name for name, here, there in zip(rows.columns, first, second, strict=True) if here == there
            )
            for name in rows.columns:
                bit = under.bit[name]
                if same & bit and under.closure(same & ~bit, bit) & bit:
                    found |= {(one, name), (other, name)}
    return frozenset(found)


def _repeated(rows: Instance, fds: Iterable[FD]) -> Iterator[tuple[int, str]]:
    """The cells that another row with the same determinant has as well, in rows that obey: the last step of any closure."""
    for fd in fds:
        groups: dict[tuple[Hashable, ...], list[int]] = {}
        for at in range(len(rows.rows)):
            groups.setdefault(rows.value(at, fd.determinant), []).append(at)
        for places in groups.values():
            if len(places) > 1:
                yield from ((at, name) for at in places for name in fd.dependent - fd.determinant)


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where anomalies are shown: the columns, what follows, the rows given, and how values are named."""

    columns: tuple[str, ...]
    under: Rules
    rows: Instance | None
    named: Named

    def example(self, same: frozenset[str]) -> Instance:
        """Two rows that agree on a closed set, and one that agrees with them on nothing but what never changes."""
        always = self.under.set(self.under.closure(0))
        first = tuple(self.named(name, 1) for name in self.columns)
        second = tuple(self.named(name, 1 if name in same else 2) for name in self.columns)
        third = tuple(self.named(name, 1 if name in always else 2 if name in same else 3) for name in self.columns)
        return Instance(self.columns, tuple(dict.fromkeys((first, second, third))))


def _functional(scene: _Scene, fd: FD, violation: Violation) -> list[Anomaly]:
    columns, under, rows, named = scene.columns, scene.under, scene.rows, scene.named
    reach = under.set(under.closure(under.mask(fd.determinant)))
    name = min(fd.dependent)
    shown = (rows and _repeating(rows, fd)) or scene.example(reach)
    place = columns.index(name)
    fresh = _fresh(shown, name, named)
    changed = Instance(
        columns, (tuple(fresh if at == place else v for at, v in enumerate(shown.rows[0])), *shown.rows[1:])
    )
    agreed = [at for at in range(len(shown.rows)) if shown.value(at, fd.determinant) == shown.value(0, fd.determinant)]
    value = " and ".join(str(v) for v in shown.value(0, fd.determinant)) or "every row"
    count = {2: "Two", 3: "Three"}.get(len(agreed), str(len(agreed)))
    found = [
        Anomaly(
            "update",
            fd,
            f"{count} rows say which {prose(fd.dependent)} goes with {value}; if only one of them is changed, they "
            f"contradict each other.",
            shown,
            changed,
            frozenset((at, name) for at in agreed),
        )
    ]
    missing = violation.key - reach
    if missing and fd.determinant:
        new = tuple(_fresh(shown, column, named) if column in reach else None for column in columns)
        found.append(
            Anomaly(
                "insertion",
                fd,
                f"That {_pair(columns, new, fd)} belong together cannot be recorded until there is a value for "
                f"{prose(missing)}, because the key {prose(violation.key)} must be complete.",
                shown,
                Instance(columns, (*shown.rows, new)),
                frozenset((len(shown.rows), column) for column in columns if column not in reach),
            )
        )
    single = next(
        (
            at
            for at in range(len(shown.rows))
            if [shown.value(o, fd.determinant) for o in range(len(shown.rows))].count(shown.value(at, fd.determinant))
            == 1
        ),
        None,
    )
    if single is not None:
        gone = shown.rows[single]
        found.append(
            Anomaly(
                "deletion",
                fd,
                f"When row {single + 1} is deleted, it is forgotten as well that {_pair(columns, gone, fd)} belong "
                f"together.",
                shown,
                Instance(columns, tuple(row for at, row in enumerate(shown.rows) if at != single)),
                frozenset((single, column) for column in columns),
            )
        )
    return found


def _pair(columns: tuple[str, ...], row: tuple[Hashable, ...], fd: FD) -> str:
    told = [str(row[columns.index(name)]) for name in (*sorted(fd.determinant), *sorted(fd.dependent))]
    return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]


def _repeating(rows: Instance, fd: FD) -> Instance | None:
    """A few of the given rows: some that agree on the determinant, and one that stands alone if there is one."""
    groups: dict[tuple[Hashable, ...], list[int]] = {}
    for at in range(len(rows.rows)):
        groups.setdefault(rows.value(at, fd.determinant), []).append(at)
    several = next((places for places in groups.values() if len(places) > 1), None)
    if several is None:
        return None
    alone = next((places for places in groups.values() if len(places) == 1), [])
    return Instance(rows.columns, tuple(rows.rows[at] for at in (*several[:_MOST], *alone)))


def _fresh(rows: Instance, name: str, named: Named) -> Hashable:
    """A value that the column does not have."""
    known = {row[rows.columns.index(name)] for row in rows.rows}
    number = 1
    while (value := named(name, number)) in known:
        number += 1
    return value


def _multivalued(columns: tuple[str, ...], mvd: MVD, named: Named) -> list[Anomaly]:
    """Two Ys and two rests for one X make four rows; a third Y needs two more."""
    right = mvd.dependent - mvd.determinant
    rest = frozenset(columns) - mvd.determinant - right

    def row(one: int, other: int) -> tuple[Hashable, ...]:
        return tuple(named(name, one if name in right else other if name in rest else 1) for name in columns)

    before = Instance(columns, (row(1, 1), row(1, 2), row(2, 1), row(2, 2)))
    inserted = Instance(columns, (*before.rows, row(3, 1)))
    left = Instance(columns, before.rows[1:])
    on = prose(mvd.determinant) if mvd.determinant else "all rows"
    return [
        Anomaly(
            "insertion",
            mvd,
            f"A new {prose(right)} for the same {on} needs one row for each {prose(rest)}: with only one of them, the "
            f"rows would say that {prose(right)} and {prose(rest)} have to do with each other.",
            before,
            inserted,
            frozenset((4, name) for name in columns),
        ),
        Anomaly(
            "deletion",
            mvd,
            f"To take one {prose(right)} away, every row with it has to go, not only the first: otherwise the rows break "
            f"{mvd}.",
            before,
            left,
            frozenset((0, name) for name in columns),
        ),
    ]
