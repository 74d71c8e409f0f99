"""How a normalization looks: the two promises with their proofs, the relations it made, the steps and their reasons."""

from dbworkbench.page.blocks import Block, Fold, Heading, Items, Page, Prose, Table
from dbworkbench.schema.normalization import Normalization, Rejoin
from dbworkbench.theory.chase import Chase
from dbworkbench.theory.dependencies import FD, written
from dbworkbench.theory.verdict import Verdict
from dbworkbench.views.describe import describe
from dbworkbench.views.schema import losses, overview
from dbworkbench.views.theory import chase_page, notice
from dbworkbench.views.words import Order, counted

_MOST_STEPS = 60
_MOST_LOST = 40


@describe.register
def _(rejoin: Rejoin) -> Page:
    return (Prose(_joined(rejoin)),)


@describe.register
def _(done: Normalization) -> Page:
    order = Order(done.before.names)
    title = f"{done.before.name} in {done.form}: {counted(len(done.schema), 'relation')}"
    blocks: list[Block] = [Heading(title), *_lossless(done), *_preserving(done.preserving, order)]
    blocks += [Heading("The relations", 3), overview(done.schema)]
    blocks += [Heading("Step by step", 3), *_steps(done)]
    blocks += losses(done.losses)
    return tuple(blocks)


def _lossless(done: Normalization) -> Page:
    """The verdict, the order of joins that gives the relation back, and the chase behind a fold."""
    names = [rejoin.relation for rejoin in done.rebuild]
    joins: Page = (Items(tuple(map(_joined, done.rebuild)), ordered=True),)
    proof: Page = (Fold("The joins that give it back", joins),) if len(names) > 1 else ()
    witness = done.lossless.witness
    if isinstance(witness, Chase):
        proof = (*proof, Fold("The proof: a chased tableau", chase_page(witness, names, done.before.names)))
    return (notice(done.lossless), *proof)


def _joined(rejoin: Rejoin) -> str:
    if not rejoin.on:
        return f"the rows of {rejoin.relation}"
    return f"joined with {rejoin.relation} on {', '.join(map(written, rejoin.on))}"


def _preserving(verdict: Verdict, order: Order) -> Page:
    lost = verdict.witness
    if verdict or not isinstance(lost, tuple):
        return (notice(verdict),)
    said = tuple(order.dependency(fd) for fd in lost[:_MOST_LOST] if isinstance(fd, FD))
    left = len(lost) - len(said)
    more = (f"… and {left:,} more",) if left else ()
    told = Prose("A query over several relations has to check what is lost:")
    return (
        notice(verdict),
        Fold(counted(len(lost), "lost dependency", "lost dependencies"), (told, Items(said + more))),
    )


def _steps(done: Normalization) -> Page:
    rows = tuple((str(at), step.title, step.reason) for at, step in enumerate(done.steps[:_MOST_STEPS], start=1))
    left = len(done.steps) - len(rows)
    more = (Prose(f"… and {counted(left, 'more step')}."),) if left else ()
    return (Table(("", "step", "why"), rows, align="rll"), *more)
