"""Django models in a Python file, read from its syntax tree: fields, relations, options of Meta, abstract bases."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dbworkbench.formats.django_bases import PLAIN_BASES, with_bases
from dbworkbench.formats.django_fields import Fields
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.names import app_of, said_name
from dbworkbench.formats.python import (
    Call,
    assignments,
    call_of,
    module_of,
    name_of,
    spelled,
    sql_of,
    statements,
    undisturbed,
)
from dbworkbench.formats.source import Source
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Check, Identity, Index, Key
from dbworkbench.schema.rules import Deferrable
from dbworkbench.schema.types import Integer, Type, Unknown
from dbworkbench.sql.dialect import DIALECTS

__all__ = ["read_django"]

_RELATIONS = frozenset({"ForeignKey", "OneToOneField", "ParentalKey", "TreeForeignKey", "AutoOneToOneField"})


_ACTIONS = {
    "CASCADE": "cascade",
    "SET_NULL": "set null",
    "SET_DEFAULT": "set default",
    "PROTECT": "restrict",
    "RESTRICT": "restrict",
    "DO_NOTHING": "",
    "SET": "set default",
    "DB_CASCADE": "cascade",
    "DB_SET_NULL": "set null",
}


_METHODS = frozenset({"hash", "gin", "gist", "spgist", "brin"})


_MAKING = frozenset({"add_to_class", "contribute_to_class", "type"})


@undisturbed()
def read_django(source: Source) -> Read:
    """The schema of the models in a Python file. Raises NotationError where it is no Python."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Model:
    name: str
    node: ast.ClassDef
    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    primary: str = ""
    managed: bool = True
    fields: dict[str, Call] | None = None


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.module = module_of(source.text, source.name, tuple(line for line, _ in source.files))
        with_bases(self.module)
        self.app = app_of(source.name)
        self.draft = Draft()
        self.models: dict[str, _Model] = {}
        self.fields = Fields(self.module, self.draft, sql_of(source))

    def read(self) -> Read:
        for name, node in self.module.classes.items():
            if self._is_model(name) and not self._abstract(node):
                self.models[name] = _Model(name, node, Table((self._table_name(node),)))
        concrete = {name: model for name, model in self.models.items() if not self._is_proxy(model.node)}
        self.models = concrete
        for model in concrete.values():
            self._start(model)
        owned = {model.table.name for model in concrete.values() if model.managed}
        for model in concrete.values():
            self._fill(model)
            self._meta(model)
            self._unseen(model)
            if model.managed or model.table.name not in owned:
                self.draft.tables.append(model.table)
            else:
                self.draft.lose(
                    model.node.name, "another model of a table that has one", "the one that Django manages is read"
                )
        self._left_over()
        return self.draft.read()

    def _left_over(self) -> None:
        """Report what makes models and fields only when it runs, and models that others of their name replace."""
        for replaced in self.module.replaced:
            if self._has_fields(replaced):
                self.draft.lose(replaced.name, f"a model that another of its name replaces, line {replaced.lineno}")
        for place, why in self.module.left_out(empty=not self.models):
            self.draft.lose(place, why, "the file is not read")
        for node in self.module.calls:
            name = name_of(node.func)
            if name not in _MAKING or (name == "type" and len(node.args) != 3):
                continue
            if any(self._is_field(call_of(inner)) for inner in ast.walk(node)):
                self.draft.lose(f"line {node.lineno}", f"{name}(…), fields that are made when it runs")
        if not self.module.loops:
            return
        looped = {id(node): node for node in self.module.loops}
        for model in self.models.values():
            for each in model.node.body:
                loop = looped.get(id(each))
                if loop and any(self._is_field(call_of(inner)) for inner in ast.walk(loop)):
                    self.draft.lose(model.table.name[-1], f"fields that are made when it runs, line {loop.lineno}")

    def _is_model(self, name: str) -> bool:
        for one in self.module.line(name):
            node = self.module.classes[one]
            for said in self.module.bases(node):
                if said in self.module.classes:
                    continue
                if said in {"Model", "models.Model"} or (
                    re.search(r"Model|Abstract|Mixin|Page\Z|Base\Z", said) and self._has_fields(node)
                ):
                    return True
        return False

    def _has_fields(self, node: ast.ClassDef) -> bool:
        return any(self._is_field(self._call(value)) for _, value in assignments(list(statements(node.body))))

    def _call(self, value: ast.expr) -> Call | None:
        return call_of(self.module.inlined(value))

    @staticmethod
    def _is_field(call: Call | None) -> bool:
        return call is not None and (call.name in _RELATIONS or (call.name.endswith("Field") and call.name != "Field"))

    def _options(self, node: ast.ClassDef) -> dict[str, ast.expr]:
        for one in node.body:
            if isinstance(one, ast.ClassDef) and one.name == "Meta":
                return dict(assignments(one.body))
        return {}

    def _abstract(self, node: ast.ClassDef) -> bool:
        return self.module.value(self._options(node).get("abstract")) is True

    def _is_proxy(self, node: ast.ClassDef) -> bool:
        return self.module.value(self._options(node).get("proxy")) is True

    def _table_name(self, node: ast.ClassDef) -> str:
        options = self._options(node)
        said = self.module.text(options.get("db_table"))
        if said:
            return said
        app = self._label(node)
        return f"{app}_{node.name.lower()}" if app else node.name.lower()

    def _label(self, node: ast.ClassDef) -> str:
        """The application that a class belongs to, as far as it is known."""
        said = self.module.text(self._options(node).get("app_label"))
        return said or (app_of(self.source.at(node.lineno)[0]) if self.source.files else self.app)

    def _line(self, name: str) -> Iterator[ast.ClassDef]:
        """The abstract bases of a class that the file has, farthest first, then the class itself; each once."""
        seen: set[str] = set()
        waiting = [(name, False)]
        while waiting:
            one, done = waiting.pop()
            if done:
                yield self.module.classes[one]
                continue
            if one in seen or one not in self.module.classes:
                continue
            seen.add(one)
            waiting.append((one, True))
            waiting += [
                (base, False) for base in self.module.bases(self.module.classes[one]) if base not in self.models
            ]

    def _fields(self, model: _Model) -> Iterator[tuple[str, Call]]:
        if model.fields is None:
            model.fields = {}
            for node in self._line(model.name):
                own: set[str] = set()
                for name, value in assignments(list(statements(node.body))):
                    call = self._call(value)
                    if call is None or not self._is_field(call):
                        continue
                    if name in own:
                        self.draft.lose(
                            f"{model.table.name[-1]}.{name}", "a second field of this name", "the last one is read"
                        )
                    own.add(name)
                    model.fields[name] = call
        yield from model.fields.items()

    def _unseen(self, model: _Model) -> None:
        """Report the bases that are not here, whose fields are not known."""
        bases = (base for node in self._line(model.name) for base in self.module.bases(node))
        for base in dict.fromkeys(bases):
            if base not in self.module.classes and base not in PLAIN_BASES:
                self.draft.lose(model.table.name[-1], f"what it has from {base}, which is not here", "read without")

    def _start(self, model: _Model) -> None:
        """Find the primary key and the names of the columns, which references need before anything is read."""
        fields = dict(self._fields(model))
        model.managed = self.module.value(self._options(model.node).get("managed")) is not False
        composite = call_of(dict(assignments(model.node.body)).get("pk"))
        parent = next((base for base in self.module.bases(model.node) if base in self.models), "")
        for name, call in fields.items():
            said = self.module.text(call.keywords.get("db_column"))
            model.columns[name] = said or (f"{name}_id" if call.name in _RELATIONS else name)
            if self.module.value(call.keywords.get("primary_key")) is True:
                model.primary = name
        if composite and composite.name == "CompositePrimaryKey":
            names = [self.module.text(arg) for arg in composite.args]
            columns = tuple(
                model.columns.get(name) or model.columns.get(name.removesuffix("_id"), name) for name in names
            )
            model.table.primary = Key(columns)
        elif model.primary:
            model.table.primary = Key((model.columns[model.primary],))
        elif parent:
            own = f"{self.models[parent].node.name.lower()}_ptr_id"
            model.columns["pk"] = own
            model.primary = "pk"
            model.table.attributes.append(Attribute(own, Integer(64)))
            model.table.primary = Key((own,))
            model.table.references.append(Reference((own,), self.models[parent].table.name, (), "cascade"))
        else:
            model.columns["id"] = "id"
            model.primary = "id"
            model.table.attributes.append(Attribute("id", Integer(64), identity=Identity()))
            model.table.primary = Key(("id",))

    def _fill(self, model: _Model) -> None:
        for name, call in self._fields(model):
            if call.name.endswith("ManyToManyField"):
                self._many(model, name, call)
            elif call.name in _RELATIONS:
                self._relation(model, name, call)
            elif call.name in {"GenericRelation", "GenericForeignKey", "SerializerMethodField", "OrderWrt"}:
                continue
            else:
                self._column(model, name, call)
        for name, value in assignments(model.node.body):
            other = call_of(value)
            if other and other.name == "GenericForeignKey":
                what = f"{model.table.name[-1]}.{name}"
                self.draft.lose(what, "a reference to any model", "its columns are read")

    def _column(self, model: _Model, name: str, call: Call) -> None:
        column = model.columns[name]
        what = f"{model.table.name[-1]}.{column}"
        if call.name == "GeneratedField":
            inner = call_of(call.keywords.get("output_field"))
            kind = self.fields.kind(what, inner) if inner else Unknown()
        else:
            kind = self.fields.kind(what, call)
        nullable = self.fields.is_true(call, "null") or call.name == "NullBooleanField"
        counted = call.name.endswith("AutoField")
        generated = self.fields.generated(what, call) if call.name == "GeneratedField" else None
        attribute = Attribute(
            column,
            kind,
            (nullable or generated is not None) and not counted,
            None if counted or generated else self.fields.default(what, call),
            self._note(call),
            generated,
            Identity() if counted else None,
            self.module.text(call.keywords.get("db_collation")),
        )
        if call.name.startswith("Positive"):  # Django makes a check of it
            model.table.checks.append(Check(f"{DIALECTS['duckdb'].quoted(column)} >= 0"))
        self._finish(model, attribute, call)

    def _note(self, call: Call) -> str:
        return self.module.text(call.keywords.get("db_comment"))

    def _finish(self, model: _Model, attribute: Attribute, call: Call) -> None:
        table = model.table
        primary = table.primary and attribute.name in table.primary.attributes
        table.attributes.append(attribute if not primary else replace(attribute, nullable=False))
        unique = self.fields.is_true(call, "unique") or call.name in {"OneToOneField", "AutoOneToOneField"}
        if unique and not (primary and table.primary and len(table.primary.attributes) == 1):
            table.uniques.append(Key((attribute.name,)))
        elif not primary:
            indexed = self.module.value(call.keywords.get("db_index"))
            usual = call.name in _RELATIONS or call.name == "SlugField"
            if indexed is True or (usual and indexed is not False):
                table.indexes.append(Index((attribute.name,)))

    def _target(self, model: _Model, node: ast.expr | None) -> tuple[str, _Model | None]:
        """The model that a relation names, and it if the file has it."""
        said = self.module.text(node) or (name_of(node) if node is not None else "")
        if said == "AUTH_USER_MODEL":
            users = [
                one for one in self.models.values() if self.module.is_a(one.name, {"AbstractUser", "AbstractBaseUser"})
            ]
            return ("auth.User", None) if len(users) != 1 else (users[0].name, users[0])
        app, _, name = said.rpartition(".")
        if said == "self":
            return said, model
        if app:
            near = [one for one in self.models.values() if one.node.name == name and self._label(one.node) == app]
            if len(near) == 1:
                return said, near[0]
        return said or "?", self.models.get(self.module.known(name, model.node))

    def _relation(self, model: _Model, name: str, call: Call) -> None:
        column = model.columns[name]
        said, target = self._target(model, call.args[0] if call.args else call.keywords.get("to"))
        what = f"{model.table.name[-1]}.{column}"
        kind: Type = Integer(64)
        to_field = self.module.text(call.keywords.get("to_field"))
        there: tuple[str, ...] = ()
        if target:
            kind = self._key_type(target, to_field)
            there = (target.columns.get(to_field, to_field),) if to_field else ()
        attribute = Attribute(
            column, kind, self.fields.is_true(call, "null"), self.fields.default(what, call), self._note(call)
        )
        self._finish(model, attribute, call)
        if self.module.value(call.keywords.get("db_constraint")) is False:
            self.draft.lose(what, f"a reference to {said} that the database does not know", "read without")
            return
        on_delete = call.keywords.get("on_delete") or (call.args[1] if len(call.args) > 1 else None)
        action = _ACTIONS.get(name_of(on_delete) if on_delete is not None else "", "")
        table = target.table.name if target else (said.replace(".", "_").lower(),)
        constraint = self.module.text(call.keywords.get("db_constraint_name"))
        model.table.references.append(Reference((column,), table, there, action, name=constraint))

    def _key_type(self, model: _Model, field_name: str = "", steps: int = 0) -> Type:
        """The type of a model's primary key, or of another field, through references."""
        fields = dict(self._fields(model))
        call = fields.get(field_name or model.primary)
        if call is None or steps > 10:
            return Integer(64)
        if call.name in _RELATIONS:
            _, target = self._target(model, call.args[0] if call.args else call.keywords.get("to"))
            return self._key_type(target, "", steps + 1) if target else Integer(64)
        call = call_of(call.keywords.get("output_field")) or call if call.name == "GeneratedField" else call
        return Fields(self.module, Draft(), self.fields.dialect).kind("", call)  # what it reports was reported before

    def _many(self, model: _Model, name: str, call: Call) -> None:
        """A field of many to many: Django makes a table, unless `through` names a model."""
        if "through" in call.keywords:
            return
        said, target = self._target(model, call.args[0] if call.args else call.keywords.get("to"))
        table_name = self.module.text(call.keywords.get("db_table")) or f"{model.table.name[-1]}_{name}"
        between = Table((table_name,), [Attribute("id", Integer(64), identity=Identity())], Key(("id",)))
        other = said.rpartition(".")[2].lower() if said != "self" else model.node.name.lower()
        names = (f"{model.node.name.lower()}_id", f"{other}_id")
        if target is model:
            names = (f"from_{model.node.name.lower()}_id", f"to_{model.node.name.lower()}_id")
        for column, side, table in (
            (names[0], model, model.table.name),
            (names[1], target, target.table.name if target else (said.replace(".", "_").lower(),)),
        ):
            between.attributes.append(Attribute(column, self._key_type(side) if side else Integer(64)))
            between.references.append(Reference((column,), table))
            between.indexes.append(Index((column,)))
        between.uniques.append(Key(names))
        self.draft.tables.append(between)

    def _meta(self, model: _Model) -> None:
        options: dict[str, ast.expr] = {}
        for each in self._line(model.name):
            options.update(self._options(each))
        table = model.table
        table.note = self.module.text(options.get("db_table_comment"))
        if not model.managed:
            self.draft.lose(table.name[-1], "not managed by Django", "read all the same")
        together = self.module.value(options.get("unique_together"))
        groups = together if isinstance(together, list) else []
        for group in [groups] if groups and all(isinstance(one, str) for one in groups) else groups:
            if isinstance(group, list):
                table.uniques.append(Key(self._columns(model, group)))
        for key in ("indexes", "index_together"):
            node = options.get(key)
            items = node.elts if isinstance(node, ast.List | ast.Tuple) else []
            for item in items:
                self._index(model, item)
        node = options.get("constraints")
        for item in node.elts if isinstance(node, ast.List | ast.Tuple) else []:
            self._constraint(model, item)

    def _columns(self, model: _Model, names: object) -> tuple[str, ...]:
        given = names if isinstance(names, list) else [names]
        said = [str(name).lstrip("-") for name in given]
        return tuple(model.columns.get(name) or model.columns.get(name.removesuffix("_id"), name) for name in said)

    def _rule_name(self, model: _Model, call: Call) -> str:
        """The name of an index or a constraint; one of an abstract model has that of its own class put in."""
        said = self.module.text(call.keywords.get("name"))
        own = {"app_label": self._label(model.node), "class": model.node.name}
        return re.sub(r"%\((app_label|class)\)s", lambda found: own[found[1]].lower(), said)

    def _index(self, model: _Model, node: ast.expr) -> None:
        call = call_of(node)
        table = model.table
        if call is None:
            group = self.module.value(node)
            if isinstance(group, list):
                table.indexes.append(Index(self._columns(model, group)))
            return
        name = self._rule_name(model, call)
        what = f"{table.name[-1]}: the index {name}".rstrip()
        fields = self.module.value(call.keywords.get("fields"))
        if not isinstance(fields, list) or call.args:
            self.draft.lose(what, f"over {', '.join(spelled(arg) for arg in call.args)}")
            return
        method = call.name.removesuffix("Index").lower()
        if call.name != "Index" and method not in _METHODS:
            self.draft.lose(what, call.name, "read as a plain index")
        where = self.fields.condition(call.keywords.get("condition"))
        if where is None:
            self.draft.lose(what, f"where {spelled(call.keywords['condition'])}", "read for all rows")
        classes = self.module.value(call.keywords.get("opclasses"))
        operators = [str(one) for one in classes] if isinstance(classes, list) else []
        parts = [
            Part(column, descending=str(said).startswith("-"), operators=operators[at] if at < len(operators) else "")
            for at, (column, said) in enumerate(zip(self._columns(model, fields), fields, strict=True))
        ]
        include = self.module.value(call.keywords.get("include"))
        included = self._columns(model, include) if isinstance(include, list) else ()
        kept = method if method in _METHODS else ""
        table.indexes.append(Index(tuple(parts), False, where or "", said_name(name), kept, included))

    def _constraint(self, model: _Model, node: ast.expr) -> None:
        call = call_of(node)
        table = model.table
        if call is None:
            return
        name = self._rule_name(model, call)
        what = f"{table.name[-1]}: the constraint {name}".rstrip()
        if call.name == "CheckConstraint":
            given = call.keywords.get("condition") or call.keywords.get("check")
            told = self.fields.condition(given)
            if not told:
                self.draft.lose(what, f"the check {spelled(given) if given else '?'}")
            else:
                table.checks.append(Check(told, said_name(name)))
            return
        fields = self.module.value(call.keywords.get("fields"))
        if call.name != "UniqueConstraint" or not isinstance(fields, list) or call.args:
            self.draft.lose(what, f"{call.name}({', '.join(spelled(arg) for arg in call.args)})")
            return
        where = self.fields.condition(call.keywords.get("condition"))
        if where is None:
            self.draft.lose(what, f"where {spelled(call.keywords['condition'])}")
            return
        columns, own = self._columns(model, fields), said_name(name)
        include = self.module.value(call.keywords.get("include"))
        included = self._columns(model, include) if isinstance(include, list) else ()
        distinct = self.module.value(call.keywords.get("nulls_distinct")) is not False
        waits = name_of(call.keywords["deferrable"]) if "deferrable" in call.keywords else ""
        if where or included:
            table.indexes.append(Index(columns, True, where, own, "", included, distinct))
        else:
            waiting: Deferrable = "deferred" if waits == "DEFERRED" else "immediate" if waits else ""
            table.uniques.append(Key(columns, own, distinct, waiting))
