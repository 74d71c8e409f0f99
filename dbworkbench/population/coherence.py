"""What belongs together in one row: a city lies in its country, and an e-mail address has the name of its person.

One attribute leads, and the others of the same subject are told by it: by the words that its value is made of. They are
functions of what they are told by, so that no declared dependency breaks.
"""

from collections.abc import Callable, Mapping

from dbworkbench.population import places, words
from dbworkbench.population.coding import Values, texts, whole_numbers
from dbworkbench.population.texts import tokens
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
    telling: Callable[[str, str], bool],
) -> dict[str, tuple[str, str]]:
    """For each attribute that another one of its row tells: that one, and what is told.

    `leading` says which attributes may lead, `telling` whether the first of two may be told by the second.
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
            if name != lead and same and not taken and kind != kinds[lead] and telling(name, lead):
                found[name] = (lead, kind)
    return found


def _kind(name: str, made: Values) -> str:
    """What an attribute's texts are, as far as they can belong together with others."""
    said = frozenset(tokens(name))
    if made.type != "VARCHAR" or made.listed:
        return ""
    if said & _POSTCODE:
        return "postcode"
    if said & _PART and made.topic in {"", "status"}:
        return "region"
    return made.topic if made.topic in _SUBJECT else ""


def _owner(name: str, subject: str) -> tuple[str, ...]:
    """Whose city or name it is: `billing_city` and `billing_country` are of one."""
    return tuple(word for word in tokens(name) if word not in _WORDS[subject])


def longest(kind: str) -> int:
    """How many characters a told text has at most, a number behind a name included."""
    options = {
        "country": places.COUNTRY_OF,
        "country code": places.CODE_OF,
        "region": places.REGION_OF,
        "first": words.FIRST,
        "last": words.LAST,
    }
    return max(map(len, options[kind])) if kind in options else {"postcode": 7}.get(kind, 60)


def told(kind: str, at: str, number: str | None, bits: str) -> str:
    """The value of a kind, by the place of the leading value's words, the number behind it if any, and random bits."""
    first, last = f"[1 + ({at}) % {_FIRST}]", f"[1 + ({at}) // {_FIRST} % {_LAST}]"
    lower = [texts(word.lower() for word in given) for given in (words.FIRST, words.LAST)]
    behind = "" if number is None else f", CASE WHEN {number} > 0 THEN ({number} + 1)::VARCHAR ELSE '' END"
    match kind:
        case "country":
            return f"{texts(places.COUNTRY_OF)}[1 + {at}]"
        case "country code":
            return f"{texts(places.CODE_OF)}[1 + {at}]"
        case "region":
            return f"{texts(places.REGION_OF)}[1 + {at}]"
        case "postcode":
            digits = f"right(lpad(({bits} % 100000)::VARCHAR, 5, '0'), {whole_numbers(places.DIGITS_OF)}[1 + {at}])"
            return f"concat({texts(places.POSTCODE_OF)}[1 + {at}], {digits})"
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
