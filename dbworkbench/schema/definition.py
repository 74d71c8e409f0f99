"""What a database has beside relations, kept as the text that makes it."""

from dataclasses import dataclass

from dbworkbench.errors import DesignError

__all__ = ["Definition"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A view, sequence, trigger, function, policy or the like, as the statement that was written for one dialect.

    `kind` says what it is in small letters ("view", "materialized view", "trigger" …); `text` is the statement without
    its semicolon; `uses` are the relations and the other definitions that it names, as the schema calls them.
    """

    kind: str
    name: str
    text: str
    dialect: str
    uses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.kind or not self.text.strip():
            raise DesignError(f"the definition {self.name!r} needs its kind and its text")
