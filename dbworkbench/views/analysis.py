"""How an analysis looks: normal form and what stands in the way, keys, cover, closures."""

from dbworkbench.page.blocks import Block, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.schema.analysis import Analysis
from dbworkbench.theory.normal_forms import NormalForm
from dbworkbench.views.describe import describe
from dbworkbench.views.theory import violations_page
from dbworkbench.views.words import Order, counted, sentence

_MOST_KEYS = 12
_MOST_LINES = 60


@describe.register
def _(analysis: Analysis) -> Page:
    order = Order(analysis.relation.names)
    name = analysis.relation.name
    title = f"{name} is in {analysis.form}" if analysis.form else f"The form of {name} is left open"
    blocks: list[Block] = [Heading(title), _form(analysis)]
    if analysis.form is NormalForm.ELEMENTARY_KEY:
        blocks.append(Prose("EKNF, elementary key normal form, is a little more than 3NF and less than BCNF."))
    blocks += violations_page(analysis.violations, order)
    blocks += [Heading("Keys", 3), *_keys(analysis, order)]
    if analysis.cover:
        cover = tuple(order.dependency(fd) for fd in order.in_order(analysis.cover)[:_MOST_LINES])
        left = len(analysis.cover) - len(cover)
        more = (f"… and {counted(left, 'more dependency', 'more dependencies')}",) if left else ()
        blocks += [Heading("Minimal cover", 3), Items(cover + more)]
    if analysis.closures:
        blocks.append(_closures(analysis, order))
    return tuple(blocks)


def _form(analysis: Analysis) -> Notice:
    if analysis.form is None:
        return Notice(sentence(analysis.open_question), "warning")
    if not analysis.violations:
        said = "The determinant of every dependency is a key, so no fact is said twice."
        return Notice(
            said if analysis.cover else "No dependency tells one attribute from others, so no fact is said twice.",
            "good",
        )
    count = counted(len(analysis.violations), "dependency keeps", "dependencies keep")
    above = "BCNF" if analysis.form >= NormalForm.THIRD else "a higher normal form"
    return Notice(f"{count} it out of {above}.", "warning")


def _keys(analysis: Analysis, order: Order) -> Page:
    shown = analysis.keys[:_MOST_KEYS]
    found = f"{len(analysis.keys):,}" if analysis.complete else f"More than {len(analysis.keys):,}"
    count = "One candidate key" if analysis.complete and len(analysis.keys) == 1 else f"{found} candidate keys"
    others = [name for name in analysis.relation.names if name not in analysis.prime]
    prime = f"Prime attributes (in some key): {order.names(analysis.prime, 40)}."
    if not others:
        prime = "Every attribute is prime, that is, in some key."
    elif not analysis.complete:
        prime = f"Prime attributes, as far as the keys were looked at: {order.names(analysis.prime, 40)}."
    return Prose(f"{count}: {order.sets(shown, _MOST_KEYS)}{_more(len(analysis.keys) - len(shown))}"), Prose(prime)


def _more(left: int) -> str:
    return f" · … ({left:,} more)" if left else ""


def _closures(analysis: Analysis, order: Order) -> Fold:
    whole = frozenset(analysis.relation.names)
    rows = tuple(
        (
            f"{{{order.names(determinant)}}}",
            order.names(reached - determinant, 40) if reached > determinant else "nothing else",
            "every attribute" if reached == whole else f"{len(reached)} of {len(whole)}",
        )
        for determinant, reached in analysis.closures[:_MOST_LINES]
    )
    left = len(analysis.closures) - len(rows)
    more = (Prose(f"… and {counted(left, 'more determinant')}."),) if left else ()
    return Fold(
        "What each determinant determines (closures)", (Table(("attributes", "determine", "closure"), rows), *more)
    )
