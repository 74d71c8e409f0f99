"""The chase: what dependencies force on a table of symbols, with every step kept; and the lossless join it decides."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from dbworkbench.errors import DesignError, Undecided, UnknownName
from dbworkbench.shown import Shown
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, written
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.given import liberal
from dbworkbench.theory.verdict import Verdict

BUDGET = 5_000
_CELLS = 300_000
_PER_ROW = 6_000  # steps of work for each row of a budget, where rows are added
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """A symbol of a tableau's column: distinguished where `index` is 0, else one of the others.

    >>> str(Symbol("city", 0)), str(Symbol("city", 12))
    ('city', 'city₁₂')
    """

    column: str
    index: int

    @property
    def distinguished(self) -> bool:
        """Whether it stands for the value of the row looked for."""
        return self.index == 0

    def __str__(self) -> str:
        return self.column + (str(self.index).translate(_SUBSCRIPTS) if self.index else "")


@dataclass(frozen=True, slots=True)
class Tableau(Shown):
    """Rows of symbols under the columns they belong to."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Symbol, ...], ...]

    @classmethod
    def of(cls, parts: Iterable[Collection[str]], attributes: Collection[str]) -> "Tableau":
        """The tableau of a decomposition: one row per part, distinguished in the attributes the part holds."""
        columns = tuple(sorted(attributes))
        rows = tuple(
            tuple(Symbol(column, 0 if column in part else number) for column in columns)
            for number, part in enumerate(map(frozenset, parts), start=1)
        )
        return cls(columns, rows)


@dataclass(frozen=True, slots=True)
class ChaseStep:
    """One application of a dependency to rows (numbered from 0) of the tableau before it.

    A functional dependency puts one symbol in the place of another everywhere: `replaced` holds (old, new) pairs.
    A multivalued or join dependency adds the row `added`.
    """

    dependency: Dependency
    rows: tuple[int, ...]
    replaced: tuple[tuple[Symbol, Symbol], ...] = ()
    added: tuple[Symbol, ...] = ()

    @property
    def because(self) -> str:
        """The step as a sentence."""
        which = " and ".join(str(row + 1) for row in self.rows)
        if self.replaced:
            told = ", ".join(f"{old} becomes {new}" for old, new in self.replaced)
            determinant = self.dependency.determinant if isinstance(self.dependency, FD) else frozenset()
            on = ", ".join(map(written, sorted(determinant))) or "nothing that could differ"
            return f"Rows {which} agree on {on}, so by {self.dependency} they agree on the right side: {told}."
        return f"By {self.dependency}, rows {which} combine to the row {', '.join(map(str, self.added))}."


@dataclass(frozen=True, slots=True)
class Chase(Shown):
    """A chased tableau: where it began, each step, and where it ended."""

    start: Tableau
    steps: tuple[ChaseStep, ...]
    final: Tableau

    @property
    def tableaux(self) -> Iterator[Tableau]:
        """The tableau before the first step and after each one; rows keep their place until the end."""
        rows = list(self.start.rows)
        yield self.start
        for step in self.steps:
            new = dict(step.replaced)
            rows = [tuple(new.get(symbol, symbol) for symbol in row) for row in rows]
            if step.added:
                rows.append(step.added)
            yield Tableau(self.start.columns, tuple(rows))

    @property
    def whole_row(self) -> int | None:
        """The place of the first row of distinguished symbols only, if there is one."""
        for at, row in enumerate(self.final.rows):
            if all(symbol.distinguished for symbol in row):
                return at
        return None


@liberal
def chase(tableau: Tableau, dependencies: Iterable[Dependency], *, budget: int = BUDGET) -> Chase:
    """The tableau after all dependencies were applied until none changes it; distinguished symbols win.

    Functional dependencies alone need polynomial time. Multivalued and join dependencies add rows, exponentially many
    at worst: raises Undecided past `budget` rows (with the default one, fewer where there are many columns).

    >>> parts = Tableau.of(["ab", "bc"], "abc")
    >>> chase(parts, [FD.parse("b -> c")]).whole_row
    0

    Reference: Maier, Mendelzon & Sagiv, Testing implications of data dependencies, ACM TODS 4(4), 1979.
    """
    return _Chasing(tableau, dependencies, budget).run()


@liberal
def lossless_join(
    parts: Iterable[Collection[str]],
    dependencies: Collection[Dependency],
    *,
    attributes: Collection[str] | None = None,
    budget: int = BUDGET,
) -> Verdict:
    """Whether every relation that satisfies the dependencies is the join of its projections on the parts.

    The witness is the Chase: it ends with a row of distinguished symbols only, or its last tableau is itself a relation
    that satisfies the dependencies and that the join changes. Raises Undecided past `budget` rows, and DesignError for
    an attribute that no part holds.

    >>> bool(lossless_join(["ab", "bc"], [FD.parse("b -> c")]))
    True

    Reference: Aho, Beeri & Ullman, The theory of joins in relational databases, ACM TODS 4(3), 1979.
    """
    sets = tuple(map(frozenset, parts))
    held = frozenset[str]().union(*sets)
    whole = held if attributes is None else frozenset(attributes)
    if missing := whole - held:
        raise DesignError(f"no part holds {', '.join(map(written, sorted(missing)))} — a decomposition keeps them all")
    if extra := held - whole:
        raise DesignError(f"{', '.join(map(written, sorted(extra)))} is in a part but not in the relation")
    for dependency in dependencies:
        if extra := dependency.attributes - whole:
            raise DesignError(f"{dependency} names {', '.join(map(written, sorted(extra)))}, which no part holds")
    chased = _Chasing(Tableau.of(sets, whole), dependencies, budget).run(until_whole=True)
    if chased.whole_row is not None:
        return Verdict(True, "joining the parts gives back exactly the rows of the relation", chased)
    return Verdict(False, "joining the parts can give rows that the relation never had", chased)


