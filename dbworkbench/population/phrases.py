"""Words put together by what an attribute's name says: people, places, products, states, notes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from math import prod

from dbworkbench.population import places, words
from dbworkbench.population.coding import literal, texts
from dbworkbench.population.numbers import gathered, scattered

__all__ = ["NAMED", "Phrase", "meant", "stem", "things", "tokens"]


_TOGETHER = 512  # texts that are looked up at once rather than put together of two: half the work for a row


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words put together; where more are wanted than the lists give, a number is added at `{n}`."""

    template: str
    lists: tuple[tuple[str, ...], ...]
    steep: int = 1
    lower: bool = False
    close: bool = False

    @property
    def count(self) -> int:
        """How many combinations of words there are."""
        return prod(len(options) for options in self.lists)

    def longest(self, size: int) -> int:
        """How many characters the longest of `size` phrases has at most."""
        number = 0 if size <= self.count else 1 + len(str(size // self.count + 1))
        fixed = len(re.sub(r"\{.*?\}", "", self.template))
        return fixed + number + sum(max(map(len, options)) for options in self.lists)

    def some(self) -> list[str]:
        """A dozen of the phrases, without numbers."""
        words = [[option.lower() if self.lower else option for option in options] for options in self.lists]
        plain = self.template.replace("{n}", "")
        return [plain.format(*(options[(at * 7) % len(options)] for options in words)) for at in range(12)]

    def sql(self, code: str, size: int, *salt: object) -> str:
        """The phrase of a code; up to `count` codes without a number. With `salt`, neighbours are strewn."""
        count, at = self.count, self.spot(code, size, *salt)
        pieces: list[str] = []
        chosen: tuple[int, list[str]] | None = None  # from which list on, and among what the last piece chooses
        for before, part, after in self._parts(numbered=size > count):
            if part == "n":
                gap = "" if self.close else " "
                number = f"concat({literal(before + gap)}, ({code}) // {count} + 1, {literal(after)})"
                pieces.append(f"CASE WHEN ({code}) >= {count} THEN {number} ELSE {literal(before + after)} END")
                chosen = None
                continue
            first = int(part)
            said = [before + (option.lower() if self.lower else option) + after for option in self.lists[first]]
            if chosen is not None and chosen[0] + 1 == first and len(chosen[1]) * len(said) <= _TOGETHER:
                pieces.pop()
                said = [one + other for other in said for one in chosen[1]]
                first, chosen = chosen[0], None
            else:
                chosen = (first, said)
            below_it = prod(len(other) for other in self.lists[:first])
            place = f"({at})" if below_it == 1 else f"({at}) // {below_it}"
            pieces.append(f"{texts(said)}[1 + {place if len(said) == count else f'{place} % {len(said)}'}]")
        return pieces[0] if len(pieces) == 1 else f"concat({', '.join(pieces)})"

    def spot(self, code: str, size: int, *salt: object) -> str:
        """The place of a code's words among all `count` combinations."""
        rest = code if size <= self.count else f"({code}) % {self.count}"
        return scattered(rest, self.count, *salt) if salt else rest

    def codes(self, *salt: object) -> dict[str, int]:
        """The code of each word of a phrase of one word, as `sql` writes it with this salt."""
        (listed,) = self.lists
        return {word: gathered(place, self.count, *salt) for place, word in enumerate(listed)}

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
_DIGITS2 = tuple(f"{number:02d}" for number in range(100))
_DIGITS3 = tuple(f"{number:03d}" for number in range(1000))
_DIGITS4 = tuple(f"{number:04d}" for number in range(0, 10_000, 37))
_OCTETS = tuple(str(number) for number in range(256))


def _one(options: tuple[str, ...], steep: int = 1) -> Phrase:
    return Phrase("{0}{n}", (options,), steep)


def _known_once(values: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


_STATES = {f"{kind} state": _one(states, 2) for kind, states in words.STATES.items()}
NAMED: dict[str, Phrase] = {
    "person": Phrase("{0} {1}{n}", (words.FIRST, words.LAST)),
    "first": _one(words.FIRST),
    "last": _one(words.LAST),
    "salutation": _one(words.SALUTATIONS, 2),
    "email": Phrase("{0}.{1}{n}@{2}", (words.FIRST, words.LAST, words.MAIL_HOSTS), lower=True, close=True),
    "user": Phrase("{0}{1}{n}", (words.FIRST, words.LAST), lower=True, close=True),
    "city": _one(words.CITIES, 2),
    "country": _one(words.COUNTRIES, 2),
    "country code": _one(words.COUNTRY_CODES, 2),
    "street": Phrase("{0} {1}{n}", (words.STREETS, words.STREET_KINDS)),
    "address": Phrase("{2} {0} {1}{n}", (words.STREETS, words.STREET_KINDS, _NUMBERS)),
    "door": Phrase("{0} {1}{n}", (words.DOORS, _NUMBERS)),
    "postcode": Phrase("{0}{1}{n}", (_DIGITS3[100:], _DIGITS2)),
    "extension": _one(_DIGITS3[100:]),
    "isbn": Phrase("978-{0}-{1}-{2}{n}", (("0", "1", "3"), _DIGITS4, _DIGITS3)),
    "person's number": Phrase("9{0}-{1}-{2}{n}", (_DIGITS2, _DIGITS2, _DIGITS4)),
    "phone": Phrase("+1 555 {0} {1}{n}", (_DIGITS3, _DIGITS4)),
    "product": Phrase("{0} {1}{n}", (words.ADJECTIVES, words.PRODUCTS)),
    "company": Phrase("{0} {1}{n}", (words.LAST, words.COMPANY_FORMS)),
    "airline": Phrase("{0} Air{n}", (words.AIRLINES,)),
    "bank": Phrase("{0} Bank{n}", (words.CITIES,)),
    "school": Phrase("{0} School{n}", (words.STREETS,)),
    "university": Phrase("University of {0}{n}", (words.CITIES,)),
    "hospital": Phrase("{0} Hospital{n}", (words.STREETS,)),
    "hotel": Phrase("Hotel {0}{n}", (words.STREETS,)),
    "branch": Phrase("{0} {1}{n}", (words.CITIES, words.QUARTERS)),
    "team": Phrase("{0} {1}{n}", (words.CITIES, words.CLUBS)),
    "colour": _one(words.COLOURS),
    "category": _one(words.CATEGORIES, 2),
    "genre": _one(words.GENRES, 2),
    "department": _one(words.DEPARTMENTS),
    "specialty": _one(words.SPECIALTIES),
    "diagnosis": _one(words.DIAGNOSES, 2),
    "medicine": Phrase("{0} {1}{n}", (words.MEDICINES, words.DOSES)),
    "course": Phrase("{0} {1}{n}", (words.COURSES, words.SUBJECTS)),
    "subject": _one(words.SUBJECTS),
    "job": _one(words.JOBS),
    "role": _one(words.ROLES, 2),
    "language": _one(words.LANGUAGES, 2),
    "region": _one(words.REGIONS),
    "time zone": _one(_known_once(places.CITY["time zone"]), 2),
    "region of a city": _one(_known_once(places.CITY["region"])),
    "postcode of a city": Phrase("{0}{1}{n}", (tuple(places.CITY_OF_POSTCODE), _DIGITS2)),
    "continent": _one(_known_once(places.COUNTRY["continent"]), 2),
    "calling code": _one(_known_once(places.COUNTRY["calling code"]), 2),
    "country code of three": _one(places.COUNTRY["country code of three"], 2),
    "capital": _one(places.COUNTRY["capital"], 2),
    "currency of a country": _one(_known_once(places.COUNTRY["currency"]), 2),
    "language of a country": _one(_known_once(places.COUNTRY["language"]), 2),
    **_STATES,
    "payment": _one(words.PAYMENTS, 2),
    "currency": _one(words.CURRENCIES, 2),
    "level": _one(words.LEVELS, 2),
    "size": _one(words.SIZES),
    "gender": _one(words.GENDERS),
    "unit": _one(words.UNITS, 2),
    "weekday": _one(words.WEEKDAYS),
    "tag": _one(words.TAGS, 2),
    "locale": _one(words.LOCALES, 2),
    "mark": _one(words.MARKS, 2),
    "term": Phrase("{0} {1}{n}", (words.SEASONS, words.YEARS)),
    "result": _one(words.RESULTS, 2),
    "dose": _one(words.DOSES),
    "how often": _one(words.FREQUENCIES, 2),
    "blood type": _one(words.BLOOD_TYPES, 2),
    "condition": _one(words.CONDITIONS, 2),
    "visibility": _one(words.VISIBILITIES, 2),
    "channel": _one(words.CHANNELS, 2),
    "source": _one(words.SOURCES, 2),
    "stage": _one(words.STAGES),
    "industry": _one(words.INDUSTRIES),
    "ingredient": _one(words.INGREDIENTS),
    "media type": _one(words.MEDIA_TYPES, 2),
    "account kind": _one(words.ACCOUNTS, 2),
    "transaction kind": _one(words.TRANSACTIONS, 2),
    "media": _one(words.MEDIA, 2),
    "title": Phrase("The {0} {1}{n}", (words.TOPICS, words.PRODUCTS)),
    "headline": Phrase("{0} the {1}{n}", (words.TASKS, words.MATTERS)),
    "file": Phrase("{0}-{1}{n}.{2}", (words.TOPICS, words.PRODUCTS, words.FILES), lower=True),
    "slug": Phrase("{0}-{1}{n}", (words.TOPICS, words.PRODUCTS), lower=True),
    "url": Phrase("https://{1}/{0}{n}", (words.PRODUCTS, words.MAIL_HOSTS), lower=True, close=True),
    "address of a machine": Phrase("10.{0}.{1}.{2}{n}", (_OCTETS, _OCTETS, _OCTETS)),
    "description": Phrase("{0} and {1}, {2}{n}", (words.ADJECTIVES, words.QUALITIES, words.PURPOSES)),
    "note": Phrase("{0} {1} {2} {3}{n}", (words.WHO, words.DID, words.WHAT, words.WHEN)),
}
# a word in the attribute's name → a phrase; the first row that fits counts
_BY_WORD: tuple[tuple[str, str], ...] = (
    ("email mail e-mail", "email"),
    ("phone tel telephone mobile fax", "phone"),
    ("firstname forename", "first"),
    ("lastname surname", "last"),
    ("salutation courtesy honorific", "salutation"),
    ("username login nickname handle", "user"),
    ("street", "street"),
    ("address2 addr2 apartment suite location", "door"),
    ("address addr", "address"),
    ("colour color", "colour"),
    ("currency", "currency"),
    ("status state", "state"),
    ("payment", "payment"),
    ("gender sex", "gender"),
    ("weekday dow", "weekday"),
    ("language lang", "language"),
    ("locale", "locale"),
    ("grade mark", "mark"),
    ("semester term", "term"),
    ("result outcome", "result"),
    ("dose dosage strength", "dose"),
    ("frequency", "how often"),
    ("condition", "condition"),
    ("visibility", "visibility"),
    ("channel", "channel"),
    ("source", "source"),
    ("stage phase", "stage"),
    ("industry sector", "industry"),
    ("ingredient allergy allergies", "ingredient"),
    ("priority severity urgency", "level"),
    ("unit uom", "unit"),
    ("url website link homepage avatar", "url"),
    ("extension", "extension"),
    ("slug permalink", "slug"),
    ("filename file", "file"),
    ("ip", "address of a machine"),
    ("description desc summary about bio abstract synopsis", "description"),
    ("note notes comment comments remark remarks text body message content feedback raw cooked reason excerpt", "note"),
)
# what a thing is called: customers.name, customer_name, customer
_BY_THING: tuple[tuple[str, str], ...] = (
    ("city town airport", "city"),
    ("capital", "capital"),
    ("continent", "continent"),
    ("timezone tz", "time zone"),
    ("country nation nationality", "country"),
    ("region area zone district province county", "region"),
    ("product item part article", "product"),
    ("company supplier vendor manufacturer brand shipper carrier firm organisation organization publisher", "company"),
    ("insurer insurance provider merchant employer sponsor agency partner client account", "company"),
    ("airline", "airline"),
    ("bank", "bank"),
    ("school college", "school"),
    ("university", "university"),
    ("hospital clinic", "hospital"),
    ("hotel", "hotel"),
    ("branch store shop warehouse office outlet depot library", "branch"),
    ("team club", "team"),
    ("genre", "genre"),
    ("category kind", "category"),
    ("department dept faculty division", "department"),
    ("specialty speciality specialization specialisation ward", "specialty"),
    ("diagnosis disease illness symptom", "diagnosis"),
    ("medicine medication drug", "medicine"),
    ("course class lecture module", "course"),
    ("subject topic field skill", "subject"),
    ("job position profession occupation", "job"),
    ("role permission", "role"),
    ("language", "language"),
    ("tag label keyword", "tag"),
    ("media medium format", "media"),
    (
        (
            "customer person people employee student teacher tutor instructor professor lecturer advisor author "
            "user member patient doctor nurse contact staff guest owner actor director player passenger pilot manager "
            "boss seller buyer agent driver artist composer recipient sender sale name fullname reviewer assignee reporter "
            "editor borrower holder applicant candidate subscriber parent spouse physician therapist trainer coach "
            "referee judge lawyer operator cashier inspector translator creator attendee speaker participant visitor "
            "reader resident tenant landlord principal guardian head"
        ),
        "person",
    ),
    ("title book film movie song album track project show episode game", "title"),
    ("ticket issue bug task todo request post page thread epic milestone case question", "headline"),
    ("size", "size"),
)
_KNOWN = {word: phrase for said, phrase in (*_BY_THING, *_BY_WORD) for word in said.split()}
# what a name means wherever these words stand in it
_ANYWHERE = tuple(
    (frozenset(said.split()), kind)
    for said, kind in (
        ("zip zipcode postcode postal plz", "postcode"),
        ("isbn", "isbn"),
        ("email mail", "email"),
        ("phone telephone mobile fax", "phone"),
        ("ip", "address of a machine"),
        ("url website homepage", "url"),
        ("cvv cvc", "extension"),
        ("ssn", "person's number"),
    )
)
_NEUTRAL = frozenset(
    [
        "full",
        "first",
        "second",
        "primary",
        "secondary",
        "default",
        "current",
        "new",
        "old",
        "home",
        "work",
        "main",
        "other",
        "text",
        "of",
        "birth",
        "origin",
        "line",
        "native",
        "original",
        "preferred",
    ]
)
_STATE_OF = {word: f"{kind} state" for kind, said in words.STATED.items() for word in said.split()}
_KIND_OF = {
    "blood": "blood type",
    "mime": "media type",
    "content": "media type",
    "account": "account kind",
    "transaction": "transaction kind",
    "txn": "transaction kind",
    "media": "media",
}
_IDENTIFIERS = frozenset({"id", "no", "nr", "number", "num", "code", "key", "sku", "isbn", "iban", "ref", "uid"})
_WHOSE = {
    **dict.fromkeys(("ship", "shipping", "billing", "card", "display", "legal", "maiden", "preferred"), "person"),
    "middle": "first",
    "nick": "user",
    "trade": "company",
    "business": "company",
    "event": "headline",
}
_OF_PERSONS = frozenset(
    [
        "email",
        "mail",
        "first",
        "last",
        "firstname",
        "lastname",
        "surname",
        "forename",
        "birth",
        "born",
        "birthday",
        "birthdate",
        "dob",
        "gender",
        "sex",
        "salary",
        "hired",
        "hire",
        "phone",
        "mobile",
        "age",
        "job",
        "nationality",
    ]
)
_OF_PLACES = frozenset(
    ["city", "town", "zip", "zipcode", "postcode", "postal", "plz", "street", "address", "addr", "country"]
)


_OF_THREE = frozenset(("iso 3", "alpha 3", "iso alpha 3", "iso a 3", "country code 3", "country iso 3", "code 3"))
_CALLING = frozenset(("phone", "calling", "dial", "dialing", "dialling", "telephone"))
_TOWNS = frozenset(("city", "town"))
_NATIONS = _TOWNS | {"country", "nation"}
_REGIONS = frozenset(("region", "province", "county"))


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `customerName` and `customer_name` have the same two."""
    return tuple(word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\dA-Za-z_]+|\d+", name))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def things(relation: str) -> list[str]:
    """What a relation is called, word by word, each of one thing: order and line of `order_lines`."""
    return [_singular(word) for word in tokens(relation) if len(word) > 2] or list(tokens(relation))


def meant(relation: str, name: tuple[str, ...], beside: Collection[str] = ()) -> Phrase | None:
    """The phrase that an attribute's name means, in a relation called `relation`; None where it says nothing.

    `beside` has the words of the other attributes' names: `state` beside a city is a region, and what has a birthday is a
    person.
    """
    said = " ".join(name)
    if "first name" in said or "given name" in said:
        return NAMED["first"]
    if "last name" in said or "family name" in said:
        return NAMED["last"]
    if name[-2:] == ("full", "name"):
        return _called(relation, "name", beside) or NAMED["person"]
    if said in _OF_THREE:
        return NAMED["country code of three"]
    if "country code" in said or said in {"country id", "iso", "iso 2", "alpha 2", "iso alpha 2"}:
        return NAMED["country code"]
    if _CALLING.intersection(name) and {"code", "prefix"}.intersection(name[1:]):
        return NAMED["calling code"]
    if "time zone" in said:
        return NAMED["time zone"]
    if (
        name[:1] in {("currency",), ("language",), ("lang",)}
        and name[1:] in {(), ("code",)}
        and _NATIONS.intersection((*beside, *things(relation)))
    ):
        kind = "currency" if name[0] == "currency" else "language"
        return NAMED[f"{kind} of a country"] if name[-1] != "code" or kind == "currency" else NAMED["locale"]
    if name[-2:] in {("address", "2"), ("addr", "2"), ("line", "2")}:
        return NAMED["door"]
    for words_, kind in _ANYWHERE:
        if words_.intersection(name):
            within = kind == "postcode" and not _TOWNS.isdisjoint(beside)
            return NAMED["postcode of a city" if within else kind]
    if name == ("code",) and {"country", "nation"}.intersection(things(relation)[-1:]):
        return NAMED["country code"]
    if _IDENTIFIERS.intersection(name):
        return None
    of = [_singular(word) for word in name if word not in {"name", "title", "label"}]
    if len(of) < len(name) and not of:
        return _called(relation, name[-1], beside)
    if name[-1:] == ("title",) and _KNOWN.get(of[-1]) == "person":
        return NAMED["job"]
    if name[-1:] == ("name",) and of[-1] in _WHOSE:
        return NAMED[_WHOSE[of[-1]]]
    if name[-1:] in {("type",), ("kind",), ("method",)}:
        whose = [*of[:-1], *things(relation)]
        return next((NAMED[_KIND_OF[word]] for word in reversed(whose) if word in _KIND_OF), None)
    for word in reversed(of):
        if word == "subject" and _KNOWN.get(things(relation)[-1]) in {"headline", "note", "email"}:
            return NAMED["headline"]
        if word in _REGIONS and not _NATIONS.isdisjoint(beside):
            return NAMED["region of a city"]
        if word in _KNOWN:
            return _state(relation, name, beside) if _KNOWN[word] == "state" else NAMED[_KNOWN[word]]
        if word not in _NEUTRAL and not word.isdigit():
            return None
    return None


def _called(relation: str, word: str, beside: Collection[str]) -> Phrase | None:
    """What a thing's name or title looks like, where that is all that is said; None for a thing that is not known."""
    of = things(relation) or ["name"]
    found = next((_KNOWN[thing] for thing in reversed(of) if thing in _KNOWN), None)
    personal = bool(_OF_PERSONS.intersection(beside))
    if word == "title" and (found == "person" or personal):
        return NAMED["job"]
    if found == "state":
        return NAMED["region"]
    if word == "title" and found in {"subject", "note"}:
        return NAMED["headline"]
    if found is not None and found not in {"note", "description"}:
        return NAMED[found]
    if word == "name" and not personal and max(map(len, of)) > 2:
        return None
    return NAMED[{"title": "title", "name": "person"}.get(word, "note")]


def _state(relation: str, name: tuple[str, ...], beside: Collection[str]) -> Phrase:
    """A state of affairs, as the thing has it; a part of a country where a place is told."""
    own = [_singular(word) for word in name]
    of = [*things(relation), *own]
    found = next((_STATE_OF[word] for word in reversed(of) if word in _STATE_OF), None)
    place = _OF_PLACES.intersection(beside) or _OF_PLACES.intersection(of) or "state" in things(relation)
    if place and own[-1] in {"state", "name", "title", "label"} and "status" not in name:
        return NAMED["region" if _NATIONS.isdisjoint(beside) else "region of a city"]
    return NAMED[found or "usual state"]


def stem(relation: str, attribute: str) -> tuple[str, int]:
    """What stands before the number of a text that no phrase is known for, and with how many digits the number is written.

    A thing is called by what it is, an identifying number has three letters of it.

    >>> stem("media types", "name"), stem("orders", "invoice_no"), stem("orders", "id"), stem("t", "Ref")
    (('Media type ', 1), ('INV-', 5), ('ORD-', 5), ('REF-', 5))
    >>> stem("orders", "channel"), stem("r", "a")
    (('channel ', 1), ('a', 1))
    """
    name, of = tokens(attribute), things(relation)
    if name in {("name",), ("title",)} and of:
        return " ".join(of).capitalize() + " ", 1
    if set(name) & _IDENTIFIERS:
        plain = {"id", "no", "nr", "number", "num", "code", "key", "uid"}
        of = [word for word in name if word not in plain] or of or ["n"]
        return f"{of[-1][:3].upper()}-", 5
    plain_name = attribute.strip() or "text"
    return plain_name + ("" if len(plain_name) <= 2 else " "), 1
