"""Texts by what a name says: people, places, products, notes; a readable number behind the name otherwise."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal as Number

from dbworkbench.errors import DesignError, Unsatisfiable
from dbworkbench.population import words
from dbworkbench.population.checkdigits import CheckedNumber, checked_number
from dbworkbench.population.coding import MOST, Values, literal
from dbworkbench.population.conditions import Limits
from dbworkbench.population.numbers import constant, hashed
from dbworkbench.population.patterns import met, patterned
from dbworkbench.population.phrases import NAMED, Phrase, meant, stem, tokens
from dbworkbench.population.quantities import AMOUNTS, numeric, temporal
from dbworkbench.population.shapes import Length
from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import Date, Decimal, Integer, Text, Type

_DAY_WORDS = frozenset({"date", "day", "birthday", "born"})
_AMOUNT_WORDS = frozenset().union(*(said for said, *_ in AMOUNTS))
_COUNT_WORDS = frozenset(
    {"quantity", "qty", "year", "age", "rating", "score", "count", "stock", "credits", "capacity", "line"}
)
_SECRETS = frozenset(
    {"password", "passwd", "pass", "pwd", "hash", "secret", "token", "digest", "checksum", "salt", "fingerprint", "sha"}
    | {"md5", "guid", "etag"}
)
_FEW = 24  # texts that a small relation draws from, so that its rows differ
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def text(
    relation: str, attribute: Attribute, kind: Type, limits: Limits, *, rows: int, about: str, beside: Collection[str]
) -> Values:
    """Texts of an attribute; `about` is what a bare "name" names, where that is not the relation.

    `beside` has the words of the other attributes' names.
    """
    where = f"{relation}.{attribute.name}"
    name = tokens(attribute.name)
    bounds = [size for size in (kind.length if isinstance(kind, Text) else None, limits.longest) if size is not None]
    longest = min(bounds, default=None)
    if longest is not None and longest < max(1, limits.shortest):
        why = f" by its check ({' and '.join(limits.because)})" if limits.because else ""
        raise Unsatisfiable(f"no text is left for {where}{why} between {limits.shortest} and {longest} characters")
    phrase = None if _SECRETS.intersection(name) else meant(about or relation, name, beside)
    meeting = _meeting(relation, attribute, limits, phrase, longest, rows=rows)
    if meeting is not None:
        return meeting
    coded = checked_number(name, longest)
    if coded is not None and rows <= coded.count and limits == Limits():
        return _checked(coded, rows, relation, attribute.name)
    kept = limits.shortest == 0 and limits.pattern is None
    ranged = [limit[0] for limit in (limits.above, limits.below) if limit is not None]
    numeric_limits = bool(ranged) and all(isinstance(limit, Number) for limit in ranged)
    if longest is None or longest >= 20 or numeric_limits:
        other: Values | None = None
        if numeric_limits or set(name) & _COUNT_WORDS:
            other = numeric(where, name, Integer(64), limits if numeric_limits else Limits(), rows)
        elif set(name) & _DAY_WORDS or (len(name) > 1 and name[-1] in {"at", "on"}):
            other = temporal(where, name, Date(), Limits(), rows)
        elif set(name) & _AMOUNT_WORDS:
            other = numeric(where, name, Decimal(10, 2), Limits(), rows)
        if other is not None:
            return _as_text(other, kept=kept and other.kept and (not ranged or numeric_limits))
    kept = kept and not ranged
    if phrase is None:
        return _numbered(relation, attribute, longest, rows=rows, about=about, kept=kept)
    capacity = _capacity(longest)

    def made(code: str, size: int, *salt: object) -> str:
        usable = phrase
        if longest is not None and len(usable.lists) == 1 and usable.longest(size) > longest:
            whole = tuple(word for word in usable.lists[0] if len(word) <= longest)
            room = longest - (0 if size <= len(whole) else 1 + len(str(size)))
            fitting = tuple(word for word in usable.lists[0] if len(word) <= room)
            usable = Phrase(usable.template, (fitting,), usable.steep) if len(fitting) >= 4 else usable
        if longest is None or usable.longest(size) <= longest:
            return usable.sql(code, size, *salt)
        return _letters(code, size, longest)

    usual = min(phrase.count, capacity, max(_FEW, rows // 2))
    if longest is not None and len(phrase.lists) == 1 and phrase.longest(usual) > longest:
        fitting = sum(len(word) <= longest for word in phrase.lists[0])
        usual = fitting if fitting >= 4 else usual
    # evenly drawn codes are strewn already; few of many, or frequent first ones, would be neighbours
    strewn = (relation, attribute.name) if phrase.steep > 1 or usual < phrase.count else ()

    def roomy(size: int) -> bool:
        return longest is None or phrase.longest(size) <= longest

    return Values(
        type="VARCHAR",
        capacity=capacity,
        usual=usual,
        coded=lambda code, size: made(code, size, relation, attribute.name),
        shown=lambda code: made(code, usual, *strewn),
        steep=phrase.steep,
        high=usual - 1,
        kept=kept,
        topic=next((kind for kind, named in NAMED.items() if named is phrase), ""),
        spot=(lambda code, size: phrase.spot(code, size, relation, attribute.name)) if roomy(phrase.count) else None,
        worded=MOST if roomy(MOST) else phrase.count,
        seen=(lambda place: phrase.spot(place, usual, *strewn)) if roomy(usual) else None,
        spots=phrase.count,
        code_of=(lambda: phrase.codes(relation, attribute.name)) if len(phrase.lists) == 1 else None,
    )


def _meeting(
    relation: str, attribute: Attribute, limits: Limits, phrase: Phrase | None, longest: int | None, *, rows: int
) -> Values | None:
    """Texts that meet the pattern of a check; its rows are looked at all the same, as engines read patterns differently.

    None where there is no pattern, none that is simple, or one that the phrases which the name means meet anyway.
    """
    if limits.pattern is None or (phrase is not None and met(limits.pattern, phrase.some())):
        return None
    made = patterned(limits.pattern, shortest=limits.shortest, longest=longest, rows=rows)
    if made is None:
        return None
    salt = (relation, attribute.name)
    usual = min(made.count, max(_FEW, rows // 2))
    return Values(
        type="VARCHAR",
        capacity=made.count,
        usual=usual,
        coded=lambda code, _: made.sql(code, *salt),
        shown=lambda place: made.sql(place, *salt),
        high=usual - 1,
        kept=False,
    )


def _checked(kind: CheckedNumber, rows: int, *salt: object) -> Values:
    """Numbers with a check digit."""
    usual = max(_FEW, rows // 2)
    return Values(
        type="VARCHAR",
        capacity=kind.count,
        usual=usual,
        coded=lambda code, _: kind.sql(f"({code})", *salt),
        shown=lambda place: kind.sql(f"({place})", *salt),
        high=usual - 1,
    )


def _capacity(longest: int | None) -> int:
    """How many different texts of so many characters there are, as far as they are counted."""
    return MOST if longest is None else len(_LETTERS) ** min(longest, 11)


def _numbered(relation: str, attribute: Attribute, longest: int | None, *, rows: int, about: str, kept: bool) -> Values:
    """Texts that say what they are of and have a number; what is secret is digits."""
    plain, width = stem(about or relation, attribute.name)
    secret = not _SECRETS.isdisjoint(tokens(attribute.name))
    key = constant("secret", relation, attribute.name)

    def coded(code: str, size: int) -> str:
        if secret and (longest is None or longest >= 16):
            return f"format('{{:016x}}', {hashed(f'({code})', key)})"
        if longest is not None and len(plain) + max(width, len(str(size))) > longest:
            return _letters(code, size, longest)
        if width > 1:
            return f"format({literal(plain.replace('{', '{{').replace('}', '}}') + f'{{:0{width}d}}')}, ({code}) + 1)"
        return f"({literal(plain)} || (({code}) + 1)::VARCHAR)"

    usual = min(max(4, rows // 4), _capacity(longest), max(4, rows // 2))
    return Values(
        type="VARCHAR",
        capacity=_capacity(longest),
        usual=usual,
        coded=coded,
        shown=lambda code: coded(code, usual),
        high=usual - 1,
        kept=kept,
    )


def sized(made: Values, length: Length, attribute: Attribute, limits: Limits) -> Values:
    """Texts of given lengths instead; raises DesignError where the type or a check asks for others."""
    bounds = [attribute.type.length] if isinstance(attribute.type, Text) else []
    longest = min((size for size in (*bounds, limits.longest) if size is not None), default=length.high)
    if made.type != "VARCHAR" or made.listed or length.high > longest or length.low < limits.shortest:
        raise DesignError(f"{attribute.name!r} cannot have texts of {length.low} to {length.high} characters")
    said = " ".join(word.lower() for pair in zip(words.ADJECTIVES * 3, words.PRODUCTS, strict=False) for word in pair)
    copies = -(-(length.high + len(said)) // len(said)) + 1
    many = length.high - length.low + 1
    filler = f"repeat({literal(said + ' ')}, {copies})"

    def shown(place: str) -> str:
        return f"substr({filler}, 1 + ({place}) % {len(said)}, {length.low} + (({place}) // {len(said)}) % {many})"

    usual = len(said) * many
    return replace(made, usual=usual, shown=shown, start=0, steep=1, high=usual - 1, topic="", spot=None, seen=None)


_PERSONAL = (
    "person", "first", "last", "email", "user", "phone", "street", "address", "door", "file", "headline", "description",
    "note", "url", "person's number", "address of a machine",
)  # fmt: skip

_NUMBERED = frozenset(
    {"phone", "telephone", "tel", "mobile", "fax", "iban", "bic", "ssn", "passport", "licence", "license", "card", "ip"}
    | {"mac", "imei", "vat", "taxid"}
)


def personal(relation: str, attribute: str) -> bool:
    """Whether a name says that its values tell of one person; a name of it is not known what may."""
    name = tokens(attribute)
    found = meant(relation, name)
    if found is None and name[-1:] == ("name",):
        return not set(name[:-1]) - {"full"}
    return any(found is NAMED[kind] for kind in _PERSONAL) or bool(_NUMBERED & set(name))


_KINDS = frozenset(
    {
        "type",
        "kind",
        "class",
        "group",
        "stage",
        "phase",
        "mode",
        "method",
        "tier",
        "plan",
        "segment",
        "reason",
        "result",
    }
    | {
        "outcome",
        "channel",
        "source",
        "label",
        "tag",
        "month",
        "quarter",
        "season",
        "step",
        "model",
        "version",
        "format",
    }
)


def impersonal(relation: str, attribute: str) -> bool:
    """Whether a name says that its values tell of something else than a person: a place, a product, a state, a kind."""
    name = tokens(attribute)
    known = meant(relation, name) is not None or bool(_KINDS & set(name))
    return known and not personal(relation, attribute)


def _as_text(made: Values, *, kept: bool) -> Values:
    return replace(
        made,
        type="VARCHAR",
        coded=lambda code, size: f"CAST({made.coded(code, size)} AS VARCHAR)",
        shown=lambda place: f"CAST({made.shown(place)} AS VARCHAR)",
        kept=kept,
    )


def _letters(code: str, size: int, longest: int) -> str:
    """A code in capitals and digits, always of one width: as narrow as `size` allows, but three where that fits."""
    width = 1
    while len(_LETTERS) ** width < size:
        width += 1
    width = max(width, min(3, longest))
    digit = "substr('" + _LETTERS + "', 1 + (({code}) // {power}) % 36, 1)"
    return "(" + " || ".join(digit.format(code=code, power=36**at) for at in reversed(range(width))) + ")"
