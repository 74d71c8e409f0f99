"""Checks that can be kept by construction: limits, lists of values, and one attribute above another."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from dbworkbench.population.patterns import Kind, Pattern
from dbworkbench.schema.relation import Check, Relation
from dbworkbench.schema.types import Boolean, Text, Unknown

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"]|"")*")|(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<word>[^\W\d]\w*)
    |(?P<sign><=|>=|<>|!=|~~|~|[-+<>=(),]))""",
    re.VERBOSE,
)
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}
_NOT_NAMES = {"and", "or", "not", "in", "between", "is", "null", "like", "case", "true", "false", "exists", "collate"}
_PATTERNS: dict[str, Kind] = {"~": "regex", "~~": "like", "like": "like"}
_MATCHING = {"regexp_matches", "regexp_like"}

Literal = Decimal | str


@dataclass(frozen=True, slots=True)
class Limits:
    """What the checks leave an attribute: a range, a list, a length, a pattern; `above` and `below` with whether strictly.

    `allowed` is None where any value may stand; `letters` is "lower" or "upper" where no others do; `because` are the checks' expressions, for messages. Of several patterns
    the first one is kept.
    """

    above: tuple[Literal, bool] | None = None
    below: tuple[Literal, bool] | None = None
    allowed: tuple[Literal, ...] | None = None
    shortest: int = 0
    longest: int | None = None
    known: bool = False
    pattern: Pattern | None = None
    letters: str = ""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """`greater` is above `smaller` in every row, or equal where not `strict`."""

    greater: str
    smaller: str
    strict: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """A relation's checks, read: limits per attribute, orders between two, and the checks that need looking at rows."""

    limits: dict[str, Limits] = field(default_factory=dict)
    orders: tuple[Order, ...] = ()
    others: tuple[Check, ...] = ()


def conditions(relation: Relation) -> Conditions:
    """Read a relation's checks; what is no limit, list or order stays a check for SQL.

    >>> from dbworkbench.schema.relation import Attribute
    >>> r = Relation("r", (Attribute("a"), Attribute("b")), checks=(Check("a >= 1 and b in ('x', 'y')"), Check("a%2=0")))
    >>> found = conditions(r)
    >>> found.limits["b"].allowed, found.others
    (('x', 'y'), (Check(expression='a%2=0', name='', enforced='always'),))
    """
    limits: dict[str, Limits] = {}
    orders: list[Order] = []
    others: list[Check] = []
    for check in relation.checks:
        whole = True
        tokens = _tokens(check.expression, relation)
        for term in _terms(tokens) if tokens is not None else ():
            match _truth(term, relation) or _matching(term, relation) or _read(term) or _one_of(term) or _cased(term):
                case Order() as order if order.greater != order.smaller:
                    orders.append(order)
                case (str() as name, Limits() as limit):
                    limits[name] = _both(limits.get(name, Limits()), limit, check.expression)
                    whole = whole and not limit.letters  # rows are looked at all the same: alphabets differ
                case _:
                    whole = False
        if tokens is None or not whole:
            others.append(check)
    _below(relation, limits, orders)
    return Conditions(limits, tuple(orders), tuple(others))


def _below(relation: Relation, limits: dict[str, Limits], orders: Iterable[Order]) -> None:
    """What lies below an attribute that checks limit lies below its limit, too: rows of others would be tried in vain."""
    for _ in range(len(relation.names)):
        before = dict(limits)
        for order in orders:
            found = limits.get(order.greater)
            sides = [relation[order.greater], relation[order.smaller]]
            plain = type(sides[0].type) is type(sides[1].type) and not any(side.nullable for side in sides)
            if found is None or found.below is None or not found.because or not plain:
                continue
            under = Limits(below=(found.below[0], found.below[1] or order.strict))
            both = _both(limits.get(order.smaller, Limits()), under, found.because[0])
            if both.above is None or _both(Limits(below=both.above), under, "").below == both.above != both.below:
                limits[order.smaller] = both
        if limits == before:
            return


def around(relation: Relation, orders: Iterable[Order]) -> tuple[str, ...]:
    """Attributes that are known and each above the last, so that one would be above itself; none where there are none.

    >>> from dbworkbench.schema.relation import Attribute
    >>> around(Relation("r", (Attribute("a"), Attribute("b"))), (Order("a", "b", True), Order("b", "a", False)))
    ('b', 'a')
    """
    kept = [order for order in orders if not (relation[order.greater].nullable or relation[order.smaller].nullable)]
    for start in kept:
        if not start.strict:
            continue
        paths: list[tuple[str, ...]] = [(start.smaller, start.greater)]
        seen = {start.greater}
        for path in paths:
            if path[-1] == start.smaller:
                return path[:-1]
            onward = dict.fromkeys(order.greater for order in kept if order.smaller == path[-1])
            paths += [(*path, name) for name in onward if name not in seen]
            seen |= set(onward)
    return ()


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


_Token = _Name | Decimal | str


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


