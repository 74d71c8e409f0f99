"""The reader of Drizzle schemas: tables of `drizzle-orm/pg-core`, `mysql-core` and `sqlite-core`, read statically."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dbworkbench.formats.cursor import escapes
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.expressions import NOW, literal, part_read
from dbworkbench.formats.names import said_name
from dbworkbench.formats.source import Source
from dbworkbench.formats.types import sql_type
from dbworkbench.formats.typescript import (
    Array,
    Arrow,
    Call,
    Constant,
    Member,
    Name,
    Node,
    Object,
    Template,
    calls,
    constants,
    put_in,
    renamed_imports,
)
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Check, Domain, Generated, Identity, Index, Key
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
    type_text,
)
from dbworkbench.sql.expression import at_home

__all__ = ["kind_of", "read_drizzle"]

_CREATORS = {
    "pgTable": "postgresql",
    "mysqlTable": "mysql",
    "sqliteTable": "sqlite",
    "pgTableCreator": "postgresql",
    "mysqlTableCreator": "mysql",
    "sqliteTableCreator": "sqlite",
    "cockroachTable": "postgresql",
    "mssqlTable": "sqlserver",
    "singlestoreTable": "mysql",
}
_PLAIN: dict[str, Type] = {
    **dict.fromkeys(("serial", "integer", "int", "mediumint"), Integer(32)),
    **dict.fromkeys(("bigserial", "bigint"), Integer(64)),
    **dict.fromkeys(("smallserial", "smallint", "tinyint", "year"), Integer(16)),
    "boolean": Boolean(),
    **dict.fromkeys(("real",), Float(32)),
    **dict.fromkeys(("doublePrecision", "double", "float"), Float(64)),
    **dict.fromkeys(("text", "tinytext", "mediumtext", "longtext", "citext"), Text()),
    **dict.fromkeys(("json", "jsonb"), Json()),
    "uuid": Uuid(),
    "date": Date(),
    "time": Time(),
    "interval": Interval(),
    **dict.fromkeys(("bytea", "binary", "varbinary", "blob"), Bytes()),
}
_SERIAL = frozenset({"serial", "bigserial", "smallserial"})
_NATIVES = frozenset(
    {"inet", "cidr", "macaddr", "macaddr8", "point", "line", "vector", "halfvec", "sparsevec", "bit", "geometry"}
)
_STEPS = 40
_MOST_EXPANSIONS = 200_000


def kind_of(name: str, options: Object | None, dialect: str) -> Type | None:
    """The type that a column's function means with its options; None for a function that makes no column."""

    def number(key: str) -> int | None:
        found = options.get(key) if options else None
        return found.value if isinstance(found, Constant) and isinstance(found.value, int) else None

    def word(key: str) -> object:
        found = options.get(key) if options else None
        return found.value if isinstance(found, Constant) else None

    values = options.get("enum") if options else None
    if isinstance(values, Array) and (texts := _texts(values)):
        return Enumeration(tuple(dict.fromkeys(texts)))
    unsigned = word("unsigned") is True
    match name:
        case "varchar" | "char" | "nvarchar" | "nchar":
            return Text(number("length"))
        case "text" if word("mode") == "json":
            return Json()
        case "text" if dialect == "sqlite" and number("length"):
            return Text(number("length"))
        case "blob" if word("mode") in {"json", "bigint"}:
            return Json() if word("mode") == "json" else Integer(64)
        case "numeric" | "decimal":
            precision, scale = number("precision"), number("scale")
            if precision is None or precision < 1:
                return Decimal()
            return Decimal(precision, min(scale or 0, precision))
        case "timestamp" | "datetime":
            zone = word("withTimezone") is True or (dialect == "mysql" and name == "timestamp")
            return Timestamp(zone=zone)
        case "integer" | "int" if dialect == "sqlite":
            modes: dict[object, Type] = {
                "boolean": Boolean(),
                "timestamp": Timestamp(),
                "timestamp_ms": Timestamp(),
            }
            return modes.get(word("mode"), Integer(64))
        case "real" if dialect in {"sqlite", "mysql"}:
            return Float(64)
        case "float" if dialect == "mysql":
            return Float(32)
        case "bigint" if unsigned:
            return Decimal(20, 0)
        case "int" | "mediumint" if unsigned:
            return Integer(64)
        case _ if name in _NATIVES:
            size = number("dimensions") or number("length")
            return Native(f"{name}({size})" if size else name)
        case _:
            return _PLAIN.get(name)


