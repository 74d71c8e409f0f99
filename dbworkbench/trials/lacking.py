"""What a candidate lacked before a change: no fault of the change, and told once by the comparison of facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbworkbench.engines.engine import Answer, Engine, Session
from dbworkbench.trials.answering import Answering
from dbworkbench.trials.answers import Unlike

if TYPE_CHECKING:
    from dbworkbench.trials.record import Difference


@dataclass(frozen=True, slots=True)
class Lack:
    """How a relation that a candidate gives back differed before any change.

    `sums` are the places of what adds up in its check (counts and sums), where that is no list of rows; `have` and
    `want` are then the check's answers before.
    """

    missing: int
    extra: int
    sums: tuple[int, ...] = ()
    have: Answer | None = None
    want: Answer | None = None

    def accounts_for(self, found: Unlike, answer: Answer, right: Answer, tolerance: float) -> bool:
        """Whether what differs after a change is what differed before: no more rows, and sums that moved alike."""
        if not self.sums:
            return found.missing <= self.missing and found.extra <= self.extra
        if self.have is None or self.want is None:
            return False
        ours, theirs = _moves(self.have, answer, self.sums), _moves(self.want, right, self.sums)
        sizes = (abs(_number(right.rows[0][at])) for at in self.sums)
        return all(
            abs(one - other) <= 100 * tolerance * max(1.0, size)
            for one, other, size in zip(ours, theirs, sizes, strict=True)
        )


def lacks(
    candidate: str, differences: Iterable["Difference"], answering: Answering, session: Session, engine: Engine
) -> dict[str, Lack]:
    """The relations that a candidate does not give back whole, with what it gives before a change; Raises EngineError."""
    found = {one.subject: one for one in differences if one.candidate == candidate and not one.query}
    made: dict[str, Lack] = {}
    for relation, check, asked in zip(
        answering.reference, answering.checks(engine), answering.asked.checks, strict=True
    ):
        if relation.name in found:
            missing, extra = found[relation.name].missing, found[relation.name].extra
            sums = answering.asked.sums(relation)
            have = session.run(check, deadline=answering.deadline) if sums else None
            want = answering.asked.answer_to(asked) if sums else None
            made[relation.name] = Lack(missing, extra, sums, have, want)
    return made


def _moves(before: Answer, after: Answer, places: tuple[int, ...]) -> list[float]:
    return [_number(after.rows[0][at]) - _number(before.rows[0][at]) for at in places]


def _number(value: object) -> float:
    return 0.0 if value is None else float(str(value))
