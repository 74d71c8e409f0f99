"""What belongs together in one row: a city lies in its country, and an e-mail address has the name of its person.

One attribute leads, and the others of the same subject are told by it: by the words that its value is made of. They are
functions of what they are told by, so that no declared dependency breaks.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal as Number

from dbworkbench.population import places, words
from dbworkbench.population.coding import Values, literal, texts, whole_numbers
from dbworkbench.population.conditions import Limits
from dbworkbench.population.phrases import NAMED, things, tokens
from dbworkbench.schema.relation import Relation

NATIONS = ("country", "country code", "country code of three")
# what leads, in this order, and what it tells of
_LEADING = {
    "postcode": "place", "city": "place", "email": "person", "person": "person", "user": "person", "first": "person", "product": "product",
    **dict.fromkeys((*NATIONS, "region"), "place"),
}  # fmt: skip
OF_NATION = frozenset(("currency", "language", "calling code", "continent", "capital", *NATIONS))
_OF_CITY = frozenset(("city", "region", "postcode", "latitude", "longitude", "time zone"))
_SUBJECT = {
    **dict.fromkeys(OF_NATION | _OF_CITY, "place"),
    **dict.fromkeys(("email", "person", "user", "first", "last", "gender", "salutation"), "person"),
    "branch": "place",
    "product": "product",
    "category": "product",
}
_ALIKE = {
    "currency of a country": "currency", "language of a country": "language", "region of a city": "region",
    "postcode of a city": "postcode",
}  # fmt: skip
_WORDS = {
    "place": frozenset(
        {"city", "town", "country", "nation", "region", "area", "district", "state", "province", "county", "zip"}
        | {
            "postcode",
            "postal",
            "plz",
            "zipcode",
            "code",
            "name",
            "iso",
            "id",
            "currency",
            "language",
            "lang",
            "official",
        }
        | {"local", "national", "timezone", "time", "zone", "tz", "continent", "capital", "calling", "dial", "dialing"}
        | {
            "dialling",
            "phone",
            "telephone",
            "prefix",
            "lat",
            "latitude",
            "lon",
            "lng",
            "long",
            "longitude",
            "alpha",
            "2",
            "3",
        }
    ),
    "person": frozenset(
        {"name", "full", "fullname", "first", "last", "given", "family", "forename", "surname", "firstname", "lastname"}
        | {"email", "e", "mail", "address", "username", "user", "login", "gender", "sex", "salutation", "title"}
    ),
    "product": frozenset({"product", "item", "part", "article", "name", "title", "category", "kind", "type"}),
}
_POSTCODE = frozenset({"zip", "zipcode", "postcode", "postal", "plz"})
_PART = frozenset({"state", "province", "county"})
_GLOBE = {"lat": "latitude", "latitude": "latitude", "lon": "longitude", "lng": "longitude", "longitude": "longitude"}
_TITLES = frozenset(("salutation", "title", "courtesy", "honorific", "prefix"))
_MALE = frozenset(("m", "male", "man", "mr", "mr.", "herr", "sir"))
_FEMALE = frozenset(("f", "w", "female", "woman", "ms", "ms.", "mrs", "mrs.", "miss", "frau", "madam"))
_FIRST, _LAST = len(words.FIRST), len(words.LAST)
_ADJECTIVES = len(words.ADJECTIVES)
_FACTS = places.CITY | {kind: [said[at] for at in places.NATION_OF] for kind, said in places.COUNTRY.items()}
_CITY_OF_REGION = [places.CITY["region"].index(region) for region in sorted(set(places.CITY["region"]))]
_CATEGORY_OF = [next(c for c, said in words.PRODUCTS_OF.items() if name in said.split()) for name in words.PRODUCTS]


def leads(
    relation: Relation,
    values: Mapping[str, Values],
    *,
    leading: Callable[[str], bool],
    telling: Callable[[str, str, str], bool],
    drawn: Callable[[str], bool],
) -> dict[str, tuple[str, str]]:
    """For each attribute that another one of its row tells: that one, and what is told.

    `leading` says which attributes may lead, `telling` whether the first of two may be told by the second, as what. A
    postcode leads where no city can tell it; of several names and codes of a country the first one that is not `drawn`
    does, and `descent` tells the others.
    """
    kinds = {name: kind for name in relation.names if (kind := kind_of(name, values[name]))}
    cities = [name for name, kind in kinds.items() if kind == "city"]
    found: dict[str, tuple[str, str]] = {}
    order = list(_LEADING)

    def rank(name: str) -> tuple[int, bool]:
        nation = kinds[name] in NATIONS
        return order.index("country" if nation else kinds[name]), nation and drawn(name)

    for lead in sorted((name for name in kinds if kinds[name] in _LEADING), key=rank):
        its = kinds[lead]
        if lead in found or not _worded(its, values[lead]) or not leading(lead):
            continue
        if its == "postcode" and any(telling(lead, city, its) for city in cities):
            continue
        for name, kind in kinds.items():
            taken = name in found or name in {other for other, _ in found.values()}
            both = kind in NATIONS[:2] and its in NATIONS[:2]
            if not (taken or both) and _said_by((name, kind), (lead, its)) and telling(name, lead, kind):
                found[name] = (lead, kind)
    return found


def code_by(lead: str, made: Values, name: str, told_: Values) -> Callable[[str], str] | None:
    """The code of an attribute's value by the place of the words of another one that determines it, as SQL of that place.

    None where the other one says nothing of it, or where its values are no such words.
    """
    its, kind = kind_of(lead, made), kind_of(name, told_)
    if not (its in _LEADING and _said_by((name, kind), (lead, its)) and _worded(its, made)):
        return None
    if told_.code_of is None or told_.spot is None or (kind not in {"city", "category"} and kind not in _FACTS):
        return None
    known, (said, at) = told_.code_of(), _facts(kind, its)
    if not known.keys() >= set(said):
        return None
    codes = whole_numbers(known[value] for value in said)
    return lambda place: f"{codes}[1 + {at.format(at=place)}]"


def _said_by(told_: tuple[str, str], lead: tuple[str, str]) -> bool:
    """Whether the value of one attribute says what another one's is, by the names and kinds of both.

    A first name says no last one, and a country no city.
    """
    (name, kind), (other, its) = told_, lead
    subject = _LEADING[its]
    if name == other or kind == its or _SUBJECT.get(kind) != subject or _owner(name, subject) != _owner(other, subject):
        return False
    if kind == "branch":
        return its == "city"
    if its in {*NATIONS, "region"}:
        return kind in OF_NATION
    return its != "first" or kind in {"gender", "salutation"}


def _worded(kind: str, made: Values) -> bool:
    """Whether the words of postcodes and regions are those of cities; of what else leads they are known."""
    return kind not in {"postcode", "region"} or made.topic == f"{kind} of a city"


def _facts(kind: str, lead: str) -> tuple[Sequence[str], str]:
    """What is told of a kind for each value that may lead, and which of those it is by the place of its words, as SQL."""
    if kind == "category":
        return _CATEGORY_OF, f"({{at}}) // {_ADJECTIVES}"
    if lead in NATIONS:
        return places.COUNTRY[kind], "{at}"
    of_city = _FACTS.get(kind, places.CITIES)
    if lead == "postcode":
        return [
            of_city[city] for city in places.CITY_OF_POSTCODE.values()
        ], f"({{at}}) % {len(places.CITY_OF_POSTCODE)}"
    if lead == "region":
        return [of_city[city] for city in _CITY_OF_REGION], "{at}"
    return of_city, "{at}"


def kind_of(name: str, made: Values) -> str:
    """What an attribute's values are, as far as they can belong together with others."""
    said = tokens(name)
    if made.listed:
        kind = "gender" if {"gender", "sex"}.intersection(said) else "salutation" if _TITLES.intersection(said) else ""
        return kind if _sexes(made.listed) is not None else ""
    if made.type != "VARCHAR":
        broken = made.type in {"DOUBLE", "REAL"} or (
            made.type.startswith("DECIMAL") and made.low <= -180 < 180 <= made.high
        )
        return next((_GLOBE[word] for word in said if word in _GLOBE), "") if broken else ""
    if _POSTCODE.intersection(said):
        return "postcode"
    if _PART.intersection(said) and (made.topic == "" or made.topic.endswith(" state")):
        return "region"
    topic = _ALIKE.get(made.topic, made.topic)
    return topic if topic in _SUBJECT else ""


