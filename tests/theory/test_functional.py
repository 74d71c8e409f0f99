"""Laws of functional dependencies, against the definitions carried out over all subsets."""

from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.theory.armstrong import armstrong_relation
from dbworkbench.theory.closure import closure, follows
from dbworkbench.theory.covers import canonical_cover, minimal_cover
from dbworkbench.theory.decomposition import Decomposition, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.implication import equivalent
from dbworkbench.theory.keys import candidate_keys, is_superkey, keys_within, one_key, prime_attributes
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from dbworkbench.theory.projection import dependency_preserving, project
from tests.theory import oracle
from tests.theory.oracle import schemes

Scheme = tuple[str, tuple[FD, ...]]


@given(schemes(), st.frozensets(st.sampled_from("abcdefgz")))
def test_closure_is_the_least_fixpoint(scheme: Scheme, start: frozenset[str]) -> None:
    _, fds = scheme
    assert closure(start, fds) == closure(start, list(fds)) == oracle.naive_closure(start, fds)


@given(schemes())
def test_minimal_cover_is_equivalent_left_reduced_and_irredundant(scheme: Scheme) -> None:
    _, fds = scheme
    cover = minimal_cover(fds)
    assert equivalent(cover, fds)
    assert cover == minimal_cover(tuple(reversed(fds))) == minimal_cover(frozenset(fds))
    for fd in cover:
        assert len(fd.dependent) == 1
        assert not follows(fd, [other for other in cover if other != fd])
        for name in fd.determinant:
            assert not follows(FD(fd.determinant - {name}, fd.dependent), cover)
    merged = canonical_cover(fds)
    assert len({fd.determinant for fd in merged}) == len(merged)
    assert {(fd.determinant, a) for fd in merged for a in fd.dependent} == {
        (fd.determinant, a) for fd in cover for a in fd.dependent
    }


@given(schemes())
def test_candidate_keys_are_all_and_only_the_minimal_superkeys(scheme: Scheme) -> None:
    attributes, fds = scheme
    found = list(candidate_keys(attributes, fds))
    assert len(set(found)) == len(found)
    assert set(found) == oracle.keys(attributes, fds)
    assert found[0] == one_key(attributes, fds)
    assert prime_attributes(attributes, fds) == frozenset().union(*found)
    assert found == list(candidate_keys(attributes[::-1], fds[::-1]))
    some = keys_within(attributes, fds, most=2)
    assert some.found == tuple(found[:2])
    assert some.complete == (len(found) <= 2)
    assert all(is_superkey(key, attributes, fds) for key in found)


@given(schemes())
def test_normal_form_is_that_of_the_definition(scheme: Scheme) -> None:
    attributes, fds = scheme
    assert str(normal_form(attributes, fds)) == oracle.form(attributes, fds)


@given(schemes())
def test_violations_follow_and_break_the_form_they_name(scheme: Scheme) -> None:
    attributes, fds = scheme
    reached = normal_form(attributes, fds)
    keys = oracle.keys(attributes, fds)
    for form in list(NormalForm)[:5]:
        found = violations(attributes, fds, form)
        assert bool(found) == (reached < form)
        for violation in found:
            assert isinstance(violation.dependency, FD)
            assert violation.form <= form
            assert not violation.dependency.trivial
            assert follows(violation.dependency, fds)
            assert violation.key in keys
            assert not is_superkey(violation.dependency.determinant, attributes, fds)
            assert violation.because.endswith(".")
            if violation.kind == "partial":
                assert violation.dependency.determinant < violation.key


@given(schemes(), st.frozensets(st.sampled_from("abcdefg")))
def test_projection_holds_exactly_what_holds_within(scheme: Scheme, part: frozenset[str]) -> None:
    attributes, fds = scheme
    inside = part & frozenset(attributes)
    projected = project(fds, inside)
    for x, reach in oracle.closures(inside, fds).items():
        assert oracle.naive_closure(x, projected) == reach


