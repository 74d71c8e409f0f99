"""Candidates × engines × workload: the same facts, the same questions, answers compared, times paired."""

from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path

from dbworkbench.engines.engine import ENGINES, Engine, engine
from dbworkbench.errors import DesignError, Unsupported, interruptible
from dbworkbench.population.populate import whole_number
from dbworkbench.schema.normalization import Normalization
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.sql.workload import Source, read_workload
from dbworkbench.trials.answers import TOLERANCE
from dbworkbench.trials.candidate import Candidate, alone, candidate, check_against, giving_back, own_name
from dbworkbench.trials.conduct import Conduct, Progress
from dbworkbench.trials.record import Stopped, Trial

__all__ = ["Stopped", "Trial", "trial"]


def trial(
    candidates: Mapping[str, Shown],
    workload: Source,
    *,
    rows: int | Mapping[str, int] = 10_000,
    engines: Sequence[str | Engine] = ("duckdb", "sqlite"),
    seed: int = 0,
    data: object = None,
    reference: Relation | Schema | None = None,
    repeats: int | None = None,
    deadline: float = 30.0,
    budget: float = 15.0,
    tolerance: float = TOLERANCE,
    cold: int = 0,
    keep: str | Path | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Measure candidates against each other, on the same facts and the same questions.

    A candidate is a relation (one table), a normalization, a schema, or what `candidate()` makes. The reference, in
    whose terms the workload is written, is the relation that they all give back; say `reference` where candidates
    leave it open. Its rows are populated once (`rows`, a number or one by relation, as `populate` shares them out, and `seed`), or taken from `data`: `Tables`, a data frame, or a
    path. Each candidate gets its projections of them, and is compared with the reference, row by row, first.

    Engines are "duckdb", "sqlite", "postgresql" (a server of its own), a URL, or what others add to `ENGINES`.

    Each query runs on every engine against every candidate: through views that rebuild the reference, or by the SQL
    the candidate brings. Answers are compared with the answer on the reference itself. Times are then taken in rounds,
    in each of which every candidate runs once, in random order: `repeats` rounds, or as many as a share of `budget`
    seconds allows. What exceeds `deadline` seconds, or is refused, is kept as a failure and the trial goes on; what
    differs is kept as a difference.

    The budget is for the rounds alone: making and loading rows, answers and what is compared of them come on top. Whatever it is, each query
    has three rounds on each engine, and up to six within a second; and seconds in which runs waited for a busy processor are not counted, up to
    twice as many as the budget has. The setting "took" says where the time went; `progress` is called with what is done and the share that is done,
    such as `wb.progress` shows.

    `cold` runs of each reading query follow after all that is kept in memory was given up, the system's file cache included: files are
    closed on DuckDB and SQLite, and PostgreSQL and MariaDB started again, where they were started here (about a second each time; a
    server that is reached by URL keeps what it likes, and has none). `keep` names a file that holds what is known after each query, as `Trial.save` writes it: should the process be
    killed, `read_trial` reads it. It must not be there before (OutputExists).

    Raises WorkloadError for a query that the reference cannot answer, DesignError for candidates that do not fit
    together, and Stopped, with the partial trial, on Ctrl-C. Databases are scratch files, gone at the end.
    """
    conduct = conducted(
        candidates,
        workload,
        rows=rows,
        engines=engines,
        seed=seed,
        reference=reference,
        repeats=repeats,
        deadline=deadline,
        budget=budget,
        tolerance=tolerance,
        progress=progress,
    )
    conduct.cold, conduct.keep = whole_number(cold, "cold"), Path(keep) if keep is not None else None
    if cold < 0:
        raise DesignError(f"a trial cannot have {cold} cold runs")
    try:
        with interruptible():
            conduct.run(data, rows)
    except KeyboardInterrupt as stop:
        raise Stopped(conduct.finished("stopped before it was complete")) from stop
    return conduct.finished()


def conducted(
    candidates: Mapping[str, Shown],
    workload: Source,
    *,
    rows: int | Mapping[str, int],
    engines: Sequence[str | Engine],
    seed: int = 0,
    reference: Relation | Schema | None = None,
    repeats: int | None = None,
    deadline: float = 30.0,
    budget: float = 0.0,
    tolerance: float = TOLERANCE,
    progress: Progress | None = None,
) -> Conduct:
    """A trial with its arguments checked, ready to be run; they are those of `trial`, and so are its errors."""
    _check_numbers(rows, seed, repeats, deadline=deadline, budget=budget, tolerance=tolerance)
    questions = read_workload(workload)
    contenders, whole = _contenders(candidates, reference)
    for one in contenders:
        check_against(one, whole, questions)
    chosen = tuple(map(engine, [engines] if isinstance(engines, str) else engines))
    _check_engines(chosen)
    return Conduct(contenders, chosen, questions, whole, seed, repeats, deadline, budget, tolerance, progress)


def _check_numbers(rows: object, seed: object, repeats: object, **seconds: object) -> None:
    sizes: Mapping[str, object] = rows if isinstance(rows, Mapping) else {"": rows}
    numbers = [whole_number(number, f"rows of {name!r}" if name else "rows") for name, number in sizes.items()]
    if max(numbers, default=0) < 1:
        raise DesignError(f"a trial needs at least one row, not {rows}")
    whole_number(seed, "seed")
    if repeats is not None and whole_number(repeats, "repeats") < 1:
        raise DesignError(f"a trial needs at least one round, not {repeats}")
    for name, given in seconds.items():
        if isinstance(given, bool) or not isinstance(given, Real):
            raise DesignError(f"{name}={given!r} is no number")
    if not float(str(seconds["deadline"])) > 0:
        raise DesignError(f"the deadline of {seconds['deadline']} seconds leaves no time — give more")


def _check_engines(engines: tuple[Engine, ...]) -> None:
    names = [one.name for one in engines]
    if not names:
        raise DesignError(f"a trial needs an engine — known: {', '.join(sorted(ENGINES))}")
    if len(set(names)) < len(names):
        raise DesignError(f"an engine is named twice: {', '.join(names)}")


def _contenders(
    candidates: Mapping[str, Shown], given: Relation | Schema | None
) -> tuple[tuple[Candidate, ...], Schema]:
    """The candidates by name, and the reference that all of them give back."""
    if not candidates or not isinstance(candidates, Mapping):
        raise DesignError("a trial needs a candidate — give a mapping of names to designs")
    made: list[Candidate] = []
    for name, design in candidates.items():
        match design:
            case Candidate():
                made.append(own_name(design, name))
            case Relation() | Normalization() | Schema():
                made.append(candidate(design, name=name))
            case _:
                raise Unsupported(
                    f"the candidate {name!r} is {design!r:.40}, which is no design — give a relation, a normalization, "
                    "a schema, or what candidate() makes"
                )
    reference = _reference(candidates, given)
    return tuple(giving_back(one, reference) for one in made), reference


def _reference(candidates: Mapping[str, Shown], given: Relation | Schema | None) -> Schema:
    if isinstance(given, Schema):
        return given
    if given is not None:
        return Schema((alone(given),))
    found: dict[str, Relation] = {}
    for name, design in candidates.items():
        if isinstance(design, Normalization):
            found[name] = design.before
        elif isinstance(design, Relation):
            found[name] = design
    if found:
        first = next(iter(found))
        for name, relation in found.items():
            if (relation.name, relation.attributes) != (found[first].name, found[first].attributes):
                raise DesignError(
                    f"{first!r} gives back {_signature(found[first])} and {name!r} gives back {_signature(relation)} — "
                    "say which is meant with reference=, and make the other with candidate(…, load=, views=)"
                )
        return Schema((alone(max(found.values(), key=lambda one: len(one.dependencies) + len(one.keys))),))
    schemas = [design for design in candidates.values() if isinstance(design, Schema)]
    if len(schemas) == 1:
        return schemas[0]
    raise DesignError("the candidates leave open what they all are to hold — say it with reference=")


def _signature(relation: Relation) -> str:
    names = ", ".join(relation.names[:6]) + (" …" if len(relation.names) > 6 else "")
    return f"{relation.name}({names})"
