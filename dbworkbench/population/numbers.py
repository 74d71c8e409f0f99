"""Numbers that depend on (seed, table, column, row) and on nothing else, as DuckDB expressions.

A value is a hash of the row's index with a constant of its own, so any row can be made alone, in any order and by any
number of threads. Only `hash` of one 64-bit integer is used (MurmurHash64's finaliser): it is the same in every
release, while DuckDB's hashes of several values or of texts are not. Only integer arithmetic and products of doubles
follow it, which are exact or correctly rounded on every machine.
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import gcd

UNIT = "1.1102230246251565e-16"  # 2 to the power of -53


def constant(*parts: object) -> int:
    """A number below 2⁶² that belongs to `parts`: large, since small ones make columns permutations of one another.

    >>> constant(0, "orders", "total") == constant(0, "orders", "total") != constant(1, "orders", "total")
    True
    """
    text = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 2 | 1 << 61


def hashed(code: str, key: int) -> str:
    """64 bits that look random, from a whole number and a constant."""
    return f"hash(xor({code}, {key}))"


def mixed(codes: Sequence[str], key: int) -> str:
    """64 bits that look random, from several whole numbers and a constant."""
    if not codes:
        return f"hash({key}::BIGINT)"
    if len(codes) == 1:
        return hashed(codes[0], key)
    whole = hashed(codes[0], key ^ 1)
    for at, code in enumerate(codes[1:], 1):
        whole = f"xor({whole}, {hashed(code, key ^ (2 * at + 1) << 20)})"
    return f"hash({whole})"


def below(bits: str, size: int) -> str:
    """A whole number from 0 to `size` - 1 out of 64 bits, each as likely."""
    return "0::BIGINT" if size <= 1 else f"({bits} % {size})::BIGINT"


def skewed(bits: str, size: int, steepness: int) -> str:
    """A whole number from 0 to `size` - 1, small ones more often: the share of the first x is x^(1/steepness)."""
    if size <= 1 or steepness <= 1:
        return below(bits, size)
    unit = f"(({bits} >> 11) * {UNIT})"
    return f"floor({' * '.join([unit] * steepness)} * {size})::BIGINT"


def stride(size: int, *parts: object) -> tuple[int, int]:
    """A multiplier and an offset by which code ↦ (code × multiplier + offset) mod size is one-to-one.

    >>> a, b = stride(10, "any")
    >>> sorted((code * a + b) % 10 for code in range(10)) == list(range(10))
    True
    """
    if size <= 2:
        return 1, 0
    seed = constant("stride", *parts)
    # near the golden section the images of neighbours lie far apart; products stay below 2^63 for size below 2^31
    multiplier = (int(size * 0.6180339887) + seed % 97) % size or 1
    while gcd(multiplier, size) != 1:
        multiplier = multiplier % size + 1
    return multiplier, seed % size


def gathered(place: int, size: int, *parts: object) -> int:
    """The code whose `scattered` image this is.

    >>> multiplier, offset = stride(10, "any")
    >>> [gathered((code * multiplier + offset) % 10, 10, "any") for code in range(10)] == list(range(10))
    True
    """
    multiplier, offset = stride(size, *parts)
    return (place - offset) * pow(multiplier, -1, size) % size if size > 1 else 0


def scattered(code: str, size: int, *parts: object) -> str:
    """A one-to-one image of a code below `size`, so that frequent codes do not stand in a row."""
    if size <= 2 or size >= 1 << 31:
        return code
    multiplier, offset = stride(size, *parts)
    return f"(({code}) * {multiplier} + {offset}) % {size}"
