"""Drizzle schemas, written: TypeScript for `pg-core`, `mysql-core` or `sqlite-core`."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.drizzle_reader import read_drizzle
from dbworkbench.formats.drizzle_types import function_of, kind_of
from dbworkbench.formats.expressions import LITERAL, NUMBER, condition_in, default_in, part_in, said_in, unquoted
from dbworkbench.formats.fidelity import EVERYTHING, NAMED_ENUMERATIONS, RARE, Fidelity, Part, keyed_in
from dbworkbench.formats.format import Format
from dbworkbench.formats.names import UNNAMED, identifiers, made_up, snake
from dbworkbench.formats.types import enumerations, is_type, sql_type, storable
from dbworkbench.formats.typescript import constants
from dbworkbench.formats.typescript_values import Call, Object
from dbworkbench.schema.index import Part as IndexPart
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, Declared, ForeignKey, Generated, Identity, Index, Relation
from dbworkbench.schema.schema import Schema
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
from dbworkbench.sql.declarations import declared_as, words_in
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.indexing import indexed

__all__ = ["DRIZZLE", "fidelity"]

_CORE = {"postgresql": "pg", "mysql": "mysql", "sqlite": "sqlite"}
_RESERVED = [
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "new",
    "null",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "let",
    "static",
    "await",
    "async",
    "implements",
    "interface",
    "package",
    "private",
    "protected",
    "public",
    "arguments",
    "eval",
    "undefined",
    "native",
    "sql",
    "t",
    "index",
    "unique",
    "check",
    "foreignKey",
    "primaryKey",
    "uniqueIndex",
    "customType",
    "pgTable",
    "pgEnum",
    "mysqlTable",
    "mysqlEnum",
    "sqliteTable",
    "AnyPgColumn",
    "AnyMySqlColumn",
    "AnySQLiteColumn",
    "bigint",
    "boolean",
    "char",
    "date",
    "datetime",
    "decimal",
    "double",
    "doublePrecision",
    "float",
    "int",
    "integer",
    "interval",
    "json",
    "jsonb",
    "numeric",
    "real",
    "smallint",
    "text",
    "time",
    "timestamp",
    "uuid",
    "varchar",
    "blob",
]


def write_drizzle(schema: Schema, dialect: str) -> Written:
    """The schema as a Drizzle file for a database, PostgreSQL where nothing else is asked for."""
    spoken = dialect or "postgresql"
    kept = carried(schema, fidelity(spoken))
    return Written(_Text(kept.schema, spoken).whole(), kept.losses, "drizzle")


class _Text:
    def __init__(self, schema: Schema, dialect: str) -> None:
        self.schema, self.dialect, self.core = schema, dialect, _CORE[dialect]
        self.used: set[str] = set()
        self.orm: set[str] = set()
        self.unnamed = 0
        self.tables = identifiers(schema.names, snake, _RESERVED)
        self.keys = {relation.name: identifiers(relation.names, snake) for relation in schema}
        named = (one.name for one in enumerations(schema))
        self.enumerations = identifiers(named, lambda name: f"{snake(name)}_enum", (*_RESERVED, *self.tables.values()))

    def whole(self) -> str:
        bodies = [
            f"export const {self.enumerations[one.name]} = "
            f"pgEnum({_string(one.name)}, [{', '.join(map(_string, one.type.values))}]);\n"
            for one in enumerations(self.schema)
        ]
        self.used |= {"pgEnum"} if bodies else set()
        tables = [self.table(relation) for relation in self.schema]
        native = (
            "const native = (spelled: string) => customType<{ data: unknown }>({ dataType: () => spelled });\n"
            if "customType" in self.used
            else ""
        )
        types = {name for name in self.used if name.startswith("Any")}
        names = [*sorted(f"type {name}" for name in types), *sorted(self.used - types)]
        head = [f'import {{ {", ".join(sorted(self.orm))} }} from "drizzle-orm";\n'] if self.orm else []
        head += [f'import {{ {", ".join(names)} }} from "drizzle-orm/{self.core}-core";\n']
        return "\n".join(["".join(head), *([native] if native else []), *bodies, *tables])

    def function(self, name: str) -> str:
        self.used.add(name)
        return name

    def table(self, relation: Relation) -> str:
        lines = []
        make = self.function(f"{self.core}Table")
        lines.append(f"export const {self.tables[relation.name]} = {make}({_string(relation.name)}, {{")
        inside = _inside(relation)
        single: dict[str, ForeignKey] = {}
        for one in filter(_plain, relation.foreign_keys):
            single.setdefault(one.attributes[0], one)
        for attribute in relation.attributes:
            column = self.column(relation, attribute, key=attribute.name == inside, to=single.get(attribute.name))
            lines.append(f"  {self.keys[relation.name][attribute.name]}: {column},")
        rules = list(self.rules(relation, inside=inside, single=single))
        if rules:
            return "\n".join([*lines, "}, (t) => [", *(f"  {rule}," for rule in rules), "]);"]) + "\n"
        return "\n".join([*lines, "});"]) + "\n"

    def column(self, relation: Relation, attribute: Attribute, *, key: bool, to: ForeignKey | None) -> str:
        name = _string(attribute.name)
        said = self.kind(attribute, name)
        counted = attribute.identity is not None and self.dialect == "sqlite"
        primary = ".primaryKey({ autoIncrement: true })" if counted else ".primaryKey()"
        said += primary if key else "" if attribute.nullable else ".notNull()"
        said += self.default(attribute) + self.filled(relation, attribute)
        if to:
            column_type = self.function(
                {"pg": "AnyPgColumn", "mysql": "AnyMySqlColumn"}.get(self.core, "AnySQLiteColumn")
            )
            there = _member(self.tables[to.relation], self.keys[to.relation][to.referenced[0]])
            options = [
                f"{when}: {_string(a)}" for when, a in (("onDelete", to.on_delete), ("onUpdate", to.on_update)) if a
            ]
            said += f".references((): {column_type} => {there}{', { ' + ', '.join(options) + ' }' if options else ''})"
        return said

    def kind(self, attribute: Attribute, name: str) -> str:
        kind = attribute.type
        if attribute.domain:
            return f"{self.enumerations[attribute.domain.name]}({name})"
        if isinstance(kind, Enumeration):
            values = f"[{', '.join(map(_string, kind.values))}]"
            if self.dialect == "mysql":
                return f"{self.function('mysqlEnum')}({name}, {values})"
            return f"{self.function('text')}({name}, {{ enum: {values} }})"
        told = attribute.declared
        function, options = function_of(told.text, self.dialect) if told else _spelled(kind, self.dialect)
        if function == "native":
            self.used.add("customType")
            return f"native({options})({name})"
        return f"{self.function(function)}({name}{', ' + options if options else ''})"

    def default(self, attribute: Attribute) -> str:
        text = attribute.default
        if text is None:
            return ""
        if text == "now()":
            self.orm.add("sql")
            return ".default(sql`now()`)" if self.dialect == "postgresql" else ".default(sql`(CURRENT_TIMESTAMP)`)"
        match attribute.type:
            case Text() | Enumeration() if LITERAL.fullmatch(text):
                return f".default({_string(unquoted(text))})"
            case Integer() if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})", text):
                return f".default({text})"
            case Boolean() if text in {"true", "false"}:
                return f".default({text})"
        self.orm.add("sql")
        plain = NUMBER.fullmatch(text) or LITERAL.fullmatch(text)
        said = text if plain else (said_in(text, self.dialect) or text)
        return f".default(sql`{_template(said if plain or self.dialect == 'postgresql' else f'({said})')}`)"

    def filled(self, relation: Relation, attribute: Attribute) -> str:
        """How an attribute that has no default is filled."""
        if attribute.generated:
            self.orm.add("sql")
            said = said_in(attribute.generated.expression, self.dialect, relation) or attribute.generated.expression
            mode = f', {{ mode: "{"stored" if attribute.generated.stored else "virtual"}" }}'
            return f".generatedAlwaysAs(sql`{_template(said)}`{'' if self.dialect == 'postgresql' else mode})"
        if attribute.identity and self.dialect == "mysql":
            return ".autoincrement()"
        if attribute.identity and self.dialect == "postgresql":
            numbers = attribute.identity
            word = "generatedAlwaysAsIdentity" if numbers.always else "generatedByDefaultAsIdentity"
            given = {"startWith": numbers.start, "increment": numbers.increment}
            said = ", ".join(f"{name}: {value}" for name, value in given.items() if value != 1)
            return f".{word}({'{ ' + said + ' }' if said else ''})"
        return ""

    def rules(self, relation: Relation, *, inside: str, single: dict[str, ForeignKey]) -> Iterator[str]:
        keys = self.keys[relation.name]

        def columns(names: tuple[str, ...]) -> str:
            return ", ".join(_member("t", keys[name]) for name in names)

        for at, key in enumerate(relation.keys):
            if at == 0 and not inside:
                name = f", name: {_string(key.name)}" if key.name else ""
                yield f"{self.function('primaryKey')}({{ columns: [{columns(key.attributes)}]{name} }})"
            elif at:
                equal = "" if key.nulls_distinct else ".nullsNotDistinct()"
                name = _string(key.name) if key.name else ""
                yield f"{self.function('unique')}({name}).on({columns(key.attributes)}){equal}"
        for reference in relation.foreign_keys:
            if single.get(reference.attributes[0]) is reference:
                continue
            there = ", ".join(
                _member(
                    "t" if reference.relation == relation.name else self.tables[reference.relation],
                    self.keys[reference.relation][name],
                )
                for name in reference.referenced
            )
            name = f", name: {_string(reference.name)}" if reference.name else ""
            said = f"{self.function('foreignKey')}({{ columns: [{columns(reference.attributes)}], foreignColumns: [{there}]{name} }})"
            said += f".onDelete({_string(reference.on_delete)})" if reference.on_delete else ""
            yield said + (f".onUpdate({_string(reference.on_update)})" if reference.on_update else "")
        named = set[tuple[str, ...]]()  # by the tool itself, after their attributes
        for index in relation.indexes:
            word = self.function("uniqueIndex" if index.unique else "index")
            where = f".where({self.sql(index.where, relation)})" if index.where else ""
            plain = index.attributes if len(index.attributes) == len(index.on) else ()
            needed = self.core != "pg" or not plain or plain in named
            named |= set() if index.name else {plain}
            on = ", ".join(self.part(part, relation) for part in index.parts)
            on = f".using({_string(index.method)}, {on})" if index.method and self.core == "pg" else f".on({on})"
            how = f".using({_string(index.method)})" if index.method and self.core == "mysql" else ""
            yield f"{word}({self.rule(index.name, needed=needed)}){on}{how}{where}"
        for check in relation.checks:
            yield f"{self.function('check')}({self.rule(check.name, needed=True)}, {self.sql(check.expression, relation)})"

    def part(self, part: IndexPart, relation: Relation) -> str:
        """What an index is on."""
        if part.expression:
            self.orm.add("sql")
            if self.core == "pg":  # its order and operators within: an expression has no methods for them
                return f"sql`{_template(part_in(part, self.dialect, relation))}`"
            said = said_in(part.expression, self.dialect, relation) or part.expression
            order = " desc" if part.descending else ""
            return f"sql`({_template(said)}){order}`"
        said = _member("t", self.keys[relation.name][part.attribute])
        if self.core != "pg":
            if not part.descending:
                return said
            self.orm.add("sql")
            return f"sql`${{{said}}} desc`"
        said += ".desc()" if part.descending else ".asc()" if part.nulls else ""
        first = (
            part.nulls or ("first" if part.descending else "")
        ) == "first"  # unknown values are last unless it is said
        said += ".nullsFirst()" if first else ""
        return said + (f".op({_string(part.operators)})" if part.operators else "")

    def rule(self, name: str, *, needed: bool) -> str:
        """The name of a rule as an argument; one is made where Drizzle wants one."""
        if name or not needed:
            return _string(name) if name else ""
        self.unnamed += 1
        return _string(f"{UNNAMED}_{self.unnamed}")

    def sql(self, expression: str, relation: Relation) -> str:
        self.orm.add("sql")
        return f"sql`{_template(said_in(expression, self.dialect, relation) or expression)}`"


def _inside(relation: Relation) -> str:
    """The one attribute that is the key, where a column can say so."""
    key = relation.keys[0] if relation.keys else None
    return key.attributes[0] if key and len(key.attributes) == 1 and not key.name else ""


def _plain(key: ForeignKey) -> bool:
    return len(key.attributes) == 1 and not key.name


def _member(owner: str, key: str) -> str:
    return f"{owner}.{key}"


def _string(text: str) -> str:
    said = json.dumps(text, ensure_ascii=False)
    return said if said.isprintable() else json.dumps(text)


_SURROGATE = re.compile("[\ud800-\udfff]")  # half of a character, which no file can hold


def _template(text: str) -> str:
    said = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", said)


def _spelled(kind: Type, dialect: str) -> tuple[str, str]:
    """The function of a type and its options; "native" with the words of SQL for what has no function."""
    pg, my = dialect == "postgresql", dialect == "mysql"
    if dialect == "sqlite":
        return _in_sqlite(kind)
    match kind:
        case Boolean():
            return "boolean", ""
        case Integer(bits):
            if bits > 32:
                return "bigint", '{ mode: "number" }'
            return ("smallint" if bits == 16 else "integer" if pg else "int"), ""
        case Decimal(precision, scale):
            return ("numeric" if pg else "decimal"), f"{{ precision: {precision}, scale: {scale} }}"
        case Float(bits):
            if bits == 32:
                return ("real" if pg else "float"), ""
            return ("doublePrecision" if pg else "double"), ""
        case Text(length):
            return ("longtext" if my else "text", "") if length is None else ("varchar", f"{{ length: {length} }}")
        case Uuid():
            return ("uuid", "") if pg else ("char", "{ length: 36 }")
        case Date():
            return "date", ""
        case Time():
            return "time", "{ fsp: 6 }" if my else ""
        case Timestamp(zone):
            if my:
                return ("timestamp" if zone else "datetime"), "{ fsp: 6 }"
            return "timestamp", "{ withTimezone: true }" if zone else ""
        case Interval():
            return ("interval", "") if pg else ("longtext", "")
        case Json():
            return ("jsonb" if pg else "json"), ""
        case Bytes():
            return "native", _string("bytea" if pg else "longblob")
        case Native(text) if is_type(text, dialect):
            return "native", _string(text)
        case Unknown() | Native() | Enumeration():
            return "longtext" if my else "text", ""


def _in_sqlite(kind: Type) -> tuple[str, str]:
    match kind:
        case Boolean():
            return "integer", '{ mode: "boolean" }'
        case Integer():
            return "integer", ""
        case Decimal():
            return "numeric", ""
        case Float():
            return "real", ""
        case Text(length) if length:
            return "text", f"{{ length: {length} }}"
        case Json():
            return "text", '{ mode: "json" }'
        case Bytes():
            return "blob", '{ mode: "buffer" }'
        case Native(text) if is_type(text, "sqlite"):
            return "native", _string(text)
        case _:
            return "text", ""


@cache
def _kind(dialect: str, kind: Type) -> Type:
    """The type that comes back."""
    if isinstance(kind, Enumeration):
        return kind if kind.values and all(storable(value) == value for value in kind.values) else Text()
    function, options = _spelled(kind, dialect)
    if function == "native":
        text = json.loads(options)
        found = sql_type(text, dialect)[0]
        return Native(text) if isinstance(found, Unknown) and text != "unknown" else found
    read = next((value for _, value, _ in constants(f"const a = f({options or '{}'});")), None)
    given = read.args[0] if isinstance(read, Call) and read.args else None
    return kind_of(function, given if isinstance(given, Object) else None, dialect) or Text()


def _named(part: Part, name: str) -> bool:
    del part
    return not made_up(name) and name != "__proto__"  # drizzle-kit keeps rules in an object, each under its name


_PARTED = {"sqlite": "[,;]", "postgresql": ";|--|,,", "mysql": "[,;]"}


def _path(dialect: str, index: Index, relation: Relation) -> Index | None:
    """What the engine has words for of an index, and Drizzle too."""
    found = indexed(index, relation, DIALECTS[dialect], str).index
    if found is None or found.method in {"fulltext", "spatial"}:
        return None
    if any(re.search(_PARTED[dialect], part.expression) for part in found.parts):
        return None  # drizzle-kit takes it apart there
    on = []
    for part in found.parts:
        usual = "first" if part.descending else "last"
        gone = dialect != "postgresql" or (part.nulls == usual and not part.expression)
        on.append(replace(part, collation="", nulls="" if gone else part.nulls))
    return replace(found, on=tuple(on), method="" if found.method == "btree" else found.method)


_WIDE = Declared("mysql", "bigint unsigned")
"""The whole numbers of which 64 bits are all that MySQL counts."""
_LIKE = {"mariadb": "mysql"}
_OTHERWISE = frozenset({"money", "timestamp(6)"})
"""An amount that can be reckoned with in its own words alone; and what a moment is without being declared."""


def _declares(dialect: str, attribute: Attribute, relation: Relation) -> Declared | None:
    """The words of an engine for a type that come back: its own, where there is no function that says as much; none of a running
    number of PostgreSQL's, which only functions of numbers have.
    """
    del relation
    declared, kind = attribute.declared, attribute.type
    if (
        declared is None
        or (attribute.identity and dialect == "postgresql")
        or _LIKE.get(declared.dialect, declared.dialect) != dialect
        or isinstance(kind, Enumeration | Interval)
    ):
        return None
    found = declared_as(*words_in(declared.text), dialect, kind, declared.text)
    return found if found and found.text not in _OTHERWISE else None


def _computed(dialect: str, generated: Generated, attribute: Attribute, relation: Relation) -> Generated | None:
    """A computed value as the engine keeps it; none in a key, where most engines refuse it."""
    if any(attribute.name in key.attributes for key in relation.keys[:1]):
        return None
    return replace(generated, stored=True) if dialect == "postgresql" else generated


def _numbered(dialect: str, identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    """A running number: by IDENTITY, else by the words of the engine for a primary key of one attribute."""
    wide = dialect == "mysql" and attribute.declared == _WIDE
    if not (isinstance(attribute.type, Integer) or wide):
        return None
    if dialect == "postgresql":
        return identity
    key = relation.keys[0] if relation.keys else None
    return Identity() if key and key.attributes == (attribute.name,) and not key.name else None


_EVERYWHERE = frozenset(
    {Part.GENERATED, Part.REQUIRED_GENERATED, Part.IDENTITY, Part.INDEX_EXPRESSION, Part.INDEX_ORDER, Part.DECLARED}
)
_RARE: dict[str, frozenset[Part]] = {
    "postgresql": _EVERYWHERE
    | NAMED_ENUMERATIONS
    | {Part.NULLS_EQUAL, Part.INDEX_NULLS, Part.INDEX_METHOD, Part.INDEX_OPERATORS},
    "mysql": _EVERYWHERE | {Part.INDEX_METHOD},
    "sqlite": _EVERYWHERE,
}


def _name(dialect: str, name: str) -> str:
    """A name without the signs at which drizzle-kit parts its notes, and the quotes that it does not double in SQL; nor
    that which no entry of its objects can have.
    """
    said = re.sub(r'[,;"]|-(?=-)' if dialect == "postgresql" else r"[,;`]", "_", storable(name))
    return said if said != "__proto__" else "__proto_"


_OWN = frozenset(
    {
        *(
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
        ),
        *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
    }
)
"""What every object of JavaScript has: drizzle-kit takes it for the checks of a table that is called so."""


def _condition(dialect: str, text: str, relation: Relation) -> str | None:
    """A condition that comes back, and comes through drizzle-kit, which cuts it off at a semicolon."""
    if dialect != "postgresql" and relation.name in _OWN:
        return None
    told = condition_in(dialect)(text, relation)
    return None if ";" in (told or "") else told


def _spaces(dialect: str, part: Part, relation: str) -> tuple[str, ...]:
    """The spaces in which drizzle-kit takes a name but once: a whole schema, or a table of MySQL's."""
    within = f" {relation}" if dialect == "mysql" else ""
    match part:
        case Part.CHECK_NAME:
            return (f"check{within or (f' {relation}' if dialect == 'sqlite' else '')}",)
        case Part.INDEX_NAME | Part.KEY_NAME:
            return (f"index{within}",)
        case Part.REFERENCE_NAME if within:  # MySQL makes an index of that name
            return (f"index{within}",)
        case _:
            return ()


