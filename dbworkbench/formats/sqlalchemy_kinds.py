"""Types of SQLAlchemy as columns and annotations say them, and the enumerations that have a name."""

import ast
from dataclasses import replace

from dbworkbench.formats.python import Call, assignments, call_of, name_of
from dbworkbench.formats.sqlalchemy_models import COLUMNS, Column, Models, word_of
from dbworkbench.formats.sqlalchemy_types import ANNOTATIONS, typed
from dbworkbench.schema.types import Enumeration, Json, Native, Text, Type, type_text

__all__ = ["Kinds"]


class Kinds:
    """What the types in a file mean."""

    def __init__(self, models: Models) -> None:
        self.models, self.module, self.draft = models, models.module, models.draft

    def annotated(self, node: ast.expr) -> tuple[Type | None, bool, Call | None]:
        """The type in an annotation, whether it may be null, and the column that an alias brings along."""
        nullable = False
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            expression = _expression(node.value)
            if expression is None:
                return None, False, None
            node = expression
        for _ in range(20):
            mapped = self.models.annotations.get(word_of(node))
            kind = self.kind_of(mapped) if mapped is not None else None
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
                    base = next((call for one in rest if (call := call_of(one)) and call.name in COLUMNS), None)
                    kind, inside, _ = self.annotated(first)
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

    def kind_of(self, node: ast.expr, steps: int = 0) -> Type | None:
        """The type that an expression means; None where it is no type."""
        call = call_of(node)
        name = call.name if call else name_of(node)
        meant = self.module.meant(node) if isinstance(node, ast.Name) else None
        if meant is not None and steps < 20:
            return self.kind_of(meant, steps + 1)
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
            inner = self.kind_of(call.args[0], steps + 1)
            return Native(f"{type_text(inner) if inner else 'text'}[]")
        if name in {"as_mutable", "with_variant"} and call:
            base = call.args[0] if name == "as_mutable" and call.args else getattr(call.node.func, "value", None)
            return self.kind_of(base, steps + 1) if isinstance(base, ast.expr) else Json()
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
            return self.kind_of(made, steps + 1)
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

    def with_name(self, column: Column, *nodes: ast.expr) -> Column:
        """The column, its enumeration by the name that one of the expressions of its type gives it."""
        kind = column.attribute.type
        name = next((said for node in nodes if (said := self._enumeration_name(node))), "")
        if name and isinstance(kind, Enumeration) and kind.values:
            domain = self.draft.enumeration(name, kind.values)
            column.attribute = replace(column.attribute, domain=domain)
        return column


def _expression(text: str) -> ast.expr | None:
    """An annotation that is spelled as a text; None where it is no expression."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
