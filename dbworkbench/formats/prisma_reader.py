"""The reader of Prisma schemas: models, enumerations, keys, indexes and relations (prisma.io/docs, Prisma schema)."""

import json
import re
from dataclasses import dataclass, field, replace

from dbworkbench.errors import listed
from dbworkbench.formats.cursor import Cursor, Token, escapes
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.expressions import literal
from dbworkbench.formats.names import said_name
from dbworkbench.formats.prisma_types import declared_in
from dbworkbench.formats.source import Source
from dbworkbench.formats.types import sql_type
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Declared, Domain, Identity, Index, Key
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
    Uuid,
)
from dbworkbench.sql.expression import at_home

__all__ = ["LISTED", "SCALARS", "native_type", "noted", "read_prisma"]

_LANGUAGE = re.compile(
    r"""(?P<skip>[\s]+|//(?!/)[^\n\r]*|/\*.*?\*/)
    |(?P<note>///[^\n\r]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*")
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<at>@@?[A-Za-z_][\w.]*)
    |(?P<word>[^\W\d][\w-]*)
    |(?P<sign>[{}\[\](),:?=.!@$])
    |(?P<bad>["]|/\*)""",
    re.VERBOSE | re.DOTALL,
)
_MISTAKES = {'"': "this text is never closed", "/": "this comment is never closed"}

SCALARS: dict[str, Type] = {
    "String": Text(),
    "Boolean": Boolean(),
    "Int": Integer(32),
    "BigInt": Integer(64),
    "Float": Float(64),
    "Decimal": Decimal(65, 30),
    "DateTime": Timestamp(),
    "Json": Json(),
    "Bytes": Bytes(),
}
_PROVIDERS = {
    **dict.fromkeys(("postgresql", "postgres", "prisma+postgres"), "postgresql"),
    "mysql": "mysql",
    "sqlite": "sqlite",
    "sqlserver": "sqlserver",
    "cockroachdb": "cockroachdb",
}
_ACTIONS = {
    "Cascade": "cascade",
    "Restrict": "restrict",
    "NoAction": "",
    "SetNull": "set null",
    "SetDefault": "set default",
}


LISTED = {
    "String": "text",
    "Int": "integer",
    "BigInt": "bigint",
    "Float": "double precision",
    "Boolean": "boolean",
    "DateTime": "timestamp",
    "Decimal": "numeric",
    "Json": "jsonb",
    "Bytes": "bytea",
}
"""What PostgreSQL calls the members of Prisma's lists."""


def native_type(scalar: str, name: str, arguments: tuple[str, ...]) -> Type | None:
    """The type that `@db.Name(arguments)` means; None where it says no more than the scalar."""
    numbers = [int(argument) for argument in arguments if re.fullmatch(r"[0-9]{1,18}", argument)]
    match name:
        case "VarChar" | "Char" | "NVarChar" | "NChar" | "String" if numbers and numbers[0] > 0:
            return Text(numbers[0])
        case "Decimal" | "Numeric" if len(numbers) == 2 and 1 <= numbers[0] >= numbers[1]:
            return Decimal(numbers[0], numbers[1])
        case "Decimal" | "Numeric" if len(numbers) == 1 and numbers[0] >= 1:
            return Decimal(numbers[0], 0)
        case "Money":
            return Decimal(19, 4)
        case "Uuid" | "UniqueIdentifier":
            return Uuid()
        case "Date":
            return Date()
        case "Time" | "Timetz":
            return Time()
        case "Timestamptz" | "DateTimeOffset":
            return Timestamp(zone=True)
        case "Timestamp" if scalar == "DateTime":
            return Timestamp()
        case "SmallInt" | "TinyInt" | "Int2" | "Year" | "UnsignedTinyInt":
            return Boolean() if scalar == "Boolean" else Integer(16)
        case "UnsignedSmallInt" | "MediumInt" | "UnsignedMediumInt":
            return Integer(32)
        case "UnsignedInt":
            return Integer(64)
        case "UnsignedBigInt":
            return Decimal(20, 0)
        case "Real" | "Float4" | "Float" if scalar == "Float" and name != "Float":
            return Float(32)
        case "Xml" | "Inet" | "Citext" | "Bit" | "VarBit" | "Oid" if scalar == "String":
            return Text() if name == "Citext" else Native(name.lower())
        case _:
            return None


