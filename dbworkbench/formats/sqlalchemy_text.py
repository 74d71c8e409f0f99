"""Parts of SQLAlchemy's source text that models and migrations share: types, defaults and constraints."""

import re

from dbworkbench.formats.expressions import LITERAL, part_in, said_in, unquoted
from dbworkbench.schema.relation import Attribute, Exclusion, ForeignKey, Index, Key, Relation
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Unknown,
    Uuid,
)

__all__ = ["NATIVE", "NUMBERED", "SPOKEN", "Words", "arguments", "quoted"]

# the dialects as SQLAlchemy calls them
SPOKEN = {
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
    "sqlserver": "mssql",
    "oracle": "oracle",
}

NUMBERED = frozenset({"postgresql", "sqlserver", "oracle"})
"""Databases that number rows by IDENTITY; the others do by their own words, for the primary key alone."""

NATIVE = '''\
class Native({prefix}UserDefinedType):
    """A type of one database, as that spells it."""

    cache_ok = True

    def __init__(self, spelled: str) -> None:
        self.spelled = spelled

    def get_col_spec(self, **kw: object) -> str:
        return self.spelled
'''


def quoted(text: str) -> str:
    """A text as Python spells it, in double quotes where that needs no escapes.

    >>> print(quoted("it's"), quoted('say "x"'))
    "it's" 'say "x"'
    """
    said = repr(text)
    return f'"{said[1:-1]}"' if said[0] == "'" and '"' not in text else said


def arguments(*parts: str) -> str:
    """Arguments of a call, those that are empty left out."""
    return ", ".join(part for part in parts if part)