def _sexes(values: Sequence[str]) -> tuple[list[str], list[str], list[str]] | None:
    """The values of a list for men, for women, and for others; None where it has not both of the former."""
    men = [value for value in values if value.casefold() in _MALE]
    women = [value for value in values if value.casefold() in _FEMALE]
    others = [value for value in values if value not in {*men, *women}]
    return (men, women, others) if men and women else None


def _owner(name: str, subject: str) -> tuple[str, ...]:
    """Whose city or name it is: `billing_city` and `billing_country` are of one."""
    return tuple(word for word in tokens(name) if word not in _WORDS[subject])


def fits(kind: str, room: int | None) -> bool:
    """Whether told texts fit into so many characters: names of places are shortened, and postcodes cut, where they have to be."""
    if room is None or kind in {"latitude", "longitude", "gender", "salutation"}:
        return True
    match kind:
        case "city":
            return room >= max(map(len, words.CITIES))
        case "country" | "country code" | "region":
            return room >= 2
        case "postcode":
            return room >= 4
        case "category":
            return room >= max(map(len, words.CATEGORIES))
        case _ if kind in OF_NATION or kind in places.CITY:
            return room >= max(map(len, {**places.COUNTRY, **places.CITY}[kind]))
        case _:
            return room >= NAMED[kind].longest(10**9)


