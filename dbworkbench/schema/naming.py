"""Names for new relations, taken from the key that identifies their rows."""

import re
from collections.abc import Collection, Sequence

_IDENTIFYING = re.compile(
    r"(?:[ _](?i:ids?|nos?|nrs?|numbers?|num|codes?|keys?)|(?<=[a-z])(?:Ids?|IDs?|Nos?|Nrs?|Numbers?|Num|Codes?|Keys?))\Z"
)
_SINGLE = re.compile(r"[^\W\d_]\d?\Z")


def noun(attribute: str) -> str:
    """What an identifying attribute identifies.

    >>> noun("customer_id"), noun("productCode"), noun("ORDER_NO"), noun("tailnum"), noun("id")
    ('customer', 'product', 'ORDER', 'tailnum', 'id')
    """
    return _IDENTIFYING.sub("", attribute) or attribute


def plural(word: str) -> str:
    """An English plural, in the word's own case; a word that looks plural already, or is not English letters, is kept.

    >>> plural("customer"), plural("city"), plural("BOX"), plural("sales"), plural("straße")
    ('customers', 'cities', 'BOXES', 'sales', 'straße')
    """
    if not re.search(r"[A-Za-z]\Z", word) or not word.isascii():
        return word
    low, upper = word.casefold(), word.isupper() and len(word) > 1
    if low.endswith(("ss", "x", "z", "ch", "sh")):
        ending, stem = "es", word
    elif low.endswith("s"):
        return word
    elif low.endswith("y") and low[-2:-1] not in set("aeiou"):
        ending, stem = "ies", word[:-1]
    else:
        ending, stem = "s", word
    return stem + (ending.upper() if upper else ending)


def relation_name(key: Sequence[str], within: str, taken: Collection[str]) -> str:
    """A name for the relation that `key` identifies, split off from `within`; never one of `taken` in any case.

    >>> relation_name(["customer_id"], "sales", [])
    'customers'
    >>> relation_name(["order_id", "product_id"], "sales", [])
    'order_products'
    >>> relation_name(["A", "B"], "R", [])
    'R_AB'
    """
    if not key:
        name = f"{within}_constants"
    elif all(_SINGLE.match(attribute) for attribute in key):
        name = f"{within}_{''.join(key)}"
    else:
        nouns = [noun(attribute) for attribute in key]
        name = "_".join([*nouns[:-1], plural(nouns[-1])]) if len(nouns) <= 3 else f"{within}_by_{nouns[0]}"
    folded = {known.casefold() for known in taken}
    candidate, count = name, 2
    while candidate.casefold() in folded:
        candidate, count = f"{name}_{count}", count + 1
    return candidate
