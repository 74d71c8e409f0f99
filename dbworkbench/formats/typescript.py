"""A subset of TypeScript, read as values: constants, calls, members, objects, arrays, templates and arrow functions.

What else a file holds (types, functions, classes) is passed over; nothing is run.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dbworkbench.errors import NotationError
from dbworkbench.formats.cursor import Cursor, Token, escapes

__all__ = [
    "Array",
    "Arrow",
    "Call",
    "Constant",
    "Member",
    "Name",
    "Node",
    "Object",
    "Other",
    "Template",
    "constants",
    "renamed_imports",
]

_LANGUAGE = re.compile(
    r"""(?P<skip>[\s\ufeff]+|//[^\n]*|/\*.*?\*/|\A\#![^\n]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<template>`(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^{}`]|`(?:[^`\\]|\\.)*`|\{[^{}]*\})*\})*`|`(?:[^`\\]|\\.)*`)
    |(?P<regex>(?:(?<=[(,=:\[!&|?{};\t\n])|(?<=[(,=:\[!&|?{};>]\s)|(?<=\ \ ))/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?n?|\.\d+)
    |(?P<word>[^\W\d][\w$]*|\$[\w$]*|\#\w+|@\w+)
    |(?P<sign>=>|\.\.\.|\?\?=?|\?\.|[=!]==?|&&|\|\||[{}\[\]();:,.<>?=+*/%!&|^~@\\\#-])
    |(?P<bad>["'`]|/\*)""",
    re.VERBOSE | re.DOTALL,
)
_MISTAKES = {
    '"': "this text is never closed",
    "'": "this text is never closed",
    "`": "this template is never closed",
    "/": "this comment is never closed",
}
_BEGINNINGS = frozenset(
    {"export", "const", "let", "var", "import", "function", "type", "interface", "class", "async", "enum", "declare"}
)
_OPERATORS = frozenset({"+", "-", "*", "/", "%", "??", "||", "&&", "==", "===", "!=", "!==", "<", ">", "&", "|", "^"})


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, number, truth value, or nothing (`null`, `undefined`); `text` is a number as it is written."""

    value: str | int | float | bool | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name."""

    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`, or `of["name"]`."""

    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(args)`."""

    function: "Node"
    args: tuple["Node", ...]
    at: Token


@dataclass(frozen=True, slots=True)
class Object:
    """`{ key: value, ...spread }`; what is spread in has the key "..."."""

    fields: tuple[tuple[str, "Node"], ...]

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        return dict(self.fields).get(key)


@dataclass(frozen=True, slots=True)
class Array:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it stands between its backticks, with the name before it: sql`…`."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """`(parameters) => body`; a block's body is what it returns."""

    parameters: tuple[str, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else."""


Node = Constant | Name | Member | Call | Object | Array | Template | Arrow | Other


def constants(text: str) -> Iterator[tuple[str, Node, Token]]:
    """The constants that a file declares at its top: name, value and place. Raises NotationError (line, column)."""
    cursor = Cursor(text, _LANGUAGE, _MISTAKES)
    while not cursor.done:
        cursor.forget()
        if cursor.sees("export") or cursor.sees("declare"):
            cursor.next()
            continue
        if cursor.peek().text in {"const", "let", "var"} and cursor.peek(1).kind == "word":
            cursor.next()
            name = cursor.next()
            if cursor.take(":"):
                _skip_type(cursor, stop="=")
            if cursor.take("="):
                yield name.text, _value(cursor), name
            continue
        _skip_statement(cursor)


_IMPORT = re.compile(r"""\bimport\s*\{([^{}]*)\}\s*from\s*["']drizzle-orm/[\w-]+["']""")


def renamed_imports(text: str) -> dict[str, str]:
    """What a file calls otherwise than the package that it is from: by its own name, the name there.

    >>> renamed_imports('import { pgTable as table, text } from "drizzle-orm/pg-core";')
    {'table': 'pgTable'}
    """
    listed = (part.split() for found in _IMPORT.finditer(text) for part in found[1].split(","))
    return {words[-1]: words[-3] for words in listed if len(words) > 2 and words[-2] == "as"}


def _value(cursor: Cursor) -> Node:
    """The value of a constant; what is beyond the subset is passed over."""
    at, depth = cursor.at, cursor.depth
    try:
        found = _expression(cursor)
    except NotationError:
        cursor.at, cursor.depth = at, depth
        if _is_table(cursor):
            raise
        found = Other()
    _skip_statement(cursor, begun=True)
    return found


def _is_table(cursor: Cursor) -> bool:
    """Whether a table or an enumeration begins here, whose mistakes are to be told."""
    texts = [cursor.peek(ahead).text for ahead in range(4)]
    return any(re.search(r"(?:Table|Enum|\btable|\benum)\Z", text) for text in texts) and "(" in texts


def _skip_statement(cursor: Cursor, *, begun: bool = False) -> None:
    """Pass over a statement: to a semicolon, or to a line that begins another."""
    first = not begun
    while not cursor.done:
        token = cursor.peek()
        if token.text == ";" and token.kind == "sign":
            cursor.next()
            return
        if not first and token.fresh and token.text in _BEGINNINGS and token.kind == "word":
            return
        first = False
        if token.kind == "sign" and token.text in "([{":
            cursor.skip_group()
        else:
            cursor.next()


def _skip_type(cursor: Cursor, *, stop: str) -> None:
    """Pass over a type annotation, up to a sign that ends it."""
    while not cursor.done and cursor.peek().text != stop:
        if cursor.peek().kind == "sign" and cursor.peek().text in {"(", "[", "{"}:
            cursor.skip_group()
        else:
            cursor.next()


def _expression(cursor: Cursor) -> Node:
    cursor.enter()
    found = _postfix(cursor)
    while cursor.peek().kind == "sign" or cursor.peek().text in {"as", "satisfies", "in", "instanceof"}:
        token = cursor.peek()
        if token.text in {"as", "satisfies"}:
            cursor.next()
            _skip_type_name(cursor)
        elif token.text in _OPERATORS or token.text in {"in", "instanceof"}:
            cursor.next()
            right = _postfix(cursor)
            found = _joined(found, token.text, right)
        elif token.text == "?":
            cursor.next()
            _expression(cursor)
            cursor.expect(":", "in a choice")
            _expression(cursor)
            found = Other()
        else:
            break
    cursor.leave()
    return found


def _joined(left: Node, sign: str, right: Node) -> Node:
    match left, right:
        case Constant(value=str() as one), Constant(value=str() as other) if sign == "+":
            return Constant(one + other)
        case _:
            return Other()


def _skip_type_name(cursor: Cursor) -> None:
    """Pass over the type after `as` or `satisfies`."""
    while not cursor.done:
        token = cursor.next()
        if token.kind == "sign" and token.text in {"{", "[", "("}:
            cursor.at -= 1
            cursor.skip_group()
        while cursor.sees("["):
            cursor.skip_group()
        if cursor.sees("<"):
            _skip_angles(cursor)
        if cursor.peek().text not in {".", "|", "&"} and token.text not in {
            "keyof",
            "typeof",
            "readonly",
            ".",
            "|",
            "&",
        }:
            return


def _skip_angles(cursor: Cursor) -> None:
    open_ = 0
    while not cursor.done:
        token = cursor.peek()
        if token.kind == "sign" and token.text in {"(", "[", "{"}:
            cursor.skip_group()
            continue
        cursor.next()
        open_ += (token.text == "<") - (token.text == ">")
        if not open_ or token.text == ";":
            return


def _postfix(cursor: Cursor) -> Node:
    found = _primary(cursor)
    while True:
        token = cursor.peek()
        if token.kind == "template":
            cursor.next()
            found = Template(found.text if isinstance(found, Name) else "?", token.text[1:-1])
        elif token.kind != "sign":
            return found
        elif token.text in {".", "?."}:
            cursor.next()
            if cursor.peek().kind == "word":
                found = Member(found, cursor.next().text)
        elif token.text == "(":
            found = Call(found, tuple(_items(cursor, "(", ")")), token)
        elif token.text == "[":
            inner = _items(cursor, "[", "]")
            key = inner[0] if len(inner) == 1 else None
            known = isinstance(key, Constant) and isinstance(key.value, str)
            found = Member(found, str(key.value)) if known and isinstance(key, Constant) else Other()
        elif token.text == "!" and not cursor.peek(1).text.startswith("="):
            cursor.next()
        elif token.text == "<" and _is_generic(cursor):
            _skip_angles(cursor)
        else:
            return found


def _is_generic(cursor: Cursor) -> bool:
    """Whether angles here hold types: a call or a template follows them."""
    at = cursor.at
    _skip_angles(cursor)
    follows = cursor.sees("(") or cursor.peek().kind == "template"
    cursor.at = at
    return follows


def _primary(cursor: Cursor) -> Node:
    token = cursor.peek()
    match token.kind:
        case "text":
            cursor.next()
            return Constant(escapes(token.text[1:-1]))
        case "template":
            cursor.next()
            return Template("", token.text[1:-1])
        case "number":
            cursor.next()
            said = token.text.replace("_", "").rstrip("n")
            return Constant(json.loads(said) if re.fullmatch(r"(?:0|[1-9]\d*)(?:\.\d+)?", said) else float(said), said)
        case "regex":
            cursor.next()
            return Other()
        case "word":
            return _word(cursor)
        case _:
            return _bracketed(cursor)


def _word(cursor: Cursor) -> Node:
    token = cursor.next()
    if token.text == "async" and (cursor.sees("(") or cursor.peek().kind == "word"):
        return _primary(cursor)
    if token.text in {"new", "typeof", "await", "void", "delete"}:
        _postfix(cursor)
        return Other()
    if token.text == "function":
        while not cursor.done and not cursor.sees("{"):
            if cursor.sees("("):
                cursor.skip_group()
            else:
                cursor.next()
        return Arrow((), _block(cursor))
    if cursor.sees("=>"):
        cursor.next()
        return Arrow((token.text,), _body(cursor))
    match token.text:
        case "true" | "false":
            return Constant(token.text == "true")
        case "null" | "undefined":
            return Constant(None)
        case _:
            return Name(token.text)


def _bracketed(cursor: Cursor) -> Node:
    token = cursor.peek()
    if token.text == "(" and token.kind == "sign":
        parameters = _arrow_parameters(cursor)
        if parameters is not None:
            return Arrow(parameters, _body(cursor))
        cursor.next()
        found = _expression(cursor)
        cursor.expect(")", "to end the parentheses")
        return found
    if token.text == "[":
        return Array(tuple(_items(cursor, "[", "]")))
    if token.text == "{":
        return _object(cursor)
    if token.text in {"-", "+", "!", "~"}:
        cursor.next()
        inner = _postfix(cursor)
        if token.text == "-" and isinstance(inner, Constant) and isinstance(inner.value, int | float):
            return Constant(-inner.value, f"-{inner.text}")
        return Other()
    if token.text == "...":
        cursor.next()
        return _expression(cursor)
    if token.text == "<" and _is_generic(cursor):
        _skip_angles(cursor)
        return _primary(cursor)
    raise cursor.unexpected("a value")


def _arrow_parameters(cursor: Cursor) -> tuple[str, ...] | None:
    """The parameters of the arrow function that begins at this parenthesis; None where it is none."""
    at = cursor.at
    cursor.skip_group()
    if cursor.sees(":"):
        while not cursor.done and cursor.peek().text not in {"=>", ",", ";", ")", "}"}:
            cursor.next()
    if not cursor.take("=>"):
        cursor.at = at
        return None
    after, cursor.at = cursor.at, at + 1
    names: list[str] = []
    fresh = True
    while cursor.at < after and not (cursor.sees(")") and fresh is None):
        token = cursor.peek()
        if fresh and token.kind == "word":
            names.append(token.text)
        fresh = token.text == ","
        if token.kind == "sign" and token.text in {"(", "[", "{"}:
            cursor.skip_group()
        elif token.text == ")":
            break
        else:
            cursor.next()
    cursor.at = after
    return tuple(names)


def _body(cursor: Cursor) -> Node:
    return _block(cursor) if cursor.sees("{") else _expression(cursor)


def _block(cursor: Cursor) -> Node:
    """What a block returns, at its own level."""
    at = cursor.at
    cursor.skip_group()
    after = cursor.at
    cursor.at = at + 1
    found: Node = Other()
    while cursor.at < after - 1:
        token = cursor.peek()
        if token.text == "return" and token.kind == "word":
            cursor.next()
            try:
                found = _expression(cursor) if not cursor.sees(";") else Other()
            except NotationError:
                found = Other()
            break
        if token.kind == "sign" and token.text in {"(", "[", "{"}:
            cursor.skip_group()
        else:
            cursor.next()
    cursor.at = after
    return found


def _items(cursor: Cursor, opens: str, closes: str) -> list[Node]:
    cursor.expect(opens, "here")
    cursor.enter()
    found: list[Node] = []
    while not cursor.take(closes):
        found.append(_expression(cursor))
        if not cursor.take(",") and not cursor.sees(closes):
            raise cursor.unexpected(f"',' or {closes!r}")
    cursor.leave()
    return found


def _object(cursor: Cursor) -> Node:
    cursor.expect("{", "here")
    cursor.enter()
    fields: list[tuple[str, Node]] = []
    while not cursor.take("}"):
        token = cursor.next()
        if token.text == "..." and token.kind == "sign":
            fields.append(("...", _expression(cursor)))
        elif token.text == "[" and token.kind == "sign":
            cursor.at -= 1
            inner = _items(cursor, "[", "]")
            cursor.expect(":", "after a key")
            key = inner[0] if len(inner) == 1 else None
            fields.append((str(key.value) if isinstance(key, Constant) else "?", _expression(cursor)))
        elif token.kind in {"word", "text", "number"}:
            key_text = escapes(token.text[1:-1]) if token.kind == "text" else token.text
            if token.text in {"async", "get", "set"} and cursor.peek().kind == "word":
                key_text = cursor.next().text
            fields.append((key_text, _field_value(cursor, key_text)))
        else:
            raise cursor.wrong("a key was expected", token)
        if not cursor.take(",") and not cursor.sees("}"):
            raise cursor.unexpected("',' or '}'")
    cursor.leave()
    return Object(tuple(fields))


def _field_value(cursor: Cursor, key: str) -> Node:
    if cursor.take(":"):
        return _expression(cursor)
    if cursor.sees("("):  # a method
        cursor.skip_group()
        if cursor.take(":"):
            _skip_type(cursor, stop="{")
        return Arrow((), _block(cursor))
    return Name(key)
