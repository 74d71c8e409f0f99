"""What the dependencies of a relation say about it: closures, keys, cover, normal form, and why it is in no higher one."""

from dataclasses import dataclass

from dbworkbench.errors import Undecided
from dbworkbench.schema.notation import relation_in
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
    determinant of a declared dependency determines. Where the form takes too long to decide, it is None, and where
    the violations do, there are none; `open_question` says what was left open.
    """

    relation: Relation
    keys: tuple[frozenset[str], ...]
    complete: bool
    prime: frozenset[str]
    cover: tuple[FD, ...]
    form: NormalForm | None
    violations: tuple[Violation, ...]
    closures: tuple[tuple[frozenset[str], frozenset[str]], ...]
    open_question: str = ""


def analyze(design: Relation | str) -> Analysis:
    r"""Analyse a relation: closures, candidate keys, prime attributes, minimal cover, normal form and violations.

    An exponential question that meets its budget is left open and said to be. Raises DesignError for what is no relation.

    >>> str(analyze("r(a, b, c)\n a -> b\n b -> c").form)
    '2NF'
    """
    relation = relation_in(design)
    fds = relation.fds
    found = relation.candidate_keys(most=MOST_KEYS + 1)
    keys = found[:MOST_KEYS]
    determinants = sorted({fd.determinant for fd in fds}, key=lambda names: (len(names), sorted(names)))
    form, broken, left_open = _form(relation)
    return Analysis(
        relation=relation,
        keys=keys,
        complete=len(found) <= MOST_KEYS,
        prime=frozenset().union(*keys),
        cover=minimal_cover(fds),
        form=form,
        violations=broken,
        closures=tuple((names, closure(names, fds)) for names in determinants),
        open_question=left_open,
    )


def _form(relation: Relation) -> tuple[NormalForm | None, tuple[Violation, ...], str]:
    """The form, what breaks the next ones, and what was left open where that takes too long."""
    dependencies = relation.dependencies | frozenset(relation.fds)
    form: NormalForm | None = None
    try:
        form = normal_form(relation.names, dependencies)
        return form, violations(relation.names, dependencies, NormalForm.BOYCE_CODD), ""
    except Undecided as error:
        return form, (), str(error)
