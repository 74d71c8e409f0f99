"""That a candidate holds the facts of the reference: its rows are made, its views rebuild them, and both are compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import duckdb

from dbworkbench.data.obey import Rows, check
from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DataError, DesignError, WorkbenchError
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Text, Timestamp, Type, type_text
from dbworkbench.trials.answers import EXAMPLES, Unlike
from dbworkbench.trials.candidate import Candidate, all_of

_numbers = count()
_COUNT = '"dbworkbench count"'


@dataclass(frozen=True, slots=True)
class Parts:
    """A candidate's rows beside the reference, in the reference's own DuckDB: where each relation's are."""

    source: Tables
    database: str
    home: str = ""
    same: frozenset[str] = frozenset()  # relations whose rows are the reference's own, which are not copied

    def select(self, relation: Relation) -> str:
        """The query that gives a relation's rows."""
        return f"SELECT {', '.join(map(quoted, relation.names))} FROM {self.table(relation.name)}"

    def table(self, name: str) -> str:
        """A relation's table, quoted in full."""
        return f"{quoted(self.database)}.main.{quoted(name)}"


@contextmanager
def parts(candidate: Candidate, source: Tables) -> Iterator[Parts]:
    """A candidate's rows, made from the reference in `source` and gone at the end.

    Raises DesignError where the candidate's own SQL cannot make them.
    """
    load = dict(candidate.load)
    home = str(source.connection.execute("SELECT current_database()").fetchall()[0][0])
    same = frozenset(relation.name for relation in candidate.schema if load[relation.name] == all_of(relation))
    made = Parts(source, f"dbworkbench parts {next(_numbers)}", home, same)
    cursor = source.connection.cursor()
    try:
        cursor.execute(f"ATTACH ':memory:' AS {quoted(made.database)}")
        for relation in candidate.schema:
            if relation.name in same:
                there = f"{quoted(home)}.main.{quoted(relation.name)}"
                cursor.execute(f"CREATE VIEW {made.table(relation.name)} AS FROM {there}")
                continue
            select = f"SELECT {', '.join(map(quoted, relation.names))} FROM ({load[relation.name]})"
            with _told(f"the rows of {relation.name!r} in the candidate {candidate.name!r} cannot be made"):
                cursor.execute(f"CREATE TABLE {made.table(relation.name)} AS {select}")
        yield made
    finally:
        cursor.execute(f"DETACH DATABASE IF EXISTS {quoted(made.database)}")
        cursor.close()


def unlike_facts(candidate: Candidate, reference: Schema, made: Parts) -> Iterator[tuple[Relation, Unlike]]:
    """The relations of the reference that the candidate gives back differently, and how: every row is compared."""
    views = dict(candidate.views)
    cursor = made.source.connection.cursor()
    try:
        home = made.home
        cursor.execute(f"USE {quoted(made.database)}.main")
        for relation in reference:
            if relation.name in made.same and relation.name not in views:
                continue  # its own rows
            columns = ", ".join(map(quoted, relation.names))
            rebuilt = f"({views[relation.name]})" if relation.name in views else made.table(relation.name)
            original = f"{quoted(home)}.main.{quoted(relation.name)}"
            both = (
                f"SELECT {columns}, 1 AS {_COUNT} FROM {original} "
                f"UNION ALL SELECT {columns}, -1 AS {_COUNT} FROM {rebuilt}"
            )
            unlike = f"SELECT {columns}, sum({_COUNT}) AS {_COUNT} FROM ({both}) GROUP BY ALL HAVING sum({_COUNT}) <> 0"
            with _told(f"the view of {relation.name!r} in the candidate {candidate.name!r} cannot be asked"):
                missing, extra = cursor.execute(
                    f"SELECT coalesce(sum({_COUNT}) FILTER ({_COUNT} > 0), 0), "
                    f"coalesce(-sum({_COUNT}) FILTER ({_COUNT} < 0), 0) FROM ({unlike})"
                ).fetchall()[0]
                if missing or extra:
                    few = f"SELECT {columns} FROM ({unlike}) WHERE {_COUNT} {{}} 0 ORDER BY ALL LIMIT {EXAMPLES}"
                    first = [tuple(map(_shown, cursor.execute(few.format(sign)).fetchall())) for sign in (">", "<")]
                    yield relation, Unlike(int(missing), int(extra), first[0], first[1])
    finally:
        cursor.close()


