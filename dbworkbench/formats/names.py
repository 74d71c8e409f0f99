"""Names as programming languages want them: letters, digits and underscores, each once."""

import keyword
import re
from collections.abc import Callable, Collection, Iterable

__all__ = ["UNNAMED", "app_of", "identifiers", "made_up", "pascal", "said_name", "snake"]

UNNAMED = "unnamed"
"""How the names begin that are made for rules without one, where a tool wants a name; they are not read."""


def _ascii(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")


def pascal(text: str) -> str:
    """A name as a class has it.

    >>> pascal("order lines"), pascal("OrderLine"), pascal("1st")
    ('OrderLines', 'OrderLine', 'N1st')
    """
    parts = [part for part in _ascii(text).split("_") if part]
    said = "".join(part[:1].upper() + part[1:] for part in parts)
    return said if said[:1].isalpha() else f"N{said}"


def snake(text: str) -> str:
    """A name as an attribute has it: as it is where it is one already.

    >>> snake("unit price"), snake("orderId"), snake("class")
    ('unit_price', 'orderId', 'class_')
    """
    if re.fullmatch(r"[A-Za-z]\w*", text, re.ASCII):
        said = text
    else:
        said = _ascii(text)
        said = said if said[:1].isalpha() else f"n_{said}" if said else "n"
    return f"{said}_" if keyword.iskeyword(said) else said


def identifiers(names: Iterable[str], form: Callable[[str], str], taken: Collection[str] = ()) -> dict[str, str]:
    """An identifier for each name, made by `form`, no two alike."""
    used = {name.casefold() for name in taken}
    found: dict[str, str] = {}
    for name in names:
        said = base = form(name)
        number = 1
        while said.casefold() in used:
            number += 1
            said = f"{base}_{number}"
        used.add(said.casefold())
        found[name] = said
    return found


def app_of(path: str) -> str:
    """The Django application that a file of models belongs to, where its name says so: "shop" for shop/models.py."""
    found = re.fullmatch(r"(?:.*[/\\])?(\w+)[/\\]models(?:\.py|[/\\]\w+\.py)", path)
    return found[1] if found else ""


def made_up(name: str) -> bool:
    """Whether a rule's name is one that is made where a tool wants a name: no rule of a design can be called so."""
    return re.fullmatch(rf"{UNNAMED}_\d+", name) is not None


def said_name(name: str) -> str:
    """The name of a rule as a file has it, unless it was made up.

    >>> said_name("unnamed_3"), said_name("by_name")
    ('', 'by_name')
    """
    return "" if made_up(name) else name
