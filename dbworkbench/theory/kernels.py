"""The loops of kernels.c, where they could be compiled: what covers and keys ask for, in much less time.

The library is compiled when the package is built (see hatch_build.py). Without it everything is done in Python, with the same
answers after the same number of closures, so that a question that is left open is left open by both.
"""

import ctypes
import hashlib
import sys
import sysconfig
import weakref
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal, cast

from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.effort import Effort

SOURCE = Path(__file__).with_name("kernels.c")
LIBRARY = Path(__file__).with_name("kernels.native")  # no name that Python would import
_WORD = 64
_OCTETS = 8
_MOST = 1024  # keys that are asked for at once
_CLOSURES = 50_000  # at most for one call, so that the user can interrupt
_INTERFACE = (
    "PyObject_Type",
    "PyObject_GetAttr",
    "PyObject_GetIter",
    "PyIter_Next",
    "PyDict_New",
    "PyDict_GetItemWithError",
    "PyDict_SetItem",
    "PyDict_Clear",
    "PyDict_Size",
    "PyLong_FromLong",
    "PyLong_AsLong",
    "PyFrozenSet_New",
    "PySet_Add",
    "PyObject_CallFunctionObjArgs",
    "PyErr_Occurred",
    "PyErr_Clear",
    "PyCapsule_New",
    "PyCapsule_GetPointer",
    "PyCFunction_NewEx",
    "Py_IncRef",
    "Py_DecRef",
    "PyErr_NoMemory",
    "PyDict_Next",
    "PyDict_Keys",
    "PyList_Sort",
    "PyList_GetItem",
    "PyBytes_AsString",
    "PyBytes_FromStringAndSize",
    "PyTuple_New",
    "PyTuple_SetItem",
    "PyType_GenericAlloc",
    "PyObject_GenericSetAttr",
)
_OBJECTS = (None, set, frozenset, list, tuple, FD, "determinant", "dependent")
_ENDED, _IMPATIENT, _SHORT_OF_MEMORY = 1, 2, 3

Pair = tuple[int, int]


class _Asked(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_int64) for name in ("most", "closures", "found", "spent", "status"))


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
    loaded.closures.argtypes, loaded.closures.restype = (number, number, number, place, number, place, place), number
    loaded.key_of.argtypes, loaded.key_of.restype = (number, number, number, place, place, number, place), number
    loaded.contained.argtypes, loaded.contained.restype = (number, number, place, place), None
    loaded.part_keys.argtypes = (number, number, number, place, number, place, place, number, place, place)
    loaded.part_keys.restype = number
    loaded.exchanges.argtypes, loaded.exchanges.restype = (number, number, number, place, place), place
    loaded.search.argtypes, loaded.search.restype = (number, number, number, place, place, number), place
    for more, done in ((loaded.exchanged, loaded.exchanges_done), (loaded.searched, loaded.search_done)):
        more.argtypes, more.restype = (place, ctypes.POINTER(_Asked), place, place), None
        done.argtypes, done.restype = (place,), None
    return loaded


def interpreted() -> ctypes.PyDLL | None:
    """The same library for calls with objects, where the interpreter has the interface that it asks for."""
    return None if library() is None else _interpreted()


@cache
def _interpreted() -> ctypes.PyDLL | None:
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return None
    loaded = ctypes.PyDLL(str(LIBRARY))
    asked = [ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value for name in _INTERFACE]
    table = (ctypes.c_void_p * (len(_INTERFACE) + len(_OBJECTS)))(*asked, *map(id, _OBJECTS))
    loaded.met_python.argtypes, loaded.met_python.restype = (ctypes.c_void_p, ctypes.c_int64), ctypes.c_int64
    if loaded.met_python(table, ctypes.sizeof(table)) < 0:
        return None
    thing = ctypes.py_object
    loaded.closure_under.argtypes, loaded.closure_under.restype = (thing, thing), thing
    loaded.closure_between.argtypes, loaded.closure_between.restype = (*[ctypes.c_int64] * 3, ctypes.c_void_p), thing
    loaded.cover_of.argtypes, loaded.cover_of.restype = (thing, ctypes.c_int64), thing
    return loaded


def closure_under(
    fds: Iterable[object], read: Callable[[object], tuple[str, ...]]
) -> Callable[[Iterable[str]], frozenset[str]] | None:
    """A function from sets of names to their closures, which keeps the answers met last.

    What is no set is read by `read`. None where there is no library, or where not all are functional dependencies.
    """
    loaded = interpreted()
    return (
        None if loaded is None else cast("Callable[[Iterable[str]], frozenset[str]]", loaded.closure_under(fds, read))
    )


def closure_between(names: int, pairs: Collection[Pair]) -> Callable[[bytes], bytes] | None:
    """A function from sets, as `octets_for` little-endian bytes, to their closures; None where there is no library."""
    loaded = interpreted()
    if loaded is None:
        return None
    words = words_for(names)
    given = rows(chain.from_iterable(pairs), words)
    made = loaded.closure_between(words, names, len(pairs), given.buffer_info()[0])
    return cast("Callable[[bytes], bytes]", made)


