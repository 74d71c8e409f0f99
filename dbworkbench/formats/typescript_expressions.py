"""Expressions of TypeScript, read as values: what is beyond constants, calls and members is passed over; nothing is run."""

import json
import re
from collections.abc import Callable

from dbworkbench.errors import NotationError
from dbworkbench.formats.cursor import Cursor, escapes
from dbworkbench.formats.typescript_values import (
    Array,
    Arrow,
    Call,
    Constant,
    Member,
    Name,
    Node,
    Object,
    Other,
    Template,
    put_in,
)

__all__ = ["expression", "function", "postfix", "skip_type"]

_MOST_CHAINED = 200
_OPERATORS = frozenset({"+", "-", "*", "/", "%", "??", "||", "&&", "==", "===", "!=", "!==", "<", ">", "&", "|", "^"})


def expression(cursor: Cursor) -> Node:
    """The value of the expression that begins here. Raises NotationError (line, column) for what is none."""
    cursor.enter()
    found = postfix(cursor)
    while cursor.peek().kind == "sign" or cursor.peek().text in {"as", "satisfies", "in", "instanceof"}:
        token = cursor.peek()
        if token.text in {"as", "satisfies"}:
            cursor.next()
            _skip_type_name(cursor)
        elif token.text in _OPERATORS or token.text in {"in", "instanceof"}:
            cursor.next()
            right = postfix(cursor)
            found = _joined(found, token.text, right)
        elif token.text == "?":
            cursor.next()
            expression(cursor)
            cursor.expect(":", "in a choice")
            expression(cursor)
            found = Other()
        else:
            break
    cursor.leave()
    return found


def postfix(cursor: Cursor) -> Node:
    """A value with the calls and members that follow it. Raises NotationError for too many in a row, and for what is none."""
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


def function(cursor: Cursor) -> Arrow:
    """The parameters of a function, and what it returns."""
    if cursor.sees("<"):
        _skip_angles(cursor)
    at = cursor.at
    cursor.skip_group()
    parameters, usual = _parameters(cursor, at, cursor.at)
    if cursor.take(":"):
        skip_type(cursor, stop="{")
    return Arrow(parameters, _block(cursor), usual)


def skip_type(cursor: Cursor, *, stop: str) -> None:
    """Pass over a type annotation, up to a sign that ends it."""
    while not cursor.done and cursor.peek().text != stop:
        if cursor.peek().kind == "sign" and cursor.peek().text in {"(", "[", "{"}:
            cursor.skip_group()
        else:
            cursor.next()


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
        _deeper(cursor, postfix)
        return Other()
    if token.text == "function":
        cursor.take("*")
        if cursor.peek().kind == "word":
            cursor.next()
        return function(cursor)
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
        found = expression(cursor)
        cursor.expect(")", "to end the parentheses")
        return found
    if token.text == "[":
        return Array(tuple(_items(cursor, "[", "]")))
    if token.text == "{":
        return _object(cursor)
    if token.text in {"-", "+", "!", "~"}:
        cursor.next()
        inner = _deeper(cursor, postfix)
        if token.text == "-" and isinstance(inner, Constant) and isinstance(inner.value, int | float):
            return Constant(-inner.value, f"-{inner.text}")
        return Other()
    if token.text == "...":
        cursor.next()
        return expression(cursor)
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
                usual.append((names[-1], expression(cursor)))
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
    return _block(cursor) if cursor.sees("{") else expression(cursor)


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
                own[name] = put_in(expression(cursor), own)
            except NotationError:
                cursor.at, cursor.depth = begun, depth
            continue
        if token.text == "return" and token.kind == "word":
            cursor.next()
            try:
                found = put_in(expression(cursor), own) if not cursor.sees(";") else Other()
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
        found.append(expression(cursor))
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
            fields.append(("...", expression(cursor)))
        elif token.text == "[" and token.kind == "sign":
            cursor.at -= 1
            inner = _items(cursor, "[", "]")
            cursor.expect(":", "after a key")
            key = inner[0] if len(inner) == 1 else None
            fields.append((str(key.value) if isinstance(key, Constant) else "?", expression(cursor)))
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
        return expression(cursor)
    if cursor.sees("("):  # a method
        return function(cursor)
    return Name(key)
