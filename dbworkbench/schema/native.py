"""How a design says an expression that only one engine has words for: as a call of `native`, told to people in these words.

`native('postgresql', j, ' ? ''x''')` is whose words they are, then pieces of the text and, between them, attributes.
"""

import re

__all__ = ["NATIVE", "own_words", "shown", "speaker"]

NATIVE = "native"
_PIECE = r"""'(?:[^']|'')*'|(?:"(?:[^"]|"")*"|[^\W\d][\w$]*)(?:\.(?:"(?:[^"]|"")*"|[^\W\d][\w$]*))*"""
_CALL = re.compile(rf"(?<![\w$\"'.])(?i:{NATIVE})\(\s*'(\w+)'((?:\s*,\s*(?:{_PIECE}))*)\s*\)")
_WHOLE = re.compile(rf"\s*{_CALL.pattern}\s*")
_EACH = re.compile(_PIECE)


def shown(text: str) -> str:
    """A text in which each expression that is kept in one engine's words is told in these.

    >>> shown("the check native('postgresql', 'lower(', email, ') ~ ''^a''')"), shown("a > 0")
    ("the check lower(email) ~ '^a'", 'a > 0')
    """
    return _CALL.sub(_told, text) if f"{NATIVE}(" in text.casefold() else text


def speaker(text: str) -> str:
    """The dialect in whose words an expression is as a whole; "" where it is in those of designs.

    >>> speaker("native('oracle', 'REGEXP_COUNT(', a, ')')"), speaker("a > 0")
    ('oracle', '')
    """
    found = _WHOLE.fullmatch(text) if f"{NATIVE}(" in text.casefold() else None
    return found[1] if found else ""


def own_words(text: str) -> tuple[tuple[str, str], ...]:
    """The dialects whose words stand in an expression, each with these; in the place of attributes, names that call nothing.

    >>> own_words("native('mysql', 'JSON_VALID(', doc, ')') or a > 0")
    (('mysql', 'JSON_VALID(x)'),)
    """
    if f"{NATIVE}(" not in text.casefold():
        return ()
    found = []
    for call in _CALL.finditer(text):
        pieces = (one[1:-1].replace("''", "'") if one[0] == "'" else "x" for one in _EACH.findall(call[2]))
        found.append((call[1], "".join(pieces)))
    return tuple(found)


def _told(call: re.Match[str]) -> str:
    pieces = _EACH.findall(call[2])
    return "".join(one[1:-1].replace("''", "'") if one[0] == "'" else one for one in pieces)
