"""Whole numbers wider than 64 bits that number rows, and what refers to them: what they become where only 64 bits count."""

from collections.abc import Callable
from dataclasses import replace

from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Decimal, Integer

__all__ = ["COUNTER", "counters", "is_wide"]

COUNTER = Integer(64)
"""What numbers rows where no decimals can."""


def counters(schema: Schema, counts: Callable[[Relation, Attribute], bool]) -> frozenset[tuple[str, str]]:
    """The relation and attribute of each such number that would count as a `COUNTER`, and of all that refers to one.

    MySQL's `bigint unsigned AUTO_INCREMENT` is one. As a decimal it would lose its numbering, without which a table takes no
    rows from the programs that use it; as a `COUNTER` it loses the upper half of a range that no counter reaches. `counts`
    is asked of each attribute of type `COUNTER` whether it would be numbered.
    """
    found = {
        (relation.name, attribute.name)
        for relation in schema
        for attribute in relation.attributes
        if attribute.identity and is_wide(attribute) and counts(relation, replace(attribute, type=COUNTER))
    }
    ends = [
        {(relation.name, mine), (key.relation, theirs)}
        for relation in schema
        for key in relation.foreign_keys
        for mine, theirs in zip(key.attributes, key.referenced, strict=True)
        if is_wide(relation[mine]) and is_wide(schema[key.relation][theirs])
    ]
    while joined := [pair for pair in ends if 0 < len(pair & found) < len(pair)]:
        found = found.union(*joined)
    return frozenset(found)


def is_wide(attribute: Attribute) -> bool:
    """Whether an attribute holds whole numbers as decimals, and says so itself."""
    return isinstance(attribute.type, Decimal) and not attribute.type.scale and attribute.domain is None
