"""Filling the tables of a schema, one relation after another, each by one query over its rows' numbers."""

from dbworkbench.data.tables import Tables
from dbworkbench.errors import Unsupported
from dbworkbench.population.codes import Codes
from dbworkbench.population.later import fill_in
from dbworkbench.population.plan import Plan
from dbworkbench.population.references import References
from dbworkbench.population.scratch import Scratch
from dbworkbench.population.writing import Writing


def fill(plan: Plan, tables: Tables) -> None:
    """Make all tables of a plan; raises Unsatisfiable where a relation cannot have its rows."""
    scratch = Scratch(tables)
    done: set[str] = set()
    waiting: dict[str, References] = {}
    with scratch.open():
        for relation in plan.order:
            waiting[relation.name] = _fill(plan, relation.name, scratch, frozenset(done))
            done.add(relation.name)
        for name, references in waiting.items():
            if references.later and {name, *(fk.relation for fk, _ in references.later)} & set(plan.slices):
                raise Unsupported(f"{name!r} has references in a circle, so no slice of it can be made alone")
            for foreign_key, free in references.later if plan.counts[name] else ():
                key = plan.key(name, *foreign_key.attributes, "later")
                fill_in(scratch, references.relation, plan.values[name], foreign_key, free=free, key=key)


def _fill(plan: Plan, name: str, scratch: Scratch, done: frozenset[str]) -> References:
    """Make one table; returns its references, some of which may be left to fill in."""
    reading = plan.readings[name]
    above, unordered = plan.orders(name)
    checks = reading.relation.checks if unordered else plan.rejecting(name)
    rejected = bool(checks or reading.partial)
    references = References(plan, reading, scratch, done, rejected=rejected)
    codes = Codes(references, filtered=rejected)
    if not codes.make():
        plan.without_star(name, done)
        return _fill(plan, name, scratch, done)
    Writing(codes, scratch, above, checks).write()
    return references
