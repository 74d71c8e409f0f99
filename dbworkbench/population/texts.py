"""Texts by what a name says: people, places, products, notes; a readable number behind the name otherwise."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal as Number
from math import prod

from dbworkbench.errors import DesignError, Unsatisfiable
from dbworkbench.population import words
from dbworkbench.population.coding import MOST, Values, literal, texts
from dbworkbench.population.conditions import Limits
from dbworkbench.population.numbers import scattered
from dbworkbench.population.quantities import AMOUNTS, numeric, temporal
from dbworkbench.population.shapes import Length
from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import Date, Decimal, Integer, Text, Type


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words put together; where more are wanted than the lists give, a number is added at `{n}`."""

    template: str
    lists: tuple[tuple[str, ...], ...]
    steep: int = 1
    lower: bool = False
    close: bool = False

    @property
    def count(self) -> int:
        return prod(len(options) for options in self.lists)

    def longest(self, size: int) -> int:
        number = 0 if size <= self.count else 1 + len(str(size // self.count + 1))
        fixed = len(re.sub(r"\{.*?\}", "", self.template))
        return fixed + number + sum(max(map(len, options)) for options in self.lists)

    def sql(self, code: str, size: int, *salt: object) -> str:
        """The phrase of a code; up to `count` codes without a number. With `salt`, neighbours are strewn."""
        count, at = self.count, self.spot(code, size, *salt)
        pieces: list[str] = []
        for before, part, after in self._parts(numbered=size > count):
            if part == "n":
                gap = "" if self.close else " "
                number = f"concat({literal(before + gap)}, ({code}) // {count} + 1, {literal(after)})"
                pieces.append(f"CASE WHEN ({code}) >= {count} THEN {number} ELSE {literal(before + after)} END")
                continue
            which = int(part)
            options = self.lists[which]
            below_it = prod(len(other) for other in self.lists[:which])
            place = f"(({at}) // {below_it}) % {len(options)}" if len(self.lists) > 1 else f"({at})"
            told = (before + (option.lower() if self.lower else option) + after for option in options)
            pieces.append(f"{texts(told)}[1 + {place}]")
        return pieces[0] if len(pieces) == 1 else f"concat({', '.join(pieces)})"

    def spot(self, code: str, size: int, *salt: object) -> str:
        """The place of a code's words among all `count` combinations."""
        rest = code if size <= self.count else f"({code}) % {self.count}"
        return scattered(rest, self.count, *salt) if salt else rest

    def _parts(self, *, numbered: bool) -> list[tuple[str, str, str]]:
        """The places of the template with what stands before and after each: fewer and larger pieces are put together."""
        before, *rest = re.split(r"\{(.*?)\}", self.template)
        found: list[tuple[str, str, str]] = []
        for part, after in zip(rest[::2], rest[1::2], strict=True):
            if part != "n" or numbered:
                found.append((before, part, after))
                before = ""
            else:
                kept, name, behind = found.pop()
                found.append((kept, name, behind + after))
        return found


_NUMBERS = tuple(str(number) for number in range(1, 100))
_DIGITS3 = tuple(f"{number:03d}" for number in range(1000))
_DIGITS4 = tuple(f"{number:04d}" for number in range(0, 10_000, 37))
_NAMED: dict[str, _Phrase] = {
    "person": _Phrase("{0} {1}{n}", (words.FIRST, words.LAST)),
    "first": _Phrase("{0}{n}", (words.FIRST,)),
    "last": _Phrase("{0}{n}", (words.LAST,)),
    "email": _Phrase("{0}.{1}{n}@{2}", (words.FIRST, words.LAST, words.MAIL_HOSTS), lower=True, close=True),
    "user": _Phrase("{0}{1}{n}", (words.FIRST, words.LAST), lower=True, close=True),
    "city": _Phrase("{0}{n}", (words.CITIES,), steep=2),
    "country": _Phrase("{0}{n}", (words.COUNTRIES,), steep=2),
    "country code": _Phrase("{0}{n}", (words.COUNTRY_CODES,), steep=2),
    "street": _Phrase("{0} {1}{n}", (words.STREETS, words.STREET_KINDS)),
    "address": _Phrase("{2} {0} {1}{n}", (words.STREETS, words.STREET_KINDS, _NUMBERS)),
    "phone": _Phrase("+1 555 {0} {1}{n}", (_DIGITS3, _DIGITS4)),
    "product": _Phrase("{0} {1}{n}", (words.ADJECTIVES, words.PRODUCTS)),
    "company": _Phrase("{0} {1}{n}", (words.LAST, words.COMPANY_FORMS)),
    "airline": _Phrase("{0} Air{n}", (words.AIRLINES,)),
    "colour": _Phrase("{0}{n}", (words.COLOURS,)),
    "category": _Phrase("{0}{n}", (words.CATEGORIES,), steep=2),
    "department": _Phrase("{0}{n}", (words.DEPARTMENTS,)),
    "course": _Phrase("{0} {1}{n}", (words.COURSES, words.SUBJECTS)),
    "subject": _Phrase("{0}{n}", (words.SUBJECTS,)),
    "job": _Phrase("{0}{n}", (words.JOBS,)),
    "language": _Phrase("{0}{n}", (words.LANGUAGES,), steep=2),
    "region": _Phrase("{0}{n}", (words.REGIONS,)),
    "status": _Phrase("{0}{n}", (words.STATUSES,), steep=2),
    "payment": _Phrase("{0}{n}", (words.PAYMENTS,), steep=2),
    "currency": _Phrase("{0}{n}", (words.CURRENCIES,), steep=2),
    "level": _Phrase("{0}{n}", (words.LEVELS,), steep=2),
    "size": _Phrase("{0}{n}", (words.SIZES,)),
    "gender": _Phrase("{0}{n}", (words.GENDERS,)),
    "unit": _Phrase("{0}{n}", (words.UNITS,), steep=2),
    "weekday": _Phrase("{0}{n}", (words.WEEKDAYS,)),
    "title": _Phrase("The {0} {1}{n}", (words.TOPICS, words.PRODUCTS)),
    "url": _Phrase("https://{1}/{0}{n}", (words.PRODUCTS, words.MAIL_HOSTS), lower=True, close=True),
    "note": _Phrase(
        "{0} {1} a {2} {3}{n}",
        (
            words.FIRST,
            words.VERBS,
            tuple(a.lower() for a in words.ADJECTIVES),
            tuple(p.lower() for p in words.PRODUCTS),
        ),
    ),
}
# a word in the attribute's name → a phrase; the first row that fits counts
_BY_WORD: tuple[tuple[str, str], ...] = (
    ("email mail e-mail", "email"),
    ("phone tel telephone mobile fax", "phone"),
    ("firstname forename", "first"),
    ("lastname surname", "last"),
    ("username login nickname handle", "user"),
    ("street", "street"),
    ("address addr", "address"),
    ("colour color", "colour"),
    ("currency", "currency"),
    ("status state", "status"),
    ("payment", "payment"),
    ("gender sex", "gender"),
    ("weekday dow", "weekday"),
    ("language lang locale", "language"),
    ("priority severity", "level"),
    ("unit uom", "unit"),
    ("url website link homepage", "url"),
    ("note notes comment comments description remark remarks text body message", "note"),
)
# what a thing is called: customers.name, customer_name, customer
_BY_THING: tuple[tuple[str, str], ...] = (
    ("city town airport capital", "city"),
    ("country nation", "country"),
    ("region area zone district", "region"),
    ("product item part article", "product"),
    ("company supplier vendor manufacturer brand shipper carrier firm organisation organization publisher", "company"),
    ("airline", "airline"),
    ("category kind genre", "category"),
    ("department dept faculty division", "department"),
    ("course class lecture module", "course"),
    ("subject topic field skill", "subject"),
    ("job position role profession occupation", "job"),
    (
        (
            "customer client person people employee student teacher tutor instructor professor lecturer advisor author "
            "user member patient doctor nurse contact staff guest owner actor director player passenger pilot manager "
            "boss seller buyer agent driver artist recipient sender sale name fullname"
        ),
        "person",
    ),
    ("title book film movie song album track project", "title"),
    ("size", "size"),
)
_WORD_TABLE = {word: phrase for said, phrase in _BY_WORD for word in said.split()}
_THING_TABLE = {word: phrase for said, phrase in _BY_THING for word in said.split()}
_IDENTIFIERS = frozenset({"id", "no", "nr", "number", "num", "code", "key", "sku", "isbn", "iban", "ref", "uid"})


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `customerName` and `customer_name` have the same two."""
    return tuple(word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\dA-Za-z_]+|\d+", name))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _phrase(relation: str, name: tuple[str, ...]) -> _Phrase | None:
    said = " ".join(name)
    if "first name" in said or "given name" in said:
        return _NAMED["first"]
    if "last name" in said or "family name" in said:
        return _NAMED["last"]
    if "country code" in said or said in {"country id", "iso"}:
        return _NAMED["country code"]
    if set(name) & _IDENTIFIERS:
        return None
    for word in reversed(name):
        if word in _WORD_TABLE:
            return _NAMED[_WORD_TABLE[word]]
    things = [_singular(word) for word in name if word not in {"name", "title", "label"}]
    if len(things) < len(name) and not things:
        things = [_singular(word) for word in tokens(relation)] or ["name"]
        found = next((_THING_TABLE[word] for word in reversed(things) if word in _THING_TABLE), None)
        return _NAMED[found or ("title" if name[-1] == "title" else "person" if name[-1] == "name" else "note")]
    for word in reversed(things):
        if word in _THING_TABLE:
            return _NAMED[_THING_TABLE[word]]
    return None


_DAY_WORDS = frozenset({"date", "day", "birthday", "born"})
_AMOUNT_WORDS = frozenset().union(*(said for said, *_ in AMOUNTS))
_COUNT_WORDS = frozenset(
    {"quantity", "qty", "year", "age", "rating", "score", "count", "stock", "credits", "capacity", "line"}
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def text(relation: str, attribute: Attribute, kind: Type, limits: Limits, *, rows: int, about: str) -> Values:
    """Texts of an attribute; `about` is what a bare "name" names, where that is not the relation."""
    where = f"{relation}.{attribute.name}"
    name = tokens(attribute.name)
    bounds = [size for size in (kind.length if isinstance(kind, Text) else None, limits.longest) if size is not None]
    longest = min(bounds, default=None)
    if longest is not None and longest < max(1, limits.shortest):
        why = f" by its check ({' and '.join(limits.because)})" if limits.because else ""
        raise Unsatisfiable(f"no text is left for {where}{why} between {limits.shortest} and {longest} characters")
    kept = limits.shortest == 0
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
    phrase = _phrase(about or relation, name)
    if phrase is None:
        stem = attribute.name.strip() or "text"
        gap = "" if len(stem) <= 2 else " "
        phrase = _Phrase(f"{_brace(stem)}{gap}{{code}}", ())
    capacity = MOST if longest is None else len(_LETTERS) ** min(longest, 11)

    def made(code: str, size: int, *salt: object) -> str:
        usable = phrase
        if longest is not None and len(usable.lists) == 1:
            fitting = tuple(
                word for word in usable.lists[0] if len(word) <= longest - (0 if size <= 4 else len(str(size)))
            )
            if len(fitting) >= 4:
                usable = _Phrase(usable.template, (fitting,), usable.steep)
        if not usable.lists:
            plain = usable.template.replace("{code}", "")
            if longest is None or len(plain) + len(str(size)) <= longest:
                return f"({literal(plain)} || (({code}) + 1)::VARCHAR)"
        elif longest is None or usable.longest(size) <= longest:
            return usable.sql(code, size, *salt)
        return _letters(code, size, longest)

    usual = phrase.count if phrase.lists else max(4, rows // 4)
    usual = min(usual, capacity, max(4, rows // 2))
    # evenly drawn codes are strewn already; few of many, or frequent first ones, would be neighbours
    strewn = (relation, attribute.name) if phrase.steep > 1 or usual < phrase.count else ()
    roomy = bool(phrase.lists) and (longest is None or phrase.longest(MOST) <= longest)
    return Values(
        type="VARCHAR",
        capacity=capacity,
        usual=usual,
        coded=lambda code, size: made(code, size, relation, attribute.name),
        shown=lambda code: made(code, usual, *strewn),
        steep=phrase.steep,
        high=usual - 1,
        kept=kept,
        topic=next((kind for kind, named in _NAMED.items() if named is phrase), ""),
        spot=(lambda code, size: phrase.spot(code, size, relation, attribute.name)) if roomy else None,
        seen=(lambda place: phrase.spot(place, usual, *strewn)) if roomy else None,
        spots=phrase.count,
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


_PERSONAL = ("person", "first", "last", "email", "user", "phone", "street", "address", "note", "url")


_NUMBERED = frozenset(
    {"phone", "telephone", "tel", "mobile", "fax", "iban", "bic", "ssn", "passport", "licence", "license", "card", "ip"}
    | {"mac", "imei", "vat", "taxid"}
)


def personal(relation: str, attribute: str) -> bool:
    """Whether a name says that its values tell of one person."""
    name = tokens(attribute)
    found = _phrase(relation, name)
    return any(found is _NAMED[kind] for kind in _PERSONAL) or bool(_NUMBERED & set(name))


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
    known = _phrase(relation, name) is not None or bool(_KINDS & set(name))
    return known and not personal(relation, attribute)


def _as_text(made: Values, *, kept: bool) -> Values:
    return replace(
        made,
        type="VARCHAR",
        coded=lambda code, size: f"CAST({made.coded(code, size)} AS VARCHAR)",
        shown=lambda place: f"CAST({made.shown(place)} AS VARCHAR)",
        kept=kept,
    )


def _brace(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _letters(code: str, size: int, longest: int) -> str:
    """A code in capitals and digits, always of one width: as narrow as `size` allows, but three where that fits."""
    width = 1
    while len(_LETTERS) ** width < size:
        width += 1
    width = max(width, min(3, longest))
    digit = "substr('" + _LETTERS + "', 1 + (({code}) // {power}) % 36, 1)"
    return "(" + " || ".join(digit.format(code=code, power=36**at) for at in reversed(range(width))) + ")"
