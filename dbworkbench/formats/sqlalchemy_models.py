"""What is known of a file of SQLAlchemy models while it is read: columns and tables under way, and what names mean."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.python import Call, Module, assignments, name_of, spelled, statements
from dbworkbench.schema.relation import Attribute, Check

__all__ = ["COLUMNS", "Column", "Mapped", "Models", "attributes_of", "flask_name", "place_of", "returned", "word_of"]

COLUMNS = frozenset({"Column", "mapped_column", "MappedColumn"})


@dataclass(slots=True)
class Column:
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
class Mapped:
    """A class under way: its table, and the columns that its attributes stand for."""

    table: Table
    columns: dict[str, Column] = field(default_factory=dict)
    args: list[ast.expr] = field(default_factory=list)
    line: int = 0


@dataclass(slots=True)
class Models:
    """A file under way: what it says, the classes and tables read from it, and what of it a schema does not hold."""

    module: Module
    dialect: str
    draft: Draft = field(default_factory=lambda: Draft(infers=True))
    mapped: dict[str, Mapped] = field(default_factory=dict)
    tables: dict[str, Mapped] = field(default_factory=dict)
    annotations: dict[str, ast.expr] = field(default_factory=dict)
    """The types that `type_annotation_map` gives to annotations, by what is said there."""
    met: set[tuple[int, int]] = field(default_factory=set)
    """Where the calls stand that tables and columns were read from."""

    def is_true(self, node: ast.expr | None) -> bool:
        """Whether an expression is the constant True."""
        return self.module.value(node) is True

    def target(self, node: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The table and column that a foreign key names: "table.column", Class.attribute or table.c.column."""
        text = self.module.text(node)
        if text:
            *path, column = text.split(".")
            return (tuple(path), (column,)) if path else ((column,), ())
        one: Mapped | None
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                one = self.mapped.get(owner)
                if one:
                    own = one.columns[name].attribute.name if name in one.columns else name
                    return one.table.name, (own,)
                found = self.module.classes.get(owner)
                inside = dict(assignments(found.body)) if found else {}
                return (self.module.text(inside.get("__tablename__")) or flask_name(owner),), (name,)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=owner), attr="c"), attr=name):
                one = self.tables.get(owner)
                return (one.table.name if one else (owner,)), (name,)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="c"), slice=part):
                owner = name_of(inner) if not isinstance(inner, ast.Attribute) else name_of(inner.value)
                one = self.tables.get(owner) or self.mapped.get(owner)
                return (one.table.name if one else (owner,)), (self.module.text(part),)
            case ast.Lambda(body=body):
                return self.target(body)
            case _:
                return ("?",), ()

    def name_said(self, call: Call) -> str:
        """The name that a call of Table or Index begins with; "" where it is no constant."""
        return self.module.text(call.args[0]) if call.args else self.module.text(call.keywords.get("name"))


def attributes_of(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
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
                value = returned(node, name)
                if value is not None and not name.startswith("__"):
                    yield name, None, value


def word_of(node: ast.expr) -> str:
    """What an annotation is looked up by: a name without its module, else all that is said."""
    return spelled(node) if isinstance(node, ast.Subscript) else name_of(node) or spelled(node)


def returned(node: ast.ClassDef, name: str) -> ast.expr | None:
    """What a function of a class returns, where it does just that."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == name:
            for inner in one.body:
                if isinstance(inner, ast.Return):
                    return inner.value
    return None


def place_of(node: ast.AST | None) -> tuple[int, int]:
    """Where a node stands: its line and column."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def flask_name(name: str) -> str:
    """The table's name that Flask-SQLAlchemy gives a class."""
    said = re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name)
    return said.lower()