def octets_for(names: int) -> int:
    """The bytes of a set of so many attributes."""
    return _OCTETS * words_for(names)


def cover_of(fds: Iterable[object], *, single: bool) -> tuple[FD, ...] | None:
    """The canonical cover, or with `single` the minimal one; None where that is not for the library."""
    loaded = interpreted()
    return None if loaded is None else cast("tuple[FD, ...] | None", loaded.cover_of(fds, single))


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


def closures(names: int, pairs: Collection[Pair], starts: Sequence[int]) -> list[int] | None:
    """The closures of several sets under the same pairs; None where there is no library."""
    loaded = library()
    if loaded is None:
        return None
    words = words_for(names)
    given, begun = rows(chain.from_iterable(pairs), words), rows(starts, words)
    made = array("Q", bytes(len(starts) * words * _OCTETS))
    places = given.buffer_info()[0], len(starts), begun.buffer_info()[0], made.buffer_info()[0]
    if loaded.closures(words, names, len(pairs), *places) < 0:
        raise MemoryError("closures take more memory than there is")
    return sets_in(words, made, len(starts))


def key_of(names: int, pairs: Collection[Pair], whole: int, *, short: bool) -> int | None:
    """One key of the whole: the one of `keys.one_key`, or that of `keys.short_key`; None where there is no library."""
    loaded = library()
    if loaded is None:
        return None
    words = words_for(names)
    given, every, made = (
        rows(chain.from_iterable(pairs), words),
        rows([whole], words),
        array("Q", bytes(words * _OCTETS)),
    )
    places = given.buffer_info()[0], every.buffer_info()[0], short, made.buffer_info()[0]
    if loaded.key_of(words, names, len(pairs), *places) < 0:
        raise MemoryError("a key takes more memory than there is")
    return sets_in(words, made, 1)[0]


def contained(names: int, sets: Sequence[int]) -> list[int] | None:
    """For each of some different sets, the largest first, the place of the first that holds it; None without the library."""
    loaded = library()
    if loaded is None:
        return None
    words = words_for(names)
    given, homes = rows(sets, words), array("q", bytes(len(sets) * _OCTETS))
    loaded.contained(words, len(sets), given.buffer_info()[0], homes.buffer_info()[0])
    return homes.tolist()


def part_keys(
    names: int, pairs: Collection[Pair], parts: Sequence[int], keys: Sequence[int], *, most: int
) -> list[list[int]] | None:
    """At most so many keys of each part, none where the one given is the only one; None where there is no library."""
    loaded = library()
    if loaded is None:
        return None
    words = words_for(names)
    given, sets, known = (rows(masks, words) for masks in (chain.from_iterable(pairs), parts, keys))
    made, found = array("Q", bytes(len(parts) * most * words * _OCTETS)), array("q", bytes(len(parts) * _OCTETS))
    places = sets.buffer_info()[0], known.buffer_info()[0], most, made.buffer_info()[0], found.buffer_info()[0]
    if loaded.part_keys(words, names, len(pairs), given.buffer_info()[0], len(parts), *places) < 0:
        raise MemoryError("the keys of parts take more memory than there is")
    every = most * words
    return [sets_in(words, made[at * every : (at + 1) * every], many) for at, many in enumerate(found)]


def keys_by(
    loaded: ctypes.CDLL,
    way: Literal["exchanges", "search"],
    names: int,
    pairs: Collection[Pair],
    *,
    members: int,
    effort: Effort | None,
    cost: int,
    patience: int = 0,
) -> Iterator[int | None]:
    """The keys of `members` as `keys._exchanged` or `key_search.searched_keys` has them.

    The closures that a key takes are taken off the effort, each at `cost`, when the key is asked for.
    """
    words = words_for(names)
    given, all_of = rows(chain.from_iterable(pairs), words), rows([members], words)
    begun = words, names, len(pairs), given.buffer_info()[0], all_of.buffer_info()[0]
    if way == "search":
        state, more, done = loaded.search(*begun, patience), loaded.searched, loaded.search_done
    else:
        state, more, done = loaded.exchanges(*begun), loaded.exchanged, loaded.exchanges_done
    if not state:
        raise MemoryError("a search for keys takes more memory than there is")
    asked = _Asked(most=1)
    weakref.finalize(asked, done, state)
    while True:
        asked.closures = _CLOSURES if effort is None else min(_CLOSURES, effort.left // cost + 1)
        made = array("Q", bytes(asked.most * words * _OCTETS))
        taken = array("q", bytes(asked.most * _OCTETS))
        more(state, ctypes.byref(asked), made.buffer_info()[0], taken.buffer_info()[0])
        for key, spent in zip(sets_in(words, made, asked.found), taken, strict=False):
            if effort is not None:
                effort.spend(cost * spent)
            yield key
        if asked.status == _SHORT_OF_MEMORY:
            raise MemoryError("a search for keys takes more memory than there is")
        if effort is not None:
            effort.spend(cost * asked.spent)
        if asked.status == _IMPATIENT:
            yield None
        if asked.status in {_ENDED, _IMPATIENT}:
            return
        if asked.found == asked.most:
            asked.most = min(2 * asked.most, _MOST)
