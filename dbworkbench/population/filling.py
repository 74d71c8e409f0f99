"""Filling the tables of a schema, one relation after another, each by one query over its rows' numbers."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import EngineError, Unsatisfiable, Unsupported
from dbworkbench.population.codes import Codes
from dbworkbench.population.computing import computed
from dbworkbench.population.later import fill_in
from dbworkbench.population.plan import Plan
from dbworkbench.population.references import References
from dbworkbench.population.scratch import Scratch
from dbworkbench.population.writing import Writing


def fill(plan: Plan, tables: Tables) -> None:
    """Make all tables of a plan.

    Raises Unsatisfiable where a relation cannot have its rows, Unsupported where DuckDB refuses what is asked of it and
    EngineError where memory or disk run out.
    """
    scratch = Scratch(tables)
    done: set[str] = set()
    waiting: dict[str, References] = {}
    written: dict[str, Writing] = {}
    with scratch.open():
        for relation in plan.order:
            with _retold(relation.name):
                waiting[relation.name] = _fill(plan, relation.name, scratch, frozenset(done), written)
            done.add(relation.name)
        for name, references in waiting.items():
            if references.later and {name, *(fk.relation for fk, _ in references.later)} & set(plan.slices):
                raise Unsupported(f"{name!r} has references in a circle, so no slice of it can be made alone")
            for foreign_key, free in references.later if plan.counts[name] else ():
                key = plan.key(name, *foreign_key.attributes, "later")
                target = plan.schema[foreign_key.relation]
                with _retold(name):
                    fill_in(scratch, references.relation, target, plan.values[name], foreign_key, free=free, key=key)
            for made, expression in computed(references.relation).items() if references.later else ():
                with _retold(name):
                    scratch.run(f"UPDATE {quoted(name)} SET {quoted(made)} = ({expression})")


@contextmanager
def _retold(name: str) -> Iterator[None]:
    """What DuckDB complains of while a relation is filled, as an error that names the relation."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException) as error:
        raise EngineError(
            f"the rows of {name!r} did not fit: {str(error).splitlines()[0]} — make fewer rows or a part of them "
            "(slices=…), or free disk space",
            engine="duckdb",
        ) from error
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise Unsupported(
            f"DuckDB, in which rows are made, refuses those of {name!r}: {str(error).splitlines()[0]} — see whether its "
            "types fit its checks and references"
        ) from error


def _fill(plan: Plan, name: str, scratch: Scratch, done: frozenset[str], written: dict[str, Writing]) -> References:
    """Make one table; returns its references, some of which may be left to fill in."""
    reading = plan.readings[name]
    above, unordered = plan.orders(name)
    checks = plan.rejecting(name)
    checks = tuple(dict.fromkeys((*reading.relation.checks, *checks))) if unordered else checks
    rejected = bool(checks or reading.partial)
    references = References(plan, reading, scratch, done, rejected=rejected)
    codes = Codes(references, filtered=rejected)
    if not codes.make():
        plan.without_star(name, done)
        return _fill(plan, name, scratch, done, written)
    written[name] = Writing(codes, scratch, above, checks, written)
    try:
        written[name].write()
    except Unsatisfiable as error:
        if not any(index.where for index in reading.partial):
            raise
        plan.without_conditions(name, done)
        try:
            return _fill(plan, name, scratch, done, written)
        except (Unsatisfiable, Unsupported):
            raise error from None
    return references
