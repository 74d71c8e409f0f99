"""Python files of models as syntax trees: what they say is read, nothing of them is run or imported."""

import ast
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from dbworkbench.errors import DataError, NotationError

__all__ = ["Call", "Module", "call_of", "module_of", "name_of"]

_MOST_TEXT = 4_000_000
_MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it stands: the function's last name, what it belongs to, and its arguments."""

    name: str
    owner: str
    args: tuple[ast.expr, ...]
    keywords: dict[str, ast.expr]
    node: ast.Call


@dataclass(slots=True)
class Module:
    """The top of a file: what names stand for, and its classes in order, those within classes too."""

    tree: ast.Module
    values: dict[str, ast.expr] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    starts: tuple[int, ...] = ()
    """The lines in which the files begin, where it is several."""
    own: dict[tuple[int, str], ast.expr] = field(default_factory=dict)
    """What names stand for in each file."""

    def file(self, node: ast.AST) -> int:
        """The number of the file that a node stands in."""
        return bisect_right(self.starts, getattr(node, "lineno", 0))

    def meant(self, node: ast.Name) -> ast.expr | None:
        """What a name stands for: in its own file, else in the last that has it."""
        return self.own.get((self.file(node), node.id)) or self.values.get(node.id)

    def known(self, name: str, near: ast.AST) -> str:
        """The key of the class that a name means: the one of the same file as `near`, else the first."""
        here = f"{name}#{self.file(near)}"
        return here if here in self.classes else name

    def value(self, node: ast.expr | None, steps: int = 0) -> object:
        """The constant that an expression is: a text, number, truth value, list or tuple; None for anything else."""
        if node is None or steps > _MOST_STEPS:
            return None
        match node:
            case ast.Constant(value=constant):
                return constant
            case ast.Name() if self.meant(node) is not None:
                return self.value(self.meant(node), steps + 1)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                found = self.value(inner, steps + 1)
                return -found if isinstance(found, int | float) else None
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return [self.value(item, steps + 1) for item in items]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self.value(left, steps + 1), self.value(right, steps + 1)
                if isinstance(one, str) and isinstance(other, str):
                    return one + other
                if isinstance(one, list) and isinstance(other, list):
                    return one + other
                return None
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                one, other = self.value(left, steps + 1), self.value(right, steps + 1)
                return one * other if isinstance(one, int) and isinstance(other, int) else None
            case ast.JoinedStr(values=parts):
                said = [self.value(part, steps + 1) for part in parts]
                return "".join(map(str, said)) if all(isinstance(part, str) for part in said) else None
            case ast.FormattedValue(value=inner, format_spec=None):
                return self.value(inner, steps + 1)
            case ast.Call():
                call = call_of(node)
                return self.value(call.args[0], steps + 1) if call and call.name in _MARKERS and call.args else None
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in self.classes:
                inside = dict(assignments(self.classes[owner].body))
                return self.value(inside.get(name), steps + 1)
            case _:
                return None

    def text(self, node: ast.expr | None) -> str:
        """The text that an expression is; "" for anything else."""
        found = self.value(node)
        return found if isinstance(found, str) else ""

    def members(self, name: str) -> list[tuple[str, object]]:
        """The members of an enumeration class: names, and values where they are constants."""
        node = self.classes.get(name)
        if node is None:
            return []
        found: list[tuple[str, object]] = []
        for member, value in assignments(node.body):
            if member.startswith("_") or isinstance(value, ast.Lambda):
                continue
            said = self.value(value)
            call = call_of(value)
            if call and call.name == "auto":
                said = member if self.is_a(name, {"StrEnum"}) else str(len(found) + 1)
            found.append((member, said[0] if isinstance(said, list) and said else said))
        return found

    def bases(self, node: ast.ClassDef) -> list[str]:
        """The names of a class's bases, as the keys of those that are here."""
        found = (name_of(one) for one in node.bases)
        return [self.known(base, node) for base in found if base]

    def is_a(self, name: str, kinds: set[str], steps: int = 0) -> bool:
        """Whether a class of the file stands, through others, on one of these names."""
        node = self.classes.get(name)
        if node is None or steps > _MOST_STEPS:
            return False
        return any(base in kinds or self.is_a(base, kinds, steps + 1) for base in self.bases(node))


_MARKERS = {"_", "gettext", "gettext_lazy", "ugettext", "ugettext_lazy", "text", "literal_column", "str", "Value"}


def module_of(text: str, name: str, starts: tuple[int, ...] = ()) -> Module:
    """The syntax tree of a file. Raises NotationError (line, column) where it is no Python, DataError where it is huge.

    `starts` are the lines in which files begin, where it is several.
    """
    if len(text) > _MOST_TEXT:
        raise DataError(f"{name or 'this text'} has {len(text):,} characters, which is no file of models")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line = (error.text or "").rstrip("\n")
        raise NotationError(
            f"no Python {sys.version_info.major}.{sys.version_info.minor}: {error.msg}",
            line=error.lineno or 1,
            column=error.offset or 1,
            text=line if len(line) < 400 else "",
        ) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise DataError(
            f"{name or 'this text'} cannot be read as Python: {str(error) or 'it is nested too deeply'}"
        ) from None
    module = Module(tree, starts=starts)
    for node in tree.body:
        if isinstance(node, ast.If | ast.Try):  # such as `if TYPE_CHECKING`
            module.values.update(assignments(node.body))
    module.values.update(assignments(tree.body))
    if starts:
        module.own = {(module.file(value), named): value for named, value in assignments(tree.body)}
    for found in _classes(tree.body):
        known = module.classes.get(found.name)
        apart = known is not None and module.file(known) != module.file(found)
        module.classes[f"{found.name}#{module.file(found)}" if apart else found.name] = found
    return module


def _classes(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    for node in body:
        match node:
            case ast.ClassDef():
                yield from _classes(node.body)
                yield node
            case ast.If(body=inner) | ast.Try(body=inner) | ast.With(body=inner) | ast.FunctionDef(body=inner):
                yield from _classes(inner)
                yield from _classes(getattr(node, "orelse", []))


def assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """The names that statements assign a value to, with it."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name; "" for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=inner):
            return name_of(inner)
        case ast.Call(func=inner):
            return name_of(inner)
        case _:
            return ""


def call_of(node: ast.AST | None) -> Call | None:
    """A call with its arguments; None for anything else."""
    if not isinstance(node, ast.Call):
        return None
    owner = name_of(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    return Call(
        name_of(node.func),
        owner,
        tuple(arg for arg in node.args if not isinstance(arg, ast.Starred)),
        {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg},
        node,
    )
