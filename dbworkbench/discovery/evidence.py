"""What speaks for a discovery, part by part: a score is never shown without the reasons it is made of."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: `value` from 0 (speaks against) to 1 (speaks for), how much it weighs, and the fact behind it.

    `times` multiplies the whole score: a reason that no other makes up for.
    """

    name: str
    value: float
    weight: float
    because: str
    times: float = 1.0


def score(parts: Iterable[Part]) -> float:
    """The weighted mean of the parts, times what multiplies it, from 0 to 1.

    >>> score([Part("a", 1.0, 3, ""), Part("b", 0.0, 1, "")])
    0.75
    >>> score([Part("a", 1.0, 3, ""), Part("b", 0.0, 1, "", times=0.5)])
    0.375
    """
    parts = tuple(parts)
    weight = sum(part.weight for part in parts)
    mean = sum(part.value * part.weight for part in parts) / weight if weight else 0.0
    return mean * math.prod(part.times for part in parts)


_KEY_WORDS = frozenset({"id", "key", "code", "no", "nr", "num", "number", "uuid", "guid", "pk", "sku", "isbn", "ref"})


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `customerID` and `CUSTOMER_ID` both are customer, id.

    >>> words("customerID2")
    ('customer', 'id', '2')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(re.findall(r"\d+|[^\W\d_]+", parted.casefold()))


def names_a_key(name: str) -> bool:
    """Whether a name says that its values identify something: `order_id`, `SKU`, `flight no`.

    >>> names_a_key("customerId"), names_a_key("paid")
    (True, False)
    """
    said = words(name)
    return bool(said) and (said[-1] in _KEY_WORDS or said[0] in {"id", "pk"})


@lru_cache(maxsize=16384)
def likeness(left: str, right: str) -> float:
    """How alike two names are, from 0 to 1, by their words and then by their letters."""
    a, b = ([_singular(word) for word in words(name)] for name in (left, right))
    if not a or not b:
        return 1.0 if left == right else 0.0
    shared = len(set(a) & set(b)) / len(set(a) | set(b))
    return max(shared, SequenceMatcher(None, "".join(a), "".join(b)).ratio() ** 2)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
