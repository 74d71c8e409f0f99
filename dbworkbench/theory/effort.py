"""How much work a question may take before it is left open."""

from dbworkbench.errors import Undecided


class Effort:
    """Work that is left for a question, in steps of roughly a tenth of a microsecond.

    Counted, never clocked, so that the same question is left open on every machine, or on none.
    """

    __slots__ = ("advice", "left", "question")

    def __init__(self, steps: int, question: str, advice: str = "give a larger budget") -> None:
        self.left, self.question, self.advice = steps, question, advice

    def spend(self, steps: int) -> None:
        """Take steps off; raises Undecided where none are left."""
        self.left -= steps
        if self.left < 0:
            raise Undecided(f"{self.question} is left open: it takes too much work — {self.advice}")
