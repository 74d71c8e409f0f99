"""What a format or engine could not carry, and the two results that report it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing not carried over: whose it is, what it is, and what was put in its place.

    >>> print(Loss("orders.placed", "time zone", "written as TEXT"))
    orders.placed: time zone — written as TEXT
    """

    subject: str
    feature: str
    instead: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.feature} — {self.instead}"


@dataclass(frozen=True, slots=True)
class Written(Shown):
    """Text that was written, and what it could not say; `str` of it is the text, after a comment that names the losses
    (where the notation has comments: JSON and CSV have none).

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
        said = [f"{mark}   {' '.join(str(loss).split())}" for loss in self.losses]
        return "\n".join((f"{mark} Not carried over:", *said, "", self.text))


@dataclass(frozen=True, slots=True)
class Read(Shown):
    """A schema that was read, and what of the source it does not hold."""

    schema: "Schema"
    losses: tuple[Loss, ...] = ()
