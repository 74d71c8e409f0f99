"""How attributes that fill themselves are written for one database: computed from others, or numbered by the engine."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

import sqlglot
from sqlglot.errors import SqlglotError

from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.counters import COUNTER, counters
from dbworkbench.schema.native import speaker
from dbworkbench.schema.relation import Attribute, Generated, Identity, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Decimal, Integer, Type
from dbworkbench.sql.dialect import Dialect, Feature, Spelling
from dbworkbench.sql.kinds import is_truth, kind_of
from dbworkbench.sql.settling import settled, settles

__all__ = ["Cannot", "computed", "keyed", "numbered", "running"]

_UNSIGNED_DIGITS = 20
"""As many digits has the greatest whole number of 64 bits without a sign."""


class Cannot(Exception):
    """What a dialect cannot say; the text is the reason, which becomes a loss."""


def keyed(relation: Relation, referenced: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """The attributes that stand in a key, a reference of the relation or one to it."""
    rules = [
        *(key.attributes for key in relation.keys),
        *(one.attributes for one in relation.foreign_keys),
        *referenced,
    ]
    rules += [index.attributes for index in relation.indexes if index.unique]
    rules += [relation.primary_key] if not relation.keys and relation.dependencies else []
    return frozenset(name for names in rules for name in names)


def computed(
    relation: Relation,
    attribute: Attribute,
    generated: Generated,
    dialect: Dialect,
    *,
    translate: Callable[[str], str],
    among: frozenset[str],
    kind: str = "",
    padded: frozenset[str] = frozenset(),
) -> tuple[str, str]:
    """The clause that computes an attribute, and how the values are kept there ("stored" or "virtual").

    `among` are the attributes of keys and references; `kind` is the type that its value is made, where the column says none or asks for it;
    `padded` are the attributes that the dialect fills up with blanks.
    Raises Cannot.
    """
    if not dialect.generated:
        raise Cannot(f"{dialect.title} computes no attribute")
    wanted = "stored" if generated.stored else "virtual"
    kept = wanted if wanted in dialect.generated else next(iter(dialect.generated))
    used = spoken_of(generated.expression, relation.names, relation.name)
    if attribute.name in used:
        raise Cannot("it speaks of itself")
    if any(relation[name].generated for name in used):
        raise Cannot("it is computed from a computed one, which not every engine does")
    if any(relation[name].identity for name in used) and Feature.COMPUTED_FROM_NUMBER in dialect.lacks:
        raise Cannot(f"{dialect.title} does not compute from a running number")
    referring = {name for key in relation.foreign_keys for name in key.attributes}
    if attribute.name in referring or (referring.intersection(used) and Feature.COMPUTED_FROM_NUMBER in dialect.lacks):
        raise Cannot("it refers, or is computed from what does")
    if attribute.name in among and (kept == "virtual" or Feature.COMPUTED_KEY in dialect.lacks):
        raise Cannot("it stands in a key or a reference")
    spoken = (check.expression for check in relation.checks)
    checked = any(attribute.name in spoken_of(text, relation.names, relation.name) for text in spoken)
    if checked and Feature.COMPUTED_CHECK in dialect.lacks:
        raise Cannot("a check speaks of it")
    typed = bool(dialect.spelling(attribute.type, dialect.quoted(attribute.name)).check)
    if (checked or typed) and kept == "virtual" and Feature.VIRTUAL_CHECK in dialect.lacks:
        kept = "stored"
    if Feature.COMPUTED_PADDED in dialect.lacks and _is_padded(generated.expression, relation, attribute, padded):
        if any(attribute.name in index.attributes for index in relation.indexes):
            raise Cannot("it stands in an index, and is computed from a text that is filled up with blanks")
        kept = "virtual"
    own = speaker(generated.expression) == dialect.name
    if "generated" in dialect.settled and not own and not settled(generated.expression, relation):
        raise Cannot("its value would change with the settings of a session, such as its time zone")
    told = translate(_valued(generated.expression, attribute.type, dialect))
    if kind:
        told = f"CAST({told} AS {kind})"
    if not settles(told):
        raise Cannot("its value would change by itself")
    return dialect.generated[kept].replace("{expression}", told), kept


def _valued(expression: str, kind: Type, dialect: Dialect) -> str:
    """What computes a value, with a truth as 1 or 0 where the dialect makes no number, or no value at all, of one by itself."""
    asks = kind_of(kind)
    if not (dialect.truths and asks == "number") and not (dialect.truths == "conditions" and asks == "truth"):
        return expression
    with suppress(SqlglotError, RecursionError):
        if is_truth(sqlglot.parse_one(expression, read="duckdb")):
            return f"CASE WHEN {expression} THEN 1 WHEN NOT ({expression}) THEN 0 END"
    return expression


def _is_padded(expression: str, relation: Relation, attribute: Attribute, padded: frozenset[str]) -> bool:
    """Whether it may matter to what is computed that texts are filled up with blanks; not to a copy filled up as well."""
    copied = expression.strip("() ").replace('"', "")
    used = padded.intersection(spoken_of(expression, relation.names, relation.name))
    return bool(used) and not (attribute.name in padded and copied in used)


def numbered(
    relation: Relation, attribute: Attribute, identity: Identity, dialect: Dialect
) -> tuple[str, tuple[str, ...]]:
    """The clause that numbers an attribute, and what of the numbering it leaves out. Raises Cannot."""
    if not dialect.identity:
        raise Cannot(f"{dialect.title} numbers no rows")
    kind = attribute.type
    if not isinstance(kind, Integer) and not (
        isinstance(kind, Decimal) and not kind.scale and dialect.numbers_decimals
    ):
        raise Cannot("it is no whole number")
    if dialect.numbers_bits and isinstance(kind, Integer) and kind.bits != dialect.numbers_bits:
        raise Cannot(f"{dialect.title} numbers whole numbers of {dialect.numbers_bits} bits")
    others = [one for one in relation.attributes if one.identity and one.name != attribute.name]
    if dialect.numbers_once and others and relation.names.index(others[0].name) < relation.names.index(attribute.name):
        raise Cannot(f"{dialect.title} numbers one attribute of a relation")
    spoken = (check.expression for check in relation.checks)
    checked = any(attribute.name in spoken_of(text, relation.names, relation.name) for text in spoken)
    if checked and Feature.COMPUTED_FROM_NUMBER in dialect.lacks:
        raise Cannot("a check speaks of it")
    first = [key.attributes[:1] for key in relation.keys]
    if dialect.numbers_keys == "first" and (attribute.name,) not in first:
        raise Cannot(f"{dialect.title} numbers only the first attribute of a key")
    if dialect.numbers_keys == "primary" and not (relation.keys and relation.keys[0].attributes == (attribute.name,)):
        raise Cannot(f"{dialect.title} numbers only a primary key")
    most = 2 ** (kind.bits - 1) if isinstance(kind, Integer) else 2**63
    if not -most <= identity.start < most or abs(identity.increment) >= min(most, 2**31):
        raise Cannot("its numbers do not fit its type")
    wanted = "always" if identity.always else "default"
    kept = wanted if wanted in dialect.identity else next(iter(dialect.identity))
    lost = [] if kept == wanted else [f"numbers that are given {'always' if identity.always else 'where none is said'}"]
    return dialect.identity[kept].replace("{numbers}", _numbers(identity, dialect, lost)), tuple(lost)


def running(schema: Schema, dialect: Dialect) -> Mapping[tuple[str, str], Spelling]:
    """How attributes that are numbered, or refer to such, are written where the dialect numbers no decimals."""
    if not dialect.identity or dialect.numbers_decimals:
        return {}

    def counts(relation: Relation, attribute: Attribute) -> bool:
        try:
            return attribute.identity is not None and bool(numbered(relation, attribute, attribute.identity, dialect))
        except Cannot:
            return False

    return {(relation, name): _counter(schema[relation][name], dialect) for relation, name in counters(schema, counts)}


def _counter(attribute: Attribute, dialect: Dialect) -> Spelling:
    digits = attribute.type.precision if isinstance(attribute.type, Decimal) else None
    if dialect.unsigned and digits == _UNSIGNED_DIGITS:
        return Spelling(dialect.unsigned)
    plain = dialect.spelling(COUNTER, dialect.quoted(attribute.name))
    return replace(
        plain, loss=f"a whole number of {digits} digits", instead=f"written as {plain.text}, which is numbered"
    )


def _numbers(identity: Identity, dialect: Dialect, lost: list[str]) -> str:
    plain = (identity.start, identity.increment) == (1, 1)
    if not dialect.identity_numbers:
        begins = identity.start == 1 or (bool(dialect.counts_from) and identity.start > 1)
        said = (
            f"numbers by {identity.increment}" if begins else f"numbers from {identity.start} by {identity.increment}"
        )
        lost += [] if begins and identity.increment == 1 else [said]
        return ""
    if plain and not dialect.identity_numbers_always:
        return ""
    said = dialect.identity_numbers
    return (
        said.replace("{bounds}", " ".join(_bounds(identity)).join((" ", "")))
        .replace("{start}", str(identity.start))
        .replace("{increment}", str(identity.increment))
        .replace(" )", ")")
    )


def _bounds(identity: Identity) -> Iterator[str]:
    """Where the sequence begins, if that is not where sequences begin by themselves: at 1, or downwards at -1."""
    if identity.increment > 0 and identity.start < 1:
        yield f"MINVALUE {identity.start}"
    if identity.increment < 0 and identity.start > -1:
        yield f"MAXVALUE {identity.start}"