def read_prisma(source: Source) -> Read:
    """The schema of a Prisma schema file. Raises NotationError (line, column) where it is none."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Call:
    """`name(arguments)`: arguments by name, those without one under ""."""

    name: str
    given: dict[str, object] = field(default_factory=dict)
    at: Token | None = None

    def first(self, name: str) -> object:
        return self.given.get(name, self.given.get(""))


@dataclass(slots=True)
class _Field:
    name: str
    kind: str
    optional: bool
    many: bool
    marks: dict[str, _Call]
    note: str
    token: Token
    column: str = ""


@dataclass(slots=True)
class _Model:
    name: str
    table: tuple[str, ...]
    fields: dict[str, _Field] = field(default_factory=dict)
    blocks: list[_Call] = field(default_factory=list)
    note: str = ""
    view: bool = False


class _Reader:
    def __init__(self, source: Source) -> None:
        self.cursor = Cursor(source.text, _LANGUAGE, _MISTAKES)
        self.draft = Draft()
        self.dialect = source.dialect
        self.models: dict[str, _Model] = {}
        self.enumerations: dict[str, tuple[tuple[str, str], ...]] = {}
        self.named: dict[str, Domain | None] = {}
        self.composites: set[str] = set()

    def read(self) -> Read:
        note = ""
        while not self.cursor.done:
            token = self.cursor.next()
            if token.kind == "note":
                note = noted(note, token.text)
                continue
            self._block(token, note)
            self.cursor.forget()
            note = ""
        self.dialect = self.dialect or "postgresql"
        for model in self.models.values():
            self._table(model)
        self._many_to_many()
        return self.draft.read()

    # Blocks ---------------------------------------------------------------------------------------------------------

    def _block(self, token: Token, note: str) -> None:
        cursor = self.cursor
        if token.kind != "word" or token.text not in {"model", "enum", "datasource", "generator", "view", "type"}:
            raise cursor.wrong(f"{token.text!r} begins no block of Prisma — model, enum, datasource …", token)
        name = self._word("a name").text
        if token.text == "type" and cursor.take("="):
            raise cursor.wrong("type aliases are no longer part of Prisma", token)
        cursor.expect("{", f"to begin {name!r}")
        match token.text:
            case "model" | "view":
                self._model(name, note, view=token.text == "view")
            case "enum":
                self._enumeration(name)
            case "type":
                self.draft.lose(name, "a composite type")
                self.composites.add(name)
                self._pass()
            case kind:
                settings = self._assignments()
                if kind == "datasource":
                    self.dialect = self.dialect or _PROVIDERS.get(settings.get("provider", ""), "")

    def _pass(self) -> None:
        self.cursor.at -= 1
        self.cursor.skip_group()

    def _assignments(self) -> dict[str, str]:
        cursor = self.cursor
        found: dict[str, str] = {}
        while not cursor.take("}"):
            token = cursor.next()
            if token.kind == "note":
                continue
            if token.kind != "word":
                raise cursor.wrong("a setting was expected: name = value", token)
            if cursor.take("="):
                value = self._value()
                found[token.text] = _text(value)
                if token.text == "extensions" and isinstance(value, list):
                    names = [one.name if isinstance(one, _Call) else _text(one) for one in value]
                    self.draft.lose("the database", f"its extensions {listed(names)}")
        return found

    def _enumeration(self, name: str) -> None:
        cursor = self.cursor
        own = name
        values: list[tuple[str, str]] = []
        while not cursor.take("}"):
            token = cursor.next()
            if token.kind == "note":
                self.draft.lose(name, "a note of a value")
            elif token.kind == "word":
                marks = self._marks()
                values.append((token.text, _text(marks["map"].first("name")) if "map" in marks else token.text))
            elif token.kind == "at":
                call = self._call(token)
                own = self._mapped(call) if call.name == "map" else own
            else:
                cursor.at -= token.kind != "end"
                raise cursor.unexpected(f"a value of {name!r} or '}}'")
        self.enumerations[name] = tuple(values)
        self.named[name] = self.draft.enumeration(own, (value for _, value in values))

    def _model(self, name: str, note: str, *, view: bool) -> None:
        cursor = self.cursor
        model = _Model(name, (name,), note=note, view=view)
        said = ""
        while not cursor.take("}"):
            token = cursor.next()
            if token.kind == "note":
                said = noted(said, token.text) if token.fresh else said
            elif token.kind == "at" and token.text.startswith("@@"):
                model.blocks.append(self._call(token))
            elif token.kind == "word":
                one = self._field(token, said)
                if token.text in model.fields:
                    self.draft.lose(
                        f"{name}.{token.text}", f"a second field of this name, {one.kind}", "the first is read"
                    )
                model.fields.setdefault(token.text, one)
                said = ""
            else:
                cursor.at -= token.kind != "end"
                raise cursor.unexpected(f"a field of {name!r} or '}}'")
        for block in model.blocks:
            if block.name == "map":
                model.table = (*model.table[:-1], self._mapped(block))
        for block in model.blocks:
            if block.name == "schema":
                model.table = (self._mapped(block, "map"), model.table[-1])
        if name in self.models:
            self.draft.lose(name, "a second model of this name")
        self.models.setdefault(name, model)

    def _field(self, name: Token, note: str) -> _Field:
        cursor = self.cursor
        kind = self._word(f"the type of {name.text!r}")
        said = kind.text
        if said == "Unsupported" and cursor.take("("):
            said = f"Unsupported {escapes(cursor.next().text[1:-1])}" if cursor.peek().kind == "text" else said
            cursor.expect(")", "after the type")
        many = cursor.take("[", "]")
        optional = cursor.take("?")
        marks = self._marks()
        after = cursor.peek()
        if after.kind == "note" and not after.fresh:
            note = noted(note, cursor.next().text)
        column = self._mapped(marks["map"]) if "map" in marks else name.text
        return _Field(name.text, said, optional, many, marks, note, name, column)

    def _marks(self) -> dict[str, _Call]:
        found: dict[str, _Call] = {}
        while self.cursor.peek().kind == "at" and not self.cursor.peek().text.startswith("@@"):
            call = self._call(self.cursor.next())
            found["db" if call.name.startswith("db.") else call.name] = call
        return found

    # Calls and values -----------------------------------------------------------------------------------------------

    def _word(self, what: str) -> Token:
        if self.cursor.peek().kind != "word":
            raise self.cursor.unexpected(what)
        return self.cursor.next()

    def _call(self, token: Token) -> _Call:
        call = _Call(token.text.lstrip("@"), at=token)
        if not self.cursor.sees("(") or self.cursor.peek().fresh:
            return call
        self.cursor.next()
        self.cursor.enter()
        bare: list[object] = []  # several in @db.Decimal(10, 2)
        while not self.cursor.take(")"):
            name = ""
            if self.cursor.peek().kind == "word" and self.cursor.peek(1).text == ":":
                name = self.cursor.next().text
                self.cursor.next()
            value = self._value()
            if name == "":
                bare.append(value)
            else:
                call.given.setdefault(name, value)
            if not self.cursor.take(",") and not self.cursor.sees(")"):
                raise self.cursor.unexpected("',' or ')'")
        self.cursor.leave()
        if bare:
            call.given[""] = bare[0] if len(bare) == 1 else bare
        return call

    def _value(self) -> object:
        cursor = self.cursor
        token = cursor.next()
        if token.kind in {"text", "number"}:
            return token
        if token.text == "[" and token.kind == "sign":
            cursor.enter()
            items: list[object] = []
            while not cursor.take("]"):
                items.append(self._value())
                cursor.take(",")
            cursor.leave()
            return items
        if token.kind == "word":
            said = token
            while cursor.take("."):
                said = self._word("a name")
            if cursor.sees("("):
                return self._call(said)
            return said
        raise cursor.wrong(f"a value was expected, not {token.text!r}", token)

    def _mapped(self, call: _Call, name: str = "name") -> str:
        """The name in the database that a call says."""
        said = _text(call.first(name))
        if not said:
            raise self.cursor.wrong(f'a name was expected in {call.at.text if call.at else call.name}("…")', call.at)
        return said

    # Tables ---------------------------------------------------------------------------------------------------------

    def _table(self, model: _Model) -> None:
        table = Table(model.table, note=model.note)
        for one in model.fields.values():
            if one.kind in self.models:
                if "relation" in one.marks:
                    self._relation(model, one, table)
            else:
                self._column(one, table)
        for block in model.blocks:
            self._block_rule(model, block, table)
        if model.view:
            self.draft.lose(model.name, "a view", "not read")
        else:
            self.draft.tables.append(table)

    def _column(self, one: _Field, table: Table) -> None:
        what = f"{table.name[-1]}.{one.column}"
        domain = None if one.many else self.named.get(one.kind)
        nullable = one.optional or one.many  # Prisma lets a list's column take NULL, and hands out an empty list for it
        declared = None
        if (told := self._told(one)) and not one.many:
            kind, declared = told
        else:
            kind = self._type(one)
        column = Attribute(one.column, kind, nullable, note=one.note, domain=domain, declared=declared)
        called = one.marks["default"].first("value") if "default" in one.marks else None
        if isinstance(called, _Call) and called.name in {"autoincrement", "sequence"}:
            column = replace(column, identity=self._identity(what, called), nullable=False)
        elif "default" in one.marks:
            column = replace(column, default=self._default(what, one, one.marks["default"].first("value")))
        if "db" in one.marks and one.marks["db"].name == "db.Citext":
            self.draft.lose(what, "case tells none of its texts apart")
        if "updatedAt" in one.marks:
            self.draft.lose(what, "set by Prisma on every change", "read without")
        if "id" in one.marks:
            table.primary = Key((one.column,), said_name(_text(one.marks["id"].given.get("map", ""))))
            self._details(what, one.marks["id"])
        if "unique" in one.marks:
            table.uniques.append(Key((one.column,), said_name(_text(one.marks["unique"].given.get("map", "")))))
            self._details(what, one.marks["unique"])
        for mark in one.marks:
            if mark not in {"default", "updatedAt", "id", "unique", "map", "db", "relation", "ignore"}:
                self.draft.lose(what, f"@{mark}", "read without")
        table.attributes.append(column)

    def _identity(self, what: str, called: _Call) -> Identity:
        """Where the numbers begin and how they go on, as CockroachDB's `sequence(start: 10, increment: 2)` says."""
        numbers = {name: _text(value) for name, value in called.given.items()}
        said = {name: int(text) for name, text in numbers.items() if re.fullmatch(r"-?\d{1,18}", text)}
        if others := sorted({*numbers} - {"start", "increment"}):
            self.draft.lose(what, f"{listed(others)} of its numbers", "read without")
        return Identity(start=said.get("start", 1), increment=said.get("increment") or 1)

    def _told(self, one: _Field) -> tuple[Type, Declared | None] | None:
        """The type that a mark says in the words of the database, and those, where they say more than a type does."""
        if "db" not in one.marks or one.kind not in SCALARS:
            return None
        return declared_in(one.kind, one.marks["db"].name[3:], self._numbers(one), self.dialect)

    @staticmethod
    def _numbers(one: _Field) -> tuple[str, ...]:
        """The arguments of the mark that says a type of the database."""
        arguments = one.marks["db"].given.get("", [])
        return tuple(_text(value) for value in (arguments if isinstance(arguments, list) else [arguments]))

    def _type(self, one: _Field) -> Type:
        if one.kind in self.enumerations:
            values = tuple(dict.fromkeys(value for _, value in self.enumerations[one.kind]))
            found: Type = Enumeration(values) if values else Text()
        elif one.kind.startswith("Unsupported "):
            found, _ = sql_type(one.kind[12:], self.dialect)
            found = Native(one.kind[12:]) if isinstance(found, Unknown) and one.kind[12:] != "unknown" else found
        elif one.kind in self.composites:
            found = Json()
        elif one.kind not in SCALARS:
            raise self.cursor.wrong(f"there is no type or model called {one.kind!r}", one.token)
        else:
            found = SCALARS[one.kind]
            if "db" in one.marks:
                found = native_type(one.kind, one.marks["db"].name[3:], self._numbers(one)) or found
        if one.many:
            own = self.named.get(one.kind)
            return Native(f"{own.name if own else LISTED.get(one.kind, 'text')}[]")
        return found

    def _default(self, what: str, one: _Field, value: object) -> str | None:
        match value:
            case Token(kind="text"):
                return literal(_text(value))
            case Token(kind="number"):
                return value.text
            case Token(text=("true" | "false") as word):
                return word
            case Token(text=word):
                return literal(dict(self.enumerations.get(one.kind, ())).get(word, word))
            case _Call(name="now"):
                return "now()"
            case _Call(name="dbgenerated") if value.given:
                said = _text(value.first("value"))
                told = at_home(said, self.dialect)
                if told is None or re.search(r"(?i)\bnextval\b", said):
                    self.draft.lose(what, f"the default {said}")
                    return None
                return told
            case _Call(name=name):
                self.draft.lose(what, f"a default that Prisma makes: {name}()", "read without")
            case _:
                self.draft.lose(what, "a default of several values", "read without")
        return None

    def _columns(self, model: _Model, value: object, table: Table, what: str) -> tuple[str, ...]:
        """The columns that a list of fields means."""
        found = []
        for item in value if isinstance(value, list) else [value]:
            name = item.name if isinstance(item, _Call) else item.text if isinstance(item, Token) else ""
            if isinstance(item, _Call) and what != "an index":
                self.draft.lose(f"{table.name[-1]}: {what}", f"how {name} is sorted or cut", "read without")
            if name not in model.fields:
                token = item if isinstance(item, Token) else item.at if isinstance(item, _Call) else None
                raise self.cursor.wrong(f"{model.name!r} has no field {name!r}", token)
            found.append(model.fields[name].column)
        return tuple(found)

    def _block_rule(self, model: _Model, block: _Call, table: Table) -> None:
        name = said_name(_text(block.given.get("map", "")))
        match block.name:
            case "id":
                table.primary = Key(self._columns(model, block.first("fields"), table, "the key"), name)
                self._details(table.name[-1], block)
            case "unique" | "index" | "fulltext" as word:
                index = self._index(model, block, table, name)
                plain = all(isinstance(part, str) for part in index.on)
                if word == "unique" and plain:
                    table.uniques.append(Key(index.attributes, name))
                else:
                    table.indexes.append(replace(index, unique=word == "unique"))
                self._details(table.name[-1], block)
            case "map" | "schema" | "ignore":
                pass
            case _:
                self.draft.lose(table.name[-1], f"@@{block.name}", "read without")

    def _index(self, model: _Model, block: _Call, table: Table, name: str) -> Index:
        """An index with its method, and how each field is sorted and cut."""
        value = block.first("fields")
        columns = self._columns(model, value, table, "an index")
        parts = []
        for column, item in zip(columns, value if isinstance(value, list) else [value], strict=True):
            given = item.given if isinstance(item, _Call) else {}
            operators = given.get("ops")
            said = _text(operators.first("")) if isinstance(operators, _Call) else _text(operators)
            length = _text(given.get("length"))
            parts.append(
                Part(
                    column,
                    descending=_text(given.get("sort")) == "Desc",
                    length=int(length) if length.isdigit() and int(length) else None,
                    operators=said if isinstance(operators, _Call) else re.sub(r"(?<!^)(?=[A-Z])", "_", said).lower(),
                )
            )
        method = "fulltext" if block.name == "fulltext" else _text(block.given.get("type")).lower()
        return Index(tuple(parts), name=name, method="" if method == "btree" else method)

    def _details(self, what: str, call: _Call) -> None:
        for name in call.given:
            if name == "clustered" or (name in {"sort", "length", "ops"} and call.name in {"id", "unique"}):
                self.draft.lose(what, f"{name} of an index", "read without")

    def _relation(self, model: _Model, one: _Field, table: Table) -> None:
        given = one.marks["relation"].given
        if "fields" not in given:
            return
        target = self.models[one.kind]
        here = self._columns(model, given["fields"], table, "a reference")
        there = self._columns(target, given.get("references", []), table, "a reference")
        on_delete, on_update = (
            _ACTIONS.get(_text(given[when]), "") if when in given else usual
            for when, usual in (("onDelete", "set null" if one.optional else "restrict"), ("onUpdate", "cascade"))
        )
        name = said_name(_text(given.get("map", "")))
        table.references.append(Reference(here, target.table, there, on_delete, on_update, name))

    def _many_to_many(self) -> None:
        """Lists on both sides mean a table between, which Prisma keeps as `_AToB(A, B)`."""
        lists: dict[tuple[str, str, str], int] = {}
        for model in self.models.values():
            for one in model.fields.values():
                if one.many and one.kind in self.models:
                    called = one.marks["relation"] if "relation" in one.marks else _Call("relation")
                    name = _text(called.given.get("name", called.given.get("", "")))
                    first, second = sorted((model.name, one.kind))
                    lists[first, second, name] = lists.get((first, second, name), 0) + 1
        for (first, second, name), count in lists.items():
            if count < 2:
                continue
            between = Table((f"_{name or f'{first}To{second}'}",))
            for column, side in (("A", first), ("B", second)):
                ids = [one for one in self.models[side].fields.values() if "id" in one.marks]
                if len(ids) == 1:
                    between.attributes.append(Attribute(column, self._type(ids[0])))
                    target = self.models[side].table
                    between.references.append(Reference((column,), target, (ids[0].column,), "cascade", "cascade"))
            between.primary = Key(tuple(attribute.name for attribute in between.attributes))
            self.draft.tables.append(between)
            self.draft.lose(between.name[0], "a list on both sides", "read as a table of its own")


def noted(note: str, comment: str) -> str:
    """A note with the line of one more comment."""
    said = comment[3:].removeprefix(" ").rstrip()
    return f"{note}\n{said}" if note else said


def _text(value: object) -> str:
    """The text of a value: of a list, of its first item."""
    match value:
        case Token(kind="text"):
            try:
                return str(json.loads(value.text))
            except json.JSONDecodeError:
                return value.text[1:-1]
        case Token():
            return value.text
        case _Call():
            return _text(value.first("")) if value.name == "env" else value.name
        case list():
            return _text(value[0]) if value else ""
        case _:
            return str(value or "")