def _tokens(text: str, relation: Relation) -> "list[_Token | _Text] | None":
    """Names, numbers, texts, and words or signs in lower case; None where something else stands."""
    folded: dict[str, list[str]] = {}
    for name in relation.names:
        folded.setdefault(name.casefold(), []).append(name)
    found: list[_Token | _Text] = []
    at, text = 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            return None
        at = match.end()
        if match["quoted"]:
            name = match["quoted"][1:-1].replace('""', '"')
            if name not in relation.names:
                return None
            found.append(_Name(name))
        elif match["text"]:
            found.append(_Text(match["text"][1:-1].replace("''", "'")))
        elif match["number"]:
            found.append(Decimal(match["number"]))
        elif match["word"]:
            word = match["word"]
            named = folded.get(word.casefold(), [])
            exact = [word] if word in relation.names else named
            found.append(_Name(exact[0]) if len(exact) == 1 and word.casefold() not in _NOT_NAMES else word.casefold())
        else:
            found.append(match["sign"])
    return _signed(found)


def _signed(tokens: "list[_Token | _Text]") -> "list[_Token | _Text]":
    """Minus signs in front of numbers joined to them."""
    found: list[_Token | _Text] = []
    for token in tokens:
        alone = len(found) < 2 or isinstance(found[-2], str)
        if isinstance(token, Decimal) and found and found[-1] == "-" and alone:
            found[-1] = -token
        else:
            found.append(token)
    return found


def _terms(tokens: "list[_Token | _Text]") -> "Iterator[list[_Token | _Text]]":
    """The parts that `and` joins, each without the parentheses around it."""
    tokens = _bared(tokens)
    parts = _parts(tokens, "and")
    if len(parts) == 1 or len(_parts(tokens, "or")) > 1:  # which joins what AND has joined
        yield tokens
        return
    for part in parts:
        yield from _terms(part)


def _bared(tokens: "list[_Token | _Text]") -> "list[_Token | _Text]":
    """Tokens without the parentheses around all of them."""
    while len(tokens) > 1 and tokens[0] == "(" and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def _parts(tokens: "list[_Token | _Text]", joined: str) -> "list[list[_Token | _Text]]":
    """What a word joins: "and", but not that of BETWEEN, or "or"."""
    parts: list[list[_Token | _Text]] = [[]]
    depth, between = 0, False
    for token in tokens:
        depth += (token == "(") - (token == ")")  # noqa: S105  parentheses
        if token == joined and not depth and not between:
            parts.append([])
            continue
        if not depth and token in {"between", "and"}:
            between = token == "between"  # noqa: S105  a word of SQL
        parts[-1].append(token)
    return parts


def _closing(tokens: "list[_Token | _Text]") -> int:
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")  # noqa: S105  parentheses
        if not depth:
            return at
    return -1


def _truth(term: "list[_Token | _Text]", relation: Relation) -> tuple[str, Limits] | None:
    """What a truth value has to be: `active`, `not active`, `active = true`; it may be unknown all the same."""
    match term:
        case [_Name(name)] | [_Name(name), "=", "true"]:
            wanted = "true"
        case ["not", _Name(name)] | [_Name(name), "=", "false"]:
            wanted = "false"
        case _:
            return None
    return (name, Limits(allowed=(wanted,))) if isinstance(relation[name].type, Boolean) else None


def _matching(term: "list[_Token | _Text]", relation: Relation) -> tuple[str, Limits] | None:
    """The pattern that a text has to meet: `name ~ '…'`, `regexp_matches(name, '…')`, LIKE and SIMILAR TO."""
    match term:
        case [*bare, "or", _Name(), "is", "null"] | [_Name(), "is", "null", "or", *bare]:
            return _matching(bare, relation)
        case ["(", *_, ")"] if _closing(term) == len(term) - 1:
            return _matching(term[1:-1], relation)
        case [str() as word, "(", *named, ",", _Text(text), ")"] if word in _MATCHING:
            kind: Kind = "regex"
        case ["regexp_full_match", "(", *named, ",", _Text(text), ")"]:
            kind, text = "regex", f"^({text})$"
        case [*named, ("~" | "~~" | "like") as sign, _Text(text)]:
            kind = _PATTERNS[str(sign)]
        case [*named, "similar", "to", _Text(text)]:
            kind = "similar"
        case _:
            return None
    name = _bare(named)
    if name is None or not isinstance(relation[name].type, Text | Unknown):
        return None
    return name, Limits(pattern=Pattern(kind, text))


def _cased(term: "list[_Token | _Text]") -> tuple[str, Limits] | None:
    """The letters that `name = lower(name)` leaves a text."""
    if term.count("=") != 1:
        return None
    sides = term[: term.index("=")], term[term.index("=") + 1 :]
    for bare, made in (sides, sides[::-1]):
        match made:
            case [("lower" | "upper") as letters, "(", *inner, ")"] if (name := _bare(bare)) and name == _bare(inner):
                return name, Limits(letters=str(letters))
    return None


def _bare(tokens: "list[_Token | _Text]") -> str | None:
    """The name of an attribute without the conversion to a text around it."""
    match tokens:
        case [_Name(name)]:
            return name
        case ["(", *inner, ")"] | ["cast", "(", *inner, "as", "text" | "varchar", ")"]:
            return _bare(inner)
    return None