_BESIDE = re.compile(r"(?:pg|mysql|sqlite|singlestore|mssql|cockroach)(Sequence|View|MaterializedView|Role|Policy)")
"""What makes a thing that no table has."""


def read_drizzle(source: Source) -> Read:
    """The schema of a Drizzle file. Raises NotationError (line, column) where a table in it cannot be read."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Table:
    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    call: Call | None = None
    pointing: list[tuple[str, Call]] = field(default_factory=list)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.dialect = source.dialect
        self.draft = Draft()
        self.renamed = renamed_imports(source.text)
        self.values: dict[str, Node] = {}
        self.read_at: set[int] = set()
        self.expansions = 0
        self.tables: dict[str, _Table] = {}
        self.enumerations: dict[str, Type] = {}
        self.named: dict[str, Domain | None] = {}

    def read(self) -> Read:
        found = list(constants(self.text))
        self.values = {name: value for name, value, _ in found}
        spoken = re.search(r"drizzle-orm/(pg|mysql|sqlite|singlestore|mssql|cockroach)-core", self.text)
        if not self.dialect and spoken:
            known = {"mysql": "mysql", "singlestore": "mysql", "sqlite": "sqlite", "mssql": "sqlserver"}
            self.dialect = known.get(spoken[1], "postgresql")
        for name, value, _ in found:
            self._enumeration(name, value)
            self._beside(value)
        tables = [pair for name, value, _ in found for pair in self._begun(name, value)]
        tables += self._elsewhere()
        self.dialect = self.dialect or "postgresql"
        for name, one in tables:
            own = name if name not in self.tables else f"{name} {len(self.tables)}"
            self.tables[own] = one
        for one in self.tables.values():
            self._columns(one)
        for one in self.tables.values():
            for name, call in one.pointing:
                self._reference(one, name, call)
            self._rules(one)
            self._merge(one.table)
            self.draft.tables.append(one.table)
        return self.draft.read()

    # Tables ---------------------------------------------------------------------------------------------------------

    def _enumeration(self, name: str, value: Node) -> None:
        if not isinstance(value, Call):
            return
        called = self._function(value)
        if called not in {"pgEnum", "enum"} or len(value.args) < 2:
            return
        texts = self._list(value.args[1])
        if texts and self._is_more(value.args[1]):
            self.draft.lose(name, "values that are made when it runs", "read without them")
        if texts:
            self.enumerations[name] = Enumeration(tuple(dict.fromkeys(texts)))
            own = self._string(value.args[0])
            owner = self.values.get(_name(value.function.of)) if isinstance(value.function, Member) else None
            within = self._string(owner.args[0]) if isinstance(owner, Call) and owner.args else None
            if own:
                self.named[name] = self.draft.enumeration(f"{within}.{own}" if within else own, texts)
        else:
            self.draft.lose(name, "an enumeration whose values are made when it runs", "read as text")
            self.enumerations[name] = Text()

    def _beside(self, value: Node) -> None:
        """Tell what a file has beside tables and enumerations."""
        while isinstance(value, Call) and isinstance(value.function, Member) and isinstance(value.function.of, Call):
            value = value.function.of
        found = _BESIDE.fullmatch(self._function(value)) if isinstance(value, Call) else None
        if found and isinstance(value, Call) and value.args and (own := self._string(value.args[0])):
            self.draft.lose(own, f"a {found[1].lower().replace('materialized', 'materialized ')}")

    def _begun(self, name: str, value: Node) -> Iterator[tuple[str, _Table]]:
        """The tables that a constant is or has in an object, with the names they go by."""
        one = self._begin(value)
        if one is not None:
            yield name, one
        elif isinstance(value, Object):
            for key, inner in value.fields:
                held = self._begin(inner)
                if held is not None:
                    yield f"{name}.{key}", held

    def _elsewhere(self) -> list[tuple[str, _Table]]:
        """The tables that are made elsewhere than at the top; those that only a running program makes are reported."""
        makers = {name for name, value in self.values.items() if self._creator(name) or self._is_maker(value)}
        makers |= {*_CREATORS, *(own for own, there in self.renamed.items() if there in _CREATORS)}
        schemas = {name for name, value in self.values.items() if isinstance(value, Call) and self._is_schema(value)}
        said = "|".join(map(re.escape, sorted(makers)))
        pattern = rf"(?<![\w$.])(?:{said})(?:\.withRLS)?\s*[<(]"
        if schemas:
            pattern += rf"|(?<![\w$.])(?:{'|'.join(map(re.escape, sorted(schemas)))})\s*\.\s*table\s*[<(]"
        if len(re.findall(pattern, self.text)) <= len(self.read_at):
            return []
        found: list[tuple[str, _Table]] = []
        for name, call in calls(self.text, makers | schemas):
            base = call
            while isinstance(base.function, Member) and isinstance(base.function.of, Call):
                base = base.function.of
            if base.at.at in self.read_at or len(base.args) < 2:
                continue
            one = self._begin(base)
            if one is None:
                line = self.text.count("\n", 0, base.at.at) + 1
                self.draft.lose(f"line {line}", f"{_spelled(base.function)}(…), a table that is made when it runs")
            else:
                found.append((name or one.table.name[-1], one))
        return found

    def _is_maker(self, value: Node) -> bool:
        return isinstance(value, Name) and self._meant(value.text) in _CREATORS

    def _is_schema(self, value: Call) -> bool:
        return self._function(value) in {"pgSchema", "mysqlSchema"} and bool(value.args)

    def _expanded(self, value: Node, steps: int = 0) -> Node:
        """What a call of a function of this file gives back, with its arguments put in; anything else as it is."""
        if not isinstance(value, Call) or steps > _STEPS or self.expansions > _MOST_EXPANSIONS:
            return value
        function = self.values.get(_name(value.function))
        if not isinstance(function, Arrow):
            return value
        self.expansions += 1
        body = put_in(function.body, function.given(map(self._resolved, value.args)))
        return self._expanded(body, steps + 1)

    def _begin(self, value: Node) -> _Table | None:
        """The table that a constant is, without its columns yet."""
        value = self._expanded(value)
        if isinstance(value, Call) and isinstance(value.function, Member) and value.function.name == "enableRLS":
            return self._guarded(self._begin(value.function.of))
        if not isinstance(value, Call) or len(value.args) < 2:
            return None
        name = self._string(value.args[0])
        if name is None:
            return None
        found = self._table_of(value, name)
        if found is not None:
            self.read_at.add(value.at.at)
        return found

    def _guarded(self, one: _Table | None) -> _Table | None:
        """A table whose rows are guarded by policies."""
        if one is not None:
            self.draft.lose(one.table.name[-1], "row-level security")
        return one

    def _table_of(self, value: Call, name: str) -> _Table | None:
        function = value.function
        if isinstance(function, Member) and function.name == "withRLS":
            return self._guarded(self._table_of(replace(value, function=function.of), name))
        creator = self._meant(_name(function))
        if creator in _CREATORS:
            self.dialect = self.dialect or _CREATORS[creator]
            return _Table(Table((name,)), call=value)
        if isinstance(function, Name) and (made := self._creator(function.text)):
            return _Table(Table((_pattern(made, name),)), call=value)
        if isinstance(function, Member) and function.name == "table" and isinstance(function.of, Name):
            owner = self.values.get(function.of.text)
            if isinstance(owner, Call) and self._is_schema(owner):
                return _Table(Table((self._string(owner.args[0]) or "", name)), call=value)
        if isinstance(function, Name) and function.text not in self.values:
            columns = self._fields_of(value.args[1])
            if columns and any(self._is_column(inner) for _, inner in columns.fields):
                self.draft.lose(name, f"{function.text}(…), which this file does not have", "read as a table")
                return _Table(Table((name,)), call=value)
        return None

    def _is_column(self, node: Node) -> bool:
        """Whether a value is a call of a column's function, with what is chained to it."""
        while isinstance(node, Call) and isinstance(node.function, Member) and isinstance(node.function.of, Call):
            node = node.function.of
        named = isinstance(node, Call) and isinstance(node.function, Name)
        return isinstance(node, Call) and named and kind_of(self._function(node), None, self.dialect) is not None

    def _fields_of(self, node: Node) -> Object | None:
        """The columns of a table: an object, or what a function gives back."""
        found = self._expanded(self._resolved(node))
        if isinstance(found, Arrow):
            found = self._expanded(self._resolved(found.body))
        if (
            isinstance(found, Call)
            and isinstance(found.function, Member)
            and _spelled(found.function) == "Object.assign"
        ):
            return Object(tuple(("...", arg) for arg in found.args))
        found = self._resolved(found)
        return found if isinstance(found, Object) else None

    def _creator(self, name: str) -> Arrow | None:
        """The function that makes the names of a table creator."""
        value = self.values.get(name)
        if isinstance(value, Call) and self._function(value) in _CREATORS and value.args:
            self.dialect = self.dialect or _CREATORS[self._function(value)]
            return value.args[0] if isinstance(value.args[0], Arrow) else None
        return None

    def _columns(self, one: _Table) -> None:
        assert one.call is not None  # noqa: S101  every table begins with its call
        columns = self._fields_of(one.call.args[1])
        if columns is None:
            self.draft.lose(one.table.name[-1], "columns that are made when it runs")
            return
        self._fields(one, columns, 0)

    def _fields(self, one: _Table, fields: Object, steps: int) -> None:
        for key, value in fields.fields:
            self.expansions += 1
            node = self._resolved(value)
            if key == "...":
                inner = self._fields_of(value)
                if inner is not None and steps < _STEPS and self.expansions < _MOST_EXPANSIONS:
                    self._fields(one, inner, steps + 1)
                else:
                    self.draft.lose(one.table.name[-1], f"columns from elsewhere: {_spelled(value)}")
                continue
            self._column(one, key, node)

    def _resolved(self, node: Node, steps: int = 0) -> Node:
        if isinstance(node, Name) and node.text in self.values and steps < _STEPS:
            return self._resolved(self.values[node.text], steps + 1)
        return node

    def _is_more(self, node: Node) -> bool:
        """Whether a list has items that are no texts."""
        found = self._resolved(node)
        return isinstance(found, Array) and any(self._string(item) is None for item in found.items)

    # Columns --------------------------------------------------------------------------------------------------------

    def _column(self, one: _Table, key: str, node: Node) -> None:
        """A column: a call of its type's function, with further calls chained to it."""
        chain: list[Call] = []
        base = self._expanded(node)
        while isinstance(base, Call) and isinstance(base.function, Member):
            inner = self._resolved(base.function.of)
            if not isinstance(inner, Call) or self._is_schema(inner):
                break
            chain.insert(0, base)
            base = self._expanded(inner)
        if not isinstance(base, Call):
            self.draft.lose(f"{one.table.name[-1]}.{key}", "a column that is made when it runs")
            return
        args = list(base.args)
        name = self._string(args[0]) if args and not isinstance(args[0], Object | Array) else None
        args = args[1:] if name is not None else args
        column = name or key
        what = f"{one.table.name[-1]}.{column}"
        kind = self._kind(what, base, args)
        one.columns[key] = column
        attribute = Attribute(column, kind, nullable=True, domain=self.named.get(_name(base.function)))
        if self._function(base) in _SERIAL:
            attribute = replace(attribute, nullable=False, identity=Identity())
        for call in chain:
            attribute = self._chained(one, what, attribute, call)
        one.table.attributes.append(attribute)

    def _function(self, base: Call) -> str:
        """The function that is called, by its name in Drizzle."""
        return base.function.name if isinstance(base.function, Member) else self._meant(_name(base.function))

    def _meant(self, name: str) -> str:
        """What a name stands for that another name of a function is given, by an import or a constant."""
        for _ in range(_STEPS):
            value = self.values.get(name)
            if not isinstance(value, Name):
                break
            name = value.text
        return self.renamed.get(name, name)

    def _kind(self, what: str, base: Call, args: list[Node]) -> Type:
        function = base.function
        if (own := _name(function)) in self.enumerations:
            return self.enumerations[own]
        name = self._function(base)
        if name in {"mysqlEnum", "singlestoreEnum"}:
            texts = self._list(args[0]) if args else []
            return Enumeration(tuple(dict.fromkeys(texts))) if texts else Text()
        options = next((found for arg in args if isinstance(found := self._resolved(arg), Object)), None)
        if options:
            fields = tuple((key, self._values(value) if key == "enum" else value) for key, value in options.fields)
            options = Object(fields)
        kind = kind_of(name, options, self.dialect)
        if kind is not None:
            if name == "citext":
                self.draft.lose(what, "case tells none of its texts apart")
            return kind
        if isinstance(function, Call) and _name(function.function) == "native" and function.args:
            return self._native(what, self._string(function.args[0]) or "")
        made = self.values.get(name)
        if isinstance(made, Call) and _name(made.function) == "customType":
            return self._custom(what, name, made)
        self.draft.lose(what, f"the type {name}(…)", "read as its name")
        return Native(name or "unknown")

    def _native(self, what: str, text: str) -> Type:
        found, lost = sql_type(text, self.dialect)
        if lost:
            self.draft.lose(what, lost)
        return Native(text) if isinstance(found, Unknown) and text != "unknown" else found

    def _custom(self, what: str, name: str, made: Call) -> Type:
        """A type of the file's own: what its `dataType` gives, where that is a text."""
        options = made.args[0] if made.args else None
        told = options.get("dataType") if isinstance(options, Object) else None
        said = self._string(told.body) if isinstance(told, Arrow) else None
        return self._native(what, said) if said else Native(name.lower())

    def _values(self, node: Node) -> Node:
        return Array(tuple(Constant(text) for text in self._list(node)))

    def _chained(self, one: _Table, what: str, attribute: Attribute, call: Call) -> Attribute:
        table, name = one.table, attribute.name
        assert isinstance(call.function, Member)  # noqa: S101  so the chain was made
        match call.function.name:
            case "notNull":
                return replace(attribute, nullable=False)
            case "primaryKey":
                before = table.primary.attributes if table.primary else ()
                table.primary = Key((*before, name))
                counted = call.args and isinstance(call.args[0], Object) and call.args[0].get("autoIncrement")
                return replace(attribute, nullable=False, identity=Identity() if counted else attribute.identity)
            case "unique":
                own = (self._string(call.args[0]) or "") if call.args else ""
                options = next((arg for arg in call.args if isinstance(arg, Object)), None)
                nulls = self._string(options.get("nulls")) if options else ""
                table.uniques.append(Key((name,), own, nulls != "not distinct"))
            case "default" if attribute.identity is None:
                return replace(attribute, default=self._default(what, call.args[0]) if call.args else None)
            case "defaultNow":
                return replace(attribute, default="now()")
            case "defaultRandom":
                return replace(attribute, default="gen_random_uuid()")
            case "references":
                one.pointing.append((name, call))
            case "array":
                of = attribute.domain.name if attribute.domain else type_text(attribute.type)
                return replace(attribute, type=Native(f"{of}[]"), domain=None)
            case "autoincrement" | "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity" as word:
                options = call.args[0] if call.args and isinstance(call.args[0], Object) else Object(())
                start, step = (_whole(options.get(name)) for name in ("startWith", "increment"))
                numbers = Identity(word == "generatedAlwaysAsIdentity", 1 if start is None else start, step or 1)
                return replace(attribute, nullable=False, default=None, identity=numbers)
            case "generatedAlwaysAs":
                node = call.args[0] if call.args else None
                node = node.body if isinstance(node, Arrow) else node
                said = self._sql(node, one) if node is not None else None
                told = at_home(said, self.dialect) if said else None
                if told is None:
                    spelled = _spelled(node) if node is not None else ""
                    self.draft.lose(what, f"computed as {spelled}", "read as a plain attribute")
                    return attribute
                options = call.args[1] if len(call.args) > 1 and isinstance(call.args[1], Object) else Object(())
                mode = self._string(options.get("mode")) or ("stored" if self.dialect == "postgresql" else "virtual")
                return replace(attribute, default=None, generated=Generated(told, mode == "stored"))
            case "$defaultFn" | "$default" | "$onUpdate" | "$onUpdateFn" | "onUpdateNow":
                self.draft.lose(what, "a value that the program makes", "read without")
            case "$type" | "op" | "existing":
                pass
            case other:
                self.draft.lose(what, f".{other}(…)", "read without")
        return attribute

    def _default(self, what: str, node: Node) -> str | None:
        node = self._resolved(node)
        match node:
            case Constant(value=bool() as value):
                return "true" if value else "false"
            case Constant(value=None):
                return None
            case Constant(value=int() | float(), text=text):
                return text
            case Constant(value=str() as text):
                return literal(text)
            case Template(tag="sql", text=text):
                said = escapes(text).strip()
                bare = re.sub(r"\A\((.*)\)\Z", r"\1", said, flags=re.DOTALL)
                if NOW.fullmatch(bare) or NOW.fullmatch(said):
                    return "now()"
                told = None if "${" in text or re.search(r"(?i)\bnextval\b", said) else at_home(said, self.dialect)
                if told is not None:
                    return None if told.upper() == "NULL" else told
            case Object() | Array():
                found = _plain(node)
                if found is not _NOT_PLAIN:
                    return literal(json.dumps(found, ensure_ascii=False))
            case _:
                pass
        self.draft.lose(what, f"the default {_spelled(node)}", "read without")
        return None

    def _reference(self, one: _Table, name: str, call: Call) -> None:
        target = call.args[0] if call.args else None
        body = target.body if isinstance(target, Arrow) else None
        if not isinstance(body, Member):
            self.draft.lose(f"{one.table.name[-1]}: the foreign key ({name})", "a target made when it runs")
            return
        table, column = self._there(body)
        options = call.args[1] if len(call.args) > 1 and isinstance(call.args[1], Object) else None
        on_delete = self._string(options.get("onDelete")) if options else None
        on_update = self._string(options.get("onUpdate")) if options else None
        one.table.references.append(Reference((name,), table, (column,), on_delete or "", on_update or ""))

    def _there(self, node: Member) -> tuple[tuple[str, ...], str]:
        """The table and column that `table.key` means."""
        owner = _spelled(node.of)
        found = self.tables.get(owner)
        if found is None:
            return (owner or "?",), node.name
        return found.table.name, found.columns.get(node.name, node.name)

    @staticmethod
    def _merge(table: Table) -> None:
        """Take a reference that a column says and foreignKey(…) says again by the name that it has anyway for one."""
        for named in [one for one in table.references if one.name]:
            usual = "_".join((table.name[-1], *named.attributes, named.table[-1], *named.referenced, "fk"))
            twin = replace(named, name="")
            if named.name == usual and twin in table.references:
                table.references.remove(twin)

    # Rules ----------------------------------------------------------------------------------------------------------

    def _rules(self, one: _Table) -> None:
        assert one.call is not None  # noqa: S101  every table begins with its call
        for extra in one.call.args[2:]:
            node = extra.body if isinstance(extra, Arrow) else extra
            items: tuple[Node, ...] = ()
            if isinstance(node, Array):
                items = node.items
            elif isinstance(node, Object):
                items = tuple(value for _, value in node.fields)
            for item in items:
                self._rule(one, item)

    def _rule(self, one: _Table, node: Node) -> None:
        chain: dict[str, Call] = {}
        base = node
        while isinstance(base, Call) and isinstance(base.function, Member):
            chain[base.function.name] = base
            base = base.function.of
        if not isinstance(base, Call):
            return
        table, what = one.table, one.table.name[-1]
        name = (self._string(base.args[0]) or "") if base.args else ""
        name = said_name(name)
        match self._function(base):
            case "primaryKey":
                table.primary = Key(*self._key(one, base))
            case "unique" if "on" in chain:
                distinct = "nullsNotDistinct" not in chain
                table.uniques.append(Key(self._own(one, chain["on"].args), name, distinct))
            case "index" | "uniqueIndex" as kind:
                self._index(one, kind, name, chain)
            case "foreignKey":
                self._foreign_key(one, base, chain)
            case "check" if len(base.args) > 1:
                said = self._sql(base.args[1], one)
                told = at_home(said, self.dialect) if said is not None else None
                if told is None:
                    self.draft.lose(what, f"the check {_spelled(base.args[1])}")
                else:
                    table.checks.append(Check(told, name))
            case kind:
                self.draft.lose(what, f"{kind}(…)")

    def _key(self, one: _Table, base: Call) -> tuple[tuple[str, ...], str]:
        options = base.args[0] if base.args else None
        if isinstance(options, Object):
            columns = options.get("columns")
            items = columns.items if isinstance(columns, Array) else ()
            return self._own(one, items), self._string(options.get("name")) or ""
        return self._own(one, base.args), ""

    def _own(self, one: _Table, nodes: tuple[Node, ...]) -> tuple[str, ...]:
        """The columns that `t.key` name; what is no column is named by its place."""
        found = []
        for node in nodes:
            base = node
            while isinstance(base, Call) and isinstance(base.function, Member):  # t.key.asc()
                base = base.function.of
            found.append(one.columns.get(base.name, base.name) if isinstance(base, Member) else "?")
        return tuple(found)

    def _index(self, one: _Table, kind: str, name: str, chain: dict[str, Call]) -> None:
        what = f"{one.table.name[-1]}: the index {name}".rstrip()
        on = chain.get("on") or chain.get("onOnly") or chain.get("using")
        if on is None:
            self.draft.lose(what, "no columns in it")
            return
        using = chain.get("using")
        nodes = on.args[1:] if on is using else on.args
        parts = [self._part(one, node) for node in nodes]
        if not parts or not all(parts):
            self.draft.lose(what, f"over {', '.join(map(_spelled, nodes))}")
            return
        method = ((self._string(using.args[0]) or "") if using and using.args else "").lower()
        where = ""
        if "where" in chain and chain["where"].args:
            said = self._sql(chain["where"].args[0], one)
            told = at_home(said, self.dialect) if said is not None else None
            if told is None:
                fate = "not read" if kind == "uniqueIndex" else "read for all rows"
                self.draft.lose(what, f"where {_spelled(chain['where'].args[0])}", fate)
                if kind == "uniqueIndex":
                    return
            where = told or ""
        on_parts = tuple(filter(None, parts))
        method = "" if method == "btree" else method
        one.table.indexes.append(Index(on_parts, kind == "uniqueIndex", where, name, method))

    def _part(self, one: _Table, node: Node) -> Part | None:
        """What an index is on: `t.key` with calls of its order chained to it, or sql`…`; None for anything else."""
        if isinstance(node, Call):
            if isinstance(node.function, Name) and self._function(node) in {"desc", "asc"} and node.args:  # desc(t.key)
                found = self._part(one, node.args[0])
                return found and replace(found, descending=self._function(node) == "desc")
            inner = self._part(one, node.function.of) if isinstance(node.function, Member) else None
            if inner is None or not isinstance(node.function, Member):
                return None
            match node.function.name:
                case "desc":  # in Drizzle, unknown values stand last unless it is said otherwise
                    return replace(inner, descending=True, nulls=inner.nulls or "last")
                case "nullsFirst":
                    return replace(inner, nulls="" if inner.descending else "first")
                case "nullsLast":
                    return replace(inner, nulls="last" if inner.descending else "")
                case "op" if node.args:
                    return replace(inner, operators=self._string(node.args[0]) or "")
                case _:
                    return inner
        if isinstance(node, Member):
            column = one.columns.get(node.name)
            return Part(column) if column else None
        said = self._sql(node, one)
        return part_read(said, self.dialect) if said else None

    def _foreign_key(self, one: _Table, base: Call, chain: dict[str, Call]) -> None:
        options = base.args[0] if base.args else None
        columns = options.get("columns") if isinstance(options, Object) else None
        others = options.get("foreignColumns") if isinstance(options, Object) else None
        if not isinstance(columns, Array) or not isinstance(others, Array) or not isinstance(options, Object):
            self.draft.lose(one.table.name[-1], "a foreign key that is made when it runs")
            return
        targets = [self._there(item) if isinstance(item, Member) else (("?",), "?") for item in others.items]
        own = set(one.columns.values())
        table = targets[0][0] if targets else ("?",)
        first = others.items[0] if others.items else None
        itself = isinstance(first, Member) and _name(first.of) not in self.tables  # t.key
        if itself and isinstance(first, Member) and one.columns.get(first.name) in own:
            table = one.table.name
            targets = [(table, one.columns.get(i.name, i.name)) for i in others.items if isinstance(i, Member)]
        actions = {
            when: (self._string(chain[when].args[0]) or "") if when in chain and chain[when].args else ""
            for when in ("onDelete", "onUpdate")
        }
        one.table.references.append(
            Reference(
                self._own(one, columns.items),
                table,
                tuple(column for _, column in targets),
                actions["onDelete"],
                actions["onUpdate"],
                self._string(options.get("name")) or "",
            )
        )

    # Values ---------------------------------------------------------------------------------------------------------

    def _string(self, node: Node | None) -> str | None:
        found = self._resolved(node) if node is not None else None
        match found:
            case Constant(value=str() as text):
                return text
            case Template(tag="", text=text) if "${" not in text:
                return escapes(text)
            case _:
                return None

    def _list(self, node: Node, steps: int = 0) -> list[str]:
        """The texts of an array, or of an object's values."""
        found = self._resolved(node)
        called = found.function.name if isinstance(found, Call) and isinstance(found.function, Member) else ""
        if isinstance(found, Call) and called in {"values", "keys"} and found.args and steps < _STEPS:
            inner = self._resolved(found.args[0])
            if isinstance(inner, Object):
                keys = [key for key, _ in inner.fields]
                return keys if called == "keys" else self._list(inner, steps + 1)
        if isinstance(found, Array):
            return [text for item in found.items if (text := self._string(item)) is not None]
        if isinstance(found, Object):
            return [text for _, item in found.fields if (text := self._string(item)) is not None]
        return []

    def _sql(self, node: Node, here: _Table) -> str | None:
        """The SQL in sql`…`, columns put in for `${t.key}`; None where something else stands in it."""
        if not isinstance(node, Template) or node.tag != "sql":
            return None
        pieces = re.split(r"\$\{\s*([\w$.]+\.[\w$]+|[\w$.]+\[\"(?:[^\"\\]|\\.)*\"\])\s*\}", node.text)
        if any("${" in text for text in pieces[::2]):
            return None
        said = [self._spelled_column(text, here) if at % 2 else escapes(text) for at, text in enumerate(pieces)]
        return "".join(said)

    def _spelled_column(self, text: str, here: _Table) -> str:
        """The column that `t.key` means, as SQL has it: `t` is a table of the file, else the one here."""
        found = re.fullmatch(r"(.*?)(?:\.([\w$]+)|\[\"(.*)\"\])", text, re.DOTALL)
        assert found is not None  # noqa: S101  so it was split
        key = found[2] or escapes(found[3])
        names = self.tables[found[1]].columns if found[1] in self.tables else here.columns
        known = names.get(key, key)
        return f"`{known.replace('`', '``')}`" if self.dialect == "mysql" else '"' + known.replace('"', '""') + '"'


