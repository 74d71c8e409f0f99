"""Joins that go by a dimension: a relation that a star holds inside another one, found by the fact's own reference.

A star of order lines may keep parts and suppliers in one dimension of offers. A query that joins lines to parts finds the
part in the row of the offer that the line refers to, which is one row, instead of among the distinct parts of all offers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from dbworkbench.schema.relation import ForeignKey
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.sources import Held

SAID = "names a column of the candidate's own"
Equated = Callable[[str, str], Sequence[tuple[str, str]]]


def by_reference(
    tables: Sequence[str], known: Mapping[str, Held], schema: Schema, equated: Equated
) -> Iterator[tuple[str, str, Held, ForeignKey]]:
    """Aliases that can be read through a reference: the alias, the one that refers, what the alias then is, the reference.

    `equated(alias, target)` gives the attributes of `alias` with the columns of the target's table that conditions
    equate. The referring attributes are all known, so each row finds one row, no more and no less.
    """
    for alias in tables:
        if alias not in known or not known[alias].distinct:
            continue
        for target in tables:
            fact = known.get(target)
            if target == alias or fact is None or fact.distinct or fact.table not in schema:
                continue
            found = equated(alias, target)
            for held in (known[alias], *known[alias].others):
                for reference in schema[fact.table].foreign_keys:
                    if reference.relation == held.table and _leads(reference, fact, held, found, schema):
                        yield alias, target, replace(held, distinct=False, others=()), reference


def _leads(reference: ForeignKey, fact: Held, held: Held, found: Sequence[tuple[str, str]], schema: Schema) -> bool:
    """Whether the conditions equate the whole key of a relation with attributes that refer to the columns behind it."""
    if any(schema[fact.table][name].nullable for name in reference.attributes) or not held.key:
        return False
    refers = dict(zip(reference.referenced, reference.attributes, strict=True))
    return all(
        any(name == key and refers.get(held.columns.get(key, "")) == column for name, column in found)
        for key in held.key
    )


def whole_reference(reference: ForeignKey, target: str, alias: str) -> exp.Expr:
    """The condition that follows a reference from the rows of one alias to those of another."""
    return exp.and_(
        *(
            exp.EQ(this=_own(ours, target), expression=_own(theirs, alias))
            for ours, theirs in zip(reference.attributes, reference.referenced, strict=True)
        ),
        copy=False,
    )


def _own(name: str, alias: str) -> exp.Column:
    column = exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(alias))
    column.meta[SAID] = True
    return column
