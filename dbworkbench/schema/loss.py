"""What a format or engine could not carry, and the two results that report it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbworkbench.errors import listed
from dbworkbench.schema.native import shown
from dbworkbench.shown import Shown

if TYPE_CHECKING:
    from dbworkbench.schema.schema import Schema


# how a comment begins, where it is not SQL's way
_COMMENTS = {
    "mermaid": "%%",
    "plantuml": "'",
    "dbml": "//",
    "prisma": "//",
    "drizzle": "//",
    "python": "#",
    "dot": "//",
    "notation": "#",
    "markdown": ">",
}
_BARE = {"json", "csv"}  # have no comments
_MOST_NAMED = 3
# what is said of one place alone, within words that are the same for all of a kind
_OWN = re.compile(
    r"(?P<head>the (?:default|type|check|dependency|collation|domain|index|exclusion|values|setting|label)|computed as|where|over"
    r"|its name|partitioning by|a reference to|columns from elsewhere:|on (?:delete|update) set null over|what it has from"
    r"|blanks up to|at most|exactly|whole numbers from)"
    r" (?P<own>.+?)(?P<tail> (?:characters|bytes|alone)|, (?:which (?:another|no) rule .*|which is not here|never null)| that the database does not know)?",
    re.DOTALL,
)
_PADDED = "blanks up to"
"""Its type has the same length again: such losses are alike though both numbers differ."""
_OWN_INSTEAD = re.compile(r"(?P<head>written (?:as|with the key)|named) (?P<own>.+)(?P<tail>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing not carried over: whose it is, what it is, and what was put in its place.

    One loss may stand for many that are alike; its `subject` then names the first of them. `each` has the single ones, and
    `places` where they are met.

    >>> print(Loss("orders.placed", "time zone", "written as TEXT"))
    orders.placed: time zone — written as TEXT
    """

    subject: str
    feature: str
    instead: str
    alike: tuple["Loss", ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for name in ("subject", "feature", "instead"):  # what is kept in one engine's words is told in these
            if (told := shown(said := getattr(self, name))) != said:
                object.__setattr__(self, name, told)

    def __str__(self) -> str:
        return f"{self.subject}: {self.feature} — {self.instead}"

    @property
    def each(self) -> tuple["Loss", ...]:
        """The losses that it stands for, itself where it is but one."""
        return self.alike or (self,)

    @property
    def places(self) -> tuple[str, ...]:
        """The subject of each."""
        return tuple(one.subject for one in self.each)


@dataclass(frozen=True, slots=True)
class Written(Shown):
    """Text that was written, and what it could not say; `str` of it is the text, after a comment that names the losses,
    those that are alike as one (where the notation has comments: JSON and CSV have none).

    `language` names the text's notation ("postgresql", "mermaid", …).

    >>> print(Written("SELECT 1;", (Loss("a.b", "a time zone", "written as TEXT"),), "sqlite"))
    -- Not carried over:
    --   a.b: a time zone — written as TEXT
    <BLANKLINE>
    SELECT 1;
    """

    text: str
    losses: tuple[Loss, ...] = ()
    language: str = "sql"

    def __str__(self) -> str:
        if not self.losses or self.language in _BARE:
            return self.text
        mark = _COMMENTS.get(self.language, "--")
        said = [f"{mark}   {' '.join(str(loss).split())}" for loss in together(self.losses)]
        return "\n".join((f"{mark} Not carried over:", *said, "", self.text))


@dataclass(frozen=True, slots=True)
class Read(Shown):
    """A schema that was read, and what of the source it does not hold."""

    schema: "Schema"
    losses: tuple[Loss, ...] = ()


def together(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """Losses with those of one kind as one, which names the first places and counts the others; in the order of the first ones.

    Of one kind are those that say the same of other places, or that differ only in what is said of one place alone: which
    default, which name. Nothing is forgotten: the single losses are the `each` of theirs.

    >>> four = [Loss(f"t.{name}", f"the default {at}", "left out") for at, name in enumerate("abcd")]
    >>> for one in together([*four, Loss("t", "its note", "left out")]):
    ...     print(one)
    t.a, t.b, t.c, … (1 more): the default 0, 1, 2, … (1 more) — left out
    t: its note — left out
    """
    kinds: dict[tuple[str, ...], list[Loss]] = {}
    for loss in losses:
        for one in loss.each:
            kinds.setdefault(_kind(one), []).append(one)
    return tuple(_as_one(tuple(dict.fromkeys(alike))) for alike in kinds.values())


def _kind(loss: Loss) -> tuple[str, ...]:
    """What is the same in all losses of a kind."""
    if own := _OWN.fullmatch(loss.feature):
        instead = _OWN_INSTEAD.fullmatch(loss.instead) if own["head"] == _PADDED else None
        return own["head"], own["tail"] or "", instead["head"] if instead else loss.instead, ""
    if own := _OWN_INSTEAD.fullmatch(loss.instead):
        return loss.feature, "", own["head"], "own"
    return loss.feature, "", loss.instead, ""


def _as_one(alike: tuple[Loss, ...]) -> Loss:
    first = alike[0]
    if len(alike) == 1:
        return first
    subject = listed(tuple(dict.fromkeys(one.subject for one in alike)), most=_MOST_NAMED)
    if _OWN.fullmatch(first.feature):
        instead = _named(_OWN_INSTEAD, [one.instead for one in alike])
        return Loss(subject, _named(_OWN, [one.feature for one in alike]), instead, alike)
    return Loss(subject, first.feature, _named(_OWN_INSTEAD, [one.instead for one in alike]), alike)


def _named(form: re.Pattern[str], texts: list[str]) -> str:
    """Texts of one form as one, with what is each one's own listed."""
    found = [own for text in texts if (own := form.fullmatch(text))]
    if not found:
        return texts[0]
    names = listed(tuple(dict.fromkeys(one["own"] for one in found)), most=_MOST_NAMED)
    return f"{found[0]['head']} {names}{found[0]['tail'] or ''}"
