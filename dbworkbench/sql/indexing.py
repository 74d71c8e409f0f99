"""What of an index one database can carry: its order, its method, expressions, and what it takes along."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dbworkbench.schema.index import Index, Part
from dbworkbench.schema.native import speaker
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.types import Boolean, Enumeration, Json, Native, Text, Type
from dbworkbench.sql.clustering import CLUSTER
from dbworkbench.sql.declarations import spelled
from dbworkbench.sql.dialect import DIALECTS, Dialect, Feature, Rare, Spelling, unkept
from dbworkbench.sql.operators import has_operators, is_own, kind_of
from dbworkbench.sql.settling import settled, settles

__all__ = ["Indexed", "changes", "indexed", "is_bound", "is_written"]

_INSIDE = frozenset({"fulltext", "spatial", "gin", "gist", "spgist"})
"""Methods that look into values; without them, there is no such index."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index as it is written, its expressions in the dialect's words, or none; and what is lost, with its fate."""

    index: Index | None
    losses: tuple[tuple[str, str], ...] = ()


def indexed(
    index: Index,
    relation: Relation,
    dialect: Dialect,
    told: Callable[[str], str | None],
    *,
    types: Mapping[str, Spelling] | None = None,
    extended: bool = True,
) -> Indexed:
    """What a dialect writes of an index; `told` translates an expression, or has reported why it cannot.

    `types` are those of the attributes, where they are not written as by themselves; `extended` says whether there may be classes of operators that are not the engine's own.
    """
    lost: list[tuple[str, str]] = []

    def without(what: str) -> None:
        lost.append((what, "written without"))

    index, method = _with_operators(index, relation, dialect, extended=extended, without=without), index.method
    if method and not _can(method, index, relation, dialect):
        method = ""
        if index.method in _INSIDE or (index.method == "brin" and "brin" in dialect.methods):
            return Indexed(None, ((f"the method {index.method}", "not written"),))
        without(f"the method {index.method}")
    parts: list[Part] = []
    for part in index.parts:
        now = part
        if part.expression:
            if not dialect.index_expression:
                return Indexed(None, ((f"an index on an expression, {part}", "not written"),))
            if changes(part.expression, relation, dialect):
                return Indexed(None, ((f"an index on {part}, whose value would change by itself", "not written"),))
            if (expression := told(part.expression)) is None:
                return Indexed(None)
            if dialect.unindexed and re.search(dialect.unindexed, re.sub("'[^']*'", "''", expression)):
                return Indexed(None, ((f"an index on {part}, of a kind that no index has", "not written"),))
            now = replace(now, expression=expression)
        if part.length and Rare.LENGTH not in dialect.has:
            if index.unique:
                return Indexed(None, ((Rare.LENGTH.value, "not written: it would refuse fewer rows"),))
            now, instead = _beginning(part, relation, dialect, told)
            lost.append((Rare.LENGTH.value, instead))
        elif part.length:
            now, known = _cut(part, _type_of(relation[part.attribute], dialect, types))
            lost += [] if known else [(Rare.LENGTH.value, "written without")]
        if part.descending and (Rare.ORDER not in dialect.has or method not in {"", "btree", CLUSTER}):
            without(Rare.ORDER.value)
            now = replace(now, descending=False, nulls="")
        if now.nulls and (Rare.NULL_ORDER not in dialect.has or method not in {"", "btree"}):
            without(Rare.NULL_ORDER.value)
            now = replace(now, nulls="")
        if part.operators and (Rare.OPERATORS not in dialect.has or not _CLASS.fullmatch(part.operators)):
            without(Rare.OPERATORS.value)
            now = replace(now, operators="")
        if part.collation and not _collates(part, relation, dialect):
            without(f"the collation {part.collation}")
            now = replace(now, collation="")
        parts.append(now)
    include = tuple(name for name in index.include if name not in index.attributes)
    if include and (Rare.INCLUDE not in dialect.has or method not in {"", "gist", "spgist"}):
        without(Rare.INCLUDE.value)
        include = ()
    distinct = index.nulls_distinct or not index.unique
    if not distinct and Rare.NULLS_NOT_DISTINCT not in dialect.has:
        distinct = True
        if Feature.MANY_NULLS not in dialect.lacks:
            lost.append((Rare.NULLS_NOT_DISTINCT.value, "rows with a NULL pass"))
    if index.unique and method and method != CLUSTER:
        without(f"the method {method}")
        method = ""
    found = replace(index, on=tuple(parts), method=method, include=include, nulls_distinct=distinct)
    return Indexed(found, tuple(dict.fromkeys(lost)))


def _type_of(attribute: Attribute, dialect: Dialect, types: Mapping[str, Spelling] | None = None) -> str:
    """The type of an attribute as it is written."""
    return types[attribute.name].text if types else spelled(attribute, dialect, "", keyed=False)[0].text


def _cut(part: Part, written: str) -> tuple[Part, bool]:
    """A part with its length, without it where that is all there is, or where the type has no beginnings to sort by, which is
    no text, no bytes and nothing that is written as one: then with False.
    """
    found = re.match(r"(?i)(?:\w*(?:text|blob)|n?(?:var)?char2?|(?:var)?binary)\b(?:\((\d+)\))?", written)
    whole = found is None or (found[1] is not None and int(found[1]) <= (part.length or 0))
    return (replace(part, length=None) if whole else part), found is not None


def _collates(part: Part, relation: Relation, dialect: Dialect) -> bool:
    """Whether a part of an index can have its collation: one that the dialect knows, of a text."""
    if Rare.COLLATION not in dialect.has or not re.fullmatch(dialect.collations, part.collation):
        return False
    if part.expression:
        return True
    attribute = relation[part.attribute]
    written = _type_of(attribute, dialect)
    return isinstance(attribute.type, Text) if attribute.domain else bool(re.match(dialect.collated, written))