def allowed(kind: str, limits: Limits) -> bool:
    """Whether all values of a kind lie within the limits of checks, as far as is known: only the degrees of the globe do."""
    if kind not in {"latitude", "longitude"} or limits.allowed is not None or limits.pattern is not None:
        return False
    ends = [float(place) for place in places.CITY[kind]]
    for limit, sign, end in ((limits.above, 1, min(ends) - 1), (limits.below, -1, max(ends) + 1)):
        if limit is not None and not (isinstance(limit[0], Number) and sign * float(limit[0]) <= sign * end):
            return False
    return True


def within_country(country: str, bits: str) -> str:
    """The place among all cities of one in a country, by the country's place and random bits."""
    first, many = (f"{whole_numbers(given)}[1 + {country}]" for given in (places.FIRST_OF, places.HOW_MANY))
    return f"{whole_numbers(places.CITIES_BY_COUNTRY)}[1 + {first} + ({bits} % {many})::BIGINT]"


def within_category(category: str, bits: str) -> str:
    """The place among all names of products of one under a category, by the category's place and random bits."""
    under = [words.PRODUCTS_OF[category].split() for category in words.CATEGORIES]
    every = [words.PRODUCTS.index(name) for some in under for name in some]
    first = [sum(map(len, under[:at])) for at in range(len(under))]
    start, many = (f"{whole_numbers(given)}[1 + {category}]" for given in (first, map(len, under)))
    product = f"{whole_numbers(every)}[1 + {start} + (({bits} >> 8) % {many})::BIGINT]"
    return f"({bits} % {_ADJECTIVES})::BIGINT + {_ADJECTIVES} * {product}"


def spot_of(kind: str, value: str) -> str:
    """The place of a city among all cities, or of a country or category among all, by what it is called; any for another's."""
    named = words.CATEGORIES if kind == "category" else {**places.COUNTRY, "city": places.CITIES}[kind]
    plain = f"regexp_replace({value}, ' ?[0-9]+$', '')"
    return f"coalesce(list_position({texts(named)}, {plain}), 1) - 1"


def kind_of_place(relation: Relation, name: str, made: Values) -> str:
    """What an attribute tells of the one place that a row is about; "" for another's, and for what tells of none."""
    kind = kind_of(name, made)
    return kind if _SUBJECT.get(kind) == "place" and not set(_owner(name, "place")) - set(things(relation.name)) else ""


def of_country(kind: str, country: str, number: str | None, room: int | None) -> str:
    """A country's name or code, by its place among all countries and the number behind it, if any."""
    brief = kind != "country"
    said = [
        code if room is not None and len(name) > room else name
        for name, code in zip(places.COUNTRY[kind], words.COUNTRY_CODES, strict=True)
    ]
    value = f"{texts(said)}[1 + {country}]"
    if number is None:
        return value
    gap = "''" if brief else "' '"
    return f"CASE WHEN {number} > 0 THEN concat({value}, {gap}, {number} + 1) ELSE {value} END"


