"""Multivalued and join dependencies that keep a relation out of fourth, essential tuple and fifth normal form."""

from collections.abc import Collection, Iterator

from dbworkbench.theory.basis import Mixed
from dbworkbench.theory.dependencies import JD, MVD, Dependency, in_order, prose
from dbworkbench.theory.forms import NormalForm, Violation
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.scheme import Scheme
from dbworkbench.theory.transversals import subsets


def higher_violations(
    attributes: Collection[str], dependencies: frozenset[Dependency], scheme: Scheme, form: NormalForm
) -> Iterator[Violation]:
    """Multivalued and join dependencies that break 4NF, ETNF or 5NF.

    4NF: a multivalued dependency is trivial or has a superkey on its left (Fagin 1977). ETNF: BCNF, and each join
    dependency has a superkey among its components (Darwen, Date & Fagin, A normal form for preventing redundant tuples
    in relational databases, ICDT 2012, Theorem 5.1). 5NF: the keys imply each (Fagin, Normal forms and relational
    database operators, SIGMOD 1979).
    """
    key = scheme.given.set(scheme.first_key)
    under = scheme.rules
    for dependency in in_order(dependencies):
        match dependency:
            case MVD(determinant, dependent):
                left, right = under.mask(determinant), under.mask(dependent)
                trivial = not right & ~left or left | right == under.full
                if not trivial and under.full & ~under.closure(left):
                    yield _multivalued(dependency, key, scheme)
            case JD(components):
                masks = [under.mask(component) for component in components]
                if under.full in masks or keys_imply(under, masks):
                    continue
                no_superkey = all(under.full & ~under.closure(mask) for mask in masks)
                if no_superkey and form >= NormalForm.ESSENTIAL_TUPLE:
                    yield _join(dependency, key, NormalForm.ESSENTIAL_TUPLE)
                elif form >= NormalForm.FIFTH:
                    yield _join(dependency, key, NormalForm.FIFTH)
    if any(isinstance(d, JD) for d in dependencies):
        told = implied_multivalued(attributes, dependencies, scheme)
        if told is not None:
            yield _multivalued(told, key, scheme)


def keys_imply(under: Rules, components: Collection[int]) -> bool:
    """Whether the keys alone imply a join dependency: components that share a superkey merge until one holds all.

    Reference: Fagin 1979, the membership algorithm of §4.
    """
    left = list(components)
    merged = True
    while merged and under.full not in left:
        merged = False
        for at, one in enumerate(left):
            near = next((o for o in left[at + 1 :] if not under.full & ~under.closure(one & o)), None)
            if near is not None:
                left.remove(one)
                left.remove(near)
                left.append(one | near)
                merged = True
                break
    return under.full in left


def implied_multivalued(attributes: Collection[str], dependencies: frozenset[Dependency], scheme: Scheme) -> MVD | None:
    """A multivalued dependency that follows from all together and whose determinant is no superkey, if there is one.

    Looks at the subsets of the attributes that some determinant or two components hold; raises Undecided past the
    budget.
    """
    mixed = Mixed(dependencies, attributes)
    if all(
        keys_imply(scheme.rules, [scheme.rules.mask(component) for component in dependency.components])
        for dependency in dependencies
        if isinstance(dependency, JD)
    ) and not any(isinstance(d, MVD) for d in dependencies):
        return None
    for start in subsets(mixed.relevant, scheme.budget, "whether the relation is in 4NF"):
        blocks = mixed.blocks(start)
        known = scheme.rules.closure(start)
        open_ = [block for block in blocks if block & ~known]
        if scheme.whole & ~known and len(open_) > 1:
            return MVD(mixed.set(start), mixed.set(open_[0]))
    return None


def _multivalued(mvd: MVD, key: frozenset[str], scheme: Scheme) -> Violation:
    rest = scheme.given.set(scheme.whole) - mvd.determinant - mvd.dependent
    left = prose(mvd.determinant) if mvd.determinant else "every row"
    because = (
        f"For each value of {left}, every {prose(mvd.dependent - mvd.determinant)} is combined with every {prose(rest)}, "
        f"though {prose(mvd.determinant)} {'is' if len(mvd.determinant) == 1 else 'are'} no key (one is {prose(key)}): two "
        f"independent facts share one relation."
    )
    return Violation(mvd, NormalForm.FOURTH, "multivalued", key, because)


def _join(jd: JD, key: frozenset[str], form: NormalForm) -> Violation:
    parts = "; ".join(sorted(prose(component) for component in jd.components))
    if form is NormalForm.ESSENTIAL_TUPLE:
        why = "none of the parts holds a key, so a row can follow from other rows without saying anything new"
    else:
        why = "the keys do not imply that, so parts of rows are repeated that the join would give back"
    because = f"The relation is the join of {parts}; the key is {prose(key)}, and {why}."
    return Violation(jd, form, "join", key, because)
