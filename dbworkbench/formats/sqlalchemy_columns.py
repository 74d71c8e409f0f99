"""Columns of SQLAlchemy: calls of Column and mapped_column, fields of SQLModel, and annotations that stand alone."""

import ast
import re
from dataclasses import replace

from dbworkbench.formats.draft import Reference
from dbworkbench.formats.expressions import constant, literal
from dbworkbench.formats.python import UNSEEN, Call, Module, call_of, name_of, spelled
from dbworkbench.formats.sqlalchemy_kinds import Kinds
from dbworkbench.formats.sqlalchemy_models import COLUMNS, Column, Models, place_of
from dbworkbench.formats.sqlalchemy_rules import Rules
from dbworkbench.formats.sqlalchemy_types import ANNOTATIONS
from dbworkbench.schema.relation import Attribute, Generated, Identity
from dbworkbench.schema.types import Boolean, Text, Type, Unknown
from dbworkbench.sql.expression import at_home

__all__ = ["Columns"]

_UNSAID: Type = Unknown()


class Columns:
    """The columns that the attributes of classes and the arguments of tables are."""

    def __init__(self, models: Models, kinds: Kinds, rules: Rules) -> None:
        self.models, self.module, self.draft = models, models.module, models.draft
        self.kinds, self.rules = kinds, rules

    def attribute(self, table: str, name: str, annotation: ast.expr | None, value: ast.expr | None) -> Column | None:
        """The column that an attribute of a class is, by its value or its annotation; None for what is none."""
        value = self.module.inlined(value)
        call = call_of(value)
        if call and call.name in COLUMNS:
            return self.column(table, name, call, annotation)
        if call and call.name == "Field":
            return self._field(table, name, call, annotation)
        if call and call.name in {"deferred", "column_property"} and call.args and call_of(call.args[0]):
            return self.attribute(table, name, annotation, call.args[0])
        if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped" and call is None:
            inner = annotation.slice
            if _is_relationship(inner, self.module):
                return None
            kind, nullable, base = self.kinds.annotated(inner)
            if base is not None:
                return self.column(table, name, base, annotation)
            if kind is None:
                self.draft.lose(f"{table}.{name}", f"the type {spelled(inner)}", "read without")
            return self.kinds.with_name(Column(Attribute(name, kind or _UNSAID, nullable)), inner)
        return None

    def column(self, table: str, name: str, call: Call, annotation: ast.expr | None) -> Column:
        """The column that a call makes, of the name in it or else of the attribute; an annotation says its type where it does not."""
        args = list(call.args)
        self.models.met.add(place_of(call.node))
        if args and isinstance(self.module.value(args[0]), str) and not call_of(args[0]):
            name = self.module.text(args.pop(0))
        name = self.module.text(call.keywords.get("name")) or name
        what = f"{table}.{name}"
        kind: Type = _UNSAID
        nullable = True
        if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped":
            found, nullable, base = self.kinds.annotated(annotation.slice)
            kind = found or _UNSAID
            if base is not None and base.node is not call.node:
                args += base.args
                call = Call(call.name, call.owner, call.args, {**base.keywords, **call.keywords}, call.node)
        column = Column(Attribute(name, kind))
        typed_here = call.keywords.get("type_")
        for arg in [*args, *([typed_here] if typed_here else [])]:
            self._argument(column, what, arg)
        if any(word.arg is None for word in call.node.keywords):
            self.draft.lose(what, "settings that are made when it runs", "read without")
        inside = annotation.slice if isinstance(annotation, ast.Subscript) else None
        self.kinds.with_name(column, *args, *([typed_here] if typed_here else []), *([inside] if inside else []))
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

    def _argument(self, column: Column, what: str, arg: ast.expr) -> None:
        """What stands in a column's call by its place: its type, where it refers to, what fills it, what is asked of it."""
        inner = call_of(arg)
        match inner.name if inner else "":
            case "ForeignKey" if inner:
                self.rules.foreign_key(column, column.attribute.name, inner)
            case "CheckConstraint" if inner:
                self.rules.check(column.checks, what, inner)
            case "Computed" if inner:
                column.attribute = replace(column.attribute, generated=self._computed(what, inner))
            case "Identity" if inner:
                column.attribute = replace(column.attribute, identity=self._identity(inner))
            case "Sequence" if inner:
                column.attribute = replace(
                    column.attribute, identity=column.attribute.identity or self._identity(inner)
                )
                named = self.module.text(inner.args[0]) if inner.args else ""
                self.draft.lose(what, f"the name of its sequence, {named}", "numbered without")
            case "FetchedValue" | "DefaultClause":
                self.draft.lose(what, "a default that the database makes", "read without")
            case _ if name_of(arg) == UNSEEN:
                self.draft.lose(what, "a type that is made when it runs", "read without")
            case _:
                found_type = self.kinds.kind_of(arg)
                column.attribute = replace(
                    column.attribute,
                    type=found_type or column.attribute.type,
                    collation=self.module.text(inner.keywords.get("collation")) if inner and found_type else "",
                )

    def _ruled(self, column: Column, call: Call) -> None:
        """Whether a column is a key or has an index of its own."""
        column.primary = self.models.is_true(call.keywords.get("primary_key"))
        column.unique = self.models.is_true(call.keywords.get("unique"))
        column.index = self.models.is_true(call.keywords.get("index"))

    def _computed(self, what: str, call: Call) -> Generated | None:
        said = self.module.text(call.args[0] if call.args else call.keywords.get("sqltext")).replace("\\:", ":")
        told = at_home(said, self.models.dialect) if said else None
        if told is None:
            self.draft.lose(what, f"computed as {said or '?'}", "read as a plain attribute")
            return None
        kept = self.module.value(call.keywords.get("persisted"))
        return Generated(told, kept if isinstance(kept, bool) else self.models.dialect == "postgresql")

    def _identity(self, call: Call) -> Identity:
        given = {key: self.module.value(value) for key, value in call.keywords.items()}
        start, increment = given.get("start"), given.get("increment")
        return Identity(
            given.get("always") is True,
            start if isinstance(start, int) else 1,
            increment if isinstance(increment, int) and increment else 1,
        )

    def _field(self, table: str, name: str, call: Call, annotation: ast.expr | None) -> Column | None:
        """A field of SQLModel."""
        own = call_of(call.keywords.get("sa_column"))
        if own:
            return self.column(table, name, own, None)
        kind, nullable, _ = self.kinds.annotated(annotation) if annotation is not None else (None, True, None)
        length = self.module.value(call.keywords.get("max_length"))
        if isinstance(kind, Text) and isinstance(length, int):
            kind = Text(length)
        kind = self.kinds.kind_of(call.keywords["sa_type"]) if "sa_type" in call.keywords else kind
        column = Column(Attribute(name, kind or _UNSAID, nullable))
        self.kinds.with_name(column, *filter(None, (call.keywords.get("sa_type"), annotation)))
        self._ruled(column, call)
        target = call.keywords.get("foreign_key")
        if target is not None:
            *owner, there = self.module.text(target).split(".")
            action = self.module.text(call.keywords.get("ondelete")).casefold()
            column.references.append(Reference((name,), tuple(owner) or (there,), (there,), action))
        return column

    def _default(self, what: str, node: ast.expr) -> str | None:
        call = call_of(node)
        if call and call.name in {"now", "current_timestamp", "utcnow"}:
            return "now()"
        if call and call.owner == "func" and not call.args:
            return at_home(f"{call.name}()", self.models.dialect) if call.name != "current_date" else "CURRENT_DATE"
        if call and call.name in {"true", "false"}:
            return call.name
        found = self.module.value(node)
        if call is None and isinstance(found, str):
            return literal(found)
        said = self.module.text(node).replace("\\:", ":")
        if call and said and not re.search(r"(?i)\bnextval\b", said):
            told = at_home(said, self.models.dialect)
            if told is not None:
                return constant(told)
        if call and call.name == "null":
            return None
        self.draft.lose(what, f"the default {said or spelled(node)}", "read without")
        return None


def _truth_value(default: str | None, kind: Type) -> str | None:
    """A default, where a truth value may be said as a number."""
    return {"0": "false", "1": "true"}.get(default or "", default) if isinstance(kind, Boolean) else default


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