def _beginning(part: Part, relation: Relation, dialect: Dialect, told: Callable[[str], str | None]) -> tuple[Part, str]:
    """A part without its length, and what becomes of that: of a text without a bound the whole might not fit."""
    kind = relation[part.attribute].type
    column = told(DIALECTS["duckdb"].quoted(part.attribute)) if isinstance(kind, Text) and not kind.length else None
    if column is None or not dialect.beginning:
        return replace(part, length=None), "written without"
    expression = dialect.beginning.replace("{length}", str(part.length)).replace("{column}", column)
    return replace(
        part, attribute="", length=None, expression=expression
    ), f"written on the first {part.length} characters"


def is_written(index: Index, dialect: Dialect) -> bool:
    """Whether a dialect has indexes of this kind at all, whatever they are on; no attribute is narrowed for one it has not."""
    inside = index.method in _INSIDE and index.method not in dialect.methods
    begins = any(part.length for part in index.parts) and Rare.LENGTH not in dialect.has
    computed = any(part.expression for part in index.parts) and not dialect.index_expression
    unique = index.unique and (begins or (bool(index.where) and Feature.PARTIAL_INDEX in dialect.lacks))
    return not (inside or computed or unique or (not index.unique and Feature.INDEX in dialect.lacks))


def changes(expression: str, relation: Relation, dialect: Dialect) -> bool:
    """Whether a value changes by itself, or with what a session has set where that is refused."""
    if speaker(expression) == dialect.name:
        return False  # it is in the words of the engine, which has taken it
    return not settles(expression) or ("index" in dialect.settled and not settled(expression, relation))


def _with_operators(
    index: Index, relation: Relation, dialect: Dialect, *, extended: bool, without: Callable[[str], None]
) -> Index:
    """An index without the operators that are for values of other types."""

    def fits(part: Part) -> bool:
        kind = kind_of(relation[part.attribute], dialect) if part.attribute else ""
        name = part.operators
        return not name or has_operators(name, index.method, kind) or (extended and not is_own(name))

    parts = tuple(part if fits(part) else replace(part, operators="") for part in index.parts)
    if Rare.OPERATORS not in dialect.has or parts == index.parts:
        return index
    without(Rare.OPERATORS.value)
    return replace(index, on=parts)


def _can(method: str, index: Index, relation: Relation, dialect: Dialect) -> bool:
    """Whether the dialect has a method for what the index is on: not every type has operators for each."""
    if method in {"btree", ""}:
        return True
    if method not in dialect.methods or (bool(index.where) and method in {"fulltext", "spatial", CLUSTER}):
        return False
    kinds = [relation[name].type for name in index.attributes]
    if method == "fulltext":
        plain = not any(part.expression for part in index.parts)
        return plain and all(isinstance(relation[n].type, Text) and not relation[n].generated for n in index.attributes)
    if method == "spatial" and (
        len(index.on) > 1 or not all(_is_given(relation[n], dialect) for n in index.attributes)
    ):
        return False
    if method == "hash":
        return len(index.on) == 1 and not index.include and not isinstance(kinds[0] if kinds else Text(), Native)
    wanted = _OPERATORS.get(method)
    return wanted is None or all(
        (part.operators and Rare.OPERATORS in dialect.has)
        or (part.attribute and _sorts(relation[part.attribute], wanted))
        or _vector(part.expression)
        or speaker(part.expression) == dialect.name
        for part in index.parts
    )


def _is_given(attribute: Attribute, dialect: Dialect) -> bool:
    """Whether an attribute is never NULL and the engine has that promised: MariaDB has it of nothing that is computed."""
    return not attribute.nullable and not (attribute.generated and Feature.COMPUTED_NOT_NULL in dialect.lacks)


def _sorts(attribute: Attribute, wanted: Callable[[Type], bool]) -> bool:
    """Whether there are operators for an attribute; PostgreSQL has none for JSON that it keeps as a text."""
    return wanted(attribute.type) and not (attribute.declared and attribute.declared.text == "json")


def _vector(expression: str) -> bool:
    return expression.casefold().startswith("to_tsvector")


def _native(words: str) -> Callable[[Type], bool]:
    def fits(kind: Type) -> bool:
        return isinstance(kind, Native) and bool(re.fullmatch(words, kind.text.casefold()))

    return fits


def is_bound(text: str) -> bool:
    """Whether a text is the bounds of a part as PostgreSQL says them, and nothing more."""
    bare = re.sub(r"'(?:[^']|'')*'", "''", text)
    return (
        not unkept(text)
        and bool(re.match(r"(?i)(?:FROM|IN|WITH)\s*\(|DEFAULT\Z", bare))
        and not re.search(r";|--|/\*|\$|\\", bare)
    )


_CLASS = re.compile(r"[A-Za-z_][\w.]*")
_RANGES = r"(?:int4|int8|num|ts|tstz|date)range|point|box|polygon"
_OPERATORS: dict[str, Callable[[Type], bool]] = {
    "gin": lambda kind: isinstance(kind, Json) or _native(r"tsvector|\w.*\[\]")(kind),
    "gist": _native(rf"{_RANGES}|\w+multirange|circle|tsvector|tsquery"),
    "spgist": lambda kind: isinstance(kind, Text) or _native(rf"{_RANGES}|inet|cidr")(kind),
    "spatial": _native(r"geometry|point|polygon|linestring|multi\w+|geometrycollection"),
    "brin": lambda kind: not isinstance(kind, Json | Native | Enumeration | Boolean),
}
"""Which types have operators for a method without being told which."""
