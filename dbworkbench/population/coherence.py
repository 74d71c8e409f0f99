"""What belongs together in one row: a city lies in its country, and an e-mail address has the name of its person.

One attribute leads, and the others of the same subject are told by it: by the words that its value is made of. They are
functions of what they are told by, so that no declared dependency breaks.
"""

from collections.abc import Callable, Mapping, Sequence

from dbworkbench.population import places, words
from dbworkbench.population.coding import Values, texts, whole_numbers
from dbworkbench.population.phrases import NAMED, things, tokens
from dbworkbench.schema.relation import Relation

_LEADING = {"city": "place", "email": "person", "person": "person", "user": "person"}
_SUBJECT = {
    **_LEADING, "country": "place", "country code": "place", "region": "place", "postcode": "place", "first": "person",
    "last": "person",
}  # fmt: skip
_WORDS = {
    "place": frozenset(
        {"city", "town", "country", "nation", "region", "area", "district", "state", "province", "county", "zip"}
        | {"postcode", "postal", "plz", "zipcode", "code", "name", "iso", "id"}
    ),
    "person": frozenset(
        {"name", "full", "fullname", "first", "last", "given", "family", "forename", "surname", "firstname", "lastname"}
        | {"email", "e", "mail", "address", "username", "user", "login"}
    ),
}
_POSTCODE = frozenset({"zip", "zipcode", "postcode", "postal", "plz"})
_PART = frozenset({"state", "province", "county"})
_FIRST, _LAST = len(words.FIRST), len(words.LAST)


def leads(
    relation: Relation,
    values: Mapping[str, Values],
    *,
    leading: Callable[[str], bool],
    telling: Callable[[str, str, str], bool],
) -> dict[str, tuple[str, str]]:
    """For each attribute that another one of its row tells: that one, and what is told.

    `leading` says which attributes may lead, `telling` whether the first of two may be told by the second, as what.
    """
    kinds = {name: kind for name in relation.names if (kind := _kind(name, values[name]))}
    found: dict[str, tuple[str, str]] = {}
    for lead in sorted(kinds, key=lambda name: list(_LEADING).index(kinds[name]) if kinds[name] in _LEADING else 9):
        if kinds[lead] not in _LEADING or lead in found or not leading(lead):
            continue
        subject = _LEADING[kinds[lead]]
        for name, kind in kinds.items():
            same = _SUBJECT.get(kind) == subject and _owner(name, subject) == _owner(lead, subject)
            taken = name in found or name in {other for other, _ in found.values()}
            if name != lead and same and not taken and kind != kinds[lead] and telling(name, lead, kind):
                found[name] = (lead, kind)
    return found


def _kind(name: str, made: Values) -> str:
    """What an attribute's texts are, as far as they can belong together with others."""
    said = frozenset(tokens(name))
    if made.type != "VARCHAR" or made.listed:
        return ""
    if said & _POSTCODE:
        return "postcode"
    if said & _PART and (made.topic == "" or made.topic.endswith(" state")):
        return "region"
    return made.topic if made.topic in _SUBJECT else ""


def _owner(name: str, subject: str) -> tuple[str, ...]:
    """Whose city or name it is: `billing_city` and `billing_country` are of one."""
    return tuple(word for word in tokens(name) if word not in _WORDS[subject])


def fits(kind: str, room: int | None) -> bool:
    """Whether told texts fit into so many characters: names of places are shortened, and postcodes cut, where they have to be."""
    if kind == "city":
        return room is None or room >= max(map(len, words.CITIES))
    if room is None or kind in {"country", "country code", "region"}:
        return room is None or room >= 2
    return room >= (4 if kind == "postcode" else NAMED[kind].longest(10**9))


def _placed(room: int | None, names: Sequence[str], short: Sequence[str]) -> str:
    """A list with an entry for each city; a short one where a name is too long."""
    return texts(name if room is None or len(name) <= room else brief for name, brief in zip(names, short, strict=True))


def within_country(country: str, bits: str) -> str:
    """The place among all cities of one in a country, by the country's place and random bits."""
    first, many = (f"{whole_numbers(given)}[1 + {country}]" for given in (places.FIRST_OF, places.HOW_MANY))
    return f"{whole_numbers(places.CITIES_BY_COUNTRY)}[1 + {first} + ({bits} % {many})::BIGINT]"


def spot_of(kind: str, value: str) -> str:
    """The place of a city among all cities, or of a country among all countries, by what it is called; any for another's."""
    named = {"city": places.CITIES, "country": words.COUNTRIES, "country code": words.COUNTRY_CODES}[kind]
    plain = f"regexp_replace({value}, ' ?[0-9]+$', '')"
    return f"coalesce(list_position({texts(named)}, {plain}), 1) - 1"


def kind_of_place(relation: Relation, name: str, made: Values) -> str:
    """What an attribute tells of the one place that a row is about; "" for another's, and for what tells of none."""
    kind = _kind(name, made)
    return kind if _SUBJECT.get(kind) == "place" and not set(_owner(name, "place")) - set(things(relation.name)) else ""


def of_country(kind: str, country: str, number: str | None, room: int | None) -> str:
    """A country's name or code, by its place among all countries and the number behind it, if any."""
    brief = kind == "country code"
    said = [
        code if brief or (room is not None and len(name) > room) else name
        for name, code in zip(words.COUNTRIES, words.COUNTRY_CODES, strict=True)
    ]
    value = f"{texts(said)}[1 + {country}]"
    if number is None:
        return value
    gap = "''" if brief else "' '"
    return f"CASE WHEN {number} > 0 THEN concat({value}, {gap}, {number} + 1) ELSE {value} END"


def told(kind: str, at: str, number: str | None, bits: str, room: int | None) -> str:
    """The value of a kind, by the place of the leading value's words, the number behind it if any, and random bits.

    `room` is how many characters it may have.
    """
    first, last = f"[1 + ({at}) % {_FIRST}]", f"[1 + ({at}) // {_FIRST} % {_LAST}]"
    lower = [texts(word.lower() for word in given) for given in (words.FIRST, words.LAST)]
    behind = "" if number is None else f", CASE WHEN {number} > 0 THEN ({number} + 1)::VARCHAR ELSE '' END"
    match kind:
        case "city":
            return f"{texts(places.CITIES)}[1 + {at}]"
        case "country":
            return f"{_placed(room, places.COUNTRY_OF, places.CODE_OF)}[1 + {at}]"
        case "country code":
            return f"{texts(places.CODE_OF)}[1 + {at}]"
        case "region":
            cut = 20 if room is None else room
            near = [
                city[:cut] if cut > 3 else name[:cut].upper()
                for city, name in zip(places.CITIES, places.REGION_OF, strict=True)
            ]
            return f"{_placed(room, places.REGION_OF, near)}[1 + {at}]"
        case "postcode":
            digits = f"right(lpad(({bits} % 100000)::VARCHAR, 5, '0'), {whole_numbers(places.DIGITS_OF)}[1 + {at}])"
            code = f"concat({texts(places.POSTCODE_OF)}[1 + {at}], {digits})"
            return code if room is None or room >= 7 else f"left({code}, {room})"
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
