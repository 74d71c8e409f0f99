"""A candidate: a schema, how its rows follow from the reference, and the views that give the reference back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from dbworkbench.errors import DesignError, UnknownName, Unsupported, WorkloadError
from dbworkbench.schema.normalization import Normalization
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.workload import Workload, check_tables, trees_of

REFERENCE = "the reference"  # what stands where a candidate's name does for the rows that all of them are compared with
_quoted = DIALECTS["duckdb"].quoted


@dataclass(frozen=True, slots=True)
class Candidate(Shown):
    """A way to store the facts of a reference schema. SQL in it is DuckDB's, names paired with texts.

    `load` says, for each relation of `schema`, which query over the reference gives its rows; `views` say, for each
    relation of the reference, which query over `schema` gives it back (a relation that `schema` has under the same
    name, with the same attributes, needs none); `sql` holds its own way to answer queries of the workload.
    `cannot_hold` names what facts of the reference it has no place for. `summaries` are relations that hold answers,
    made again after every change. `lookups` pair queries that stand in `load`, in parentheses, with queries over `schema` that
    give the same rows: by these, what new rows refer to is found.
    """

    name: str
    schema: Schema
    load: tuple[tuple[str, str], ...]
    views: tuple[tuple[str, str], ...] = ()
    sql: tuple[tuple[str, str], ...] = ()
    cannot_hold: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    lookups: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        loaded = dict(self.load)
        for name in loaded:
            self.schema[name]
        for relation in self.schema:
            if relation.name not in loaded:
                raise DesignError(
                    f"the candidate {self.name!r} does not say what rows {relation.name!r} has — "
                    f"add load={{{relation.name!r}: 'SELECT … FROM the reference'}}"
                )


def candidate(
    design: Relation | Normalization | Schema,
    *,
    load: Mapping[str, str] | None = None,
    views: Mapping[str, str] | None = None,
    sql: Mapping[str, str] | None = None,
    cannot_hold: tuple[str, ...] = (),
    name: str = "",
) -> Candidate:
    """A candidate from a design: from a relation or a normalization all else follows; a schema needs `load` and `views`.

    What is given here wins over what follows. `sql` maps names of the workload's queries to this candidate's own
    SQL over its tables. The name is the one it gets in a trial, unless given.
    """
    made = _of(design, loaded=load is not None)
    return Candidate(
        name or made.name,
        made.schema,
        _updated(made.load, load),
        _updated(made.views, views),
        _updated(made.sql, sql),
        cannot_hold or made.cannot_hold,
        made.summaries,
        made.lookups,
    )


def of_relation(relation: Relation) -> Candidate:
    """The relation itself as one table."""
    return Candidate(relation.name, Schema((alone(relation),)), ((relation.name, all_of(relation)),))


def of_normalization(normalization: Normalization) -> Candidate:
    """The parts as tables: projections of the relation, and a view that joins them again along their keys.

    A row of the relation whose value of a part's key is unknown has no row in that part; joining by LEFT JOIN keeps it.
    """
    before, schema = normalization.before, normalization.schema
    load: list[tuple[str, str]] = []
    home: dict[str, str] = {}
    joined: list[str] = []
    for at, step in enumerate(normalization.rebuild):
        part = schema[step.relation]
        unknown = tuple(name for name in step.on if before[name].nullable) if at else ()
        load.append((part.name, _projection(before, part.names, unknown)))
        table = _quoted(part.name)
        if not at:
            joined.append(f"FROM {table}")
        elif not step.on:
            joined.append(f"CROSS JOIN {table}")
        else:
            same = (f"{_quoted(home[name])}.{_quoted(name)} = {table}.{_quoted(name)}" for name in step.on)
            joined.append(f"{'LEFT ' if unknown else ''}JOIN {table} ON {' AND '.join(same)}")
        for name in part.names:
            home.setdefault(name, part.name)
    selected = ", ".join(f"{_quoted(home[name])}.{_quoted(name)} AS {_quoted(name)}" for name in before.names)
    whole = len(schema) == 1 and schema.relations[0].names == before.names and schema.names == (before.name,)
    views = () if whole else ((before.name, f"SELECT {selected} {' '.join(joined)}"),)
    return Candidate(before.name, schema, tuple(load), views)


def of_schema(schema: Schema) -> Candidate:
    """The reference schema itself, table by table."""
    load = tuple((relation.name, all_of(relation)) for relation in schema)
    return Candidate(schema.name or "the schema", schema, load)


def alone(relation: Relation) -> Relation:
    """The relation without its references, which only a schema can hold."""
    return replace(relation, foreign_keys=())


def own_name(made: Candidate, name: str) -> Candidate:
    """The same candidate under another name."""
    return replace(made, name=name)


def giving_back(made: Candidate, reference: Schema) -> Candidate:
    """The candidate with a view for each relation of the reference that it holds with other or reordered attributes.

    So `SELECT *` means the same everywhere.
    """
    given = dict(made.views)
    added = tuple(
        (relation.name, all_of(relation))
        for relation in reference
        if relation.name not in given
        and relation.name in made.schema
        and made.schema[relation.name].names != relation.names
        and set(made.schema[relation.name].names) >= set(relation.names)
    )
    return replace(made, views=(*made.views, *added)) if added else made


def check_against(made: Candidate, reference: Schema, workload: Workload) -> None:
    """Raise where a candidate gives back no relation of the reference, or answers a query that nobody asks.

    Its SQL is read before anything runs: WorkloadError where a text does not do what its query does, or reaches
    beyond the relations that it may ask.
    """
    for name, _ in made.views:
        reference[name]
    for name, _ in made.sql:
        if name not in workload.names:
            raise UnknownName("query", name, workload.names)
    given = dict(made.views)
    for relation in reference:
        held = relation.name in made.schema and set(made.schema[relation.name].names) >= set(relation.names)
        if relation.name in given or held:
            continue
        raise Unsupported(
            f"the candidate {made.name!r} does not give {relation.name!r} back — "
            f"add views={{{relation.name!r}: 'SELECT {', '.join(relation.names[:3])} … FROM its tables'}}"
        )
    for name, text in made.load:
        _check_text(f"the rows of {name!r} in {made.name!r}", text, reference.names)
    for name, text in made.views:
        _check_text(f"the view of {name!r} in {made.name!r}", text, made.schema.names)
    for name, text in made.sql:
        kind = workload[name].kind
        _check_text(f"its own SQL in {made.name!r}", text, made.schema.names, workload.dialect, query=name, kind=kind)


def _check_text(
    what: str, text: str, known: Collection[str], dialect: str = "duckdb", *, query: str = "", kind: str = "read"
) -> None:
    try:
        for tree in trees_of(text, dialect, name=query, kind=kind):
            check_tables(tree, known, query=query)
    except WorkloadError as error:
        raise WorkloadError(f"{what}: {error.message}", query=query, line=error.line, column=error.column) from error


def _of(design: Relation | Normalization | Schema, *, loaded: bool) -> Candidate:
    match design:
        case Relation():
            return of_relation(design)
        case Normalization():
            return of_normalization(design)
        case Schema():
            return Candidate("", design, tuple((r.name, "") for r in design)) if loaded else of_schema(design)


def _updated(pairs: tuple[tuple[str, str], ...], given: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple({**dict(pairs), **(given or {})}.items())


def all_of(relation: Relation) -> str:
    """The query for a relation's rows as they are."""
    return f"SELECT {', '.join(map(_quoted, relation.names))} FROM {_quoted(relation.name)}"


def _projection(before: Relation, names: tuple[str, ...], known: tuple[str, ...]) -> str:
    where = " AND ".join(f"{_quoted(name)} IS NOT NULL" for name in known)
    distinct = "" if set(before.names) == set(names) else "DISTINCT "
    columns = ", ".join(map(_quoted, names))
    return f"SELECT {distinct}{columns} FROM {_quoted(before.name)}{f' WHERE {where}' if where else ''}"
