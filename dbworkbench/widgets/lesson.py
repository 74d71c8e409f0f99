"""An exercise as a form: answers checked with their witness, hints in three levels, and the worked answer at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dbworkbench.errors import DataError, NotationError
from dbworkbench.exercises.bank import exercise as exercise_of
from dbworkbench.exercises.exercise import Exercise, Question
from dbworkbench.exercises.solutions import solution
from dbworkbench.page.blocks import Block, Fold, Heading, Items, Notice, Page, Prose
from dbworkbench.page.html import fragment
from dbworkbench.theory.dependencies import in_order, written
from dbworkbench.theory.normal_forms import NormalForm
from dbworkbench.theory.verdict import Verdict
from dbworkbench.views.describe import describe
from dbworkbench.widgets.live import Live

LEVELS = 3
_LIKE = {
    "closure": "a, b, c",
    "keys": "a, b; c",
    "cover": "a -> b; b, c -> d",
    "3nf": "a, b; b, c, d",
    "bcnf": "a, b; b, c, d",
    "4nf": "a, b; b, c, d",
}
_CHOICES = {
    "form": tuple(form.value for form in NormalForm),
    "lossless": ("yes", "no"),
    "preserving": ("yes", "no"),
}


@dataclass(slots=True)
class Work:
    """What a learner did with one question.

    The answer last checked and its verdict, the hints asked for, whether the worked answer is shown, and whether it was
    shown before the answer was right.
    """

    answer: str = ""
    verdict: Verdict | None = None
    hints: list[str] = field(default_factory=list)
    solved: bool = False
    aided: bool = False


class Lesson(Live):
    """An exercise worked through by hand. Made by `lesson(…)`; `.answers` holds what was answered, `.right` what is right."""

    ENTRY = "lesson"

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._work = [Work() for _ in exercise.questions]
        super().__init__()
        self._state = self._seen()

    @property
    def answers(self) -> dict[str, str]:
        """The answers that were checked, by the kind of their question."""
        return {one.kind: work.answer for one, work in self._each() if work.verdict is not None}

    @property
    def right(self) -> tuple[str, ...]:
        """The kinds of the questions answered right, without the worked answer having been shown before."""
        return tuple(one.kind for one, work in self._each() if work.verdict and not work.aided)

    def __repr__(self) -> str:
        return f"Lesson({self.exercise.name}: {len(self.right)} of {len(self.exercise.questions)} right)"

    def _each(self) -> list[tuple[Question, Work]]:
        return list(zip(self.exercise.questions, self._work, strict=True))

    # -- shown -----------------------------------------------------------------------------------------------------

    def page(self) -> Page:
        """The exercise with what was answered so far: each verdict and its witness, and the hints that were given."""
        task = self.exercise
        blocks: list[Block] = [Heading(task.title), *_task(task), Prose(self._score())]
        for at, (one, work) in enumerate(self._each(), 1):
            blocks.append(Heading(f"{at}. {one.text}", 3))
            if work.verdict is None:
                blocks.append(Prose("Not answered yet."))
            else:
                blocks += [Prose(f"Answer: {work.answer}"), *_judged(work.verdict)]
            if work.hints:
                blocks.append(Fold(f"Hints given: {len(work.hints)}", (Items(tuple(work.hints), ordered=True),)))
            if work.solved:
                blocks.append(Fold("The worked answer", solution(one)))
        return (*blocks, Prose(f"Source: {task.source}."))

    def _score(self) -> str:
        asked, answered = len(self._work), sum(work.verdict is not None for work in self._work)
        return f"{len(self.right)} of {asked} right, {answered} answered."

    # -- the wire --------------------------------------------------------------------------------------------------

    def _seen(self) -> dict[str, Any]:
        return {
            "name": self.exercise.name,
            "title": self.exercise.title,
            "task": fragment((*_task(self.exercise), Prose(f"Source: {self.exercise.source}."))),
            "score": self._score(),
            "questions": [
                {
                    "kind": one.kind,
                    "text": one.text,
                    "like": _LIKE.get(one.kind, ""),
                    "choices": list(_CHOICES.get(one.kind, ())),
                    "answer": work.answer,
                    "right": None if work.verdict is None else work.verdict.holds,
                    "verdict": "" if work.verdict is None else fragment(_judged(work.verdict)),
                    "hints": list(work.hints),
                    "more": len(work.hints) < LEVELS,
                    "solution": fragment(solution(one)) if work.solved else "",
                }
                for one, work in self._each()
            ],
        }

    def _done(self, message: Mapping[str, Any]) -> str:
        kind = message.get("kind")
        if kind not in {"answer", "hint", "solve"}:
            return super()._done(message)
        at = int(message["at"])
        if not 0 <= at < len(self._work):
            raise DataError(f"this exercise has {len(self._work)} questions, none has the number {at + 1}")
        one, work = self._each()[at]
        match kind:
            case "answer":
                return self._answered_with(one, work, str(message["text"]).strip())
            case "hint":
                if len(work.hints) < LEVELS:
                    work.hints.append(one.hint(len(work.hints) + 1))
                return f"hint {len(work.hints)} of {LEVELS}"
            case _:
                work.solved, work.aided = True, work.aided or not work.verdict
                return f"the worked answer to question {at + 1}"

    @staticmethod
    def _answered_with(one: Question, work: Work, text: str) -> str:
        if not text:
            raise NotationError(f"nothing is answered yet — write something like {_LIKE.get(one.kind, 'yes')}")
        verdict = one.check(text)
        work.answer, work.verdict = text, verdict
        return "right" if verdict else "not right"


def _task(task: Exercise) -> Page:
    rules = tuple(map(str, in_order(task.scheme.dependencies)))
    names = ", ".join(map(written, task.scheme.attributes))
    return (
        Prose(task.story),
        Prose(f"Attributes: {names}."),
        Items(rules) if rules else Prose("There are no dependencies."),
    )


def _judged(verdict: Verdict) -> Page:
    """A verdict as an answer gets it; the witness of a right one is no news."""
    said = Notice(verdict.claim[:1].upper() + verdict.claim[1:] + ".", "good" if verdict else "bad")
    shown = () if verdict or verdict.witness is None else describe(verdict.witness)
    return (said, *shown)


def lesson(task: Exercise | str = "", *, seed: int | None = None) -> Lesson:
    """An exercise to work through: answers are checked at once, wrong ones are shown why, hints come in three levels.

    `task` is an exercise, or the name of one in the bank; without it, one is made from `seed`.

    >>> lesson("supplier-parts").right
    ()
    """
    return Lesson(task if isinstance(task, Exercise) else exercise_of(task, seed=seed))
