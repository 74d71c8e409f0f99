"""Python files of models as syntax trees: what they say is read, nothing of them is run or imported."""

import ast
import gc
import re
import sys
from bisect import bisect_right
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import cast

from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.source import Source
from dbworkbench.schema.tokens import place
from dbworkbench.sql.dialect import DIALECTS

__all__ = [
    "UNSEEN",
    "Call",
    "Module",
    "assignments",
    "call_of",
    "headed",
    "module_of",
    "name_of",
    "spelled",
    "sql_of",
    "statements",
    "undisturbed",
]

_MOST_TEXT = 4_000_000
_MOST_STEPS = 20
_MOST_DEPTH = 400
_MOST_PARTS = 50_000
_MOST_LOOKED = 5_000_000
_MOST_SPELLED = 300
UNSEEN = "…"
"""The name of what only a running program has."""
_LIBRARIES = frozenset({"sqlalchemy", "sqlmodel", "flask_sqlalchemy", "django"})
_COLUMNS = frozenset({"Column", "mapped_column", "Table", "ForeignKey"})


_SQL_OF = re.compile(r"""\A\"{3}Models of the design, whose SQL is (.+)'s\.\"{3}\n""")


def headed(dialect: str) -> str:
    """The line that models begin with: it says whose SQL their texts are in, where that is not PostgreSQL's."""
    spoken = "" if dialect == "postgresql" else f", whose SQL is {DIALECTS[dialect].title}'s"
    return f'"""Models of the design{spoken}."""'


def sql_of(source: Source) -> str:
    r"""The dialect of the texts of SQL in models: what was said of them, else what their first line says, else PostgreSQL.

    >>> sql_of(Source(headed("sqlserver") + "\n"))
    'sqlserver'
    """
    said = _SQL_OF.match(source.text)
    return source.dialect or DIALECTS.named(said[1] if said else "") or "postgresql"


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
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    replaced: list[ast.ClassDef] = field(default_factory=list)
    """Classes that another of their name follows in the same file."""
    calls: list[ast.Call] = field(default_factory=list)
    """Every call in it, outer ones first."""
    loops: list[ast.For | ast.While] = field(default_factory=list)
    broken: tuple[NotationError, ...] = ()
    """What is wrong with those of several files that are no Python, such as one of a later version: they are left out."""
    looked: int = 0
    """How many parts of an expression were looked at to find what it is."""
    all_looked: int = 0
    """How many parts of all expressions were."""

    def left_out(self, *, empty: bool) -> Iterator[tuple[str, str]]:
        """Where files were left out, and why; where the others hold nothing, the first of these NotationErrors is raised."""
        for error in self.broken:
            if empty:
                raise error
            yield f"line {error.line}", error.message

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
        self.looked = self.looked + 1 if steps else 0
        self.all_looked += 1
        if self.all_looked > _MOST_LOOKED:
            raise DataError(f"names stand for each other more than {_MOST_LOOKED:,} times, which is no file of models")
        if self.looked > _MOST_PARTS:
            return None
        match node:
            case ast.Constant(value=constant):
                self.looked += len(constant) // 64 if isinstance(constant, str) else 0
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
                if isinstance(one, int) and isinstance(other, int) and max(abs(one), abs(other)) < 1 << 31:
                    return one * other
                return None
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
        """The names of a class's bases, as the keys of those that are here; `models.Model` is Django's, whatever a file calls Model."""
        django = [ast.unparse(one) == "models.Model" for one in node.bases]
        found = map(name_of, node.bases)
        return [
            "models.Model" if of_django else self.known(base, node)
            for base, of_django in zip(found, django, strict=True)
            if base
        ]

    def is_a(self, name: str, kinds: Collection[str]) -> bool:
        """Whether a class of the file stands, through others, on one of these names."""
        return any(base in kinds for one in self.line(name) for base in self.bases(self.classes[one]))

    def line(self, name: str) -> Iterator[str]:
        """The keys of a class and of the classes of the file that it stands on, each once, nearest first."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one in seen or one not in self.classes:
                continue
            seen.add(one)
            yield one
            waiting += reversed(self.bases(self.classes[one]))

    def inlined(self, node: ast.expr | None) -> ast.expr | None:
        """What a call of a function of this file returns, its arguments put in; anything else as it is.

        Only functions that do nothing but return, lambdas, and `partial(…)` are looked into.
        """
        for _ in range(_MOST_STEPS):
            found = self._returned(node)
            if found is None:
                break
            node = found
        return node

    def _returned(self, node: ast.expr | None) -> ast.expr | None:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return None
        value = self.values.get(node.func.id)
        function = self.functions.get(node.func.id) or (value if isinstance(value, ast.Lambda) else None)
        if function is not None:
            body = function.body if isinstance(function, ast.Lambda) else _returns(function)
            given = _given(function.args, node)
            if body is None or given is None or self.all_looked > _MOST_LOOKED:
                return None
            self.all_looked += sum(1 for _ in ast.walk(body))
            rest = function.args.kwarg.arg if function.args.kwarg else ""
            words = [word for word in node.keywords if word.arg not in given or word.value is not given[word.arg or ""]]
            found = _PutIn(given, rest, words).visit(deepcopy(body))
            return found if isinstance(found, ast.expr) else None
        partial = call_of(value)
        if partial and partial.name == "partial" and partial.args:
            said = {word.arg: word for word in (*partial.node.keywords, *node.keywords)}
            made = ast.Call(partial.args[0], [*partial.args[1:], *node.args], list(said.values()))
            return ast.copy_location(made, node)
        return None


class _PutIn(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, given: dict[str, ast.expr], rest: str, words: list[ast.keyword]) -> None:
        self.given, self.rest, self.words = given, rest, words

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call with the keywords that `**rest` stands for."""
        self.generic_visit(node)
        rest = [one for one in node.keywords if one.arg is None and name_of(one.value) == self.rest and self.rest]
        if rest:
            node.keywords = [*(one for one in node.keywords if one not in rest), *self.words]
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.given.get(node.id, node)


