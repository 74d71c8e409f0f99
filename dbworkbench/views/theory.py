"""How the theory's answers look: verdicts with their witness, dependencies, violations."""

from dbworkbench.page.blocks import Fold, Notice, Page, Prose
from dbworkbench.theory.dependencies import FD, IND, JD, MVD
from dbworkbench.theory.normal_forms import NormalForm, Violation
from dbworkbench.theory.verdict import Verdict
from dbworkbench.views.describe import describe
from dbworkbench.views.words import sentence


@describe.register
def _(verdict: Verdict) -> Page:
    return (notice(verdict), *describe(verdict.witness))


def notice(verdict: Verdict) -> Notice:
    """A verdict's claim alone."""
    return Notice(sentence(verdict.claim), "good" if verdict else "bad")


def folded(verdict: Verdict, title: str) -> Page:
    """A verdict whose witness is behind a fold."""
    witness = describe(verdict.witness)
    return (notice(verdict), *((Fold(title, witness),) if witness else ()))


@describe.register(FD)
@describe.register(MVD)
@describe.register(JD)
@describe.register(IND)
def _(dependency: FD | MVD | JD | IND) -> Page:
    return (Prose(str(dependency)),)


@describe.register
def _(form: NormalForm) -> Page:
    return (Prose(str(form)),)


@describe.register
def _(violation: Violation) -> Page:
    return (
        Notice(f"{violation.dependency} breaks {violation.form} ({violation.kind}): {violation.because}", "warning"),
    )