def _one_of(term: "list[_Token | _Text]") -> tuple[str, Limits] | None:
    """The list of values that `kind = 'a' OR kind = 'b' OR kind IS NULL` says, as IN does; it may be unknown all the same."""
    found: dict[str, list[Literal]] = {}
    for part in _parts(term, "or"):
        match _bared(part):
            case [_Name(name), "is", "null"]:
                found.setdefault(name, [])
            case bare:
                read = _read(bare)
                limits = read[1] if isinstance(read, tuple) else Limits()
                if not isinstance(read, tuple) or limits != Limits(allowed=limits.allowed):
                    return None
                found.setdefault(read[0], []).extend(limits.allowed or ())
    match list(found.items()):
        case [(name, [*values])] if values:
            return name, Limits(allowed=tuple(dict.fromkeys(values)))
    return None


def _read(term: "list[_Token | _Text]") -> "Order | tuple[str, Limits] | None":
    match term:
        case [_Name(first), ("<" | ">" | "<=" | ">=") as found, _Name(second)]:
            sign = str(found)
            greater, smaller = (first, second) if sign[0] == ">" else (second, first)
            return Order(greater, smaller, strict=len(sign) == 1)
        case [_Name(name), ("<" | ">" | "<=" | ">=" | "=") as found, *rest] if (value := _literal(rest)) is not None:
            return name, _compared(str(found), value)
        case [*rest, ("<" | ">" | "<=" | ">=" | "=") as found, _Name(name)] if (value := _literal(rest)) is not None:
            return name, _compared(_MIRRORED[str(found)], value)
        case [_Name(name), "between", *rest] if "and" in rest:
            cut = rest.index("and")
            low, high = _literal(rest[:cut]), _literal(rest[cut + 1 :])
            if low is not None and high is not None:
                return name, Limits(above=(low, False), below=(high, False))
        case [_Name(name), "in", "(", *rest, ")"]:
            values = [_literal(part) for part in _split(rest)]
            if values and all(value is not None for value in values):
                return name, Limits(allowed=tuple(value for value in values if value is not None))
        case [_Name(name), "is", "not", "null"]:
            return name, Limits(known=True)
        case [("length" | "char_length" | "len"), "(", _Name(name), ")", sign, Decimal() as size]:
            return _length(name, str(sign), int(size))
        case [
            ("length" | "char_length" | "len"),
            "(",
            _Name(name),
            ")",
            "between",
            Decimal() as low,
            "and",
            Decimal() as high,
        ]:
            return name, Limits(shortest=int(low), longest=int(high))
    return None


def _length(name: str, sign: str, size: int) -> tuple[str, Limits] | None:
    match sign:
        case "<=" | "<":
            return name, Limits(longest=size - (sign == "<"))
        case ">=" | ">":
            return name, Limits(shortest=size + (sign == ">"))
        case "=":
            return name, Limits(shortest=size, longest=size)
    return None


def _literal(tokens: "Iterable[_Token | _Text]") -> Literal | None:
    match list(tokens):
        case [Decimal() as number]:
            return number
        case [_Text(text)] | [("date" | "timestamp" | "time"), _Text(text)]:
            return text
    return None


def _split(tokens: "list[_Token | _Text]") -> "Iterator[list[_Token | _Text]]":
    part: list[_Token | _Text] = []
    for token in tokens:
        if token == ",":  # noqa: S105  a comma
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _compared(sign: str, value: Literal) -> Limits:
    match sign:
        case "=":
            return Limits(allowed=(value,))
        case ">" | ">=":
            return Limits(above=(value, sign == ">"))
        case _:
            return Limits(below=(value, sign == "<"))


def _both(first: Limits, second: Limits, because: str) -> Limits:
    """Limits that keep both; texts and numbers are compared only with their own kind."""

    def tighter(
        one: tuple[Literal, bool] | None, two: tuple[Literal, bool] | None, *, upper: bool
    ) -> tuple[Literal, bool] | None:
        if one is None or two is None or type(one[0]) is not type(two[0]):
            return one or two
        if one[0] == two[0]:
            return one[0], one[1] or two[1]
        below = one[0] < two[0] if isinstance(one[0], Decimal) else str(one[0]) < str(two[0])  # type: ignore[operator]
        return one if below == upper else two

    allowed = second.allowed if first.allowed is None else first.allowed
    if first.allowed is not None and second.allowed is not None:
        allowed = tuple(value for value in first.allowed if value in second.allowed)
    longest = [size for size in (first.longest, second.longest) if size is not None]
    return replace(
        first,
        above=tighter(first.above, second.above, upper=False),
        below=tighter(first.below, second.below, upper=True),
        allowed=allowed,
        shortest=max(first.shortest, second.shortest),
        longest=min(longest, default=None),
        known=first.known or second.known,
        pattern=first.pattern or second.pattern,
        letters=first.letters or second.letters,
        because=tuple(dict.fromkeys((*first.because, because))),
    )
