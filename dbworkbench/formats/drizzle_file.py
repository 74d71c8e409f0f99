"""What is known of a file of Drizzle tables while it is read: what names stand for, and the texts and SQL in its values."""

import re
from dataclasses import dataclass, field

from dbworkbench.formats.cursor import escapes
from dbworkbench.formats.draft import Draft, Table
from dbworkbench.formats.typescript import renamed_imports
from dbworkbench.formats.typescript_values import (
    Array,
    Arrow,
    Call,
    Constant,
    Member,
    Name,
    Node,
    Object,
    Template,
    put_in,
)
from dbworkbench.schema.relation import Domain
from dbworkbench.schema.types import Type

__all__ = ["MOST_EXPANSIONS", "STEPS", "Begun", "File", "name_of", "spelled"]

STEPS = 40


MOST_EXPANSIONS = 200_000


@dataclass(slots=True)
class Begun:
    """A table under way: the columns that its keys stand for, its call, and the references that columns say."""

    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    call: Call | None = None
    pointing: list[tuple[str, Call]] = field(default_factory=list)


class File:
    """A file under way: its constants, the tables and enumerations begun, and what of it a schema does not hold."""

    def __init__(self, text: str, dialect: str) -> None:
        self.text, self.dialect = text, dialect
        self.draft = Draft()
        self.renamed = renamed_imports(text)
        self.values: dict[str, Node] = {}
        self.expansions = 0
        self.tables: dict[str, Begun] = {}
        self.enumerations: dict[str, Type] = {}
        self.named: dict[str, Domain | None] = {}

    def expanded(self, value: Node, steps: int = 0) -> Node:
        """What a call of a function of this file gives back, with its arguments put in; anything else as it is."""
        if not isinstance(value, Call) or steps > STEPS or self.expansions > MOST_EXPANSIONS:
            return value
        function = self.values.get(name_of(value.function))
        if not isinstance(function, Arrow):
            return value
        self.expansions += 1
        body = put_in(function.body, function.given(map(self.resolved, value.args)))
        return self.expanded(body, steps + 1)

    def resolved(self, node: Node, steps: int = 0) -> Node:
        """What a name stands for in the end; anything else as it is."""
        if isinstance(node, Name) and node.text in self.values and steps < STEPS:
            return self.resolved(self.values[node.text], steps + 1)
        return node

    def is_more(self, node: Node) -> bool:
        """Whether a list has items that are no texts."""
        found = self.resolved(node)
        return isinstance(found, Array) and any(self.string(item) is None for item in found.items)

    def function(self, base: Call) -> str:
        """The function that is called, by its name in Drizzle."""
        return base.function.name if isinstance(base.function, Member) else self.meant(name_of(base.function))

    def meant(self, name: str) -> str:
        """What a name stands for that another name of a function is given, by an import or a constant."""
        for _ in range(STEPS):
            value = self.values.get(name)
            if not isinstance(value, Name):
                break
            name = value.text
        return self.renamed.get(name, name)

    def string(self, node: Node | None) -> str | None:
        """The text that a value is; None for anything else."""
        found = self.resolved(node) if node is not None else None
        match found:
            case Constant(value=str() as text):
                return text
            case Template(tag="", text=text) if "${" not in text:
                return escapes(text)
            case _:
                return None

    def texts(self, node: Node, steps: int = 0) -> list[str]:
        """The texts of an array, or of an object's values."""
        found = self.resolved(node)
        called = found.function.name if isinstance(found, Call) and isinstance(found.function, Member) else ""
        if isinstance(found, Call) and called in {"values", "keys"} and found.args and steps < STEPS:
            inner = self.resolved(found.args[0])
            if isinstance(inner, Object):
                keys = [key for key, _ in inner.fields]
                return keys if called == "keys" else self.texts(inner, steps + 1)
        if isinstance(found, Array):
            return [text for item in found.items if (text := self.string(item)) is not None]
        if isinstance(found, Object):
            return [text for _, item in found.fields if (text := self.string(item)) is not None]
        return []

    def sql(self, node: Node, here: Begun) -> str | None:
        """The SQL in sql`…`, columns put in for `${t.key}`; None where something else stands in it."""
        if not isinstance(node, Template) or node.tag != "sql":
            return None
        pieces = re.split(r"\$\{\s*([\w$.]+\.[\w$]+|[\w$.]+\[\"(?:[^\"\\]|\\.)*\"\])\s*\}", node.text)
        if any("${" in text for text in pieces[::2]):
            return None
        said = [self._spelled_column(text, here) if at % 2 else escapes(text) for at, text in enumerate(pieces)]
        return "".join(said)

    def _spelled_column(self, text: str, here: Begun) -> str:
        """The column that `t.key` means, as SQL has it: `t` is a table of the file, else the one here."""
        found = re.fullmatch(r"(.*?)(?:\.([\w$]+)|\[\"(.*)\"\])", text, re.DOTALL)
        assert found is not None  # noqa: S101  so it was split
        key = found[2] or escapes(found[3])
        names = self.tables[found[1]].columns if found[1] in self.tables else here.columns
        known = names.get(key, key)
        return f"`{known.replace('`', '``')}`" if self.dialect == "mysql" else '"' + known.replace('"', '""') + '"'

    def there(self, node: Member) -> tuple[tuple[str, ...], str]:
        """The table and column that `table.key` means."""
        owner = spelled(node.of)
        found = self.tables.get(owner)
        if found is None:
            return (owner or "?",), node.name
        return found.table.name, found.columns.get(node.name, node.name)

    def is_schema(self, value: Call) -> bool:
        """Whether a call makes a schema whose tables are within it."""
        return self.function(value) in {"pgSchema", "mysqlSchema"} and bool(value.args)

    def fields_of(self, node: Node) -> Object | None:
        """The columns of a table: an object, or what a function gives back."""
        found = self.expanded(self.resolved(node))
        if isinstance(found, Arrow):
            found = self.expanded(self.resolved(found.body))
        if (
            isinstance(found, Call)
            and isinstance(found.function, Member)
            and spelled(found.function) == "Object.assign"
        ):
            return Object(tuple(("...", arg) for arg in found.args))
        found = self.resolved(found)
        return found if isinstance(found, Object) else None


def name_of(node: Node) -> str:
    """The name that a value is; "" for anything else."""
    return node.text if isinstance(node, Name) else ""


def spelled(node: Node) -> str:
    """A value in few words, for losses."""
    match node:
        case Constant(value=value, text=text):
            return text or repr(value)
        case Name(text):
            return text
        case Member(of, name):
            return f"{spelled(of)}.{name}"
        case Call(function, args):
            return f"{spelled(function)}({', '.join(map(spelled, args))})"[:80]
        case Template(tag, text):
            return f"{tag}`{text}`"[:80]
        case Object(fields):
            return "{}" if not fields else "{…}"
        case Array(items):
            return "[]" if not items else "[…]"
        case _:
            return "…"
