"""The compiled loops and what does their work without them: the same answers, set by set."""

import random
import sys
from itertools import islice

import pytest

from dbworkbench.errors import DesignError, NotationError, Undecided
from dbworkbench.theory import kernels, keys
from dbworkbench.theory.closure import closure, closure_operator, follows
from dbworkbench.theory.covers import canonical_cover, minimal_cover
from dbworkbench.theory.dependencies import FD, MVD
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.given import attributes_in
from dbworkbench.theory.keys import key_masks, one_key
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.synthesis import synthesize_3nf
from tests.theory.oracle import naive_closure

Fds = tuple[FD, ...]


def random_fds(source: random.Random, attributes: int, count: int, widest: int = 5) -> Fds:
    names = [f"a{at:03}" for at in range(attributes)]

    def some(least: int) -> frozenset[str]:
        return frozenset(source.sample(names, min(attributes, source.randint(least, widest))))

    return tuple(FD(some(0 if source.random() < 0.05 else 1), some(1)) for _ in range(count))


@pytest.fixture(params=["compiled", "in Python"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "compiled":
        monkeypatch.setattr(kernels, "library", lambda: None)
    return str(request.param)


def test_the_loops_are_compiled() -> None:
    assert kernels.library() is not None, "python hatch_build.py compiles them"


@pytest.mark.parametrize("attributes", [1, 2, 5, 12, 63, 64, 65, 129, 300])
def test_covers_are_the_same_with_and_without_the_library(attributes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(attributes)  # noqa: S311  a fixed input, no secret
    for _ in range(12):
        fds = random_fds(source, attributes, source.randint(0, min(2 * attributes, 60)))
        compiled = canonical_cover(fds)
        with monkeypatch.context() as patch:
            patch.setattr(kernels, "library", lambda: None)
            assert canonical_cover((*fds,)) == compiled


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("attributes", [1, 6, 63, 64, 65, 130])
def test_closures_of_all_that_names_attributes(attributes: int) -> None:
    source = random.Random(attributes)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03}" for at in range(attributes)]
    for count in (1, attributes, 3 * attributes):
        fds = random_fds(source, attributes, count, widest=3)
        for at in range(40 + 3 * attributes):  # more than it takes to prepare for many
            start = source.sample(names, min(attributes, at % 5)) + ["elsewhere"] * (at % 7 == 0)
            expected = naive_closure(start, fds)
            for given in (frozenset(start), set(start), start, tuple(start), ", ".join(start)):
                found = closure(given, fds)
                assert type(found) is frozenset
                assert found == expected


@pytest.mark.usefixtures("way")
def test_the_closure_operator_is_that_of_the_dependencies_when_it_was_made() -> None:
    fds = [FD("a -> b"), FD("b -> c")]
    closed = closure_operator(fds)
    fds.append(FD("c -> d"))
    for given in ("a", ["a"], {"a"}, frozenset("a")):
        assert closed(given) == {"a", "b", "c"}
    assert closure("a", fds) == {"a", "b", "c", "d"}
    with pytest.raises(DesignError, match="is no functional dependency"):
        closure_operator((MVD("a ->> b"),))  # type: ignore[arg-type]


@pytest.mark.usefixtures("way")
def test_a_closure_of_what_names_nothing_is_refused() -> None:
    for wrong in (5, [5], None, [["a"]], [("a",)]):
        with pytest.raises(NotationError, match="names no attributes"):
            closure(wrong, (FD("a -> b"),))  # type: ignore[arg-type]


@pytest.mark.parametrize("attributes", [1, 24, 25, 64, 65, 130])
def test_closures_between_integers_are_those_of_python(attributes: int) -> None:
    source = random.Random(attributes)  # noqa: S311  a fixed input, no secret
    for count in (1, attributes, 3 * attributes):
        under = Rules(random_fds(source, attributes, count, widest=3), [f"a{at:03}" for at in range(attributes)])
        for at in range(60):  # every second one of most attributes, which is closed backwards
            start = source.getrandbits(attributes) | (at % 2) * source.getrandbits(attributes)
            assert under.closure(start) == under.closure_once(start)


def test_what_the_library_holds_of_objects_it_lets_go() -> None:
    fds = tuple(FD({f"a{at}"}, {f"a{at + 1}", f"b{at}"}) for at in range(30))
    held = [sys.getrefcount(each) for each in (fds[0], fds[0].determinant, fds[0].dependent)]
    for at in range(300):
        asked = kernels.closure_under(fds, attributes_in)
        assert asked is not None
        assert len(asked(frozenset({"a20", f"c{at}"}))) == 22
        assert len(asked(("a20",))) == 21
        assert len(kernels.cover_of(fds, single=True) or ()) == 60
    del asked
    assert [sys.getrefcount(each) for each in (fds[0], fds[0].determinant, fds[0].dependent)] == held


@pytest.mark.usefixtures("way")
def test_a_long_determinant_loses_what_a_part_of_it_gives() -> None:
    fds = (FD("c, d, e, f, g -> a"), FD("f, g -> d"), FD("-> h"), FD("h, i, j, k, l -> b"))
    assert set(minimal_cover(fds)) == {FD("c, e, f, g -> a"), FD("f, g -> d"), FD("-> h"), FD("i, j, k, l -> b")}


@pytest.mark.usefixtures("way")
def test_a_minimal_cover_of_long_determinants_is_minimal() -> None:
    source = random.Random(4)  # noqa: S311  a fixed input, no secret
    for _ in range(60):
        fds = random_fds(source, 9, source.randint(3, 10))
        cover = minimal_cover(fds)
        assert all(closure(fd.determinant, cover) == closure(fd.determinant, fds) for fd in (*fds, *cover))
        for fd in cover:
            assert len(fd.dependent) == 1
            assert not any(follows(FD(fd.determinant - {name}, fd.dependent), fds) for name in fd.determinant)
            assert not follows(fd, [other for other in cover if other != fd])


@pytest.mark.parametrize("attributes", [2, 5, 9, 14, 40, 70])
def test_syntheses_are_the_same_with_and_without_the_library(attributes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(attributes)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03}" for at in range(attributes)]
    for _ in range(12):
        fds = random_fds(source, attributes, source.randint(0, min(3 * attributes, 80)), widest=source.randint(1, 4))
        compiled = synthesize_3nf(names, fds).parts, one_key(names, fds)
        with monkeypatch.context() as patch:
            patch.setattr(kernels, "library", lambda: None)
            assert (synthesize_3nf(names, fds).parts, one_key(names, fds)) == compiled


def keys_met(fds: Fds, attributes: int, steps: int) -> tuple[list[int], int]:
    """The first keys, and what is left of an effort after them: below 0 where more was needed."""
    under, effort, met = (
        Rules(fds, [f"a{at:03}" for at in range(attributes)]),
        Effort(steps, "which keys there are"),
        [],
    )
    try:
        for key in islice(key_masks(under, under.full, effort), 300):
            met.append(key)  # noqa: PERF402  what came before an error counts
    except Undecided:
        return met, -1
    return met, effort.left


@pytest.mark.parametrize("attributes", [3, 7, 14, 30, 66, 130])
def test_keys_are_the_same_with_and_without_the_library(attributes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(attributes)  # noqa: S311  a fixed input, no secret
    monkeypatch.setattr(keys, "_SHORT", -1)
    ends = set()
    for at in range(16):
        fds = random_fds(source, attributes, source.randint(1, min(3 * attributes, 80)), widest=source.randint(2, 4))
        steps = (2_000, 60_000, 10_000_000)[at % 3]
        with monkeypatch.context() as patch:
            patch.setattr(keys, "_PATIENCE", (5, 4_000)[at % 2])
            patch.setattr(kernels, "_CLOSURES", (10, 50_000)[at % 2])
            compiled = keys_met(fds, attributes, steps)
            patch.setattr(kernels, "library", lambda: None)
            assert keys_met(fds, attributes, steps) == compiled
        ends.add(compiled[1] < 0)
    assert attributes < 14 or ends == {True, False}  # some were left open, and others were not


def test_a_library_of_another_source_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "SOURCE", kernels.SOURCE.with_name("kernels.py"))
    assert kernels.library.__wrapped__() is None  # what is behind the cache
