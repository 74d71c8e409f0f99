"""A subset of TypeScript, read as values: constants, calls, members, objects, arrays, templates and arrow functions.

What else a file holds (types, functions, classes) is passed over; nothing is run.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
    "calls",
    "constants",
    "put_in",
    "renamed_imports",
]

_LANGUAGE = re.compile(
    r"""(?P<skip>[\s\ufeff]+|//[^\n\r]*|/\*.*?\*/|\A\#![^\n\r]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<template>`(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^{}`]|`(?:[^`\\]|\\.)*`|\{[^{}]*\})*\})*`|`(?:[^`\\]|\\.)*`)
    |(?P<regex>(?:(?<=[(,=:\[!&|?{};\t\n])|(?<=[(,=:\[!&|?{};>]\s)|(?<=\ \ ))/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?n?|\.\d+)
    |(?P<word>[^\W\d][\w$]*|\$[\w$]*|\#\w+|@\w+)
    |(?P<bad>["'`]|/\*)
    |(?P<sign>=>|\.\.\.|\?\?=?|\?\.|[=!]==?|&&|\|\||[{}\[\]();:,.<>?=+*/%!&|^~@\\\#-])""",
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
_MOST_CHAINED = 200
_MOST_PUT_IN = 1000
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
    r"""A template as it stands between its backticks, with the name before it: sql`…`.

    A dollar that is escaped there is `\u0024`, so that where `${` stands, something is put in.
    """

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """`(parameters) => body`; a block's body is what it returns. `usual` are the values of parameters that are not given."""

    parameters: tuple[str, ...]
    body: "Node"
    usual: tuple[tuple[str, "Node"], ...] = ()

    def given(self, args: Iterable["Node"]) -> dict[str, "Node"]:
        """What stands for the parameters in a call with these arguments."""
        return {**dict(self.usual), **dict(zip(self.parameters, args, strict=False))}


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else."""


Node = Constant | Name | Member | Call | Object | Array | Template | Arrow | Other


def constants(text: str) -> Iterator[tuple[str, Node, Token]]:
    """The constants, functions and enumerations that a file declares at its top: name, value and place.

    What a file exports as its default is called "default". Raises NotationError (line, column).
    """
    cursor = Cursor(text, _LANGUAGE, _MISTAKES)
    while not cursor.done:
        cursor.forget()
        if cursor.sees("export", "default") and cursor.peek(2).text not in _BEGINNINGS:
            cursor.next()
            name = cursor.next()
            yield "default", _value(cursor), name
            continue
        if cursor.sees("export") or cursor.sees("declare"):
            cursor.next()
            continue
        if cursor.sees("function") or cursor.sees("async", "function") or cursor.sees("enum"):
            name, value = _declared(cursor)
            if value is not None:
                yield name.text, value, name
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


def _declared(cursor: Cursor) -> tuple[Token, Node | None]:
    """A function or an enumeration that is declared here, and what its name stands for; None for what is beyond the subset."""
    at, depth = cursor.at, cursor.depth
    cursor.take("async")
    enumerates = cursor.next().text == "enum"
    cursor.take("*")
    name = cursor.next()
    found: Node | None = None
    try:
        found = _members(cursor) if enumerates else _function(cursor)
    except NotationError:
        cursor.at, cursor.depth = at, depth
        _skip_statement(cursor)
    return name, found


def _members(cursor: Cursor) -> Object:
    """The members of an enumeration, those that have a value."""
    cursor.expect("{", "to begin the members")
    fields: list[tuple[str, Node]] = []
    while not cursor.take("}"):
        token = cursor.next()
        key = escapes(token.text[1:-1]) if token.kind == "text" else token.text
        if cursor.take("="):
            fields.append((key, _expression(cursor)))
        if not cursor.take(",") and not cursor.sees("}"):
            raise cursor.unexpected("',' or '}'")
    return Object(tuple(fields))


def _function(cursor: Cursor) -> Arrow:
    """The parameters of a function, and what it returns."""
    if cursor.sees("<"):
        _skip_angles(cursor)
    at = cursor.at
    cursor.skip_group()
    parameters, usual = _parameters(cursor, at, cursor.at)
    if cursor.take(":"):
        _skip_type(cursor, stop="{")
    return Arrow(parameters, _block(cursor), usual)


def calls(text: str, names: Collection[str]) -> Iterator[tuple[str, Call]]:
    """Every call of these functions, wherever it stands, with the name that its value is given ("" for none).

    Raises NotationError (line, column) where the arguments of one cannot be read.
    """
    cursor = Cursor(text, _LANGUAGE, _MISTAKES)
    before: list[Token] = []
    while not cursor.done:
        cursor.forget()
        token = cursor.peek()
        called = token.kind == "word" and token.text in names and cursor.peek(1).text in {"(", "<", "."}
        if not called or (before and before[-1].text in {"function", "."}):
            before = [*before[-1:], cursor.next()]
            continue
        found = _postfix(cursor)
        named = len(before) == 2 and before[0].kind == "word" and before[1].text in {"=", ":"}
        if isinstance(found, Call):
            yield before[0].text if named else "", found
        before = []


def put_in(node: Node, names: Mapping[str, Node]) -> Node:
    """A value in which names stand for other values: the parameters of a function for what it is given."""
    match node:
        case Name(text) if text in names:
            return names[text] if _fits(names[text], _MOST_PUT_IN) > 0 else Other()
        case Member(of, name):
            return Member(put_in(of, names), name)
        case Call(function, args, at):
            return Call(put_in(function, names), tuple(put_in(arg, names) for arg in args), at)
        case Object(fields):
            return Object(tuple((key, put_in(value, names)) for key, value in fields))
        case Array(items):
            return Array(tuple(put_in(item, names) for item in items))
        case Arrow(parameters, body, usual):
            others = {name: names[name] for name in names if name not in parameters}
            return Arrow(parameters, put_in(body, others), tuple((name, put_in(value, names)) for name, value in usual))
        case Template(tag, text):
            return Template(tag, _INSERTED.sub(lambda found: _inserted(found, names), text))
        case _:
            return node


def _fits(node: Node, most: int) -> int:
    """How many more nodes there may be after those of a value; none where it has more than `most`."""
    most -= 1
    parts: tuple[Node, ...] = ()
    match node:
        case Member(of):
            parts = (of,)
        case Call(function, args):
            parts = (function, *args)
        case Object(fields):
            parts = tuple(value for _, value in fields)
        case Array(items):
            parts = items
        case Arrow(_, body):
            parts = (body,)
        case _:
            pass
    for part in parts:
        if most <= 0:
            break
        most = _fits(part, most)
    return most


_INSERTED = re.compile(r"\$\{\s*([A-Za-z_$][\w$]*)\s*\}")


def _inserted(found: re.Match[str], names: Mapping[str, Node]) -> str:
    value = names.get(found[1])
    if isinstance(value, Constant) and isinstance(value.value, str):
        return re.sub(r"[\\`$]", lambda sign: r"\u0024" if sign[0] == "$" else rf"\{sign[0]}", value.value)
    return found[0]


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
    return any(re.search(r"(?:Table|Enum|\btable|\benum)\Z", text) for text in texts) and not {"(", "<"}.isdisjoint(
        texts
    )


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


def _inside(template: str) -> str:
    r"""What stands between the backticks of a template, its escaped dollars as `\u0024`."""
    return re.sub(r"\\(.)", lambda found: r"\u0024" if found[1] == "$" else found[0], template[1:-1], flags=re.DOTALL)


def _postfix(cursor: Cursor) -> Node:
    found = _primary(cursor)
    for _ in range(_MOST_CHAINED):
        token = cursor.peek()
        if token.kind == "template":
            cursor.next()
            found = Template(found.text if isinstance(found, Name) else "?", _inside(token.text))
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
            cursor.at = _closing(cursor)
        else:
            return found
    raise cursor.wrong(f"more than {_MOST_CHAINED} calls and members in a row")


def _is_generic(cursor: Cursor) -> bool:
    """Whether angles here hold types: a call or a template follows them."""
    at, after = cursor.at, _closing(cursor)
    cursor.at = after
    follows = after > 0 and (cursor.sees("(") or cursor.peek().kind == "template")
    cursor.at = at
    return follows


def _closing(cursor: Cursor) -> int:
    """The place after the angle that closes the one here; 0 where none does within the same brackets."""
    at = cursor.at
    if at not in cursor.closing:
        opened: list[int] = []
        while not cursor.done:
            token = cursor.peek()
            sign = token.text if token.kind == "sign" else ""
            if sign in {"(", "[", "{"}:
                cursor.skip_group()
                continue
            if sign in {")", "]", "}", ";", "&&", "||"}:
                break
            if sign == "<":
                opened.append(cursor.at)
            cursor.next()
            if sign == ">":
                cursor.closing[opened.pop()] = cursor.at
                if not opened:
                    break
        cursor.closing.update(dict.fromkeys(opened, 0))
        cursor.at = at
    return cursor.closing[at]


def _primary(cursor: Cursor) -> Node:
    token = cursor.peek()
    match token.kind:
        case "text":
            cursor.next()
            return Constant(escapes(token.text[1:-1]))
        case "template":
            cursor.next()
            return Template("", _inside(token.text))
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
        return _deeper(cursor, _primary)
    if token.text in {"new", "typeof", "await", "void", "delete"}:
        _deeper(cursor, _postfix)
        return Other()
    if token.text == "function":
        cursor.take("*")
        if cursor.peek().kind == "word":
            cursor.next()
        return _function(cursor)
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


def _deeper(cursor: Cursor, read: Callable[[Cursor], Node]) -> Node:
    cursor.enter()
    found = read(cursor)
    cursor.leave()
    return found


def _bracketed(cursor: Cursor) -> Node:
    token = cursor.peek()
    if token.text == "(" and token.kind == "sign":
        parameters = _arrow_parameters(cursor)
        if parameters is not None:
            return Arrow(parameters[0], _body(cursor), parameters[1])
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
        inner = _deeper(cursor, _postfix)
        if token.text == "-" and isinstance(inner, Constant) and isinstance(inner.value, int | float):
            return Constant(-inner.value, f"-{inner.text}")
        return Other()
    if token.text == "...":
        cursor.next()
        return _expression(cursor)
    if token.text == "<" and _is_generic(cursor):
        cursor.at = _closing(cursor)
        return _deeper(cursor, _primary)
    raise cursor.unexpected("a value")


_Parameters = tuple[tuple[str, ...], tuple[tuple[str, Node], ...]]


def _arrow_parameters(cursor: Cursor) -> _Parameters | None:
    """The parameters of the arrow function that begins at this parenthesis; None where it is none."""
    at = cursor.at
    cursor.skip_group()
    if cursor.sees(":"):
        while not cursor.done and cursor.peek().text not in {"=>", ",", ";", ")", "}"}:
            cursor.next()
    if not cursor.take("=>"):
        cursor.at = at
        return None
    return _parameters(cursor, at, cursor.at)


def _parameters(cursor: Cursor, at: int, after: int) -> _Parameters:
    """The names of the parameters in the parentheses that begin at a place, and the values of those that may be left out.

    The cursor moves to the place after.
    """
    cursor.at = at + 1
    names: list[str] = []
    usual: list[tuple[str, Node]] = []
    fresh, own = True, False
    while cursor.at < after:
        token = cursor.peek()
        if fresh:
            own = token.kind == "word"
            names += [token.text] if own else []
        fresh = token.text == ","
        if token.text == "=" and token.kind == "sign" and own:
            cursor.next()
            begun, depth = cursor.at, cursor.depth
            try:
                usual.append((names[-1], _expression(cursor)))
            except NotationError:
                cursor.at, cursor.depth = begun, depth
        elif token.kind == "sign" and token.text in {"(", "[", "{"}:
            cursor.skip_group()
        elif token.text == ")":
            break
        else:
            cursor.next()
    cursor.at = after
    return tuple(names), tuple(usual)


def _body(cursor: Cursor) -> Node:
    return _block(cursor) if cursor.sees("{") else _expression(cursor)


def _block(cursor: Cursor) -> Node:
    """What a block returns, at its own level, with the constants of that level put in."""
    at, depth = cursor.at, cursor.depth
    cursor.skip_group()
    after = cursor.at
    cursor.at = at + 1
    found: Node = Other()
    own: dict[str, Node] = {}
    while cursor.at < after - 1:
        token = cursor.peek()
        if token.text in {"const", "let"} and cursor.peek(1).kind == "word" and cursor.peek(2).text == "=":
            name, cursor.at = cursor.peek(1).text, cursor.at + 3
            begun = cursor.at
            try:
                own[name] = put_in(_expression(cursor), own)
            except NotationError:
                cursor.at, cursor.depth = begun, depth
            continue
        if token.text == "return" and token.kind == "word":
            cursor.next()
            try:
                found = put_in(_expression(cursor), own) if not cursor.sees(";") else Other()
            except NotationError:
                found, cursor.depth = Other(), depth
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
        return _function(cursor)
    return Name(key)
