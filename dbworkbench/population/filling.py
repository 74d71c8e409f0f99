"""Filling the tables of a schema, one relation after another, each by one query over its rows' numbers."""

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import Unsatisfiable, Unsupported
from dbworkbench.population.codes import Codes
from dbworkbench.population.computing import computed
from dbworkbench.population.later import fill_in
from dbworkbench.population.plan import Plan
from dbworkbench.population.references import References
from dbworkbench.population.scratch import Scratch, retold
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
            with retold(relation.name):
                waiting[relation.name] = _fill(plan, relation.name, scratch, frozenset(done), written)
            done.add(relation.name)
        for name, references in waiting.items():
            if references.later and {name, *(fk.relation for fk, _ in references.later)} & set(plan.slices):
                raise Unsupported(f"{name!r} has references in a circle, so no slice of it can be made alone")
            for foreign_key, free in references.later if plan.counts[name] else ():
                key = plan.key(name, *foreign_key.attributes, "later")
                target = plan.schema[foreign_key.relation]
                with retold(name):
                    fill_in(scratch, references.relation, target, plan.values[name], foreign_key, free=free, key=key)
            for made, expression in computed(references.relation).items() if references.later else ():
                with retold(name):
                    scratch.run(f"UPDATE {quoted(name)} SET {quoted(made)} = ({expression})")


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
