"""Both sides of each reference of one type, and every name a text: what is asked of a schema before any row is made."""

from collections.abc import Iterator
from dataclasses import replace

from dbworkbench.errors import DesignError
from dbworkbench.population.coding import sql_type
from dbworkbench.population.values import native
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown, type_text

_NUMBERS = frozenset({"SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "REAL", "DOUBLE"})
_MOMENTS = frozenset({"DATE", "TIMESTAMP", "TIMESTAMPTZ"})


def agreed(schema: Schema) -> Schema:
    r"""The schema with a type for each attribute without one that a reference ties to an attribute with one.

    A text that an enumeration refers to has only the values of that, so that all of them can be referred to.

    Raises DesignError where the sides of a reference have types of different kinds, as text and bigint, and where a
    name, a check or a listed value cannot be stored as text.

    >>> from dbworkbench.schema.notation import schema
    >>> found = agreed(schema("a(*id)\n b(*no: integer, a: bigint -> a)"))
    >>> found["a"]["id"].type
    Integer(bits=64)
    """
    for relation in schema:
        for what, text in _texts(relation):
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise DesignError(
                    f"{what} {text!r} of {relation.name!r} holds half a character ({text[error.start]!r}), which no "
                    "database stores — write it anew"
                ) from error
    known = {(r.name, a.name): a.type for r in schema for a in r.attributes}
    pairs = [
        ((relation.name, here), (key.relation, there))
        for relation in schema
        for key in relation.foreign_keys
        for here, there in zip(key.attributes, key.referenced, strict=True)
    ]
    growing = True
    while growing:
        growing = False
        for here, there in pairs:
            for one, other in ((here, there), (there, here)):
                if isinstance(known[one], Unknown) and not isinstance(known[other], Unknown):
                    known[one] = known[other]
                    growing = True
    for here, there in pairs:
        if isinstance(known[here], Enumeration) and isinstance(known[there], Text):
            known[there] = known[here]
        if _kind(known[here]) != _kind(known[there]):
            raise DesignError(
                f"{here[0]}.{here[1]} ({type_text(known[here])}) refers to {there[0]}.{there[1]} "
                f"({type_text(known[there])}), and no value is of both types — give both one type"
            )
    return Schema(
        tuple(
            replace(r, attributes=tuple(replace(a, type=known[r.name, a.name]) for a in r.attributes)) for r in schema
        ),
        schema.name,
        schema.note,
    )


def made_as(kind: Type) -> str:
    """The DuckDB type in which the values of an attribute are made, of an engine's own type as of the nearest of ours."""
    return sql_type(native(kind) if isinstance(kind, Native) else kind)


def _kind(kind: Type) -> str:
    """What values are, as far as those of one type can stand for those of another."""
    word = made_as(kind).split("(", maxsplit=1)[0]
    return "a number" if word in _NUMBERS else "a moment" if word in _MOMENTS else word


def _texts(relation: Relation) -> Iterator[tuple[str, str]]:
    """All texts of a relation that get into SQL, with what they are."""
    yield "the name", relation.name
    for attribute in relation.attributes:
        yield "the attribute", attribute.name
        if isinstance(attribute.type, Enumeration):
            yield from (("the value", value) for value in attribute.type.values)
    yield from (("the check", check.expression) for check in relation.checks)
    yield from (("the index condition", index.where) for index in relation.indexes)