class Words:
    """Source text for one dialect; `prefix` stands before every name ("sa." in migrations), names used are kept."""

    def __init__(self, dialect: str, prefix: str) -> None:
        self.dialect, self.prefix = dialect, prefix
        self.used: set[str] = set()
        self.native = False
        self.excludes = False

    def name(self, name: str) -> str:
        """A name of SQLAlchemy's."""
        self.used.add(name)
        return self.prefix + name

    def kind(self, attribute: Attribute) -> str:
        """The type of an attribute; its collation is that of texts."""
        collated = f"collation={quoted(attribute.collation)}" if attribute.collation else ""
        match attribute.type:
            case Boolean():
                return f"{self.name('Boolean')}()"
            case Integer(bits):
                return f"{self.name({16: 'SmallInteger', 32: 'Integer'}.get(bits, 'BigInteger'))}()"
            case Decimal(precision, scale):
                return f"{self.name('Numeric')}({precision}, {scale})"
            case Float(bits):
                return f"{self.name('REAL' if bits == 32 else 'Double')}()"
            case Text(length):
                said = "Text" if length is None else "String"
                return f"{self.name(said)}({arguments('' if length is None else str(length), collated)})"
            case Bytes():
                return f"{self.name('LargeBinary')}()"
            case Uuid():
                return f"{self.name('Uuid')}()"
            case Date():
                return f"{self.name('Date')}()"
            case Time():
                return f"{self.name('Time')}()"
            case Timestamp(zone):
                return f"{self.name('DateTime')}({'timezone=True' if zone else ''})"
            case Interval():
                return f"{self.name('Interval')}()"
            case Json():
                return f"{self.name('JSON')}()"
            case Enumeration(values):
                said = ", ".join(map(quoted, values))
                own = f", name={quoted(attribute.domain.name)}" if attribute.domain else ""
                return f"{self.name('Enum')}({said}{own})"
            case Native(text):
                self.native = True
                return f"Native({quoted(text)})"
            case Unknown():
                return f"{self.name('Text')}()"

    def text(self, sql: str) -> str:
        """SQL in `text(…)`, where a colon before a name would stand for a parameter."""
        return f"{self.name('text')}({quoted(_escaped(sql))})"

    def default(self, attribute: Attribute) -> str:
        """`server_default=…`, or nothing."""
        text = attribute.default
        if text is None:
            return ""
        if text == "now()":
            return f"server_default={self.name('func')}.now()"
        if LITERAL.fullmatch(text) and "\\" not in text:
            return f"server_default={quoted(unquoted(text))}"
        if self.dialect == "sqlserver" and text in {"true", "false"}:  # a bit, where no condition can stand
            return f"server_default={self.text(str(int(text == 'true')))}"
        return f"server_default={self.text(said_in(text, self.dialect) or text)}"

    def filled(self, relation: Relation, attribute: Attribute) -> str:
        """`Computed(…)` or `Identity(…)`, or nothing."""
        if attribute.generated:
            said = said_in(attribute.generated.expression, self.dialect, relation) or attribute.generated.expression
            told = _escaped(said)
            kept = "" if self.dialect == "oracle" else f"persisted={attribute.generated.stored}"
            return f"{self.name('Computed')}({arguments(quoted(told), kept)})"
        if attribute.identity and self.dialect in NUMBERED:
            numbers = attribute.identity
            said = arguments(
                "always=True" if numbers.always else "",
                f"start={numbers.start}" if numbers.start != 1 else "",
                f"increment={numbers.increment}" if numbers.increment != 1 else "",
            )
            return f"{self.name('Identity')}({said})"
        return ""

    def check(self, expression: str, name: str, relation: Relation) -> str:
        """A check constraint."""
        said = said_in(expression, self.dialect, relation) or expression
        return f"{self.name('CheckConstraint')}({arguments(quoted(_escaped(said)), _named(name))})"

    def key(self, word: str, key: Key) -> str:
        """A primary key or a unique constraint."""
        distinct = "" if key.nulls_distinct else f"{SPOKEN[self.dialect]}_nulls_not_distinct=True"
        said = arguments(*map(quoted, key.attributes), _named(key.name), _put_off(key.deferrable), distinct)
        return f"{self.name(word)}({said})"

    def exclusion(self, exclusion: Exclusion, relation: Relation) -> str:
        """An exclusion, which PostgreSQL has."""
        self.excludes = True
        pairs = (
            f"({self.text(part_in(part, self.dialect, relation))}, {quoted(operator)})"
            for part, operator in zip(exclusion.parts, exclusion.operators, strict=True)
        )
        said = arguments(
            *pairs,
            f"using={quoted(exclusion.method)}" if exclusion.method else "",
            f"where={self.condition(exclusion.where, relation)}" if exclusion.where else "",
            _named(exclusion.name),
            _put_off(exclusion.deferrable),
        )
        return f"ExcludeConstraint({said})"

    def reference(self, key: ForeignKey) -> str:
        """A foreign key."""
        here = ", ".join(map(quoted, key.attributes))
        there = ", ".join(quoted(f"{key.relation}.{name}") for name in key.referenced)
        rest = arguments(_named(key.name), *self.manner(key))
        return f"{self.name('ForeignKeyConstraint')}([{here}], [{there}]{', ' if rest else ''}{rest})"

    @staticmethod
    def manner(key: ForeignKey) -> tuple[str, ...]:
        """`ondelete=…`, `onupdate=…`, and how a foreign key is looked at."""
        said = (("ondelete", key.on_delete), ("onupdate", key.on_update))
        actions = tuple(f"{when}={quoted(action.upper())}" for when, action in said if action)
        return (*actions, *filter(None, (_put_off(key.deferrable), 'match="FULL"' if key.match_full else "")))

    def condition(self, condition: str, relation: Relation) -> str:
        """A condition of some rows."""
        return self.text(said_in(condition, self.dialect, relation) or condition)

    def parts(self, index: Index, relation: Relation) -> list[str]:
        """What an index is on."""
        return [
            quoted(part) if isinstance(part, str) else self.text(part_in(part, self.dialect, relation))
            for part in index.on
        ]

    def index_rest(self, index: Index, relation: Relation) -> str:
        """What of an index stands after its columns."""
        own = SPOKEN[self.dialect]
        word = "prefix" if index.method in {"fulltext", "spatial"} else "using"
        method = index.method.upper() if word == "prefix" else index.method
        return arguments(
            "unique=True" if index.unique else "",
            f"{own}_{word}={quoted(method)}" if index.method else "",
            f"{own}_include=[{', '.join(map(quoted, index.include))}]" if index.include else "",
            "" if index.nulls_distinct else f"{own}_nulls_not_distinct=True",
            f"{own}_where={self.condition(index.where, relation)}" if index.where else "",
        )


def _escaped(sql: str) -> str:
    """SQL where a colon before a name stands for itself."""
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", sql)


def _put_off(deferrable: str) -> str:
    return {"": "", "immediate": "deferrable=True", "deferred": 'deferrable=True, initially="DEFERRED"'}[deferrable]


def _named(name: str) -> str:
    return f"name={quoted(name)}" if name else ""
