"""How exercises look: the task with its questions, and what a wrong answer is shown."""

from dbworkbench.exercises.decompositions import Lost, Spurious
from dbworkbench.exercises.exercise import Exercise, Question, Scheme
from dbworkbench.exercises.grading import Grades
from dbworkbench.exercises.grounds import Grounds
from dbworkbench.page.blocks import Code, Heading, Items, Page, Prose, Table
from dbworkbench.theory.dependencies import in_order, written
from dbworkbench.theory.instance import Instance
from dbworkbench.views.describe import describe


@describe.register
def _(exercise: Exercise) -> Page:
    """The task, and each question with the name that it is checked by."""
    asked = tuple((question.kind, question.text) for question in exercise.questions)
    first = exercise.questions[0].kind if exercise.questions else "keys"
    return (
        Heading(exercise.title),
        Prose(exercise.story),
        *_scheme(exercise.scheme),
        Table(("question", ""), asked),
        Prose("Answer with check, and ask for a hint of level 1, 2 or 3:"),
        Code(f'exercise.check("{first}", …)\nexercise.hint("{first}", level=1)', "python"),
        Prose(f"Source: {exercise.source}."),
    )


@describe.register
def _(question: Question) -> Page:
    return (Prose(question.text), *_scheme(question.scheme))


def _scheme(scheme: Scheme) -> Page:
    names = ", ".join(map(written, scheme.attributes))
    rules = tuple(str(dependency) for dependency in in_order(scheme.dependencies))
    told = Items(rules) if rules else Prose("There are no dependencies.")
    return (Prose(f"Attributes: {names}."), told)


@describe.register
def _(shown: Spurious) -> Page:
    return (
        _rows(shown.rows, "Rows that obey the dependencies"),
        *(_rows(part, f"Part {at}") for at, part in enumerate(shown.parts, start=1)),
        _rows(shown.spurious, "Joined, and not there before"),
    )


@describe.register
def _(lost: Lost) -> Page:
    return (
        Prose("Each part obeys all that can be checked in it:"),
        *(_rows(part, f"Part {at}") for at, part in enumerate(lost.parts, start=1)),
        _rows(lost.rows, f"Joined, they break {lost.dependency}"),
    )


@describe.register
def _(grounds: Grounds) -> Page:
    rows = tuple((str(dependency), reason) for dependency, reason in grounds.reasons)
    return (Table(("dependency", grounds.heading), rows),) if rows else ()


def _rows(instance: Instance, caption: str) -> Table:
    shown = next(block for block in describe(instance) if isinstance(block, Table))
    return Table(shown.header, shown.rows, caption, shown.align)


@describe.register
def _(grades: Grades) -> Page:
    return (grades.table(), grades.questions())
