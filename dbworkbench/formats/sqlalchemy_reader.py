"""SQLAlchemy models and tables in a Python file, read from its syntax tree: declarative, Flask's, SQLModel's, Table(…)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.expressions import constant, literal, part_read
from dbworkbench.formats.names import said_name
from dbworkbench.formats.python import (
    UNSEEN,
    Call,
    Module,
    assignments,
    call_of,
    module_of,
    name_of,
    spelled,
    statements,
)
from dbworkbench.formats.source import Source
from dbworkbench.formats.sqlalchemy_types import ANNOTATIONS, typed
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Check, Exclusion, Generated, Identity, Index, Key
from dbworkbench.schema.rules import Deferrable
from dbworkbench.schema.types import Boolean, Enumeration, Integer, Json, Native, Text, Type, Unknown, type_text
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.expression import at_home

__all__ = ["read_models"]

_COLUMNS = frozenset({"Column", "mapped_column", "MappedColumn"})
_BASES = frozenset({"Base", "DeclarativeBase", "Model", "SQLModel", "MappedAsDataclass", "DeclarativeBaseNoMeta"})
_ROOTS = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
"""What stands on one of these is what tables stand on, and is no table."""
_UNSAID: Type = Unknown()


def read_models(source: Source) -> Read:
    """The schema of the models in a Python file. Raises NotationError where it is no Python."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Column:
    """A column under way: its name in the database, what it is, and where it refers to."""

    attribute: Attribute
    primary: bool = False
    unique: bool = False
    index: bool = False
    counts: bool | None = None  # whether it says that the engine numbers it
    references: list[Reference] = field(default_factory=list)
    targets: list[ast.expr] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


@dataclass(slots=True)
class _Mapped:
    """A class under way: its table, and the columns that its attributes stand for."""

    table: Table
    columns: dict[str, _Column] = field(default_factory=dict)
    args: list[ast.expr] = field(default_factory=list)
    line: int = 0


