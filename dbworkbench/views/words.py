"""Wordings that several views share: counted things, sets in the order a person gave them, sizes and durations."""

import math
from collections.abc import Collection, Iterable, Sequence

from dbworkbench.errors import listed
from dbworkbench.page.characters import cut
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, written


def counted(number: int, thing: str, things: str = "") -> str:
    """A number and what it counts.

    >>> counted(1, "row"), counted(12_000, "row"), counted(0, "key")
    ('1 row', '12,000 rows', 'no keys')
    """
    name = thing if number == 1 else things or f"{thing}s"
    return f"{number:,} {name}" if number else f"no {name}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop, unless it ends in a sign of its own."""
    shown = text.strip()
    return f"{shown[:1].upper()}{shown[1:]}{'' if shown[-1:] in '.!?…:' else '.'}" if shown else ""


def prose_of(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    >>> prose_of(["a", "b", "c"])
    'a, b and c'
    """
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


class Order:
    """The order in which a relation's attributes were given, for printing sets of them."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._place = {name: at for at, name in enumerate(names)}

    def sorted(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names in order; those that are not known come last, by name."""
        return tuple(sorted(names, key=lambda name: (self._place.get(name, len(self._place)), name)))

    def names(self, names: Collection[str], most: int = 12) -> str:
        """A set of names without braces.

        >>> Order(("b", "a")).names({"a", "b"})
        'b, a'
        """
        return listed([cut(written(name), 80) for name in self.sorted(names)], most=most) if names else "∅"

    def sets(self, sets: Sequence[Collection[str]], most: int = 12) -> str:
        """Several sets, each in braces.

        >>> Order("ab").sets([{"a"}, {"b", "a"}])
        '{a} · {a, b}'
        """
        shown = " · ".join(f"{{{self.names(names)}}}" for names in sets[:most])
        return f"{shown} · … ({len(sets) - most:,} more)" if len(sets) > most else shown

    def dependency(self, dependency: Dependency, most: int = 12) -> str:
        """A dependency with its sides in order.

        >>> Order("ba").dependency(FD.parse("a, b -> c"))
        'b, a → c'
        """
        match dependency:
            case FD(determinant, dependent):
                return f"{self.names(determinant, most)} → {self.names(dependent, most)}"
            case MVD(determinant, dependent):
                return f"{self.names(determinant, most)} ↠ {self.names(dependent, most)}"
            case JD():
                return str(dependency)

    def in_order(self, dependencies: Iterable[Dependency]) -> list[Dependency]:
        """Dependencies as a person would list them: by kind, then by where their determinant stands."""
        kinds = (FD, MVD, JD)

        def rank(dependency: Dependency) -> tuple[int, list[int], str]:
            names = () if isinstance(dependency, JD) else dependency.determinant
            places = sorted(self._place.get(name, len(self._place)) for name in names)
            return kinds.index(type(dependency)), places, str(dependency)

        return sorted(dependencies, key=rank)


def size(number: float) -> str:
    """Bytes for people, in powers of 1,000.

    >>> size(0), size(999), size(1_234_567)
    ('0 B', '999 B', '1.23 MB')
    """
    amount, units = float(number), ("B", "kB", "MB", "GB", "TB")
    for unit in units:
        if abs(amount) < 999.5 or unit == units[-1]:
            return f"{amount:.0f} B" if unit == "B" else f"{three(amount)} {unit}"
        amount /= 1000
    raise AssertionError


def duration(seconds: float) -> str:
    """Seconds for people.

    >>> duration(0.0000042), duration(0.0123), duration(75.4)
    ('4.20 µs', '12.3 ms', '75.4 s')
    """
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 0.9995:
            return f"{three(seconds * scale)} {unit}"
    return f"{three(seconds * 1e9)} ns" if seconds else "0 s"


def three(number: float) -> str:
    """A number with three significant digits, two decimals at least, and no exponent; a very small one keeps two digits.

    >>> three(1.2345), three(12.345), three(123.45), three(12345.6), three(0.000372)
    ('1.23', '12.3', '123', '12,346', '0.00037')
    """
    if 0 < abs(number) < 0.00995:
        return f"{number:.{min(9, 1 - math.floor(math.log10(abs(number))))}f}"
    for limit, digits in ((9.995, 2), (99.95, 1)):
        if abs(number) < limit:
            return f"{number:.{digits}f}"
    return f"{number:,.0f}"