@given(schemes(), st.lists(st.frozensets(st.sampled_from("abcdefg")), max_size=4))
def test_preservation_is_that_of_the_union_of_projections(scheme: Scheme, parts: list[frozenset[str]]) -> None:
    attributes, fds = scheme
    inside = [part & frozenset(attributes) for part in parts]
    union = [FD(x, reach) for part in inside for x, reach in oracle.closures(part, fds).items()]
    verdict = dependency_preserving(inside, fds)
    assert isinstance(verdict.witness, tuple)
    assert set(verdict.witness) == {fd for fd in fds if not fd.dependent <= oracle.naive_closure(fd.determinant, union)}
    assert bool(verdict) == (not verdict.witness)


def well_formed(attributes: str, fds: tuple[FD, ...], result: Decomposition) -> None:
    """What other packages rely on."""
    parts = result.parts
    assert frozenset().union(*(part.attributes for part in parts)) == frozenset(attributes)
    assert not any(a.attributes <= b.attributes for a in parts for b in parts if a is not b)
    assert result.lossless, result.lossless.claim
    assert is_superkey(parts[0].attributes, attributes, fds)
    have = frozenset[str]()
    for part in parts:
        reach = oracle.closures(part.attributes, fds)
        keys = oracle.minimal(x for x in reach if reach[x] == part.attributes)
        assert set(part.keys) == keys
        assert part.key in keys
        assert part.keys[0] == part.key
        assert part.on in (frozenset(), part.key, part.attributes & have)
        assert all(fd.attributes <= part.attributes and follows(fd, fds) for fd in part.fds)
        have |= part.attributes
    joined_on_as_told(attributes, fds, result)
    whole = {frozenset(attributes)}
    for step in result.steps:
        assert set(step.before) <= whole
        assert step.reason.endswith(".")
        whole = (whole - set(step.before)) | set(step.after)
    assert whole >= {part.attributes for part in parts}


def joined_on_as_told(attributes: str, fds: tuple[FD, ...], result: Decomposition) -> None:
    """An Armstrong relation, taken apart and joined on exactly the attributes that each part names."""
    rows = armstrong_relation(attributes, fds)
    whole = rows.projected(result.parts[0].attributes)
    for part in result.parts[1:]:
        fresh = part.attributes - frozenset(whole.columns)
        whole = whole.joined(rows.projected(part.on | fresh))
    assert {frozenset(zip(whole.columns, row, strict=True)) for row in whole.rows} == {
        frozenset(zip(rows.columns, row, strict=True)) for row in rows.rows
    }


def test_a_part_that_cannot_be_joined_on_its_key_is_joined_on_all_it_shares() -> None:
    result = synthesize_3nf("abcdefg", [FD.parse(x) for x in ("b, e -> a", "a, e -> c", "f -> c", "c -> e")])
    assert not any(a.attributes <= b.attributes for a in result.parts for b in result.parts if a is not b)
    assert any(part.on not in (part.key, frozenset()) for part in result.parts)
    joined_on_as_told("abcdefg", tuple(fd for fd in result.dependencies if isinstance(fd, FD)), result)


@given(schemes())
def test_synthesis_is_lossless_preserving_and_in_third_normal_form(scheme: Scheme) -> None:
    attributes, fds = scheme
    result = synthesize_3nf(attributes, fds)
    well_formed(attributes, fds, result)
    assert result.preserving
    assert all(oracle.third(part.attributes, fds) for part in result.parts)
    assert (result.form is NormalForm.BOYCE_CODD) == all(oracle.bcnf(part.attributes, fds) for part in result.parts)
    assert result == synthesize_3nf(attributes[::-1], fds[::-1])


@given(schemes())
def test_bcnf_decomposition_is_lossless_and_in_bcnf(scheme: Scheme) -> None:
    attributes, fds = scheme
    result = decompose_bcnf(attributes, fds)
    well_formed(attributes, fds, result)
    assert all(oracle.bcnf(part.attributes, fds) for part in result.parts)
    assert result.form is NormalForm.BOYCE_CODD
