"""What checks say about types: a text that is one of a few is an enumeration, and so on.

The writer makes such checks where a database has no such type; read back, they are that type again.
"""

import re
from dataclasses import replace

from dbworkbench.schema.relation import Attribute, Check
from dbworkbench.schema.types import Boolean, Bytes, Date, Enumeration, Integer, Json, Text, Timestamp, Type

__all__ = ["meant", "says_type"]

_NAME = r'(?P<name>"(?:[^"]|"")+"|\w+)'
_TEXT = r"'(?:[^']|'')*'"
_ONE_OF = re.compile(rf"{_NAME} (?:IN \((?P<values>{_TEXT}(?:, {_TEXT})*)\)|= (?P<value>{_TEXT}))", re.IGNORECASE)
"""Engines that rephrase what they keep say `= 'a'` where one value was listed."""
_AT_MOST = re.compile(
    rf"(?:char_)?length(?:utf8)?\((?:{_NAME}|CAST\({_NAME.replace('name', 'cast')} AS TEXT\))\) <= (?P<length>\d+)",
    re.IGNORECASE,
)
_BINARY = re.compile(rf"{_NAME} IN \(0, 1\)", re.IGNORECASE)
_MIDNIGHT = re.compile(rf"{_NAME} = TRUNC\((?P=name)\)", re.IGNORECASE)
_JSON = re.compile(
    rf"(?:{_NAME} IS NULL OR )?(?:json_valid|isvalidjson)\((?P<same>\"(?:[^\"]|\"\")+\"|\w+)\)"
    rf'|isjson\((?P<other>"(?:[^"]|"")+"|\w+)\) = 1',
    re.IGNORECASE,
)


def meant(
    table: str, attributes: tuple[Attribute, ...], checks: tuple[Check, ...]
) -> tuple[tuple[Attribute, ...], tuple[Check, ...]]:
    """The attributes with the types that nameless checks give them, and the checks that are left.

    >>> kind = Attribute("kind", Text())
    >>> [(one.type, left) for (one,), left in [meant("t", (kind,), (Check("kind IN ('a', 'b')"),))]]
    [(Enumeration(values=('a', 'b')), ())]
    """
    by_name = {attribute.name: attribute for attribute in attributes}
    spelled = {attribute.name.casefold(): attribute.name for attribute in attributes} | {name: name for name in by_name}
    made = re.compile(
        rf"{re.escape(table[:6])}.*(?:_check(?:_?\d+)?|_[0-9a-f]{{8}})", re.IGNORECASE | re.DOTALL
    )  # PostgreSQL cuts long names, and so does the writer
    left: list[Check] = []
    for check in checks:
        name, kind = _type_of(check.expression)
        if check.name and not made.fullmatch(check.name) and kind != Json():
            name, kind = "", None  # a rule that somebody named says what it says
        name = spelled.get(name) or spelled.get(name.casefold(), "")
        attribute = by_name.get(name) if check.enforced == "always" else None
        if attribute is None or kind is None or attribute.domain is not None or not _fits(attribute.type, kind):
            left.append(check)
        else:
            # MariaDB keeps JSON as text in an order of its own
            collation = "" if kind == Json() else attribute.collation
            by_name[name] = replace(attribute, type=kind, collation=collation, declared=None)
    return tuple(by_name.values()), tuple(left)


def says_type(expression: str) -> bool:
    """Whether a check may say no more than what type an attribute has."""
    return _type_of(expression)[1] is not None


def _type_of(expression: str) -> tuple[str, Type | None]:
    """The name that a check is about and the type that it means, if it means one."""
    if found := _ONE_OF.fullmatch(expression):
        values = tuple(value[1:-1].replace("''", "'") for value in re.findall(_TEXT, found["values"] or found["value"]))
        return _plain(found["name"]), Enumeration(tuple(dict.fromkeys(values)))
    if found := _AT_MOST.fullmatch(expression):
        return _plain(found["name"] or found["cast"]), Text(int(found["length"])) if int(found["length"]) else None
    if found := _BINARY.fullmatch(expression):
        return _plain(found["name"]), Boolean()
    if found := _MIDNIGHT.fullmatch(expression):
        return _plain(found["name"]), Date()
    if found := _JSON.fullmatch(expression):
        return _plain(found["same"] or found["other"]), Json()
    return "", None


def _fits(now: Type, meant_type: Type) -> bool:
    match meant_type:
        case Enumeration():
            return isinstance(now, Text)
        case Boolean():
            return isinstance(now, Integer)
        case Date():
            return now == Timestamp()
        case _:
            return now == Text() or (isinstance(now, Text | Bytes) and isinstance(meant_type, Json))


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
