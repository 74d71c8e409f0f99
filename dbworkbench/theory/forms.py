"""The normal forms, what each asks for, and what keeps a relation out of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from dbworkbench.theory.dependencies import Dependency


class NormalForm(Enum):
    """The normal forms, from the weakest to the strongest; each includes those before it."""

    FIRST = "1NF"
    SECOND = "2NF"
    THIRD = "3NF"
    ELEMENTARY_KEY = "EKNF"
    BOYCE_CODD = "BCNF"
    FOURTH = "4NF"
    ESSENTIAL_TUPLE = "ETNF"
    FIFTH = "5NF"

    @classmethod
    def _missing_(cls, value: object) -> "NormalForm | None":
        """The form meant by `"3nf"`, `"PJ/NF"` or `3`."""
        text = "".join(letter for letter in str(value).upper() if letter.isalnum())
        text = {"PJNF": "5NF"}.get(text, f"{text}NF" if text.isdigit() else text)
        return next((form for form in cls if form.value == text), None)

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(NormalForm).index(self)

    def __lt__(self, other: "NormalForm") -> bool:
        return self.rank < other.rank

    def __le__(self, other: "NormalForm") -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: "NormalForm") -> bool:
        return self.rank > other.rank

    def __ge__(self, other: "NormalForm") -> bool:
        return self.rank >= other.rank

    def __str__(self) -> str:
        return str(self.value)


EXPLANATIONS: dict[str, str] = {
    "1NF": "Every attribute holds one value of its type, not a list or a table (Codd 1970).",
    "2NF": "1NF, and no attribute outside the keys depends on only a part of a key (Codd 1971).",
    "3NF": "For each dependency X → a that says something, X is a superkey or a is part of a key (Codd 1971; in this "
    "wording Zaniolo 1982).",
    "EKNF": "For each dependency X → a of which no part of X would do, X is a key, or a is part of a key that alone "
    "determines something (Zaniolo, A new normal form for the design of relational database schemata, ACM TODS 7(3), "
    "1982).",
    "BCNF": "For each dependency X → a that says something, X is a superkey (Codd 1974).",
    "4NF": "For each multivalued dependency X ↠ Y that says something, X is a superkey (Fagin 1977).",
    "ETNF": "BCNF, and each join dependency that is declared has a superkey among its components (Darwen, Date & Fagin "
    "2012): then no row follows from others.",
    "5NF": "The keys imply every join dependency; also called projection-join normal form (Fagin 1979).",
    "DKNF": "Every rule of the relation follows from its attributes' types and its keys (Fagin, A normal form for "
    "relational databases that is based on domains and keys, ACM TODS 6(3), 1981). Rules can be anything, so that this "
    "form is a goal to think of and not one to be computed.",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A dependency that keeps a relation out of a form.

    `form` is the lowest form it breaks; `key` is the candidate key it is told by; `kind` is "partial", "transitive",
    "overlapping keys", "multivalued" or "join", and "no key" where it is left open which of the first three;
    `because` is a sentence for a reader.
    """

    dependency: Dependency
    form: NormalForm
    kind: str
    key: frozenset[str]
    because: str


class Violations(tuple[Violation, ...]):  # noqa: SLOT001  a tuple of any length has no slots
    """What keeps a relation out of a form; `left_open` tells what could not be decided of it, nothing as a rule."""

    left_open: str

    def __new__(cls, found: Iterable[Violation] = (), left_open: str = "") -> "Violations":
        """The violations in their order, and what else is open."""
        made = super().__new__(cls, found)
        made.left_open = left_open
        return made
