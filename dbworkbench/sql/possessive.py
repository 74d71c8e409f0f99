"""Regular expressions with possessive groups, for the first releases of Python 3.11 too."""

import re
import sys

__all__ = ["atomic", "compiled"]

_WRONG_UNTIL = (3, 11, 5)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern compiled.

    Before 3.11.5, Python goes on from the wrong place where a possessive group fails half-way through one of its repetitions
    (python/cpython#106052); atomic groups are right there, and take more memory.
    """
    return re.compile(atomic(pattern) if sys.version_info < _WRONG_UNTIL else pattern, flags)


def atomic(pattern: str) -> str:
    r"""The pattern with an atomic group around a greedy one for each possessive group; single characters stay as they are.

    >>> print(atomic(r"[^;(]++(?:'(?:[^']++|'')*+'|\)b)*+;"))
    [^;(]++(?>(?:'(?>(?:[^']++|'')*)'|\)b)*);
    """
    made: list[str] = []
    opened: list[int] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            piece = pattern[at : at + 2]
        elif pattern[at] == "[":
            piece = _class_at(pattern, at)
        else:
            piece = pattern[at]
        at += len(piece)
        if piece == "(":
            opened.append(len(made))
        elif piece == ")":
            begin = opened.pop()
            if pattern[at : at + 2] in {"*+", "++", "?+"}:
                made[begin] = f"(?>{made[begin]}"
                piece += f"{pattern[at]})"
                at += 2
        made.append(piece)
    return "".join(made)


def _class_at(pattern: str, begin: int) -> str:
    """The characters in brackets that begin here, to where they are closed."""
    at = begin + (2 if pattern[begin + 1] == "^" else 1)
    first = at
    while pattern[at] != "]" or at == first:  # a bracket that comes first is one of them
        at += 2 if pattern[at] == "\\" else 1
    return pattern[begin : at + 1]
