"""Covers with their steps, and smaller covers."""

from hypothesis import given

from dbworkbench.theory.closure import closure, follows
from dbworkbench.theory.covers import (
    canonical_cover,
    left_reduced_cover,
    minimum_cover,
    reduction,
    right_reduced_cover,
    short_cover,
)
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.implication import equivalent
from tests.theory.oracle import schemes

Scheme = tuple[str, tuple[FD, ...]]


@given(schemes())
def test_the_steps_lead_from_the_given_dependencies_to_the_cover(scheme: Scheme) -> None:
    _, fds = scheme
    told = reduction(fds)
    assert told.cover == canonical_cover(fds)
    left = {(fd.determinant, a) for fd in fds for a in fd.dependent}
    for step in told.steps:
        gone = {(step.before.determinant, a) for a in step.before.dependent}
        new = {(step.after.determinant, a) for a in step.after.dependent} if step.after else set()
        assert gone <= left or step.kind == "trivial"  # two dependencies may say the same trivially
        left = (left - gone) | new
        assert step.because.endswith(".")
        current = [FD(x, frozenset({a})) for x, a in left]
        assert all(follows(fd, current) for fd in fds)
    assert left == {(fd.determinant, a) for fd in told.cover for a in fd.dependent}


@given(schemes())
def test_reduced_covers_say_the_same(scheme: Scheme) -> None:
    _, fds = scheme
    for cover in (left_reduced_cover(fds), right_reduced_cover(fds), minimum_cover(fds), short_cover(fds, tries=3)):
        assert equivalent(cover, fds)
    for fd in left_reduced_cover(fds):
        for a in fd.dependent:
            assert not any(follows(FD(fd.determinant - {b}, frozenset({a})), fds) for b in fd.determinant)


@given(schemes())
def test_a_minimum_cover_has_no_direct_determination_within_a_class(scheme: Scheme) -> None:
    _, fds = scheme
    cover = minimum_cover(fds)
    assert len(cover) <= len(canonical_cover(fds))
    for fd in cover:
        reach = closure(fd.determinant, cover)
        peers = [o for o in cover if closure(o.determinant, cover) == reach]
        direct = closure(fd.determinant, [o for o in cover if o not in peers])
        assert not any(o.determinant <= direct for o in peers if o != fd)
        assert not follows(fd, [o for o in cover if o != fd])


@given(schemes())
def test_a_short_cover_is_no_longer_than_the_canonical_one(scheme: Scheme) -> None:
    def length(cover: tuple[FD, ...]) -> int:
        return sum(len(fd.determinant) + len(fd.dependent) for fd in cover)

    _, fds = scheme
    assert length(short_cover(fds, tries=4)) <= length(canonical_cover(fds))