def _returns(function: ast.FunctionDef) -> ast.expr | None:
    """What a function gives back at its end, where it does so nowhere else: with what it called its own before put in.

    What it calls its own in any other way than by one plain assignment is UNSEEN.
    """
    body = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    last = body[-1] if body else None
    if not isinstance(last, ast.Return) or last.value is None:
        return None
    if len(body) == 1:
        return last.value
    if sum(isinstance(one, ast.Return | ast.Yield | ast.YieldFrom) for one in ast.walk(function)) > 1:
        return None
    named = [one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
    own: dict[str, ast.expr] = {name: ast.Name(UNSEEN, ast.Load()) for name in named}
    for one in body[:-1]:
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if named.count(name) == 1:
                own[name] = value
            case _:
                pass
    for _ in range(_MOST_STEPS):  # one may be made of another
        inside = {one.id for one in ast.walk(last.value) if isinstance(one, ast.Name)}
        if inside.isdisjoint(own):
            break
        last = ast.Return(_PutIn(own, "", []).visit(deepcopy(last.value)))
    return last.value


def _given(parameters: ast.arguments, call: ast.Call) -> dict[str, ast.expr] | None:
    """What stands for each parameter in a call; None where the two do not fit, or it cannot be told."""
    names = [one.arg for one in (*parameters.posonlyargs, *parameters.args)]
    simple = not any(isinstance(arg, ast.Starred) for arg in call.args) and all(word.arg for word in call.keywords)
    if parameters.vararg or not simple or len(call.args) > len(names):
        return None
    found = dict(zip(reversed(names), reversed(parameters.defaults), strict=False))
    found |= {
        one.arg: default
        for one, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
        if default is not None
    }
    found |= dict(zip(names, call.args, strict=False))
    every = {*names, *(one.arg for one in parameters.kwonlyargs)}
    words = {word.arg: word.value for word in call.keywords if word.arg}
    if not parameters.kwarg and not set(words) <= every:
        return None
    found |= {name: value for name, value in words.items() if name in every}
    return found if set(found) == every else None


def spelled(node: ast.AST | None) -> str:
    """An expression as Python spells it, for losses; "…" for one that is too deep."""
    try:
        said = ast.unparse(node) if node is not None else ""
    except RecursionError:
        return "…"
    return said if len(said) <= _MOST_SPELLED else f"{said[:_MOST_SPELLED]}…"


_MARKERS = {"_", "gettext", "gettext_lazy", "ugettext", "ugettext_lazy", "text", "literal_column", "str", "Value"}


def module_of(text: str, name: str, starts: tuple[int, ...] = ()) -> Module:
    """The syntax tree of a file. Raises NotationError (line, column) where it is no Python, DataError where it is huge.

    `starts` are the lines in which files begin, where it is several.
    """
    if len(text) > _MOST_TEXT:
        raise DataError(f"{name or 'this text'} has {len(text):,} characters, which is no file of models")
    strange = re.search("[\0\ud800-\udfff]", text)
    if strange:
        at, column, shown = place(text, strange.start())
        what = "a null byte" if strange[0] == "\0" else "half a character"
        said = f"{what}, {strange[0]!r}, is no part of a Python file — take it out"
        raise NotationError(said, line=at, column=column, text=shown if len(shown) < 400 else "")
    broken: tuple[NotationError, ...] = ()
    try:
        tree = _parsed(text, name)
    except NotationError:
        text, broken = _whole_files(text, starts)
        if not broken:
            raise
        tree = _parsed(text, name)
    _renamed(tree)
    calls, loops = _measured(tree)
    module = Module(tree, starts=starts, calls=calls, loops=loops, broken=broken)
    module.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.If | ast.Try):  # such as `if TYPE_CHECKING`
            module.values.update(assignments(node.body))
    module.values.update(assignments(tree.body))
    if starts:
        module.own = {(module.file(value), named): value for named, value in assignments(tree.body)}
    for found in _classes(tree.body):
        known = module.classes.get(found.name)
        apart = known is not None and module.file(known) != module.file(found)
        if known is not None and not apart:
            module.replaced.append(known)
        module.classes[f"{found.name}#{module.file(found)}" if apart else found.name] = found
    return module