@cache
def fidelity(dialect: str) -> Fidelity:
    """What a Drizzle file for a database can say."""
    return Fidelity(
        (
            (EVERYTHING - RARE - {Part.TITLE, Part.NOTE, Part.ATTRIBUTE_NOTE, Part.DEPENDENCY, Part.DOUBLE_REFERENCE})
            | _RARE[dialect]
        )
        - ({Part.PARTIAL_INDEX} if dialect == "mysql" else set()),
        kind=partial(_kind, dialect),
        keyed=partial(keyed_in, dialect),
        name=partial(_name, dialect),
        spaces=partial(_spaces, dialect),
        default=default_in(dialect),
        condition=partial(_condition, dialect),
        named=_named,
        index=partial(_path, dialect),
        generated=partial(_computed, dialect),
        identity=partial(_numbered, dialect),
        declares=partial(_declares, dialect),
    )


DRIZZLE = Format(
    "drizzle",
    "a Drizzle schema",
    endings=(".ts", ".mts", ".js", ".mjs"),
    marks=r"drizzle-orm|\b(?:pg|mysql|sqlite)Table(?:Creator)?\s*\(",
    reader=read_drizzle,
    writer=write_drizzle,
    dialects=tuple(_CORE),
    fidelity=lambda dialect: fidelity(dialect or "postgresql"),
    says_dialect=True,
)
