"""The loops of kernels.c, where they could be compiled: what covers and keys ask for, in much less time.

The library is compiled when the package is built (see hatch_build.py). Without it everything is done in Python, with the same
answers after the same number of closures, so that a question that is left open is left open by both.
"""

import ctypes
import hashlib
from array import array
from collections.abc import Collection, Iterable
from functools import cache
from itertools import chain
from pathlib import Path

SOURCE = Path(__file__).with_name("kernels.c")
LIBRARY = Path(__file__).with_name("kernels.native")  # no name that Python would import
_WORD = 64
_OCTETS = 8

Pair = tuple[int, int]


@cache
def library() -> ctypes.CDLL | None:
    """The library, if it is there and was made from the source beside it."""
    try:
        loaded = ctypes.CDLL(str(LIBRARY))
        said = loaded.built_from
        said.restype = ctypes.c_char_p
        if said() != hashlib.sha256(SOURCE.read_bytes().replace(b"\r\n", b"\n")).hexdigest().encode():
            return None
    except (OSError, AttributeError):
        return None
    number, place = ctypes.c_int64, ctypes.c_void_p
    loaded.reduced.argtypes, loaded.reduced.restype = (number, number, number, place, place), number
    return loaded


def words_for(names: int) -> int:
    """The words of a set of so many attributes."""
    return max(1, (names + _WORD - 1) // _WORD)


def rows(sets: Iterable[int], words: int) -> "array[int]":
    """Sets as rows of words."""
    if words == 1:
        return array("Q", sets)
    made = array("Q")
    octets = words * _OCTETS
    made.frombytes(b"".join([mask.to_bytes(octets, "little") for mask in sets]))
    return made


def sets_in(words: int, made: "array[int]", count: int) -> list[int]:
    """The first sets of some rows of words."""
    if words == 1:
        return made[:count].tolist()
    octets, read = words * _OCTETS, int.from_bytes
    data = made.tobytes()
    return [read(data[at : at + octets], "little") for at in range(0, count * octets, octets)]


def reduced(names: int, pairs: Collection[Pair]) -> tuple[Pair, ...] | None:
    """The canonical cover of pairs of sets, in the order of their names; None where there is no library."""
    loaded = library()
    if loaded is None:
        return None
    words = words_for(names)
    given = rows(chain.from_iterable(pairs), words)
    room = 1 + max(len(pairs), sum([dependent.bit_count() for _, dependent in pairs]))
    made = array("Q", bytes(2 * room * words * _OCTETS))
    found = loaded.reduced(words, names, len(pairs), given.buffer_info()[0], made.buffer_info()[0])
    if found < 0:
        raise MemoryError("a cover takes more memory than there is")
    turn = iter(sets_in(words, made, 2 * found))
    return tuple(zip(turn, turn, strict=True))
