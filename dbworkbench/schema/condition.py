"""The names in an SQL condition: which attributes it speaks of, and the same condition after a renaming.

A condition is kept as the text a person wrote. A name in it is that of the attribute it equals, else of the only one it
equals but for case. Words before a parenthesis (functions), before a text in quotes (`date '2020-01-31'`), after `as`
and `::` (types) and the reserved words of SQL are no names unless quoted.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dbworkbench.errors import DesignError
from dbworkbench.theory.dependencies import written

_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*')
      | (?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<number>\d[\w.]*)
      | (?P<word>[^\W\d][\w$]*)
      | (?P<cast>::)
      | (?P<space>\s+)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = """all and any array as asc asymmetric between both case cast check collate constraint create cross current_date
    current_time current_timestamp current_user default desc distinct else end escape except exists extract false fetch
    for foreign from full grant group having if ilike in initially inner intersect interval into is isnull join lateral
    leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps
    placing primary references returning right select session_user similar some symmetric table then to trailing true
    union unique user using variadic when where window with"""
RESERVED = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a condition: where it stands, what it says, and whether it qualifies the name after the point."""

    start: int
    end: int
    said: str
    qualifies: bool


def spoken_of(condition: str, names: Collection[str], relation: str = "") -> tuple[str, ...]:
    """The attributes among `names` that a condition over `relation` speaks of, in the order met.

    >>> spoken_of("Price >= 0 or note = 'qty' and lower(note) <> date", ["price", "note", "qty", "lower"])
    ('price', 'note')
    """
    found = (_meant(name.said, names) for name in _names(condition, relation) if not name.qualifies)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def renamed(
    condition: str, before: Collection[str], renames: Mapping[str, str], relation: str, relation_now: str = ""
) -> str:
    """The condition after attributes got the names in `renames` and the relation, perhaps, another.

    Only names that would no longer be understood are spelled anew, quoted where they have to be. Raises DesignError
    where a word that named nothing would now name an attribute.

    >>> renamed("total >= 0 and sales.total < cap", ["total", "cap"], {"total": "the sum"}, "sales", "orders")
    '"the sum" >= 0 and orders."the sum" < cap'
    """
    now = relation_now or relation
    after = [renames.get(name, name) for name in before]
    pieces: list[str] = []
    at = 0
    for name in _names(condition, relation, now):
        wanted = name.said
        if name.qualifies:
            if name.said.casefold() != relation.casefold():
                raise DesignError(f"the condition ({condition}) speaks of {name.said!r}, which it would then name")
            understood = name.said.casefold() == now.casefold()
            wanted = now
        else:
            meant = _meant(name.said, before)
            then = _meant(name.said, after)
            if meant is None and then is not None:
                raise DesignError(f"the condition ({condition}) has the word {name.said!r}, which it would then name")
            wanted = renames.get(meant, meant) if meant is not None else name.said
            understood = meant is None or then == wanted
        if not understood:
            pieces += [condition[at : name.start], _spelled(wanted)]
            at = name.end
    return "".join([*pieces, condition[at:]])


def about(condition: str, name: str) -> str:
    r"""A domain's condition, which speaks of VALUE, as one about the attribute of this name.

    >>> about("value >= 0 and Value <> 'value'", "unit price")
    '"unit price" >= 0 and "unit price" <> \'value\''
    """
    pieces: list[str] = []
    at = 0
    for token in _TOKEN.finditer(condition):
        if token.lastgroup == "word" and token.group().casefold() == "value":
            pieces += [condition[at : token.start()], _spelled(name)]
            at = token.end()
    return "".join([*pieces, condition[at:]])


def same_meaning(condition: str, before: Collection[str], after: Collection[str], relation: str) -> str | None:
    """The first name in the condition that means one thing among `before` and another, or nothing, among `after`."""
    for name in _names(condition, relation):
        if not name.qualifies and _meant(name.said, before) != _meant(name.said, after):
            return name.said
    return None


def _spelled(name: str) -> str:
    return f'"{name}"' if name.casefold() in RESERVED else written(name)


def _meant(said: str, names: Collection[str]) -> str | None:
    if said in names:
        return said
    near = [name for name in names if name.casefold() == said.casefold()]
    return near[0] if len(near) == 1 else None


def _names(condition: str, *relations: str) -> Iterator[_Name]:
    """Names of attributes, and of those relations where they stand before a point."""
    tokens = [match for match in _TOKEN.finditer(condition) if match.lastgroup not in {"space", "comment"}]
    own = {relation.casefold() for relation in relations}
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        quoted = token.lastgroup == "quoted"
        if not quoted and (token.lastgroup != "word" or token.group().casefold() in RESERVED):
            continue
        if not quoted and after is not None and (after.lastgroup == "text" or after.group() == "("):
            continue
        if before is not None and (before.lastgroup == "cast" or before.group().casefold() == "as"):
            continue
        said = token.group()[1:-1].replace('""', '"') if quoted else token.group()
        qualified = before is not None and before.group() == "."
        if after is not None and after.group() == ".":
            if not qualified and said.casefold() in own:
                yield _Name(token.start(), token.end(), said, qualifies=True)
        elif not qualified or (at > 1 and _said(tokens[at - 2]).casefold() in own):
            yield _Name(token.start(), token.end(), said, qualifies=False)


def _said(token: re.Match[str]) -> str:
    return token.group()[1:-1].replace('""', '"') if token.lastgroup == "quoted" else token.group()