def told(
    kind: str,
    at: str,
    number: str | None,
    bits: str,
    room: int | None,
    *,
    lead: str = "city",
    listed: Sequence[str] = (),
) -> str:
    """The value of a kind, by the place of the leading value's words, the number behind it if any, and random bits.

    `room` is how many characters it may have, `lead` the kind of the leading value, and `listed` has the values of a list.
    """
    first, last = f"[1 + ({at}) % {_FIRST}]", f"[1 + ({at}) // {_FIRST} % {_LAST}]"
    lower = [texts(word.lower() for word in given) for given in (words.FIRST, words.LAST)]
    behind = "" if number is None else f", CASE WHEN {number} > 0 THEN ({number} + 1)::VARCHAR ELSE '' END"
    match kind:
        case "postcode":
            digits = f"right(lpad(({bits} % 100000)::VARCHAR, 5, '0'), {whole_numbers(places.DIGITS_OF)}[1 + {at}])"
            code = f"concat({texts(places.POSTCODE_OF)}[1 + {at}], {digits})"
            return code if room is None or room >= 7 else f"left({code}, {room})"
        case "latitude" | "longitude":
            said, place = _facts(kind, lead)
            hundredths = whole_numbers(round(float(degrees) * 100) for degrees in said)
            return f"({hundredths}[1 + {place.format(at=at)}] * 100 + ({bits} % 801)::BIGINT - 400) / 10000"
        case "branch":
            quarter = f"{texts(f' {word}' for word in words.QUARTERS)}[1 + ({bits} % {len(words.QUARTERS)})::BIGINT]"
            said, place = _facts("city", lead)
            return f"concat({texts(said)}[1 + {place.format(at=at)}], {quarter})"
        case _ if kind in _FACTS or kind in {"city", "category"}:
            said, place = _facts(kind, lead)
            return f"{texts(_brief(kind, said, lead, room))}[1 + {place.format(at=at)}]"
        case "gender" | "salutation":
            return _by_sex(at, bits, listed or {"gender": words.GENDERS, "salutation": words.SALUTATIONS}[kind])
        case "product":
            adjectives = texts(f"{word} " for word in words.ADJECTIVES)
            return f"concat({adjectives}[1 + {at} % {_ADJECTIVES}], {texts(words.PRODUCTS)}[1 + {at} // {_ADJECTIVES}])"
        case "first":
            return f"{texts(words.FIRST)}{first}"
        case "last":
            return f"{texts(words.LAST)}{last}"
        case "person":
            spaced = "" if number is None else f", CASE WHEN {number} > 0 THEN concat(' ', {number} + 1) ELSE '' END"
            return f"concat({texts(f'{word} ' for word in words.FIRST)}{first}, {texts(words.LAST)}{last}{spaced})"
        case "user":
            return f"concat({lower[0]}{first}, {lower[1]}{last}{behind})"
        case _:
            hosts = texts(f"@{host}" for host in words.MAIL_HOSTS)
            dotted = texts(f"{word.lower()}." for word in words.FIRST)
            host = f"{hosts}[1 + ({bits} % {len(words.MAIL_HOSTS)})::BIGINT]"
            return f"concat({dotted}{first}, {lower[1]}{last}{behind}, {host})"


def _brief(kind: str, said: Sequence[str], lead: str, room: int | None) -> list[str]:
    """What is told of a kind, shorter where it has no room: a country's code, a region's city or its first letters."""
    if room is None or kind not in {"country", "region"}:
        return list(said)
    if kind == "country":
        others: Sequence[str] = _facts("country code", lead)[0]
    else:
        near = _facts("city", lead)[0] if room > 3 else said
        others = [name[:room] if room > 3 else name[:room].upper() for name in near]
    return [name if len(name) <= room else brief for name, brief in zip(said, others, strict=True)]


def _by_sex(at: str, bits: str, listed: Sequence[str]) -> str:
    """One of the listed values that goes with a first name, by the place of the name; in one row of sixteen one of the others."""
    men, women, others = _sexes(listed) or ([], [], [])
    sex = whole_numbers(2 if name in words.NEUTRAL else int(name in words.FEMALE) for name in words.FIRST)
    either = f"({bits} >> 20) % 2 = 0"

    def one_of(values: Sequence[str]) -> str:
        return (
            literal(values[0]) if len(values) == 1 else f"{texts(values)}[1 + (({bits} >> 8) % {len(values)})::BIGINT]"
        )

    rest = f"WHEN {bits} % 16 = 0 THEN {one_of(others)} " if others else ""
    return (
        f"CASE {rest}WHEN {sex}[1 + ({at}) % {_FIRST}] = 0 THEN {one_of(men)} "
        f"WHEN {sex}[1 + ({at}) % {_FIRST}] = 1 OR {either} THEN {one_of(women)} ELSE {one_of(men)} END"
    )
