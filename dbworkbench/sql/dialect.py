"""How one database spells SQL: names, types, and what it cannot say. A dialect is data first."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from dbworkbench.errors import NotationError
from dbworkbench.registry import Registry
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.types import Decimal, Enumeration, Native, Text, Type, Unknown, parse_type, set_members
from dbworkbench.schema.types import type_text as notation
from dbworkbench.sql.nested import is_nested

__all__ = ["ACTIONS", "ALSO_CALLED", "DIALECTS", "Dialect", "Feature", "Spelling", "bits_of", "storable", "unkept"]


class Feature(Enum):
    """What a dialect may lack; the value says it as a loss does."""

    UNIQUE = "a key beside the primary key"
    KEYS_ENFORCED = "refusing equal keys"
    KEY_NAME = "the name of a primary key"
    RULE_NAME = "the names of keys, checks and foreign keys"
    MANY_NULLS = "several rows with NULL in a unique key"
    REFERENCE = "a foreign key"
    REFERENCES_ENFORCED = "refusing a value that refers to nothing"
    ADDED_REFERENCE = "a foreign key added to an existing table"
    FORWARD_REFERENCE = "a foreign key to a table created later"
    DEFERRED_REFERENCE = "a foreign key checked when the transaction ends"
    CHECKED_CASCADE = "an action that changes what a check is about"
    CASCADED_NULL = "a change that might become NULL where that is refused"
    CASCADING_CYCLE = "an action that comes back to its own table"
    CASCADING_PATHS = "a second path of actions to a table"
    KIN_REFERENCE = "a foreign key between types that differ in size"
    ANY_REFERENCE = "a foreign key between different types"
    CHECK = "a check"
    CHECK_INSIDE = "a check in CREATE TABLE"
    COMPARISON_VALUE = "a comparison as a value"
    INDEX = "an index"
    REPEATED_INDEX = "an index on the columns of a key"
    PARTIAL_INDEX = "a partial index"
    DEFAULT_EXPRESSION = "a default that is computed"
    COMMENT = "a stored comment"
    ARRAY = "an array"
    COMPUTED_KEY = "a computed attribute in a key"
    COMPUTED_CHECK = "a check on a computed attribute"
    VIRTUAL_CHECK = "a check on an attribute that is computed when it is read"
    COMPUTED_NOT_NULL = "a computed attribute that is never NULL"
    COMPUTED_FROM_NUMBER = "a rule about a running number"
    COMPUTED_INDEX = "an index on a computed attribute"
    COMPUTED_PADDED = "a value that is stored, computed from a text that is filled up with blanks"


class Rare(Enum):
    """What a dialect may have, and most have not; the value says it as a loss does."""

    DEFERRABLE_KEY = "a key that is looked at when the transaction ends"
    DEFERRABLE_REFERENCE = "a foreign key that is looked at when the transaction ends"
    MATCH_FULL = "a foreign key whose attributes are unknown together"
    NULLS_NOT_DISTINCT = "unknown values that are equal in a key"
    DOMAIN = "a domain"
    ENUMERATION = "an enumeration with a name"
    EXCLUSION = "an exclusion"
    PARTITIONING = "partitioning"
    ORDER = "the order of an index"
    NULL_ORDER = "where unknown values stand in an index"
    LENGTH = "the length of what an index takes"
    OPERATORS = "the operators of an index"
    INCLUDE = "what an index carries along"
    COLLATION = "the collation of an index"


_UNKEPT = {
    "a NUL character": (re.compile("\0"), "\N{SYMBOL FOR NULL}"),
    "a lone surrogate": (re.compile("[\ud800-\udfff]"), "\N{REPLACEMENT CHARACTER}"),
}
"""What no engine keeps in a text, as losses tell it, and the sign in its place; a lone surrogate has no UTF-8."""


def unkept(text: str) -> str:
    r"""What stands in a text that no engine keeps, as a loss tells it; "" for nothing.

    >>> unkept("a\0"), unkept("\ud800"), unkept("\N{BEETLE}")
    ('a NUL character', 'a lone surrogate', '')
    """
    return next((what for what, (pattern, _) in _UNKEPT.items() if pattern.search(text)), "")


def storable(text: str) -> str:
    r"""A text with signs in the place of what no engine keeps.

    >>> storable("a\0b\ud800") == "a\N{SYMBOL FOR NULL}b\N{REPLACEMENT CHARACTER}"
    True
    """
    for pattern, sign in _UNKEPT.values():
        text = pattern.sub(sign, text)
    return text


_BITS = re.compile(r"(?i)(bit(?: varying)?|varbit)\s*(?:\(\s*(\d+)\s*\))?")


def bits_of(kind: Type) -> int:
    """As many bits a type of bits has at most, 0 for another one and where nothing bounds them.

    >>> bits_of(Native("bit(8)")), bits_of(Native("bit")), bits_of(Native("bit varying"))
    (8, 1, 0)
    """
    found = _BITS.fullmatch(kind.text.strip()) if isinstance(kind, Native) else None
    return int(found[2] or found[1].casefold() == "bit") if found else 0


ACTIONS = frozenset({"cascade", "no action", "restrict", "set default", "set null"})
"""Every referential action of SQL."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A type as one dialect writes it.

    In a dialect's table the type's own fields stand in braces, `{precision}`, and in `check`, the condition that
    makes up for what `text` leaves open, `{column}` too. `loss` names what is lost all the same and `instead` what
    was put in its place.
    """

    text: str
    check: str = ""
    loss: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Dialect:
    """The SQL of one database, as data; a limit that is None is none."""

    name: str
    title: str
    sqlglot: str
    """The grammar that sqlglot knows it by."""
    types: Mapping[Type | type[Type], str | Spelling | Callable[[Any], Spelling]]
    """What spells a type, or a class of types: `Decimal: "DECIMAL({precision},{scale})"`."""
    key_types: Mapping[Type | type[Type], str | Spelling | Callable[[Any], Spelling]] = field(default_factory=dict)
    """The same for attributes of keys and references, where they are spelled otherwise."""
    fractions: Mapping[Type | type[Type], str] = field(default_factory=dict)
    """How a time or a moment with fewer or more than six {digits} of a second is written, where it can be."""
    most_digits: int = 6
    """How many of them there can be."""
    padded: str = ""
    """How a text of a {length} that is filled up with blanks is written, where blanks at its end count for nothing then."""
    max_padded: int = 255
    wholes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Types of whole numbers beside those of 16, 32 and 64 bits, by their bounds."""
    lacks: frozenset[Feature] = frozenset()
    on_delete: frozenset[str] = ACTIONS
    on_update: frozenset[str] = ACTIONS
    """The referential actions that can be written; "restrict" and "no action" are what happens without."""

    quote: tuple[str, str] = ('"', '"')
    escapes: bool = False
    """Whether a backslash escapes in a text literal."""
    literal_prefix: str = ""
    """What stands before a text literal, lest it lose characters."""
    max_identifier: int | None = None
    counts_characters: bool = False
    """Whether `max_identifier` counts characters; bytes of UTF-8 otherwise."""
    folds: bool = False
    """Whether names that differ only in ASCII case are the same, even when quoted."""
    folds_letters: bool = False
    """Whether that holds of letters beyond ASCII, too: ü and Ü, i and İ."""
    forbidden: str = ""
    """A pattern of what cannot stand in a name."""
    reserved: Mapping[str, str] = field(default_factory=dict)
    """For each kind of name ("relation", "attribute", "index", "key", "foreign key", "check", "type"), a pattern of those
    that are refused or mean something of the engine's own."""
    unreferable: str = ""
    """A pattern of the names of relations that no foreign key can refer to."""
    namespaces: tuple[frozenset[str], ...] = (frozenset({"relation"}),)
    """Which kinds of names share one space in a schema; those not named here are local to their relation."""
    checked: frozenset[str] = frozenset()
    """Types, in lower case, whose values the engine asks by a check of its own, which is called like the attribute."""
    implicit_names: str = ""
    """A pattern of the names that the engine gives to unnamed constraints, where they may clash with given ones."""

    max_attributes: int | None = None
    max_key_attributes: int | None = None
    max_key_bytes: int | None = None
    """Bytes that all attributes of a key or an index may have together, of texts in UTF-8 as many as they might have."""
    row_bytes: int | None = None
    """Bytes that all columns of a row may have together, but for texts that lie elsewhere."""
    page_bytes: int | None = None
    """Bytes that a row may have in a page, but for what lies elsewhere."""
    definition_bytes: int | None = None
    """Bytes that the definition of a table may have: its names, notes, lists of values and expressions."""
    max_indexes: int | None = None
    """Keys and indexes that a table may have, with those that the engine makes for foreign keys."""
    max_note: Mapping[str, int] = field(default_factory=dict)
    """Characters of UTF-16 that the note of a "relation" or an "attribute" may have, where there is a limit."""
    plain_notes: bool = False
    """Whether notes lose the characters beyond the Basic Multilingual Plane."""
    index_bytes: int = 0
    """Bytes that an entry of an index has room for; 0 without a bound that attributes reach."""
    character_bytes: int = 4
    """As how many of them a character is counted."""
    max_digits: int = 38
    max_scale: int = 1000
    digits: int | None = None
    """Digits beyond which a constant is a floating-point number, so that one of a decimal has to be said as a text."""
    unkeyable: frozenset[str] = frozenset()
    """Type words that no key, reference or index can have, in lower case; "[]" for arrays."""
    default_given: str = ""
    """How a column of a {table} that is there is given a {default} in the engine's own words, which a design keeps as text."""
    undefaulted: frozenset[str] = frozenset()
    """Type words whose columns take no constant text for a default, in lower case."""
    unindexed: str = ""
    """What no index can be on, as a pattern of expressions in the dialect's words."""
    bits: int = 0
    """As many bits a BIT(n) has room for, whose constants are b'101', where it has such a type and no text is one."""
    natives: frozenset[str] = frozenset()
    """Type words of the engine's own, beyond the common ones, in lower case."""
    has: frozenset[Rare] = frozenset()
    """What it has that most have not."""
    generated: Mapping[str, str] = field(default_factory=dict)
    """How a "stored" and a "virtual" attribute is computed by {expression}, where it can be."""
    computes_as_keyed: bool = False
    """Whether a computed attribute has the types that attributes of keys have."""
    generated_typed: bool = True
    """Whether a computed attribute says its type."""
    generated_cast: bool = False
    """Whether what computes an attribute has to be of exactly its type."""
    identity: Mapping[str, str] = field(default_factory=dict)
    """How an attribute is numbered "always", or by "default" where a row says nothing, with its {numbers}."""
    identity_numbers: str = ""
    """How {start}, {increment} and {bounds} of the numbers are said."""
    counts_from: str = ""
    """How a table's numbers begin at {start}, or after {before}, where that is no part of `identity`: behind its columns, or as a
    statement that names the {table} as a text."""
    identity_numbers_always: bool = False
    """Whether they are said even if they count from 1 by 1."""
    names_enumerations: bool = True
    """Whether two enumerations of the same values are two types."""
    sets: bool = False
    """Whether it has MySQL's SET, some of a list of values."""
    numbers_decimals: bool = False
    unsigned: str = ""
    """A whole number of 64 bits without a sign, where it has one that can be numbered."""
    numbers_once: bool = True
    """Whether it numbers one attribute of a relation only."""
    numbers_bits: int = 0
    """The only width of whole numbers that it numbers, where there is one."""
    numbers_keys: str = ""
    """Whether it numbers only the "first" attribute of a key, or only a "primary" key."""
    collations: str = ""
    """A pattern of the collations that it knows by name."""
    collation_quoted: bool = False
    equals_cases: bool = False
    """Whether texts that differ in case alone are equal where no collation tells them apart."""
    collated: str = r"(?i)n?(?:var)?char|.*text|.*clob|string|bpchar|name|enum|set\b"
    """A pattern of how the types begin that have a collation; an attribute of a domain over texts has one, too."""
    uncompared: str = ""
    """A pattern of the types that no condition compares."""
    null_said: str = ""
    """A pattern of types that are never NULL where nothing says that they may be."""
    null_is_now: str = ""
    """A pattern of types of which an attribute that is never NULL gets the time where a row says NULL."""
    settled: frozenset[str] = frozenset()
    """What has to have one value whatever a session has set, its time zone say: "generated", "index"."""
    index_expression: str = ""
    """How an index is on an {expression}, where it can be."""
    beginning: str = ""
    """How an index is on the first {length} characters of a {column} of any length, where an entry has no room for the whole."""
    methods: Mapping[str, str] = field(default_factory=dict)
    """For each method of an index, how it begins: `CREATE {unique}INDEX {name} ON {table} USING gin`."""
    quotient: str = "DIV"
    """How the whole quotient of whole numbers is said: "/" where that is what it means, "DIV" where sqlglot knows the word, else
    the function's name; of "TRUNC" that of the fraction."""
    like_escapes: bool = False
    """Whether a backslash in a pattern of LIKE takes the next sign's meaning without ESCAPE."""
    like_clause: bool = True
    """Whether ESCAPE can be said."""
    like_brackets: bool = False
    """Whether a pattern has sets of characters in brackets."""
    unbounded: bool = False
    """Whether a decimal without precision is a number of any length."""
    expressions: frozenset[str] = frozenset()
    """Kinds of expressions (sqlglot's class names) that it can say beyond what all can; "*" for every kind."""
    dated: Mapping[str, str] = field(default_factory=dict)
    """How a constant "DATE" or "TIMESTAMP" is written, {text} being its text; by CAST otherwise."""
    zoned_constants: bool = False
    """Whether a condition can have a constant instant, which says its zone."""
    clock: Mapping[str, str] = field(default_factory=dict)
    """How a rule says "CurrentTimestamp" or "CurrentDate", where the standard's word will not do; "" if it cannot."""
    calls: Mapping[str, str] = field(default_factory=dict)
    """How a default says a "Uuid", a "CurrentUser" and the like (sqlglot's class names), where that is not what sqlglot writes."""
    far_moments: bool = False
    """Whether 'infinity' is a moment."""
    moments: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """For a pattern of types, the first and the last moment that they hold, in UTC, where these are not years 1 to 9999."""
    present: Mapping[Type, tuple[str, str]] = field(default_factory=dict)
    """For a type, the word for now that is no value of it, and the one that is; {precision} is that of the column's type."""
    functions: str = ""
    """"lower" where names of functions are written in small letters; as sqlglot does otherwise."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Defaults that sqlglot spells as conditions, and how they are written as values."""

    partitioning: Mapping[str, str] = field(default_factory=dict)
    """For each method, how a table is laid into {parts} where those are no tables of their own; {columns} is MySQL's."""
    partitioned_last: bool = False
    """Whether that stands after a table's note; otherwise before `table_options`, or in its place {partitioned} there."""
    clustering: str = ""
    """How rows are kept in the order of {parts}, where they can be; what ClickHouse sorts by stands in `table_options`."""
    clustering_most: int | None = None
    clustering_expressions: bool = False
    clustering_alone: bool = False
    """Whether rows that are laid into parts have no such order."""
    unclusterable: frozenset[str] = frozenset()
    """Type words that rows are not kept in the order of, in lower case."""
    strict: str = ""
    """"kinds" where a condition compares no text with a number, "truths" where a number is no truth value either."""
    truths: str = ""
    """"values" where a truth value is no number, "conditions" where there are none beside conditions."""
    check_form: str = "{check}"
    """A check as it is written; one that is unknown must pass."""
    check_formed: str = ""
    """A pattern of the checks that are written in that form though they are never unknown."""
    nullable_type: str = "{type}"
    """The type of an attribute that may be unknown."""
    default_first: bool = False
    """Whether DEFAULT stands before NOT NULL."""
    bracketed: frozenset[str] = frozenset()
    """Type words whose constant defaults stand in parentheses, in lower case; all others stand without."""
    tries_defaults: bool = False
    """Whether a constant default that stands without is refused where it is no value of its column."""
    far_text: str = ""
    """How a default that is a {text} with characters beyond the Basic Multilingual Plane is said, lest the catalogue lose them."""
    bare_calls: bool = False
    """Whether a call without arguments does, too; what else is computed never does, but for now."""
    key_suffix: str = ""
    """What follows a key or a reference: ` NOT ENFORCED`, say."""
    unenforced: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """How a "check" or a "foreign key" is said of which "new" rows alone are asked, or which is asked "never": the {rule} with
    words behind it in CREATE TABLE, or what is done with the {table} afterwards, where the rule has a {name}."""
    note_suffix: str = ""
    """A column's or table's note where it stands in CREATE TABLE: ` COMMENT {note}`; `noted_by` otherwise."""
    noted_by: Mapping[str, str] = field(
        default_factory=lambda: {
            "relation": "COMMENT ON TABLE {relation} IS {note}",
            "attribute": "COMMENT ON COLUMN {relation}.{attribute} IS {note}",
        }
    )
    """The statement that notes a "relation" or an "attribute"; {'relation'} and {'attribute'} are their names as texts."""
    table_options: str = ""
    """What follows the closing parenthesis of CREATE TABLE; {partitioned} and {clustered} are how the rows lie."""
    key_outside: bool = False
    """Whether the order of the rows says the primary key, and the parentheses do not."""
    preamble: str = ""
    """A statement before tables that refer to each other."""

    def quoted(self, name: str) -> str:
        """An identifier as this dialect reads it, whatever characters it has.

        >>> print(DIALECTS["sqlite"].quoted('5" disk'))
        "5"" disk"
        """
        first, last = self.quote
        return first + name.replace(last, last + last) + last

    def names_part(self, name: str) -> bool:
        """Whether a part of a table that is a table of its own can be called so.

        >>> DIALECTS["postgresql"].names_part("pg_part"), DIALECTS["postgresql"].names_part("é" * 32)
        (False, False)
        """
        size = len(name) if self.counts_characters else len(name.encode("utf-8", "replace"))
        reserved = self.reserved.get("relation")
        return (self.max_identifier is None or size <= self.max_identifier) and not (
            reserved and re.fullmatch(reserved, name)
        )

    def literal(self, text: str) -> str:
        """A text as this dialect reads it.

        >>> print(DIALECTS["sqlite"].literal("it's"))
        'it''s'
        """
        if not self.escapes:
            return f"{self.literal_prefix}'" + text.replace("'", "''") + "'"
        for plain, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(plain, escaped)
        return f"'{text}'"

    def noted(self, note: str, what: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The note of a "relation" or an "attribute" as the engine keeps it, and what of it is lost, each with its fate.

        >>> DIALECTS["mysql"].noted("\N{BEETLE}", "attribute")[0] == "\N{REPLACEMENT CHARACTER}"
        True
        """
        lost: list[tuple[str, str]] = []
        for unsaid, (pattern, sign) in _UNKEPT.items():
            if pattern.search(note):
                lost.append((f"{unsaid} in its note", f"written as {sign}"))
        note = storable(note)
        if self.plain_notes and any(character > "\uffff" for character in note):
            note = re.sub(r"[^\0-\uffff]", "\N{REPLACEMENT CHARACTER}", note)
            lost.append(
                ("characters beyond the Basic Multilingual Plane in its note", "written as \N{REPLACEMENT CHARACTER}")
            )
        most = self.max_note.get(what)
        units = note.encode("utf-16-le", "surrogatepass")
        if most is not None and len(units) > 2 * most:
            lost.append((f"the end of its note, which has {len(note):,} characters", f"cut after {most:,}"))
            note = units[: 2 * most].decode("utf-16-le", "ignore")
        return note, tuple(lost)

    def spelling(self, kind: Type, column: str = "", *, keyed: bool = False) -> Spelling:
        """How a type is written for a column (its quoted name), with the check that it needs and what is lost.

        `keyed` says that the column stands in a key or a reference.
        """
        match kind:
            case Unknown():
                text = self.spelling(Text(), keyed=keyed).text
                return Spelling(text, loss="no type declared", instead=f"written as {text}")
            case Native():
                return self._set(members, column) if (members := set_members(kind)) else self._native(kind, keyed=keyed)
            case Decimal(precision, scale) if precision > self.max_digits or scale > self.max_scale:
                whole = min(precision - scale, self.max_digits)
                fraction = min(scale, self.max_scale, self.max_digits - whole)
                text = self.spelling(Decimal(whole + fraction, fraction)).text
                return Spelling(
                    text, loss=f"{precision} digits, {scale} behind the point", instead=f"written as {text}"
                )
        tables = (self.key_types, self.types) if keyed else (self.types,)
        found = next(table[at] for table in tables for at in (kind, type(kind)) if at in table)
        if isinstance(found, str):
            found = Spelling(found)
        elif not isinstance(found, Spelling):
            found = found(kind)
        values = {part.name: str(getattr(kind, part.name)) for part in fields(kind)} | {"column": column}
        if isinstance(kind, Enumeration):
            values["values"] = ", ".join(map(self.literal, kind.values))
        return Spelling(_filled(found.text, values), _filled(found.check, values), found.loss, found.instead)

    def type_text(self, kind: Type) -> tuple[str, Loss | None]:
        """A type as this dialect writes it, and what is lost thereby; the loss's subject is the type.

        >>> DIALECTS["postgresql"].type_text(Text(20))
        ('varchar(20)', None)
        """
        found = self.spelling(kind)
        return found.text, Loss(notation(kind) or "a type", found.loss, found.instead) if found.loss else None

    def keyable(self, kind: Type) -> bool:
        """Whether a key or an index can hold values of a type.

        >>> DIALECTS["duckdb"].keyable(Native("integer[]"))
        False
        """
        text = self.spelling(kind, keyed=True).text.casefold()
        word = re.split(r"[(\[]", text)[0].strip()
        return word not in self.unkeyable and not (text.endswith("]") and "[]" in self.unkeyable)

    def _set(self, members: tuple[str, ...], column: str) -> Spelling:
        """Some of a list of values, in its order: as a text of which every value is known, where they are not too many."""
        said = ", ".join(map(self.literal, members))
        if self.sets and not any("," in member or unkept(member) for member in members):
            return Spelling(f"SET({said})")
        text = self.spelling(Text(max(1, len(",".join(members))))).text
        if len(members) > _MOST_MEMBERS or any("," in member for member in members):
            return Spelling(text, loss=f"a set of {said}", instead=f"written as {text}")
        some = [[one for at, one in enumerate(members) if bits >> at & 1] for bits in range(1 << len(members))]
        values = ", ".join(self.literal(",".join(one)) for one in some)
        return Spelling(text, f"{column} IN ({values})", f"a set of {said}", f"written as {text}")

    def _within(self, kind: Native, base: str) -> Spelling:
        """A type word of the engine's own: as it stands, or, of PostGIS's geometry(Point, 4326), the kind that it names."""
        narrower = re.search(r"\(\s*([a-z]\w*)\s*(,\s*\d+\s*)?\)", base, re.IGNORECASE)
        if narrower is None:
            return Spelling(kind.text)
        text = narrower[1].casefold() if narrower[1].casefold() in self.natives else base[: narrower.start()].strip()
        exact = narrower[2] is None and text == narrower[1].casefold()
        return Spelling(text) if exact else Spelling(text, loss=f"the type {kind.text}", instead=f"written as {text}")

    def _native(self, kind: Native, *, keyed: bool) -> Spelling:
        if not keyed and is_nested(kind.text, self.name):
            return Spelling(kind.text)
        base, bracket, rest = kind.text.partition("[")
        array = "".join(f"{bracket}{rest}".split())
        word = re.fullmatch(r"([a-z][\w ]*?)\s*(?:\( *\w+ *(?:, *\w+ *)*\))?", base.strip(), re.IGNORECASE)
        if word and (not array or (Feature.ARRAY not in self.lacks and re.fullmatch(r"(?:\[\d*\])+", array))):
            if word[1].casefold() in self.natives:
                return self._within(kind, base)
            if not array and (size := bits_of(kind)):
                fixed = word[1].casefold() == "bit"
                if fixed and 1 < size <= self.bits:
                    return Spelling(f"BIT({size})")
                if fixed and size <= self.bits:  # one bit is a truth value there
                    return Spelling("BIT(1)", loss=f"the type {kind.text}", instead="written as BIT(1)")
                text = self.spelling(Text(size), keyed=keyed).text
                return Spelling(text, loss=f"the type {kind.text}", instead=f"written as {text}, a sign for each bit")
            with suppress(NotationError):
                common = parse_type(base)
                if array and not isinstance(common, Native):
                    inner = self.spelling(common)
                    padded = word[1].casefold() in {"char", "character"}
                    lost = f"the type {kind.text}" if inner.check or inner.loss or padded else ""
                    text = inner.text + array
                    return Spelling(text, loss=lost, instead=f"written as {text}" if lost else "")
        text = self.spelling(Text(), keyed=keyed).text
        return Spelling(text, loss=f"the type {kind.text}", instead=f"written as {text}")


_MOST_MEMBERS = 6


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], template)


ALSO_CALLED = {
    **dict.fromkeys(("postgres", "pg", "psql", "pgsql"), "postgresql"),
    **dict.fromkeys(("mssql", "tsql", "ms sql", "ms sql server", "microsoft sql server", "azure sql"), "sqlserver"),
    **dict.fromkeys(("maria",), "mariadb"),
    **dict.fromkeys(("sqlite3",), "sqlite"),
    **dict.fromkeys(("duck",), "duckdb"),
    **dict.fromkeys(("oracle db", "oracle database", "plsql", "pl/sql"), "oracle"),
    **dict.fromkeys(("cockroach", "crdb"), "cockroachdb"),
    **dict.fromkeys(("google bigquery", "bq"), "bigquery"),
    **dict.fromkeys(("amazon redshift", "aws redshift"), "redshift"),
}
"""What people call databases otherwise."""

DIALECTS: Registry[Dialect] = Registry(
    "dialect",
    {
        name: f"dbworkbench.sql.dialects.{module}:{name.upper()}"
        for name, module in {
            "duckdb": "duckdb",
            "sqlite": "sqlite",
            "postgresql": "postgresql",
            "mysql": "mysql",
            "mariadb": "mysql",
            "sqlserver": "sqlserver",
            "oracle": "oracle",
            "clickhouse": "clickhouse",
            "snowflake": "snowflake",
            "bigquery": "bigquery",
            "databricks": "databricks",
            "cockroachdb": "cockroachdb",
            "redshift": "redshift",
        }.items()
    },
    group="dbworkbench.dialects",
    also=ALSO_CALLED,
)
"""Every dialect by name: `DIALECTS["sqlite"]`."""
