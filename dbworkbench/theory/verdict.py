"""An answer that teaches: a truth value with its witness."""

from dataclasses import dataclass

from dbworkbench.shown import Shown


@dataclass(frozen=True, slots=True)
class Verdict(Shown):
    """Whether a claim holds, and what shows it.

    `claim` is a sentence that is true of the answer, whichever it is; `witness` is a chased tableau,
    the lost dependencies, two rows that disagree …

    >>> bool(Verdict(holds=False, claim="a → b is lost"))
    False
    """

    holds: bool
    claim: str
    witness: object = None

    def __bool__(self) -> bool:
        return self.holds
