"""Closures by table: which dependencies apply is looked up for eight attributes at a time."""

from collections.abc import Iterable
from functools import reduce
from operator import getitem, or_

_EIGHT = 8


class Tables:
    """Dependencies over numbered attributes, for very many closures under them.

    A dependency is a bit as well. One look-up for every eight attributes that are missing gives those which cannot
    apply yet, and one for every eight of the others gives what they add ("four Russians"). Making the tables costs
    about as much as a closure for each attribute and each dependency.
    """

    __slots__ = ("_all", "_bytes", "_full", "_gives", "_places", "_stops")

    def __init__(self, full: int, pairs: Iterable[tuple[int, int]]) -> None:
        listed = tuple(pairs)
        self._full = full
        self._all = (1 << len(listed)) - 1
        self._bytes = (full.bit_length() + _EIGHT - 1) // _EIGHT
        self._places = (len(listed) + _EIGHT - 1) // _EIGHT
        stops = [0] * (self._bytes * _EIGHT)
        for at, (determinant, _) in enumerate(listed):
            left = determinant
            while left:
                stops[(left & -left).bit_length() - 1] |= 1 << at
                left &= left - 1
        gives = [dependent for _, dependent in listed] + [0] * (-len(listed) % _EIGHT)
        self._stops = _unions(stops)
        self._gives = _unions(gives)

    def closure(self, known: int, goal: int) -> int:
        """The closure of a set; with a goal, a part of it that holds the goal is enough."""
        full, stops, gives = self._full, self._stops, self._gives
        size, places = self._bytes, self._places
        waiting = self._all
        while missing := full & ~known:
            if not goal & missing:
                break
            ready = waiting & ~reduce(or_, map(getitem, stops, missing.to_bytes(size, "little")), 0)
            if not ready:
                break
            waiting ^= ready
            known |= reduce(or_, map(getitem, gives, ready.to_bytes(places, "little")), 0)
        return known


def _unions(masks: list[int]) -> list[list[int]]:
    """For each eight masks, the union of every choice of them."""
    tables = []
    for start in range(0, len(masks), _EIGHT):
        table = [0]
        for mask in masks[start : start + _EIGHT]:
            table += [other | mask for other in table]
        tables.append(table)
    return tables