class _Chasing:
    """The state of a chase: rows as numbers, 0 distinguished; a symbol is its number within its column."""

    def __init__(self, tableau: Tableau, dependencies: Iterable[Dependency], budget: int) -> None:
        self.tableau = tableau
        self.budget = budget if budget != BUDGET else min(budget, _CELLS // (len(tableau.columns) + 1))
        self.effort = Effort(_PER_ROW * budget, "whether the chase changes more")
        self.place = {column: at for at, column in enumerate(tableau.columns)}
        self.rows = [[symbol.index for symbol in row] for row in tableau.rows]
        self.steps: list[ChaseStep] = []
        ordered = list(in_order(dependencies))
        for name in sorted(frozenset[str]().union(*(d.attributes for d in ordered)) - self.place.keys()):
            raise UnknownName("attribute", name, tableau.columns)
        self.equalities = [
            (fd, self._places(fd.determinant), self._places(fd.dependent - fd.determinant))
            for fd in ordered
            if isinstance(fd, FD)
        ]
        self.joins = [
            (d, [self._places(component) for component in components])
            for d in ordered
            if (components := _components(d, frozenset(tableau.columns)))
        ]

    def _places(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.place[name] for name in sorted(names))

    def run(self, *, until_whole: bool = False) -> Chase:
        changed = True
        while changed and not (until_whole and self._whole()):
            changed = self._equate(until_whole=until_whole)
            if not changed:
                changed = any(self._join(dependency, places) for dependency, places in self.joins)
        rows = tuple(dict.fromkeys(self._symbols(row) for row in self.rows))
        return Chase(self.tableau, tuple(self.steps), Tableau(self.tableau.columns, rows))

    def _whole(self) -> bool:
        return any(not any(row) for row in self.rows)

    def _symbols(self, row: Iterable[int]) -> tuple[Symbol, ...]:
        return tuple(Symbol(column, index) for column, index in zip(self.tableau.columns, row, strict=True))

    def _equate(self, *, until_whole: bool) -> bool:
        """One round of all functional dependencies."""
        changed = False
        for fd, left, right in self.equalities:
            met: dict[tuple[int, ...], int] = {}
            for number, row in enumerate(self.rows):
                first = met.setdefault(tuple(row[at] for at in left), number)
                if first != number and any(self.rows[first][at] != row[at] for at in right):
                    self._merge(fd, first, number, right)
                    changed = True
                    if until_whole and self._whole():
                        return True
        return changed

    def _merge(self, fd: FD, first: int, second: int, right: tuple[int, ...]) -> None:
        replaced = []
        if self.joins:
            self.effort.spend(len(self.rows) * len(right) // 2)
        for at in right:
            one, other = sorted((self.rows[first][at], self.rows[second][at]))
            if one != other:
                replaced.append((Symbol(self.tableau.columns[at], other), Symbol(self.tableau.columns[at], one)))
                for row in self.rows:
                    if row[at] == other:
                        row[at] = one
        self.steps.append(ChaseStep(fd, (first, second), tuple(replaced)))

    def _join(self, dependency: Dependency, components: list[tuple[int, ...]]) -> bool:
        """Add every row that the components of existing rows combine to."""
        here = {tuple(row) for row in self.rows}
        added = False
        for row, sources in self._combined(components):
            if row not in here:
                here.add(row)
                if len(self.rows) >= self.budget:
                    raise Undecided(
                        f"the chase made {len(self.rows)} rows and was not done: the question is left open — "
                        f"give a larger budget, or fewer multivalued and join dependencies"
                    )
                self.rows.append(list(row))
                self.steps.append(ChaseStep(dependency, sources, added=self._symbols(row)))
                added = True
        return added

    def _combined(self, components: list[tuple[int, ...]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        partial: dict[tuple[int, ...], tuple[int, ...]] = {(-1,) * len(self.tableau.columns): ()}
        rows = list(dict.fromkeys(map(tuple, self.rows)))
        number: dict[tuple[int, ...], int] = {}
        for at, cells in enumerate(self.rows):
            number.setdefault(tuple(cells), at)
        known: set[int] = set()
        for component in components:
            shared = tuple(at for at in component if at in known)
            by_shared: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
            for row in rows:
                by_shared.setdefault(tuple(row[at] for at in shared), []).append(row)
            grown: dict[tuple[int, ...], tuple[int, ...]] = {}
            for begun, sources in partial.items():
                for row in by_shared.get(tuple(begun[at] for at in shared), ()):
                    more = list(begun)
                    for at in component:
                        more[at] = row[at]
                    if tuple(more) not in grown:
                        grown[tuple(more)] = tuple(dict.fromkeys((*sources, number[row])))
                if len(grown) > 20 * self.budget:
                    raise Undecided(
                        f"a join dependency combines more than {20 * self.budget} rows: the question is left open — give a "
                        f"larger budget, or fewer multivalued and join dependencies"
                    )
            self.effort.spend(len(grown) * len(self.tableau.columns))
            partial = grown
            known.update(component)
        return list(partial.items())


def _components(dependency: Dependency, whole: frozenset[str]) -> tuple[frozenset[str], ...]:
    """The components a row-adding dependency joins; none for a functional one."""
    match dependency:
        case MVD(determinant, dependent):
            return (determinant | dependent, determinant | (whole - dependent))
        case JD(components):
            return tuple(sorted(components, key=sorted))
        case _:
            return ()
