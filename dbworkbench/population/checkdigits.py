"""Numbers of books, journals and goods, of our own making, with the check digits that such numbers have: ISBN, ISSN and EAN."""

from dataclasses import dataclass

from dbworkbench.population.numbers import scattered

__all__ = ["CheckedNumber", "checked_number"]


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """Digits after a beginning, and a check digit, by which the weighted sum of all is a multiple of a modulus of 10 or 11."""

    begins: str
    weights: tuple[int, ...]
    modulus: int
    hyphen: int = 0

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return int(10 ** (len(self.weights) - len(self.begins)))

    @property
    def length(self) -> int:
        """How many characters a number has."""
        return len(self.weights) + 1 + (self.hyphen > 0)

    def sql(self, code: str, *salt: object) -> str:
        """The number of a code below `count`, as a text."""
        place = scattered(code, self.count, *salt)
        free = self.weights[len(self.begins) :]
        known = sum(int(digit) * weight for digit, weight in zip(self.begins, self.weights, strict=False))
        summed = " + ".join(f"({place}) // {10**power} % 10 * {weight}" for power, weight in enumerate(reversed(free)))
        last = (
            f"substr('0123456789X', 1 + ({self.modulus} - ({known} + {summed}) % {self.modulus}) % {self.modulus}, 1)"
        )
        digits = f"lpad((({place}))::VARCHAR, {len(free)}, '0')"
        if self.hyphen:
            digits = f"concat(left({digits}, {self.hyphen}), '-', substr({digits}, {self.hyphen + 1}))"
        return f"concat('{self.begins}', {digits}, {last})"


_GOODS = (1, 3) * 6
_ISBN, _ISBN_10 = CheckedNumber("978", _GOODS, 10), CheckedNumber("", tuple(range(10, 1, -1)), 11)
_EAN = CheckedNumber("200", _GOODS, 10)  # what shops number themselves begins so
_ISSN, _ISSN_PLAIN = (
    CheckedNumber("", tuple(range(8, 1, -1)), 11, hyphen=4),
    CheckedNumber("", tuple(range(8, 1, -1)), 11),
)


def checked_number(name: tuple[str, ...], longest: int | None) -> CheckedNumber | None:
    """The numbers that the words of a name mean, the longest kind that has room; None for any other name.

    >>> checked_number(("isbn",), 13) == checked_number(("isbn",), None), checked_number(("name",), None)
    (True, None)
    """
    said = set(name)
    if said & {"isbn", "isbn13", "isbn10"}:
        kinds = (_ISBN_10,) if said & {"10", "isbn10"} else (_ISBN, _ISBN_10)
    elif said & {"ean", "ean13", "gtin", "gtin13"}:
        kinds = (_EAN,)
    elif "issn" in said:
        kinds = (_ISSN, _ISSN_PLAIN)
    else:
        return None
    return next((kind for kind in kinds if longest is None or kind.length <= longest), None)
