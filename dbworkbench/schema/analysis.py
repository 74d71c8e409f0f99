"""What the dependencies of a relation say about it: closures, keys, cover, normal form, and why it is in no higher one."""

from dataclasses import dataclass

from dbworkbench.schema.notation import relation as read_relation
from dbworkbench.schema.relation import Relation
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import minimal_cover
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.normal_forms import NormalForm, Violation, normal_form, violations

MOST_KEYS = 200


@dataclass(frozen=True, slots=True)
class Analysis(Shown):
    """A relation under its dependencies.

    `keys` are its candidate keys, `complete` whether those are all of them (there can be exponentially many: the
    search stops at 200), `prime` the attributes in some of them, `cover` a minimal cover, `form` the highest normal
    form that holds, `violations` the dependencies that keep it out of the next ones, and `closures` what each
    determinant of a declared dependency determines.
    """

    relation: Relation
    keys: tuple[frozenset[str], ...]
    complete: bool
    prime: frozenset[str]
    cover: tuple[FD, ...]
    form: NormalForm
    violations: tuple[Violation, ...]
    closures: tuple[tuple[frozenset[str], frozenset[str]], ...]


def analyze(design: Relation | str) -> Analysis:
    r"""Analyse a relation: closures, candidate keys, prime attributes, minimal cover, normal form and violations.

    Raises Undecided where the question is exponential for this relation and meets its budget.

    >>> analyze("r(a, b, c)\n a -> b\n b -> c").form.value
    '2NF'
    """
    relation = read_relation(design) if isinstance(design, str) else design
    fds = relation.fds
    found = relation.candidate_keys(most=MOST_KEYS + 1)
    keys = found[:MOST_KEYS]
    determinants = sorted({fd.determinant for fd in fds}, key=lambda names: (len(names), sorted(names)))
    return Analysis(
        relation=relation,
        keys=keys,
        complete=len(found) <= MOST_KEYS,
        prime=frozenset().union(*keys),
        cover=minimal_cover(fds),
        form=normal_form(relation.names, relation.dependencies | frozenset(fds)),
        violations=violations(relation.names, relation.dependencies | frozenset(fds), NormalForm("BCNF")),
        closures=tuple((names, closure(names, fds)) for names in determinants),
    )