def check_reference(reference: Schema, source: Tables, *, given: bool = True) -> None:
    """Raise DataError where the data lack a relation of the reference or one of its attributes.

    Data that were `given`, not populated, are held to the types and rules of the reference too.
    """
    for relation in reference:
        if relation.name not in source:
            raise DataError(
                f"the data have no table {relation.name!r}, which the candidates are to hold — "
                f"known: {', '.join(source.names) or 'none'}"
            )
        held = {name for name, _ in source.columns(relation.name)}
        lacking = [name for name in relation.names if name not in held]
        if lacking:
            raise DataError(f"the data's table {relation.name!r} lacks {', '.join(map(repr, lacking))}")
        if given:
            _check_types(relation, source)
    if not given:
        return
    obeyed = check(source, reference)
    if not obeyed:
        first, *others = obeyed.broken
        more = f" (and {len(others)} more)" if others else ""
        raise DataError(
            f"the data: {first.claim}{more} — mend the rows, or take the rule out of the reference",
            rows=tuple(dict(zip(first.witness.columns, row, strict=True)) for row in first.witness.rows)
            if isinstance(first.witness, Rows)
            else (),
        )


def _check_types(relation: Relation, source: Tables) -> None:
    """Raise DataError where a column holds another kind of value than is declared, or values that do not fit."""
    kinds = dict(source.columns(relation.name))
    table = quoted(relation.name)
    for attribute in relation.attributes:
        wanted = _kind(attribute.type)
        column, kind = quoted(attribute.name), kinds[attribute.name]
        known = f"SELECT {', '.join(map(quoted, relation.names))} FROM {table} WHERE {column} IS NOT NULL"
        if not wanted:
            continue
        held = _held(kind)
        place = f"the column {attribute.name!r} of the data's table {relation.name!r}"
        if held and held != wanted:
            rows = _examples(source, known)
            if rows:
                raise DataError(
                    f"{place} holds {held} ({kind.lower()}), but {type_text(attribute.type)} is declared — convert the column, "
                    "or declare what it holds",
                    rows=rows,
                )
        elif kind != (spelled := _spelled(attribute.type)) and spelled:
            rows = _examples(source, f"{known} AND TRY_CAST({column} AS {spelled}) IS NULL")
            if rows:
                raise DataError(
                    f"{place} holds values that {type_text(attribute.type)} has no room for, such as {rows[0][attribute.name]} — "
                    "declare a wider type",
                    rows=rows,
                )


def _kind(declared: Type) -> str:
    match declared:
        case Integer() | Decimal() | Float():
            return "numbers"
        case Text():
            return "text"
        case Date() | Timestamp():
            return "dates"
        case _:
            return ""


def _held(kind: str) -> str:
    """What a column of a type of DuckDB's holds, as far as it is told apart here."""
    if kind in {"FLOAT", "DOUBLE"} or kind.endswith("INT") or kind.startswith(("DECIMAL", "INTEGER", "UINTEGER")):
        return "numbers"
    if kind.startswith(("DATE", "TIMESTAMP")):
        return "dates"
    return "text" if kind == "VARCHAR" else ""


def _spelled(declared: Type) -> str:
    match declared:
        case Integer(bits):
            return {16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}.get(bits, "")
        case Decimal(precision, scale):
            return f"DECIMAL({precision},{scale})" if precision <= 38 else ""
        case _:
            return ""


def _examples(source: Tables, query: str) -> tuple[dict[str, object], ...]:
    found = source.connection.execute(f"{query} LIMIT {EXAMPLES}")
    names = [name for name, *_ in found.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())


def _shown(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(row)


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise _refused(what, error) from error


def _refused(what: str, error: duckdb.Error) -> WorkbenchError:
    return DesignError(f"{what}: {str(error).strip().split(chr(10) + chr(10), 1)[0]}")