class _Reader:
    def __init__(self, source: Source) -> None:
        self.module: Module = module_of(source.text, source.name, tuple(line for line, _ in source.files))
        self.dialect = source.dialect or "postgresql"
        self.draft = Draft(infers=True)
        self.mapped: dict[str, _Mapped] = {}
        self.tables: dict[str, _Mapped] = {}
        self.annotations = self._annotation_map()
        self.met: set[tuple[int, int]] = set()
        """Where the calls stand that tables and columns were read from."""

    def _annotation_map(self) -> dict[str, ast.expr]:
        """The types that `type_annotation_map` gives to annotations, by what is said there."""
        said = [dict(assignments(node.body)).get("type_annotation_map") for node in self.module.classes.values()]
        said += [
            keyword.value
            for call in self.module.calls
            for keyword in call.keywords
            if keyword.arg == "type_annotation_map"
        ]
        found = (self.module.inlined(one) for one in said if one is not None)
        pairs = (pair for one in found if isinstance(one, ast.Dict) for pair in zip(one.keys, one.values, strict=True))
        return {_word(key): value for key, value in pairs if key is not None}

    def read(self) -> Read:
        for name, value in assignments(self.module.tree.body):
            call = call_of(self.module.inlined(value))
            if call and call.name == "Table" and self._first_text(call):
                own = name if name not in self.tables else f"#{len(self.tables)}"
                self.tables[own] = self._table_call(call)
        for made in self._made_within():
            call = call_of(made)
            if call and call.name == "Table" and self._first_text(call):
                self.tables[f"#{len(self.tables)}"] = self._table_call(call)
        for name, node in self.module.classes.items():
            self._class(name, node)
        for name in self._inherited():
            self._add_to_parent(name)
        self._added_later()
        self._elsewhere()
        distinct = {id(one): one for one in [*self.tables.values(), *self.mapped.values()]}
        for one in sorted(distinct.values(), key=lambda one: one.line):
            self._finish(one)
        return self.draft.read()

    def _made_within(self) -> Iterator[ast.expr]:
        """Calls that stand by themselves, and what functions assign or call: tables are made there, too."""
        for node in self.module.tree.body:
            match node:
                case ast.Expr(value=value):
                    yield value
                case ast.FunctionDef(body=body):
                    yield from (one.value for one in body if isinstance(one, ast.Expr | ast.Assign))

    def _added_later(self) -> None:
        """Columns that statements after a class give it: User.name = Column(…)."""
        for node in self.module.tree.body:
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=value):
                    one = self.mapped.get(owner)
                    column = self._attribute(one.table.name[-1], name, None, value) if one else None
                    if one and column:
                        one.columns[name] = column
                case _:
                    pass

    def _elsewhere(self) -> None:
        """Tables that stand anywhere else in the file; what makes them and their columns only when it runs is reported."""
        for place, why in self.module.left_out(empty=not self.mapped and not self.tables):
            self.draft.lose(place, why, "the file is not read")
        nodes = self.module.calls
        calls = [call for node in nodes if name_of(node.func) in {"Table", *_COLUMNS} and (call := call_of(node))]
        for call in calls:
            if call.name == "Table" and _place(call.node) not in self.met and self._has_columns(call):
                if self._first_text(call):
                    self.tables[f"#{len(self.tables)}"] = self._table_call(call)
                else:
                    self.draft.lose(f"line {call.node.lineno}", "a table whose name is made when it runs")
                    self.met.update(_place(inner) for inner in ast.walk(call.node))
        for name in dict.fromkeys(base for base in self.module.classes if base not in self.mapped):
            self.met.update(_place(inner) for inner in ast.walk(self.module.classes[name]))
            keyed = any(self._is_key(value) for _, value in _values(self.module.classes[name]))
            if keyed and not self._is_base(name) and self._mapped_parent(name) is None:
                self.draft.lose(self.module.classes[name].name, "a class with a key that is not known to be a table")
        for replaced in self.module.replaced:
            if any(self._is_key(value) for _, value in _values(replaced)):
                self.draft.lose(replaced.name, f"a class that another of its name replaces, line {replaced.lineno}")
            self.met.update(_place(inner) for inner in ast.walk(replaced))
        for call in calls:
            if call.name in _COLUMNS and _place(call.node) not in self.met and call.owner not in {"op", "batch_op"}:
                self.draft.lose(
                    f"line {call.node.lineno}", f"{spelled(call.node)[:60]}, a column that is made when it runs"
                )

    def _has_columns(self, call: Call) -> bool:
        made = (call_of(self.module.inlined(arg)) for arg in call.args)
        return any(one is not None and one.name in _COLUMNS for one in made)

    def _is_base(self, name: str) -> bool:
        """Whether a class is abstract, or another class stands on it."""
        node = self.module.classes[name]
        abstract = self._truth(dict(assignments(node.body)).get("__abstract__"))
        return abstract or any(name in self.module.bases(other) for other in self.module.classes.values())

    def _first_text(self, call: Call) -> str:
        return self.module.text(call.args[0]) if call.args else self.module.text(call.keywords.get("name"))

    # Classes --------------------------------------------------------------------------------------------------------

    def _class(self, name: str, node: ast.ClassDef) -> None:
        own = dict(assignments(node.body))
        direct = own.get("__table__")
        if direct is not None:
            call = call_of(direct)
            if call and call.name == "Table":
                self.mapped[name] = self._table_call(call)
            elif isinstance(direct, ast.Name) and direct.id in self.tables:
                self.mapped[name] = self.tables[direct.id]
            return
        table = self._table_name(name, node, own)
        if not table:
            return
        one = _Mapped(Table((table,)), line=node.lineno)
        for each in self._line(name):
            self._columns(one, each)
        if not one.columns:
            return
        self.mapped[name] = one
        for each in self._line(name):
            args = dict(assignments(each.body)).get("__table_args__") or _returned(each, "__table_args__")
            if args is not None:
                one.args += args.elts if isinstance(args, ast.Tuple | ast.List) else [args]
                break
        for arg in one.args:
            if isinstance(arg, ast.Dict):
                settings = {
                    self.module.text(key): value for key, value in zip(arg.keys, arg.values, strict=True) if key
                }
                one.table.note = self.module.text(settings.get("comment")) or one.table.note
                schema = self.module.text(settings.get("schema"))
                one.table.name = (schema, table) if schema else (table,)

    def _table_name(self, name: str, node: ast.ClassDef, own: dict[str, ast.expr]) -> str:
        if "__tablename__" in own:
            found = self.module.text(own["__tablename__"])
            if not found:
                found = _snake(node.name)
                self.draft.lose(found, "a table whose name is made when it runs", "named after its class")
            return found
        if self._truth(own.get("__abstract__")) or any(name_of(base) in _ROOTS for base in node.bases):
            return ""
        made = _returned(node, "__tablename__")
        if made is not None and not own:
            return ""
        told = self.module.is_a(name, {"SQLModel"}) or any(base == "SQLModel" for base in self.module.bases(node))
        if told:
            is_table = any(k.arg == "table" and self._truth(k.value) for k in node.keywords)
            return node.name.lower() if is_table else ""
        parents = [base for base in self.module.bases(node) if base in self.mapped]
        if parents and not (self._makes_names(name) and self._keyed(node)):
            return ""  # a class of the same table
        flask = any(name_of(base) == "Model" for base in node.bases) or self._makes_names(name)
        keyed = any(map(self._keyed, self._line(name)))
        based = flask or self.module.is_a(name, set(_BASES))
        return self._made_name(name, node) if based and keyed else ""

    def _makes_names(self, name: str) -> bool:
        return any(_returned(each, "__tablename__") is not None for each in self._all_of(name))

    def _all_of(self, name: str) -> Iterator[ast.ClassDef]:
        """A class and all that it stands on in this file."""
        return (self.module.classes[one] for one in self.module.line(name) if one in self.module.classes)

    def _made_name(self, name: str, node: ast.ClassDef) -> str:
        """The name that a class's table is given: by a function of the class or of what it stands on, else as Flask does it."""
        made = next(
            (said for each in self._all_of(name) if (said := _returned(each, "__tablename__")) is not None), None
        )
        found = _snake(node.name) if made is None else self._named_after(made, node.name)
        if not found:
            found = _snake(node.name)
            self.draft.lose(found, "a table whose name is made when it runs", "named after its class")
        return found

    def _named_after(self, made: ast.expr, name: str) -> str:
        """What an expression makes of the name of a class; "" for what is beyond that."""
        match made:
            case ast.Attribute(attr="__name__"):
                return name
            case ast.Call(func=ast.Attribute(value=inner, attr="lower" | "upper" as case), args=[]):
                said = self._named_after(inner, name)
                return said.lower() if case == "lower" else said.upper()
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self._named_after(left, name), self._named_after(right, name)
                return one + other if one and other else ""
            case ast.JoinedStr(values=parts):
                made_of = [self._named_after(part, name) for part in parts]
                return "".join(made_of) if all(made_of) else ""
            case ast.FormattedValue(value=inner, format_spec=None):
                return self._named_after(inner, name)
            case _:
                return self.module.text(made)

    def _keyed(self, node: ast.ClassDef) -> bool:
        """Whether a class has a column of a primary key: one that says so, or whose annotation brings one along."""
        for _, annotation, value in _attributes(node):
            mapped = isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped"
            base = self._annotated(annotation.slice)[2] if mapped and isinstance(annotation, ast.Subscript) else None
            if self._is_key(value) or (base is not None and self._truth(base.keywords.get("primary_key"))):
                return True
        return False

    def _is_key(self, node: ast.expr | None) -> bool:
        call = call_of(self.module.inlined(node))
        return bool(call and call.name in _COLUMNS and self._truth(call.keywords.get("primary_key")))

    def _truth(self, node: ast.expr | None) -> bool:
        return self.module.value(node) is True

    def _line(self, name: str) -> Iterator[ast.ClassDef]:
        """A class and the classes that it stands on, as far as this file has them and they have no table of their own."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one in seen or one not in self.module.classes:
                continue
            seen.add(one)
            yield self.module.classes[one]
            waiting += [
                base for base in reversed(self.module.bases(self.module.classes[one])) if base not in self.mapped
            ]

    def _columns(self, one: _Mapped, node: ast.ClassDef) -> None:
        """The columns of a class; those of a base stand behind unless they are there already."""
        own: set[str] = set()
        for name, annotation, value in _attributes(node):
            if name in one.columns and name not in own:
                continue
            column = self._attribute(one.table.name[-1], name, annotation, value)
            if column and name in own:
                self.draft.lose(f"{one.table.name[-1]}.{name}", "a second column of this name", "the last one is read")
            if column:
                one.columns[name] = column
                own.add(name)
        for name in _undecided(node):
            if name not in one.columns:
                self.draft.lose(f"{one.table.name[-1]}.{name}", "a column that is made when it runs")

    def _inherited(self) -> list[str]:
        return [
            name
            for name, node in self.module.classes.items()
            if name not in self.mapped and any(self._mapped_parent(base) for base in self.module.bases(node))
        ]

    def _mapped_parent(self, base: str) -> _Mapped | None:
        return next((self.mapped[one] for one in self.module.line(base) if one in self.mapped), None)

    def _add_to_parent(self, name: str) -> None:
        """The columns of a class without a table of its own, in the table of the class it stands on."""
        node = self.module.classes[name]
        parent = next((found for base in self.module.bases(node) if (found := self._mapped_parent(base))), None)
        if parent is None:
            return
        for own, annotation, value in _attributes(node):
            column = self._attribute(parent.table.name[-1], own, annotation, value)
            if column and own not in parent.columns:
                column.attribute = replace(column.attribute, nullable=True)
                parent.columns[own] = column

    def _attribute(self, table: str, name: str, annotation: ast.expr | None, value: ast.expr | None) -> _Column | None:
        value = self.module.inlined(value)
        call = call_of(value)
        if call and call.name in _COLUMNS:
            return self._column(table, name, call, annotation)
        if call and call.name == "Field":
            return self._field(table, name, call, annotation)
        if call and call.name in {"deferred", "column_property"} and call.args and call_of(call.args[0]):
            return self._attribute(table, name, annotation, call.args[0])
        if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped" and call is None:
            inner = annotation.slice
            if _is_relationship(inner, self.module):
                return None
            kind, nullable, base = self._annotated(inner)
            if base is not None:
                return self._column(table, name, base, annotation)
            if kind is None:
                self.draft.lose(f"{table}.{name}", f"the type {spelled(inner)}", "read without")
            return self._named_values(_Column(Attribute(name, kind or _UNSAID, nullable)), inner)
        return None

    # Columns --------------------------------------------------------------------------------------------------------

    def _column(self, table: str, name: str, call: Call, annotation: ast.expr | None) -> _Column:
        args = list(call.args)
        self.met.add(_place(call.node))
        if args and isinstance(self.module.value(args[0]), str) and not call_of(args[0]):
            name = self.module.text(args.pop(0))
        name = self.module.text(call.keywords.get("name")) or name
        what = f"{table}.{name}"
        kind: Type = _UNSAID
        nullable = True
        if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped":
            found, nullable, base = self._annotated(annotation.slice)
            kind = found or _UNSAID
            if base is not None and base.node is not call.node:
                args += base.args
                call = Call(call.name, call.owner, call.args, {**base.keywords, **call.keywords}, call.node)
        column = _Column(Attribute(name, kind))
        typed_here = call.keywords.get("type_")
        for arg in [*args, *([typed_here] if typed_here else [])]:
            self._argument(column, what, arg)
        if any(word.arg is None for word in call.node.keywords):
            self.draft.lose(what, "settings that are made when it runs", "read without")
        inside = annotation.slice if isinstance(annotation, ast.Subscript) else None
        self._named_values(column, *args, *([typed_here] if typed_here else []), *([inside] if inside else []))
        self._ruled(column, call)
        said = self.module.value(call.keywords.get("nullable"))
        nullable = said if isinstance(said, bool) else nullable
        default = call.keywords.get("server_default")
        counts = self.module.value(call.keywords.get("autoincrement"))
        column.counts = counts if isinstance(counts, bool) else None
        identity = column.attribute.identity
        generated = column.attribute.generated
        if default and (identity or generated):
            self.draft.lose(what, "a default beside what fills it", "read without")
            default = None
        column.attribute = replace(
            column.attribute,
            nullable=nullable and not column.primary and identity is None,
            default=_truth_value(self._default(what, default) if default else None, column.attribute.type),
            note=self.module.text(call.keywords.get("comment")),
        )
        if default is None and any(key in call.keywords for key in ("default", "insert_default", "default_factory")):
            self.draft.lose(what, "a default that Python makes", "read without")
        if "onupdate" in call.keywords or "server_onupdate" in call.keywords:
            self.draft.lose(what, "a value that each change gives it", "read without")
        return column

    def _argument(self, column: _Column, what: str, arg: ast.expr) -> None:
        """What stands in a column's call by its place: its type, where it refers to, what fills it, what is asked of it."""
        inner = call_of(arg)
        match inner.name if inner else "":
            case "ForeignKey" if inner:
                self._foreign_key(column, column.attribute.name, inner)
            case "CheckConstraint" if inner:
                self._check(column.checks, what, inner)
            case "Computed" if inner:
                column.attribute = replace(column.attribute, generated=self._computed(what, inner))
            case "Identity" | "Sequence" if inner:
                column.attribute = replace(column.attribute, identity=self._identity(inner))
            case "FetchedValue" | "DefaultClause":
                self.draft.lose(what, "a default that the database makes", "read without")
            case _ if name_of(arg) == UNSEEN:
                self.draft.lose(what, "a type that is made when it runs", "read without")
            case _:
                found_type = self._type(arg)
                column.attribute = replace(
                    column.attribute,
                    type=found_type or column.attribute.type,
                    collation=self.module.text(inner.keywords.get("collation")) if inner and found_type else "",
                )

    def _ruled(self, column: _Column, call: Call) -> None:
        """Whether a column is a key or has an index of its own."""
        column.primary = self._truth(call.keywords.get("primary_key"))
        column.unique = self._truth(call.keywords.get("unique"))
        column.index = self._truth(call.keywords.get("index"))

    def _computed(self, what: str, call: Call) -> Generated | None:
        said = self.module.text(call.args[0] if call.args else call.keywords.get("sqltext")).replace("\\:", ":")
        told = at_home(said, self.dialect) if said else None
        if told is None:
            self.draft.lose(what, f"computed as {said or '?'}", "read as a plain attribute")
            return None
        kept = self.module.value(call.keywords.get("persisted"))
        return Generated(told, kept if isinstance(kept, bool) else self.dialect == "postgresql")

    def _identity(self, call: Call) -> Identity:
        given = {key: self.module.value(value) for key, value in call.keywords.items()}
        start, increment = given.get("start"), given.get("increment")
        return Identity(
            given.get("always") is True,
            start if isinstance(start, int) else 1,
            increment if isinstance(increment, int) and increment else 1,
        )

    def _field(self, table: str, name: str, call: Call, annotation: ast.expr | None) -> _Column | None:
        """A field of SQLModel."""
        own = call_of(call.keywords.get("sa_column"))
        if own:
            return self._column(table, name, own, None)
        kind, nullable, _ = self._annotated(annotation) if annotation is not None else (None, True, None)
        length = self.module.value(call.keywords.get("max_length"))
        if isinstance(kind, Text) and isinstance(length, int):
            kind = Text(length)
        kind = self._type(call.keywords["sa_type"]) if "sa_type" in call.keywords else kind
        column = _Column(Attribute(name, kind or _UNSAID, nullable))
        self._named_values(column, *filter(None, (call.keywords.get("sa_type"), annotation)))
        self._ruled(column, call)
        target = call.keywords.get("foreign_key")
        if target is not None:
            *owner, there = self.module.text(target).split(".")
            action = self.module.text(call.keywords.get("ondelete")).casefold()
            column.references.append(Reference((name,), tuple(owner) or (there,), (there,), action))
        return column

    def _named_values(self, column: _Column, *nodes: ast.expr) -> _Column:
        """The column, its enumeration by the name that one of the expressions of its type gives it."""
        kind = column.attribute.type
        name = next((said for node in nodes if (said := self._enumeration_name(node))), "")
        if name and isinstance(kind, Enumeration) and kind.values:
            domain = self.draft.enumeration(name, kind.values)
            column.attribute = replace(column.attribute, domain=domain)
        return column

    def _enumeration_name(self, node: ast.expr, steps: int = 0) -> str:
        """The name that an enumeration has in the database: it is said, or that of the class of its values."""
        if steps > 20:
            return ""
        call = call_of(node)
        match node:
            case ast.Constant(value=str() as text) if (meant := _expression(text)) is not None:
                return self._enumeration_name(meant, steps + 1)
            case ast.Name() if self.module.members(node.id):
                return node.id.lower()
            case ast.Name() if (meant := self.module.meant(node)) is not None:
                return self._enumeration_name(meant, steps + 1)
            case ast.BinOp(left=left, right=right):
                return self._enumeration_name(left, steps + 1) or self._enumeration_name(right, steps + 1)
            case ast.Subscript(value=value, slice=inner) if name_of(value) in {"Optional", "Union", "Annotated"}:
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return next((said for one in parts if (said := self._enumeration_name(one, steps + 1))), "")
            case _ if call and call.name in {"Enum", "ENUM"}:
                if self.module.value(call.keywords.get("native_enum")) is False:
                    return ""
                inside = name_of(call.args[0]) if len(call.args) == 1 else ""
                return self.module.text(call.keywords.get("name")) or (
                    inside.lower() if self.module.members(inside) else ""
                )
            case _:
                return ""

    def _annotated(self, node: ast.expr) -> tuple[Type | None, bool, Call | None]:
        """The type in an annotation, whether it may be null, and the column that an alias brings along."""
        nullable = False
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            expression = _expression(node.value)
            if expression is None:
                return None, False, None
            node = expression
        for _ in range(20):
            mapped = self.annotations.get(_word(node))
            kind = self._type(mapped) if mapped is not None else None
            if kind is not None:
                return kind, nullable, None
            match node:
                case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                    sides = [side for side in (left, right) if not _is_none(side)]
                    nullable = nullable or len(sides) < 2
                    node = sides[0] if sides else left
                case ast.Subscript(value=value, slice=inner) if name_of(value) == "Optional":
                    nullable, node = True, inner
                case ast.Subscript(value=value, slice=ast.Tuple(elts=parts)) if name_of(value) == "Union":
                    sides = [side for side in parts if not _is_none(side)]
                    nullable, node = nullable or len(sides) < len(parts), sides[0] if sides else node
                case ast.Subscript(value=value, slice=ast.Tuple(elts=[first, *rest])) if name_of(value) == "Annotated":
                    base = next((call for one in rest if (call := call_of(one)) and call.name in _COLUMNS), None)
                    kind, inside, _ = self._annotated(first)
                    return kind, nullable or inside, base
                case ast.Subscript(value=value, slice=inner) if name_of(value) == "Literal":
                    values = self.module.value(inner)
                    texts = values if isinstance(values, list) else [values]
                    return Enumeration(tuple(dict.fromkeys(map(str, texts)))), nullable, None
                case ast.Name(id=name) if name in self.module.values and name not in ANNOTATIONS:
                    node = self.module.values[name]
                case _:
                    break
        name = name_of(node)
        if name in self.module.classes:
            values = tuple(member for member, _ in self.module.members(name))
            return (Enumeration(values) if values else None), nullable, None
        return ANNOTATIONS.get(name), nullable, None

    def _type(self, node: ast.expr, steps: int = 0) -> Type | None:
        """The type that an expression means; None where it is no type."""
        call = call_of(node)
        name = call.name if call else name_of(node)
        meant = self.module.meant(node) if isinstance(node, ast.Name) else None
        if meant is not None and steps < 20:
            return self._type(meant, steps + 1)
        if not name or name in {"text", "relationship"}:
            return None
        if name == "Native" and call and call.args and self.module.text(call.args[0]):
            return Native(self.module.text(call.args[0]))
        if name in self.module.classes and steps < 20:
            return self._own_type(name, call, steps)
        args = [self.module.value(arg) for arg in call.args] if call else []
        given = {key: self.module.value(value) for key, value in call.keywords.items()} if call else {}
        if name in {"Enum", "ENUM"} and call:
            return typed(name, values=self._values(call))
        if name in {"ARRAY", "MutableList"} and call and call.args:
            inner = self._type(call.args[0], steps + 1)
            return Native(f"{type_text(inner) if inner else 'text'}[]")
        if name in {"as_mutable", "with_variant"} and call:
            base = call.args[0] if name == "as_mutable" and call.args else getattr(call.node.func, "value", None)
            return self._type(base, steps + 1) if isinstance(base, ast.expr) else Json()
        numbers = [arg for arg in args if isinstance(arg, int) and not isinstance(arg, bool)]
        length, precision, scale = given.get("length"), given.get("precision"), given.get("scale")
        return typed(
            name,
            length if isinstance(length, int) else numbers[0] if numbers else None,
            precision if isinstance(precision, int) else numbers[0] if numbers else None,
            scale if isinstance(scale, int) else numbers[1] if len(numbers) > 1 else None,
            zone=given.get("timezone") is True or (bool(args) and args[0] is True),
        )

    def _own_type(self, name: str, call: Call | None, steps: int) -> Type | None:
        """A type that the file makes: what it is decorated from, or the members of an enumeration."""
        inside = dict(assignments(self.module.classes[name].body))
        if "impl" in inside:
            base = inside["impl"]
            arguments = call.args if call and not isinstance(base, ast.Call) else ()
            made = ast.Call(func=base, args=list(arguments), keywords=[]) if arguments else base
            return self._type(made, steps + 1)
        if self.module.is_a(name, {"Enum", "StrEnum", "IntEnum"}):
            values = tuple(member for member, _ in self.module.members(name))
            return Enumeration(values) if values else Text()
        if self.module.is_a(name, {"JSON", "JSONB"}):
            return Json()
        return Native(name.lower())

    def _values(self, call: Call) -> list[str]:
        """The values of Enum(…): texts, or the members of a class (by name; by value where `values_callable` is given)."""
        if len(call.args) == 1 and (members := self.module.members(name_of(call.args[0]))):
            by_value = "values_callable" in call.keywords
            return [str(value) if by_value and value is not None else member for member, value in members]
        found = [self.module.value(arg) for arg in call.args]
        flat = [item for one in found for item in (one if isinstance(one, list) else [one])]
        return [item for item in flat if isinstance(item, str)]

    # Rules ----------------------------------------------------------------------------------------------------------

    def _foreign_key(self, column: _Column, name: str, call: Call) -> None:
        action = {when: self.module.text(call.keywords.get(when)).casefold() for when in ("ondelete", "onupdate")}
        if not call.args:
            return
        table, there = self._target(call.args[0])
        said = Reference((name,), table, there, action["ondelete"], action["onupdate"])
        said.deferrable, said.match_full = self._deferrable(call), self._match_full(call)
        said.name = self.module.text(call.keywords.get("name"))
        column.references.append(said)
        column.targets.append(call.args[0])

    def _deferrable(self, call: Call) -> Deferrable:
        if not self._truth(call.keywords.get("deferrable")):
            return ""
        return "deferred" if self.module.text(call.keywords.get("initially")).upper() == "DEFERRED" else "immediate"

    def _match_full(self, call: Call) -> bool:
        return self.module.text(call.keywords.get("match")).upper() == "FULL"

    def _key(self, call: Call, names: dict[str, str]) -> Key:
        equal = any(key.endswith("_nulls_not_distinct") and self._truth(value) for key, value in call.keywords.items())
        name = self.module.text(call.keywords.get("name"))
        return Key(self._named(call.args, names), name, not equal, self._deferrable(call))

    def _target(self, node: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The table and column that a foreign key names: "table.column", Class.attribute or table.c.column."""
        text = self.module.text(node)
        if text:
            *path, column = text.split(".")
            return (tuple(path), (column,)) if path else ((column,), ())
        one: _Mapped | None
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                one = self.mapped.get(owner)
                if one:
                    own = one.columns[name].attribute.name if name in one.columns else name
                    return one.table.name, (own,)
                found = self.module.classes.get(owner)
                inside = dict(assignments(found.body)) if found else {}
                return (self.module.text(inside.get("__tablename__")) or _snake(owner),), (name,)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=owner), attr="c"), attr=name):
                one = self.tables.get(owner)
                return (one.table.name if one else (owner,)), (name,)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="c"), slice=part):
                owner = name_of(inner) if not isinstance(inner, ast.Attribute) else name_of(inner.value)
                one = self.tables.get(owner) or self.mapped.get(owner)
                return (one.table.name if one else (owner,)), (self.module.text(part),)
            case ast.Lambda(body=body):
                return self._target(body)
            case _:
                return ("?",), ()

    def _sql(self, node: ast.expr) -> str:
        """The SQL in text(…), a text, or an expression as Python spells it."""
        return self.module.text(node).replace("\\:", ":") or spelled(node)

    def _check(self, checks: list[Check], what: str, call: Call) -> None:
        node = call.args[0] if call.args else call.keywords.get("sqltext")
        said = self.module.text(node).replace("\\:", ":")
        told = at_home(said, self.dialect) if said else None
        if told is None:
            self.draft.lose(what, f"the check {said or (spelled(node) if node else '')}")
        else:
            checks.append(Check(told, self.module.text(call.keywords.get("name"))))

    def _default(self, what: str, node: ast.expr) -> str | None:
        call = call_of(node)
        if call and call.name in {"now", "current_timestamp", "utcnow"}:
            return "now()"
        if call and call.owner == "func" and not call.args:
            return at_home(f"{call.name}()", self.dialect) if call.name != "current_date" else "CURRENT_DATE"
        if call and call.name in {"true", "false"}:
            return call.name
        found = self.module.value(node)
        if call is None and isinstance(found, str):
            return literal(found)
        said = self.module.text(node).replace("\\:", ":")
        if call and said and not re.search(r"(?i)\bnextval\b", said):
            told = at_home(said, self.dialect)
            if told is not None:
                return constant(told)
        if call and call.name == "null":
            return None
        self.draft.lose(what, f"the default {said or spelled(node)}", "read without")
        return None

    def _spread(self, one: _Mapped, call: Call) -> Iterator[ast.expr]:
        """What lists with a star before them hold, where the file says it."""
        for arg in call.node.args:
            if isinstance(arg, ast.Starred):
                meant = self.module.meant(arg.value) if isinstance(arg.value, ast.Name) else arg.value
                if isinstance(meant, ast.List | ast.Tuple):
                    yield from meant.elts
                else:
                    self.draft.lose(one.table.name[-1], f"columns from elsewhere: {spelled(arg)}")

    # Tables ---------------------------------------------------------------------------------------------------------

    def _table_call(self, call: Call) -> _Mapped:
        name = self._first_text(call)
        self.met.add(_place(call.node))
        schema = self.module.text(call.keywords.get("schema"))
        one = _Mapped(Table((schema, name) if schema else (name,)), line=call.node.lineno)
        one.table.note = self.module.text(call.keywords.get("comment"))
        for given in (*call.args[1:], *self._spread(one, call)):
            arg = self.module.inlined(given) or given
            inner = call_of(arg)
            if inner and inner.name in _COLUMNS:
                said = self.module.text(inner.args[0]) if inner.args else ""
                said = said or self.module.text(inner.keywords.get("name"))
                one.columns[said] = self._column(name, said, inner, None)
            elif inner and inner.name != "MetaData":
                one.args.append(arg)
        return one

    def _finish(self, one: _Mapped) -> None:
        table = one.table
        names = {own: column.attribute.name for own, column in one.columns.items()}
        for column in one.columns.values():
            table.attributes.append(column.attribute)
            own = column.attribute.name
            if column.primary:
                table.primary = Key((*(table.primary.attributes if table.primary else ()), own))
            if column.unique:
                table.uniques.append(Key((own,)))
            if column.index and not column.unique:
                table.indexes.append(Index((own,)))
            for reference, target in zip(column.references, column.targets, strict=False):
                reference.table, reference.referenced = self._target(target)
            table.references += column.references
            table.checks += column.checks
        for arg in one.args:
            inner = self._for_one(table, call_of(arg))
            if inner:
                self._rule(table, inner, names)
        self._count(one)
        self.draft.tables.append(table)

    def _for_one(self, table: Table, call: Call | None) -> Call | None:
        """A rule without what says which database it is for; None for one that is for another."""
        while call and call.name == "ddl_if" and isinstance(call.node.func, ast.Attribute):
            dialect = self.module.text(call.keywords.get("dialect") or (call.args[0] if call.args else None))
            inner = call_of(call.node.func.value)
            if dialect and DIALECTS.named(dialect) != self.dialect:
                name = self.module.text(inner.args[0]) if inner and inner.args else ""
                self.draft.lose(
                    f"{table.name[-1]}: {inner.name if inner else '?'} {name}".rstrip(), f"a rule for {dialect} alone"
                )
                return None
            call = inner
        return call

    def _count(self, one: _Mapped) -> None:
        """Let the engine number the primary key where SQLAlchemy has it do so: one whole number that refers to nothing."""
        table = one.table
        alone = table.primary.attributes if table.primary and len(table.primary.attributes) == 1 else ()
        referring = {name for reference in table.references for name in reference.attributes}
        for column in one.columns.values():
            attribute = column.attribute
            whole = isinstance(attribute.type, Integer)
            free = attribute.default is None and attribute.generated is None and attribute.name not in referring
            usual = column.counts is None and (attribute.name,) == alone and free and whole
            if attribute.identity is None and (column.counts is True or usual):
                table.retype(replace(attribute, identity=Identity(), nullable=False, default=None))

    def _rule(self, table: Table, call: Call, names: dict[str, str]) -> None:
        name = self.module.text(call.keywords.get("name"))
        what = table.name[-1]
        match call.name:
            case "UniqueConstraint":
                table.uniques.append(self._key(call, names))
            case "PrimaryKeyConstraint":
                table.primary = self._key(call, names)
            case "CheckConstraint":
                self._check(table.checks, what, call)
            case "ForeignKeyConstraint":
                self._foreign_keys(table, call, names, name)
            case "Index":
                self._index(table, call, names)
            case "ExcludeConstraint":
                self._exclusion(table, call, names)
            case _:
                self.draft.lose(what, f"{call.name}(…)")

    def _named(self, nodes: tuple[ast.expr, ...] | list[ast.expr], names: dict[str, str]) -> tuple[str, ...]:
        found = []
        for node in nodes:
            said = self.module.text(node)
            own = said or (names.get(name_of(node), name_of(node)) if not isinstance(node, ast.Call) else "")
            found.append(own if own in names.values() else names.get(own, own))
        return tuple(found)

    def _index(self, table: Table, call: Call, names: dict[str, str]) -> None:
        name = self.module.text(call.args[0]) if call.args else ""
        nodes = call.args[1:]
        parts = [self._part(node, names) for node in nodes]
        what = f"{table.name[-1]}: the index {name}".rstrip()
        if not all(parts) or not parts:
            self.draft.lose(what, f"over {', '.join(spelled(node) for node in nodes)}")
            return
        wheres = [value for key, value in call.keywords.items() if key.endswith("_where")]
        where: str | None = ""
        if wheres:
            said = self.module.text(wheres[0]).replace("\\:", ":")
            where = at_home(said, self.dialect) if said else None
        unique = self._truth(call.keywords.get("unique"))
        if where is None:
            self.draft.lose(what, f"where {spelled(wheres[0])}", "not read" if unique else "read for all rows")
            if unique:
                return
        rest: dict[str, ast.expr] = {}
        for key, value in call.keywords.items():
            rest.setdefault(key.partition("_")[2], value)
        lengths = self._by_column(rest.get("length"))
        operators = self._by_column(rest.get("ops"))
        on = []
        for part in filter(None, parts):
            length, operator = lengths.get(part.attribute), operators.get(part.attribute)
            cut = length if isinstance(length, int) and length > 0 else part.length
            on.append(replace(part, length=cut, operators=operator if isinstance(operator, str) else part.operators))
        include = self.module.value(rest.get("include"))
        method = self.module.text(rest.get("using")) or self.module.text(rest.get("prefix"))
        found = Index(
            tuple(on),
            unique=unique,
            where=where or "",
            name=said_name(name),
            method=method.lower() if method.lower() != "btree" else "",
            include=tuple(str(names.get(str(one), one)) for one in include) if isinstance(include, list) else (),
            nulls_distinct=not self._truth(rest.get("nulls_not_distinct")),
        )
        table.indexes.append(found)

    def _by_column(self, node: ast.expr | None) -> dict[str, object]:
        """The values of a dictionary by the names that are its keys."""
        if not isinstance(node, ast.Dict):
            return {}
        pairs = zip(node.keys, node.values, strict=True)
        return {self.module.text(key): self.module.value(value) for key, value in pairs if key is not None}

    def _part(self, node: ast.expr, names: dict[str, str]) -> Part | None:
        """What an index is on: a column, a call of its order, a function of SQL, or text in SQL; None for anything else."""
        call = call_of(node)
        if call is None:
            (own,) = self._named((node,), names)
            return Part(own) if own in names.values() else None
        if call.name in {"text", "literal_column"}:
            return part_read(self.module.text(node).replace("\\:", ":"), self.dialect)
        if call.name in {"desc", "asc", "nulls_first", "nulls_last", "nullsfirst", "nullslast"}:
            inner = call.args[0] if call.args else getattr(call.node.func, "value", None)
            found = self._part(inner, names) if isinstance(inner, ast.expr) else None
            if found is None or call.name in {"asc", "desc"}:
                return found and replace(found, descending=call.name == "desc")
            return replace(found, nulls="first" if "first" in call.name else "last")
        if call.owner == "func" and call.args:
            inside = [self._part(one, names) for one in call.args]
            if all(one and one == Part(one.attribute or "?") for one in inside):
                said = ", ".join(DIALECTS["duckdb"].quoted(one.attribute) for one in inside if one)
                return Part(expression=f"{call.name}({said})")
        return None

    def _exclusion(self, table: Table, call: Call, names: dict[str, str]) -> None:
        pairs = [arg.elts for arg in call.args if isinstance(arg, ast.Tuple) and len(arg.elts) == 2]
        parts = [self._part(pair[0], names) or self._column_part(pair[0], names) for pair in pairs]
        operators = tuple(self.module.text(pair[1]) for pair in pairs)
        said = call.keywords.get("where")
        where = at_home(self.module.text(said).replace("\\:", ":"), self.dialect) if said else ""
        if not parts or not all(parts) or not all(operators) or where is None:
            self.draft.lose(table.name[-1], "an exclusion constraint")
            return
        name = self.module.text(call.keywords.get("name"))
        method = self.module.text(call.keywords.get("using"))
        on = tuple(filter(None, parts))
        table.exclusions.append(Exclusion(on, operators, method, where, name, self._deferrable(call)))

    def _column_part(self, node: ast.expr, names: dict[str, str]) -> Part | None:
        """The column that `column("name")` means."""
        call = call_of(node)
        own = self.module.text(call.args[0]) if call and call.name in {"column", "Column"} and call.args else ""
        return Part(names.get(own, own)) if own else None

    def _foreign_keys(self, table: Table, call: Call, names: dict[str, str], name: str) -> None:
        given = [*call.args, call.keywords.get("columns"), call.keywords.get("refcolumns")]
        lists = [one.elts for one in given if isinstance(one, ast.List | ast.Tuple)]
        if len(lists) != 2:
            self.draft.lose(table.name[-1], "a foreign key that is made when it runs")
            return
        targets = [self._target(node) for node in lists[1]]
        here = self._named(lists[0], names)
        there = tuple(column for _, columns in targets for column in columns)
        action = {when: self.module.text(call.keywords.get(when)).casefold() for when in ("ondelete", "onupdate")}
        table.references.append(
            Reference(
                here,
                targets[0][0] if targets else ("?",),
                there,
                action["ondelete"],
                action["onupdate"],
                name,
                self._deferrable(call),
                self._match_full(call),
            )
        )


def _attributes(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """The attributes of a class: name, annotation and value; those that a decorated function returns, too."""
    for one in statements(node.body):
        match one:
            case ast.Assign():
                yield from ((name, None, value) for name, value in assignments([one]))
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                yield name, annotation, value
            case ast.FunctionDef(name=name, decorator_list=decorators) if any(
                name_of(decorator) in {"declared_attr", "directive"} for decorator in decorators
            ):
                value = _returned(node, name)
                if value is not None and not name.startswith("__"):
                    yield name, None, value


def _word(node: ast.expr) -> str:
    """What an annotation is looked up by: a name without its module, else all that is said."""
    return spelled(node) if isinstance(node, ast.Subscript) else name_of(node) or spelled(node)


def _undecided(node: ast.ClassDef) -> Iterator[str]:
    """The attributes that decorated functions of a class make, where what they return is decided when it runs."""
    for one in node.body:
        match one:
            case ast.FunctionDef(name=name, decorator_list=decorators) if any(
                name_of(decorator) == "declared_attr" for decorator in decorators
            ):
                given = [inner.value for inner in ast.walk(one) if isinstance(inner, ast.Return)]
                if _returned(node, name) is None and any(value and name_of(value) in _COLUMNS for value in given):
                    yield name


def _place(node: ast.AST | None) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _values(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    yield from ((name, value) for name, _, value in _attributes(node))


def _returned(node: ast.ClassDef, name: str) -> ast.expr | None:
    """What a function of a class returns, where it does just that."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == name:
            for inner in one.body:
                if isinstance(inner, ast.Return):
                    return inner.value
    return None


def _truth_value(default: str | None, kind: Type) -> str | None:
    """A default, where a truth value may be said as a number."""
    return {"0": "false", "1": "true"}.get(default or "", default) if isinstance(kind, Boolean) else default


def _expression(text: str) -> ast.expr | None:
    """An annotation that is spelled as a text; None where it is no expression."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_relationship(node: ast.expr, module: Module) -> bool:
    """Whether what stands in Mapped[…] is another class or a list of them."""
    name = name_of(node)
    inner = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.BinOp):  # Mapped[Parent | None]
        return any(_is_relationship(side, module) for side in (node.left, node.right))
    if name == "Optional" and inner is not None:
        return _is_relationship(inner, module)
    if (
        name in {"list", "List", "set", "Set", "WriteOnlyMapped"}
        and inner is not None
        and not isinstance(inner, ast.Tuple)
    ):
        return name_of(inner) not in ANNOTATIONS
    return name in module.classes and not module.members(name)


def _snake(name: str) -> str:
    """The table's name that Flask-SQLAlchemy gives a class."""
    said = re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name)
    return said.lower()
