"""Parts of SQLAlchemy's source text that models and migrations share: types, defaults and constraints."""

import re

from dbworkbench.formats.expressions import LITERAL, said_in, unquoted
from dbworkbench.schema.relation import Attribute, ForeignKey, Index, Relation
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
    Type,
    Unknown,
    Uuid,
)

__all__ = ["NATIVE", "SPOKEN", "Words", "arguments", "quoted"]

# the dialects as SQLAlchemy calls them
SPOKEN = {
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
    "sqlserver": "mssql",
    "oracle": "oracle",
}

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

    def __init__(self, dialect: str, prefix: str, enumerations: dict[tuple[str, ...], str]) -> None:
        self.dialect, self.prefix, self.enumerations = dialect, prefix, enumerations
        self.used: set[str] = set()
        self.native = False

    def name(self, name: str) -> str:
        """A name of SQLAlchemy's."""
        self.used.add(name)
        return self.prefix + name

    def kind(self, kind: Type) -> str:
        """A type."""
        match kind:
            case Boolean():
                return f"{self.name('Boolean')}()"
            case Integer(bits):
                return f"{self.name({16: 'SmallInteger', 32: 'Integer'}.get(bits, 'BigInteger'))}()"
            case Decimal(precision, scale):
                return f"{self.name('Numeric')}({precision}, {scale})"
            case Float(bits):
                return f"{self.name('REAL' if bits == 32 else 'Double')}()"
            case Text(length):
                return f"{self.name('Text')}()" if length is None else f"{self.name('String')}({length})"
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
                return f"{self.name('Enum')}({said}, name={quoted(self.enumerations[values])})"
            case Native(text):
                self.native = True
                return f"Native({quoted(text)})"
            case Unknown():
                return f"{self.name('Text')}()"

    def text(self, sql: str) -> str:
        """SQL in `text(…)`, where a colon before a name would stand for a parameter."""
        said = re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", sql)
        return f"{self.name('text')}({quoted(said)})"

    def default(self, attribute: Attribute) -> str:
        """`server_default=…`, or nothing."""
        text = attribute.default
        if text is None:
            return ""
        if text == "now()":
            return f"server_default={self.name('func')}.now()"
        if LITERAL.fullmatch(text) and "\\" not in text:
            return f"server_default={quoted(unquoted(text))}"
        return f"server_default={self.text(said_in(text, self.dialect) or text)}"

    def check(self, expression: str, name: str, relation: Relation) -> str:
        """A check constraint."""
        said = said_in(expression, self.dialect, relation) or expression
        said = re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", said)
        return f"{self.name('CheckConstraint')}({arguments(quoted(said), _named(name))})"

    def key(self, word: str, attributes: tuple[str, ...], name: str) -> str:
        """A primary key or a unique constraint."""
        return f"{self.name(word)}({arguments(*map(quoted, attributes), _named(name))})"

    def reference(self, key: ForeignKey) -> str:
        """A foreign key."""
        here = ", ".join(map(quoted, key.attributes))
        there = ", ".join(quoted(f"{key.relation}.{name}") for name in key.referenced)
        rest = arguments(_named(key.name), *self.actions(key))
        return f"{self.name('ForeignKeyConstraint')}([{here}], [{there}]{', ' if rest else ''}{rest})"

    @staticmethod
    def actions(key: ForeignKey) -> tuple[str, ...]:
        """`ondelete=…` and `onupdate=…`."""
        said = (("ondelete", key.on_delete), ("onupdate", key.on_update))
        return tuple(f"{when}={quoted(action.upper())}" for when, action in said if action)

    def index_rest(self, index: Index, relation: Relation) -> str:
        """What of an index stands after its columns."""
        where = ""
        if index.where:
            said = said_in(index.where, self.dialect, relation) or index.where
            where = f"{SPOKEN[self.dialect]}_where={self.text(said)}"
        return arguments("unique=True" if index.unique else "", where)


def _named(name: str) -> str:
    return f"name={quoted(name)}" if name else ""
