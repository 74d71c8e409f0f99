"""The same design stored otherwise: indexes, rows in an order, one relation in parts by range, answers kept ready."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import duckdb

from dbworkbench.data.relation import duckdb_type
from dbworkbench.errors import DesignError, WorkloadError, kind_of
from dbworkbench.population.populate import populate
from dbworkbench.schema.normalization import Normalization
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Type
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.translation import translated
from dbworkbench.sql.workload import Source, parsed, read_workload
from dbworkbench.trials.candidate import Candidate, candidate

__all__ = ["clustered", "indexed", "partitioned", "summarized"]

_Wanted = TypeVar("_Wanted")
_quoted = DIALECTS["duckdb"].quoted


def indexed(
    design: Candidate | Relation | Normalization | Schema, indexes: Mapping[str, Iterable[str | Sequence[str]]]
) -> Candidate:
    """The design with further indexes: by relation, each an attribute or several in order.

    Raises UnknownName for a relation or an attribute that is not there.
    """
    made = _candidate(design)
    schema = made.schema
    for name, wanted in _by_relation(indexes).items():
        relation = schema[name]
        added = tuple(Index((one,) if isinstance(one, str) else tuple(one)) for one in wanted)
        for index in added:
            for attribute in index.attributes:
                relation[attribute]
        schema = _with(schema, replace(relation, indexes=(*relation.indexes, *added)))
    return replace(made, schema=schema)


def clustered(
    design: Candidate | Relation | Normalization | Schema, by: Mapping[str, str | Sequence[str]]
) -> Candidate:
    """The design with rows stored in the order of some attributes, by relation: what engines read in ranges lies together.

    Raises UnknownName for a relation or an attribute that is not there.
    """
    made = _candidate(design)
    load = dict(made.load)
    for name, wanted in _by_relation(by).items():
        order = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        for attribute in order:
            made.schema[name][attribute]
        load[name] = f"SELECT * FROM ({load[name]}) ORDER BY {', '.join(map(_quoted, order))}"
    return replace(made, load=tuple(load.items()))


def _by_relation(given: Mapping[str, _Wanted]) -> Mapping[str, _Wanted]:
    if not isinstance(given, Mapping):
        raise DesignError(f"{kind_of(given)} names no relations — write {{'orders': ['customer_id']}}")
    return given


def partitioned(
    design: Candidate | Relation | Normalization | Schema, relation: str, *, by: str, bounds: Sequence[object]
) -> Candidate:
    """The design with one relation cut in parts by the values of an attribute: below the first bound, from each on, the
    last without end; rows whose value is unknown are in the first part. The relation is a view of all parts.

    Each part has the keys, references and indexes of the whole and a check of its range; that keys differ between
    parts is not enforced, nor are references to the relation. Raises UnknownName for an attribute that is not there and
    DesignError for bounds that do not rise.
    """
    made = _candidate(design)
    whole = made.schema[relation]
    whole[by]
    if not bounds or any(not before < after for before, after in pairwise(bounds)):  # type: ignore[operator]  # what cannot be compared is no bound
        raise DesignError(
            f"the bounds of {relation!r} by {by} are to rise, each above the one before, and be one or more"
        )
    column, marks = _quoted(by), [_literal(bound) for bound in bounds]
    ranges = [f"({column} < {marks[0]} OR {column} IS NULL)"]
    ranges += [f"({column} >= {low} AND {column} < {high})" for low, high in pairwise(marks)]
    ranges.append(f"({column} >= {marks[-1]})")
    taken = {name.casefold() for name in made.schema.names}
    parts: list[Relation] = []
    load = {name: text for name, text in made.load if name != relation}
    source = dict(made.load)[relation]
    for at, condition in enumerate(ranges, 1):
        name = f"{relation}_{at}"
        while name.casefold() in taken:
            name += "_"
        own = tuple(key for key in whole.foreign_keys if key.relation != relation)
        parts.append(replace(whole, name=name, foreign_keys=own, checks=(*whole.checks, Check(condition))))
        load[name] = f"SELECT * FROM ({source}) WHERE {condition}"
    others = [_without_references(one, relation) for one in made.schema if one.name != relation]
    columns = ", ".join(map(_quoted, whole.names))
    union = " UNION ALL ".join(f"SELECT {columns} FROM {_quoted(part.name)}" for part in parts)
    views = {name: _reading(text, relation, union) for name, text in made.views}
    views.setdefault(relation, union)
    schema = Schema((*others, *parts), name=made.schema.name)
    return replace(made, schema=schema, load=tuple(load.items()), views=tuple(views.items()))


def summarized(
    design: Candidate | Relation | Normalization | Schema,
    workload: Source,
    queries: Iterable[str],
    *,
    reference: Relation | Schema | None = None,
) -> Candidate:
    """The design with the answers to some queries kept in tables, as materialized views are: those queries read the
    tables, and every change makes them again, which its time includes.

    `reference` is what the workload is written for; the design itself, or what a normalization was made from, unless
    given. Raises UnknownName for a query that is not there and WorkloadError for one that writes.
    """
    made = _candidate(design)
    asked = read_workload(workload)
    schema, load, sql, kept = made.schema, dict(made.load), dict(made.sql), list(made.summaries)
    with populate(_reference(design, reference), rows=1) as tables:
        for name in queries:
            query = asked[name]
            if query.kind != "read":
                raise WorkloadError("it writes, so it has no answer to keep", query=name, line=query.line)
            text = translated(query.text, asked.dialect, "duckdb", tuple(_reference(design, reference)))
            ordered = parsed(query, asked.dialect).args.get("order") is not None
            try:
                columns = tables.connection.execute(f"DESCRIBE {text}").fetchall()
            except duckdb.Error as error:
                raise WorkloadError(str(error).splitlines()[0], query=name, line=query.line) from error
            said = [column for column, *_ in columns]
            if len({column.casefold() for column in said}) < len(said):
                raise WorkloadError(
                    "two columns of its answer have one name — name them with AS", query=name, line=query.line
                )
            table = _free(f"kept {name}", schema)
            place = _free("place", None, said)
            attributes = [Attribute(column, _kept(kind), nullable=True) for column, kind, *_ in columns]
            if ordered:
                attributes.append(Attribute(place, duckdb_type("BIGINT")))
            schema = Schema((*schema.relations, Relation(table, tuple(attributes))), name=schema.name)
            number = f", row_number() OVER () AS {_quoted(place)}" if ordered else ""
            load[table] = f"SELECT *{number} FROM ({text}) AS answer"
            order = f" ORDER BY {_quoted(place)}" if ordered else ""
            sql[name] = f"SELECT {', '.join(map(_quoted, said))} FROM {_quoted(table)}{order}"
            kept.append(table)
    return replace(made, schema=schema, load=tuple(load.items()), sql=tuple(sql.items()), summaries=tuple(kept))


def _candidate(design: Candidate | Relation | Normalization | Schema) -> Candidate:
    return design if isinstance(design, Candidate) else candidate(design)


def _reference(design: object, given: Relation | Schema | None) -> Schema:
    match given or design:
        case Schema() as found:
            return found
        case Relation() as found:
            return Schema((replace(found, foreign_keys=()),))
        case Normalization() as found:
            return Schema((replace(found.before, foreign_keys=()),))
    raise DesignError("the candidate does not say what the workload is written for — give reference=")


def _kept(kind: str) -> Type:
    """The type in which a column of an answer is kept: a sum of whole numbers is one too, where all engines have it."""
    return Integer(64) if kind == "HUGEINT" else duckdb_type(kind)


def _with(schema: Schema, changed: Relation) -> Schema:
    return replace(schema, relations=tuple(changed if one.name == changed.name else one for one in schema))


def _without_references(relation: Relation, gone: str) -> Relation:
    kept: tuple[ForeignKey, ...] = tuple(key for key in relation.foreign_keys if key.relation != gone)
    return replace(relation, foreign_keys=kept)


def _reading(view: str, relation: str, union: str) -> str:
    """A view of the whole relation as one of its parts."""
    return f"WITH {_quoted(relation)} AS ({union}) {view}"


def _literal(bound: object) -> str:
    if isinstance(bound, int | float) and not isinstance(bound, bool):
        return str(bound)
    return "'" + str(bound).replace("'", "''") + "'"


def _free(name: str, schema: Schema | None, more: Iterable[str] = ()) -> str:
    taken = {one.casefold() for one in (*(schema.names if schema is not None else ()), *more)}
    while name.casefold() in taken:
        name += "_"
    return name