def _whole(node: Node | None) -> int | None:
    """The whole number that a node is, by itself or as a text."""
    value = node.value if isinstance(node, Constant) else None
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(node: Array) -> list[str]:
    return [item.value for item in node.items if isinstance(item, Constant) and isinstance(item.value, str)]


_NOT_PLAIN = object()


def _plain(node: Node) -> object:
    """Objects, arrays and constants as JSON has them; `_NOT_PLAIN` for anything else."""
    match node:
        case Constant(value=value):
            return value
        case Array(items):
            listed = [_plain(item) for item in items]
            return _NOT_PLAIN if _NOT_PLAIN in listed else listed
        case Object(fields):
            held = {key: _plain(value) for key, value in fields}
            return _NOT_PLAIN if _NOT_PLAIN in held.values() or "..." in held else held
        case _:
            return _NOT_PLAIN


def _name(node: Node) -> str:
    return node.text if isinstance(node, Name) else ""


def _pattern(made: Arrow, name: str) -> str:
    """The name that a table creator makes of one."""
    if isinstance(made.body, Template) and made.parameters:
        return re.sub(r"\$\{\s*" + re.escape(made.parameters[0]) + r"\s*\}", lambda _: name, made.body.text)
    return name


def _spelled(node: Node) -> str:
    """A value in few words, for losses."""
    match node:
        case Constant(value=value, text=text):
            return text or repr(value)
        case Name(text):
            return text
        case Member(of, name):
            return f"{_spelled(of)}.{name}"
        case Call(function, args):
            return f"{_spelled(function)}({', '.join(map(_spelled, args))})"[:80]
        case Template(tag, text):
            return f"{tag}`{text}`"[:80]
        case Object(fields):
            return "{}" if not fields else "{…}"
        case Array(items):
            return "[]" if not items else "[…]"
        case _:
            return "…"