def _parsed(text: str, name: str) -> ast.Module:
    """The syntax tree of a text. Raises NotationError (line, column) where it is no Python, DataError where it is too deep."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        line = (error.text or "").rstrip("\n")
        raise NotationError(
            f"{_ours()}: {error.msg}",
            line=error.lineno or 1,
            column=error.offset or 1,
            text=line if len(line) < 400 else "",
        ) from None
    except (RecursionError, MemoryError, ValueError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError | MemoryError) else str(error)
        raise DataError(f"{name or 'this text'} cannot be read as Python: {why}") from None


def _ours() -> str:
    return f"no Python {sys.version_info.major}.{sys.version_info.minor}"


def _whole_files(text: str, starts: tuple[int, ...]) -> tuple[str, tuple[NotationError, ...]]:
    """Several files without those that are no Python, whose lines are left empty, and what is wrong with these.

    Where none would be left, nothing is left out.
    """
    lines = text.split("\n")
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    broken: list[NotationError] = []
    for start, end in zip(starts, ends, strict=False):
        try:
            _parsed("\n".join(lines[start - 1 : end]), "")
        except NotationError as error:
            at = start + (error.line or 1) - 1
            broken.append(NotationError(error.message, line=at, column=error.column, text=error.text))
            lines[start - 1 : end] = [""] * (end - start + 1)
    return "\n".join(lines), tuple(broken) if len(broken) < len(starts) else ()


def _renamed(tree: ast.Module) -> None:
    """Call what a file imports from the libraries by the names that it has there."""
    names: dict[str, str] = {}
    theirs: set[str] = set()
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in _top(tree.body):
        match node:
            case ast.ImportFrom(module=str() as package, names=parts) if package.partition(".")[0] in _LIBRARIES:
                theirs.update(one.asname or one.name for one in parts)
                names.update({one.asname: one.name for one in parts if one.asname and one.asname != one.name})
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=meant)) if meant in theirs and name != meant:
                names[name] = names.get(meant, meant)
            case _:
                pass
    names = {name: meant for name, meant in names.items() if meant in _COLUMNS or meant not in own}
    if names:
        for each in ast.walk(tree):
            if isinstance(each, ast.Name) and each.id in names and isinstance(each.ctx, ast.Load):
                each.id = names[each.id]


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements at the top of a file, those in `if` and `try`, too."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _top(
                [*node.body, *node.orelse, *(one for each in getattr(node, "handlers", ()) for one in each.body)]
            )


def _measured(tree: ast.Module) -> tuple[list[ast.Call], list[ast.For | ast.While]]:
    """The calls and the loops of a tree, outer ones first. Raises NotationError (line, column) for what is nested beyond reason."""
    calls: list[ast.Call] = []
    loops: list[ast.For | ast.While] = []
    level: list[ast.AST] = [tree]
    for _ in range(_MOST_DEPTH):
        below: list[ast.AST] = []
        for node in level:
            kind = node.__class__
            if kind is ast.Call:
                calls.append(cast("ast.Call", node))
            elif kind is ast.For or kind is ast.While:
                loops.append(cast("ast.For | ast.While", node))
            for name in node._fields:
                if name in _PLAIN:
                    continue
                held = getattr(node, name, None)
                if held.__class__ is list:
                    below += [one for one in cast("list[object]", held) if isinstance(one, ast.AST)]
                elif isinstance(held, ast.AST):
                    below.append(held)
        level = [node for node in below if node.__class__ not in _LEAVES]
        if not level:
            return calls, loops
    placed = next((node for node in level if isinstance(node, ast.expr | ast.stmt)), None)
    raise NotationError(
        f"this is nested more than {_MOST_DEPTH} levels deep",
        line=placed.lineno if placed else 1,
        column=placed.col_offset + 1 if placed else 1,
    )


_PLAIN = frozenset(
    {"id", "ctx", "attr", "arg", "op", "ops", "kind", "module", "names", "level", "simple", "conversion"}
    | {"type_comment", "type_ignores", "is_async"}
)
"""The fields of nodes that hold none with others below."""
_LEAVES = frozenset({ast.Name, ast.Constant, ast.Load, ast.Store, ast.alias, ast.Pass, *ast.operator.__subclasses__()})


def _classes(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _classes(node.body)
            yield node
        elif not isinstance(node, ast.expr):
            for part in ("body", "orelse", "finalbody"):
                yield from _classes(getattr(node, part, []))
            for branch in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from _classes(branch.body)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a class, those in `if`, `with` and `try`, too."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.With | ast.Try):
            for part in ("body", "orelse", "finalbody"):
                yield from statements(getattr(node, part, []))
            for handler in getattr(node, "handlers", ()):
                yield from statements(handler.body)


def assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """The names that statements assign a value to, with it."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
                for target in targets:  # a, b = Column(…), Column(…)
                    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                        pairs = zip(target.elts, value.elts, strict=False)
                        yield from ((one.id, part) for one, part in pairs if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within it, nobody looks for garbage in cycles: a tree of Python is none as long as it is read, and is large."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name; "" for anything else."""
    while True:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return node.attr
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
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
