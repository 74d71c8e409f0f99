"""An exercise: a scheme with its dependencies, and questions that check their own answers."""

from dataclasses import dataclass, replace

from dbworkbench.errors import UnknownName
from dbworkbench.shown import Shown
from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.dependencies import FD, Dependency, in_order, written
from dbworkbench.theory.verdict import Verdict

KINDS = {
    "closure": "the closure of a set of attributes",
    "keys": "all candidate keys",
    "cover": "a minimal cover",
    "form": "the normal form",
    "3nf": "a decomposition into third normal form",
    "bcnf": "a decomposition into Boyce–Codd normal form",
    "4nf": "a decomposition into fourth normal form",
    "lossless": "whether a decomposition is lossless",
    "preserving": "whether a decomposition preserves the dependencies",
}

TITLES = {
    "closure": "Closure",
    "keys": "Candidate keys",
    "cover": "Minimal cover",
    "form": "Normal form",
    "3nf": "Third normal form",
    "bcnf": "Boyce–Codd normal form",
    "4nf": "Fourth normal form",
    "lossless": "Lossless join",
    "preserving": "Preserved dependencies",
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """The attributes, in the order of the text, and the dependencies an exercise is about."""

    attributes: tuple[str, ...]
    dependencies: tuple[Dependency, ...]

    @property
    def fds(self) -> tuple[FD, ...]:
        """The functional dependencies that follow from all: those given, and what multivalued ones add."""
        return functional_part(self.attributes, self.dependencies)

    def __str__(self) -> str:
        names = ", ".join(map(written, self.attributes))
        rules = "; ".join(map(str, in_order(self.dependencies)))
        return f"({names}) with {rules}" if rules else f"({names}) with no dependencies"


@dataclass(frozen=True, slots=True)
class Question(Shown):
    """One question of an exercise.

    `kind` is a name in KINDS; `subject` the attributes whose closure is asked for; `parts` the decomposition asked about.
    """

    exercise: str
    kind: str
    text: str
    scheme: Scheme
    subject: frozenset[str] = frozenset()
    parts: tuple[frozenset[str], ...] = ()

    def check(self, answer: object) -> Verdict:
        """Whether the answer is right; the witness shows why it is not.

        Raises NotationError where the answer cannot be read, and UnknownName where it names no attribute of the scheme.
        """
        from dbworkbench.exercises.checks import check  # noqa: PLC0415  checks read questions

        return check(self, answer)

    def hint(self, level: int = 1) -> str:
        """A hint: 1 says what to think of, 2 how to begin here, 3 nearly gives it away."""
        from dbworkbench.exercises.hints import hint  # noqa: PLC0415  hints read questions

        return hint(self, level)


@dataclass(frozen=True, slots=True)
class Exercise(Shown):
    """A scheme and questions about it, each checked on its own: `exercise["keys"].check("a; b, c")`.

    `difficulty` runs from 1 to 3; `source` says where the scheme is known from.
    """

    name: str
    title: str
    story: str
    scheme: Scheme
    questions: tuple[Question, ...]
    difficulty: int
    source: str

    def __getitem__(self, question: str | int) -> Question:
        if isinstance(question, int):
            if not 1 <= question <= len(self.questions):
                raise UnknownName("question", str(question), [str(at + 1) for at in range(len(self.questions))])
            return self.questions[question - 1]
        for one in self.questions:
            if one.kind == question:
                return one
        raise UnknownName("question", question, [one.kind for one in self.questions])

    def check(self, question: str | int, answer: object) -> Verdict:
        """Whether the answer to a question, by kind or number from 1, is right."""
        return self[question].check(answer)

    def hint(self, question: str | int, level: int = 1) -> str:
        """A hint to a question: level 1, 2 or 3."""
        return self[question].hint(level)

    def only(self, topic: str) -> "Exercise":
        """The same exercise with the questions of one kind."""
        return replace(self, questions=(self[topic],))
