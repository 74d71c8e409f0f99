"""A normalization as a walk: a station for each step, with its reason, the schemes it changes, and rows taken apart."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from dbworkbench.data.read import read_data
from dbworkbench.data.tables import Tables, quoted
from dbworkbench.diagram.normalized import step_pictures
from dbworkbench.errors import WorkbenchError
from dbworkbench.population.populate import populate
from dbworkbench.schema.normalization import Normalization
from dbworkbench.theory.decomposition import Step
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.views.frames import value

SHOWN = 8
_POOL, _READ = 240, 20_000
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scheme with sample rows, each once.

    `determinant` and `dependent` are the attributes of the dependency that the step is about; `again` numbers the rows in
    which the dependent values say once more what an earlier row said.
    """

    name: str
    attributes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    determinant: tuple[str, ...] = ()
    dependent: tuple[str, ...] = ()
    again: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Station:
    """One step: what it does and why, the schemes it takes and those it leaves, and what it saves in the sample rows.

    `light` and `dark` are the step's picture in either theme, empty where it changes no scheme.
    """

    title: str
    reason: str
    before: tuple[Sheet, ...]
    after: tuple[Sheet, ...]
    saved: str = ""
    light: str = ""
    dark: str = ""


def sample(done: Normalization, data: object = None) -> tuple[tuple[str, ...], ...]:
    """A few rows of the relation, those whose values repeat most, as texts in the order of its attributes.

    `data` holds the relation's rows (Tables, a data frame or a path); without it, rows are made that obey the dependencies.
    Empty where no such rows can be made. Raises DataError for data without the relation's attributes.
    """
    whole = done.before
    if data is None:
        try:
            with populate(whole, rows=_POOL) as made:
                return _picked(done, made, whole.name)
        except WorkbenchError:
            return ()  # no rows obey the design: the walk goes without them
    if isinstance(data, Tables):
        return _picked(done, data, whole.name)
    with read_data(data, name=whole.name) as read:
        return _picked(done, read, read.names[0])


def _picked(done: Normalization, rows: Tables, table: str) -> tuple[tuple[str, ...], ...]:
    """Rows in which the determinants that are split off repeat, but are not all alike."""
    names = done.before.names
    splits = [step.dependency.determinant for step in done.steps if isinstance(step.dependency, FD)]
    counts = [f"count(*) OVER (PARTITION BY {', '.join(map(quoted, sorted(split)))})" for split in splits if split]
    columns = ", ".join(map(quoted, names))
    order = f"{' + '.join(f'least({count}, 4)' for count in counts)} DESC, " if counts else ""
    frame = rows.sql(
        f"SELECT {columns} FROM (SELECT {columns} FROM {quoted(table)} LIMIT {_READ}) ORDER BY {order}{columns} LIMIT {_POOL}"
    )
    pool = [tuple(map(value, row)) for row in frame.itertuples(index=False, name=None)]
    places = [[names.index(name) for name in sorted(split)] for split in splits if split]
    met: list[Counter[tuple[str, ...]]] = [Counter() for _ in places]
    picked: list[int] = []
    while len(picked) < min(SHOWN, len(pool)):
        best = max(
            (at for at in range(len(pool)) if at not in picked), key=lambda at: (_worth(pool[at], places, met), -at)
        )
        picked.append(best)
        for split, seen in zip(places, met, strict=True):
            seen[tuple(pool[best][place] for place in split)] += 1
    return tuple(pool[at] for at in sorted(picked))


def _worth(row: Sequence[str], places: Sequence[Sequence[int]], met: Sequence["Counter[tuple[str, ...]]"]) -> int:
    """How much a further row shows: a second row of a value most, then a value that is new, up to three."""
    total = 0
    for split, seen in zip(places, met, strict=True):
        times = seen[tuple(row[place] for place in split)]
        total += 3 if times == 1 else 2 if not times and len(seen) < 3 else 1 if times else 0
    return total


def walk(done: Normalization, data: object = None) -> tuple[Station, ...]:
    """The stations of a normalization, in order; pictures and rows included. Raises what `sample` does."""
    whole = done.before
    rows = sample(done, data)
    names = {frozenset(relation.names): relation.name for relation in done.schema}
    light, dark = (iter(step_pictures(done, theme=theme)) for theme in ("light", "dark"))
    found = []
    for step in done.steps:
        changes = set(step.before) != set(step.after)
        sides = [
            tuple(
                _sheet(whole.name, whole.names, rows, names, scheme, step) for scheme in schemes if scheme not in others
            )
            if changes
            else tuple(_sheet(whole.name, whole.names, rows, names, scheme, step) for scheme in schemes)
            for schemes, others in ((step.before, step.after), (step.after, step.before))
        ]
        before, after = sides if changes else ((), sides[1])
        pictures = (next(light), next(dark)) if changes else ("", "")
        found.append(Station(step.title, step.reason, before, after, _saved(before, after), *pictures))
    return tuple(found)


def _sheet(  # noqa: PLR0917  what a sheet is made of
    whole: str,
    order: Sequence[str],
    rows: Sequence[Sequence[str]],
    names: dict[Names, str],
    scheme: Collection[str],
    step: Step,
) -> Sheet:
    attributes = tuple(name for name in order if name in scheme)
    places = [order.index(name) for name in attributes]
    kept = tuple(dict.fromkeys(tuple(row[at] for at in places) for row in rows))
    about = step.dependency if isinstance(step.dependency, FD) else None
    inside = about is not None and about.determinant <= set(scheme)
    left = tuple(name for name in attributes if about and inside and name in about.determinant)
    right = tuple(name for name in attributes if about and inside and name in about.dependent)
    called = names.get(frozenset(scheme), whole)
    return Sheet(called, attributes, kept, left, right, tuple(_again(attributes, kept, left)) if right else ())


def _again(attributes: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[str]) -> Iterator[int]:
    places = [attributes.index(name) for name in left]
    seen: set[tuple[str, ...]] = set()
    for at, row in enumerate(rows):
        said = tuple(row[place] for place in places)
        if said in seen:
            yield at
        seen.add(said)


def _saved(before: Sequence[Sheet], after: Sequence[Sheet]) -> str:
    """How often the dependent values were written before the step, and how often after it, in the sample rows."""
    home = next((sheet for sheet in after if sheet.dependent and sheet.rows), None)
    was = next((sheet for sheet in before if sheet.dependent), None)
    if home is None or was is None:
        return ""
    what = prose(frozenset(home.dependent))
    if len(was.rows) == len(home.rows):
        return f"In these {len(was.rows)} rows {what} happen not to repeat; in more rows they would."
    return f"In these rows {what} {'were' if len(home.dependent) > 1 else 'was'} written {len(was.rows)} times, and now {len(home.rows)}."
