"""That a candidate holds the facts of the reference: its rows are made, its views rebuild them, and both are compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import duckdb

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DataError, DesignError, WorkbenchError
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.answers import EXAMPLES, Unlike
from dbworkbench.trials.candidate import Candidate

_numbers = count()
_COUNT = '"dbworkbench count"'


@dataclass(frozen=True, slots=True)
class Parts:
    """A candidate's rows beside the reference, in the reference's own DuckDB: where each relation's are."""

    source: Tables
    database: str

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
    made = Parts(source, f"dbworkbench parts {next(_numbers)}")
    cursor = source.connection.cursor()
    try:
        cursor.execute(f"ATTACH ':memory:' AS {quoted(made.database)}")
        load = dict(candidate.load)
        for relation in candidate.schema:
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
        home = cursor.execute("SELECT current_database()").fetchall()[0][0]
        cursor.execute(f"USE {quoted(made.database)}.main")
        for relation in reference:
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
                    yield relation, Unlike(int(missing), int(extra), *first)
    finally:
        cursor.close()


def check_reference(reference: Schema, source: Tables) -> None:
    """Raise DataError where the data lack a relation of the reference or one of its attributes."""
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
