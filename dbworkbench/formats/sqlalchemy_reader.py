"""SQLAlchemy models and tables in a Python file, read from its syntax tree: declarative, Flask's, SQLModel's, Table(…)."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from dbworkbench.formats.draft import Table
from dbworkbench.formats.python import (
    Call,
    Module,
    assignments,
    call_of,
    module_of,
    name_of,
    spelled,
    sql_of,
    undisturbed,
)
from dbworkbench.formats.source import Source
from dbworkbench.formats.sqlalchemy_columns import Columns
from dbworkbench.formats.sqlalchemy_kinds import Kinds
from dbworkbench.formats.sqlalchemy_models import (
    COLUMNS,
    Mapped,
    Models,
    attributes_of,
    flask_name,
    place_of,
    returned,
    word_of,
)
from dbworkbench.formats.sqlalchemy_rules import Rules
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Identity, Index, Key
from dbworkbench.schema.types import Integer

__all__ = ["read_models"]

_BASES = frozenset({"Base", "DeclarativeBase", "Model", "SQLModel", "MappedAsDataclass", "DeclarativeBaseNoMeta"})


_ROOTS = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
"""What stands on one of these is what tables stand on, and is no table."""


@undisturbed()
def read_models(source: Source) -> Read:
    """The schema of the models in a Python file. Raises NotationError where it is no Python."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.module: Module = module_of(source.text, source.name, tuple(line for line, _ in source.files))
        self.models = Models(self.module, sql_of(source))
        self.models.annotations = self._annotation_map()
        self.draft = self.models.draft
        self.rules = Rules(self.models)
        self.kinds = Kinds(self.models)
        self.columns = Columns(self.models, self.kinds, self.rules)

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
        return {word_of(key): value for key, value in pairs if key is not None}

    def read(self) -> Read:
        for name, value in assignments(self.module.tree.body):
            call = call_of(self.module.inlined(value))
            if call and call.name == "Table" and self.models.name_said(call):
                own = name if name not in self.models.tables else f"#{len(self.models.tables)}"
                self.models.tables[own] = self._table_call(call)
        for made in self._made_within():
            call = call_of(made)
            if call and call.name == "Table" and self.models.name_said(call):
                self.models.tables[f"#{len(self.models.tables)}"] = self._table_call(call)
        for name, node in self.module.classes.items():
            self._class(name, node)
        for name in self._inherited():
            self._add_to_parent(name)
        self._added_later()
        self._elsewhere()
        distinct = {id(one): one for one in [*self.models.tables.values(), *self.models.mapped.values()]}
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
                    one = self.models.mapped.get(owner)
                    column = self.columns.attribute(one.table.name[-1], name, None, value) if one else None
                    if one and column:
                        one.columns[name] = column
                case _:
                    pass

    def _elsewhere(self) -> None:
        """Tables that stand anywhere else in the file; what makes them and their columns only when it runs is reported."""
        for place, why in self.module.left_out(empty=not self.models.mapped and not self.models.tables):
            self.draft.lose(place, why, "the file is not read")
        nodes = self.module.calls
        calls = [call for node in nodes if name_of(node.func) in {"Table", *COLUMNS} and (call := call_of(node))]
        for call in calls:
            if call.name == "Table" and place_of(call.node) not in self.models.met and self._has_columns(call):
                if self.models.name_said(call):
                    self.models.tables[f"#{len(self.models.tables)}"] = self._table_call(call)
                else:
                    self.draft.lose(f"line {call.node.lineno}", "a table whose name is made when it runs")
                    self.models.met.update(place_of(inner) for inner in ast.walk(call.node))
        for name in dict.fromkeys(base for base in self.module.classes if base not in self.models.mapped):
            self.models.met.update(place_of(inner) for inner in ast.walk(self.module.classes[name]))
            keyed = any(self._is_key(value) for _, value in _values(self.module.classes[name]))
            if keyed and not self._is_base(name) and self._mapped_parent(name) is None:
                self.draft.lose(self.module.classes[name].name, "a class with a key that is not known to be a table")
        for replaced in self.module.replaced:
            if any(self._is_key(value) for _, value in _values(replaced)):
                self.draft.lose(replaced.name, f"a class that another of its name replaces, line {replaced.lineno}")
            self.models.met.update(place_of(inner) for inner in ast.walk(replaced))
        for call in calls:
            if (
                call.name in COLUMNS
                and place_of(call.node) not in self.models.met
                and call.owner not in {"op", "batch_op"}
            ):
                self.draft.lose(
                    f"line {call.node.lineno}", f"{spelled(call.node)[:60]}, a column that is made when it runs"
                )

    def _has_columns(self, call: Call) -> bool:
        made = (call_of(self.module.inlined(arg)) for arg in call.args)
        return any(one is not None and one.name in COLUMNS for one in made)

    def _is_base(self, name: str) -> bool:
        """Whether a class is abstract, or another class stands on it."""
        node = self.module.classes[name]
        abstract = self.models.is_true(dict(assignments(node.body)).get("__abstract__"))
        return abstract or any(name in self.module.bases(other) for other in self.module.classes.values())

    def _class(self, name: str, node: ast.ClassDef) -> None:
        own = dict(assignments(node.body))
        direct = own.get("__table__")
        if direct is not None:
            call = call_of(direct)
            if call and call.name == "Table":
                self.models.mapped[name] = self._table_call(call)
            elif isinstance(direct, ast.Name) and direct.id in self.models.tables:
                self.models.mapped[name] = self.models.tables[direct.id]
            return
        table = self._table_name(name, node, own)
        if not table:
            return
        one = Mapped(Table((table,)), line=node.lineno)
        for each in self._line(name):
            self._columns(one, each)
        if not one.columns:
            return
        self.models.mapped[name] = one
        for each in self._line(name):
            args = dict(assignments(each.body)).get("__table_args__") or returned(each, "__table_args__")
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
                found = flask_name(node.name)
                self.draft.lose(found, "a table whose name is made when it runs", "named after its class")
            return found
        if self.models.is_true(own.get("__abstract__")) or any(name_of(base) in _ROOTS for base in node.bases):
            return ""
        made = returned(node, "__tablename__")
        if made is not None and not own:
            return ""
        told = self.module.is_a(name, {"SQLModel"}) or any(base == "SQLModel" for base in self.module.bases(node))
        if told:
            is_table = any(k.arg == "table" and self.models.is_true(k.value) for k in node.keywords)
            return node.name.lower() if is_table else ""
        parents = [base for base in self.module.bases(node) if base in self.models.mapped]
        if parents and not (self._makes_names(name) and self._keyed(node)):
            return ""  # a class of the same table
        flask = any(name_of(base) == "Model" for base in node.bases) or self._makes_names(name)
        keyed = any(map(self._keyed, self._line(name)))
        based = flask or self.module.is_a(name, set(_BASES))
        return self._made_name(name, node) if based and keyed else ""

    def _makes_names(self, name: str) -> bool:
        return any(returned(each, "__tablename__") is not None for each in self._all_of(name))

    def _all_of(self, name: str) -> Iterator[ast.ClassDef]:
        """A class and all that it stands on in this file."""
        return (self.module.classes[one] for one in self.module.line(name) if one in self.module.classes)

    def _made_name(self, name: str, node: ast.ClassDef) -> str:
        """The name that a class's table is given: by a function of the class or of what it stands on, else as Flask does it."""
        made = next(
            (said for each in self._all_of(name) if (said := returned(each, "__tablename__")) is not None), None
        )
        found = flask_name(node.name) if made is None else self._named_after(made, node.name)
        if not found:
            found = flask_name(node.name)
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
        for _, annotation, value in attributes_of(node):
            mapped = isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped"
            base = (
                self.kinds.annotated(annotation.slice)[2] if mapped and isinstance(annotation, ast.Subscript) else None
            )
            if self._is_key(value) or (base is not None and self.models.is_true(base.keywords.get("primary_key"))):
                return True
        return False

    def _is_key(self, node: ast.expr | None) -> bool:
        call = call_of(self.module.inlined(node))
        return bool(call and call.name in COLUMNS and self.models.is_true(call.keywords.get("primary_key")))

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
                base for base in reversed(self.module.bases(self.module.classes[one])) if base not in self.models.mapped
            ]

    def _columns(self, one: Mapped, node: ast.ClassDef) -> None:
        """The columns of a class; those of a base stand behind unless they are there already."""
        own: set[str] = set()
        for name, annotation, value in attributes_of(node):
            if name in one.columns and name not in own:
                continue
            column = self.columns.attribute(one.table.name[-1], name, annotation, value)
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
            if name not in self.models.mapped and any(self._mapped_parent(base) for base in self.module.bases(node))
        ]

    def _mapped_parent(self, base: str) -> Mapped | None:
        return next((self.models.mapped[one] for one in self.module.line(base) if one in self.models.mapped), None)

    def _add_to_parent(self, name: str) -> None:
        """The columns of a class without a table of its own, in the table of the class it stands on."""
        node = self.module.classes[name]
        parent = next((found for base in self.module.bases(node) if (found := self._mapped_parent(base))), None)
        if parent is None:
            return
        for own, annotation, value in attributes_of(node):
            column = self.columns.attribute(parent.table.name[-1], own, annotation, value)
            if column and own not in parent.columns:
                column.attribute = replace(column.attribute, nullable=True)
                parent.columns[own] = column

    def _spread(self, one: Mapped, call: Call) -> Iterator[ast.expr]:
        """What lists with a star before them hold, where the file says it."""
        for arg in call.node.args:
            if isinstance(arg, ast.Starred):
                meant = self.module.meant(arg.value) if isinstance(arg.value, ast.Name) else arg.value
                if isinstance(meant, ast.List | ast.Tuple):
                    yield from meant.elts
                else:
                    self.draft.lose(one.table.name[-1], f"columns from elsewhere: {spelled(arg)}")

    def _table_call(self, call: Call) -> Mapped:
        name = self.models.name_said(call)
        self.models.met.add(place_of(call.node))
        schema = self.module.text(call.keywords.get("schema"))
        one = Mapped(Table((schema, name) if schema else (name,)), line=call.node.lineno)
        one.table.note = self.module.text(call.keywords.get("comment"))
        for given in (*call.args[1:], *self._spread(one, call)):
            arg = self.module.inlined(given) or given
            inner = call_of(arg)
            if inner and inner.name in COLUMNS:
                said = self.module.text(inner.args[0]) if inner.args else ""
                said = said or self.module.text(inner.keywords.get("name"))
                one.columns[said] = self.columns.column(name, said, inner, None)
            elif inner and inner.name != "MetaData":
                one.args.append(arg)
        return one

    def _finish(self, one: Mapped) -> None:
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
                reference.table, reference.referenced = self.models.target(target)
            table.references += column.references
            table.checks += column.checks
        for arg in one.args:
            inner = self.rules.for_one(table, call_of(arg))
            if inner:
                self.rules.rule(table, inner, names)
        self._count(one)
        self.draft.tables.append(table)

    def _count(self, one: Mapped) -> None:
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


def _undecided(node: ast.ClassDef) -> Iterator[str]:
    """The attributes that decorated functions of a class make, where what they return is decided when it runs."""
    for one in node.body:
        match one:
            case ast.FunctionDef(name=name, decorator_list=decorators) if any(
                name_of(decorator) == "declared_attr" for decorator in decorators
            ):
                given = [inner.value for inner in ast.walk(one) if isinstance(inner, ast.Return)]
                if returned(node, name) is None and any(value and name_of(value) in COLUMNS for value in given):
                    yield name


def _values(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    yield from ((name, value) for name, _, value in attributes_of(node))
