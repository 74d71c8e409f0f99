"""Files of TypeScript, read as values: what they declare at their top, and the calls in them.

What else a file holds (types, functions, classes) is passed over; nothing is run.
"""

import re
from collections.abc import Collection, Iterator

from dbworkbench.errors import NotationError
from dbworkbench.formats.cursor import Cursor, Token, escapes
from dbworkbench.formats.typescript_expressions import expression, function, postfix, skip_type
from dbworkbench.formats.typescript_values import Call, Node, Object, Other

__all__ = ["calls", "constants", "renamed_imports"]

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
                skip_type(cursor, stop="=")
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
        found = _members(cursor) if enumerates else function(cursor)
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
            fields.append((key, expression(cursor)))
        if not cursor.take(",") and not cursor.sees("}"):
            raise cursor.unexpected("',' or '}'")
    return Object(tuple(fields))


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
        found = postfix(cursor)
        named = len(before) == 2 and before[0].kind == "word" and before[1].text in {"=", ":"}
        if isinstance(found, Call):
            yield before[0].text if named else "", found
        before = []


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
        found = expression(cursor)
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
