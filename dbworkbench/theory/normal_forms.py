"""The normal form of a relation, and the dependencies that keep it out of one."""

from collections.abc import Collection, Iterator

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency
from dbworkbench.theory.forms import EXPLANATIONS, NormalForm, Violation, Violations
from dbworkbench.theory.given import liberal
from dbworkbench.theory.higher_forms import higher_violations
from dbworkbench.theory.keys import BUDGET, primes_open
from dbworkbench.theory.scheme import Scheme

__all__ = ["EXPLANATIONS", "NormalForm", "Violation", "Violations", "normal_form", "violations"]


@liberal
def normal_form(
    attributes: Collection[str], dependencies: Collection[Dependency], *, budget: int = BUDGET
) -> NormalForm:
    """The highest normal form that the declared dependencies prove.

    At most BCNF where only functional dependencies are declared, 4NF with multivalued ones, 5NF with join dependencies;
    keys and forms follow from all of them together. Raises Undecided where that takes more than the budget, and tells
    between which forms.

    >>> str(normal_form("abc", [FD.parse("a -> b"), FD.parse("b -> c")]))
    '2NF'
    >>> str(normal_form("abc", [MVD.parse("a ->> b")]))
    'BCNF'
    """
    dependencies = frozenset(dependencies)
    highest = NormalForm.BOYCE_CODD
    if any(isinstance(d, JD) for d in dependencies):
        highest = NormalForm.FIFTH
    elif any(isinstance(d, MVD) for d in dependencies):
        highest = NormalForm.FOURTH
    fds = functional_part(attributes, dependencies, budget=budget)
    scheme = Scheme(attributes, fds, budget)
    if scheme.bad:
        try:
            return scheme.form()
        except Undecided as error:
            raise Undecided(f"undecided between {' and '.join(map(str, scheme.between()))}: {error}") from None
    for form in (NormalForm.FOURTH, NormalForm.ESSENTIAL_TUPLE, NormalForm.FIFTH):
        if form <= highest and (found := _violations(attributes, dependencies, fds, form, budget)):
            broken = min(violation.form for violation in found)
            return list(NormalForm)[broken.rank - 1]
    return highest


@liberal
def violations(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    form: NormalForm | str,
    *,
    budget: int = BUDGET,
) -> Violations:
    """What keeps the relation out of `form`: nothing exactly if it is in that form.

    Told of the dependencies of the canonical cover, of dependencies on parts of keys that follow from it (once one is
    found, of the first 256 keys), and of the multivalued and join dependencies given (or following from a join
    dependency). What is left open past the budget is told in `left_open` of the result; raises Undecided where nothing
    else can be told.

    >>> [violation.kind for violation in violations("abc", [FD.parse("a -> b"), FD.parse("b -> c")], NormalForm.THIRD)]
    ['transitive']
    """
    dependencies = frozenset(dependencies)
    try:
        wanted = NormalForm(form)
    except ValueError:
        raise UnknownName("normal form", str(form), [str(one) for one in NormalForm]) from None
    fds = functional_part(attributes, dependencies, budget=budget)
    return _violations(attributes, dependencies, fds, wanted, budget)


def _violations(
    attributes: Collection[str],
    dependencies: frozenset[Dependency],
    fds: tuple[FD, ...],
    form: NormalForm,
    budget: int,
) -> Violations:
    if form is NormalForm.FIRST:
        return Violations()
    scheme = Scheme(attributes, fds, budget)
    found: dict[Dependency, Violation] = {}
    left_open: dict[str, None] = {}

    def collect(violations: Iterator[Violation]) -> None:
        try:
            for violation in violations:
                found.setdefault(violation.dependency, violation)
        except Undecided as error:
            left_open[str(error)] = None

    if scheme.bad:
        collect(scheme.partial())
        if form is not NormalForm.SECOND:
            collect(scheme.others(form))
        if scheme.open_primes:
            left_open[primes_open(scheme.rules, scheme.open_primes, scheme.most)] = None
    if form >= NormalForm.FOURTH:
        collect(higher_violations(attributes, dependencies, scheme, form))
    if left_open and not found:
        raise Undecided("; ".join(left_open))
    ordered = sorted(found.values(), key=lambda violation: (violation.form.rank, str(violation.dependency)))
    return Violations(ordered, "; ".join(left_open))
