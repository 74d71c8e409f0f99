"""A design on the way to what a format can say of it: the names taken, the conditions told, and what is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dbworkbench.errors import DesignError
from dbworkbench.formats.fidelity import Fidelity, Part
from dbworkbench.schema.condition import renamed
from dbworkbench.schema.index import Part as IndexPart
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.rules import UNENFORCED, Enforced
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.names import Names

__all__ = ["Reduced"]

_KINDS = {
    Part.PRIMARY_NAME: "key",
    Part.KEY_NAME: "key",
    Part.REFERENCE_NAME: "foreign key",
    Part.CHECK_NAME: "check",
    Part.INDEX_NAME: "index",
}
_BESIDE_RELATIONS = frozenset({"index", ""})
"""The spaces of a whole schema, in which relations have their names, too."""
_PATHS = frozenset({Part.PRIMARY_NAME, Part.KEY_NAME, Part.INDEX_NAME})


@dataclass(slots=True)
class Reduced:
    """A design under way, with what of it is lost and the names that are taken."""

    schema: Schema
    fidelity: Fidelity
    losses: list[Loss] = field(default_factory=list)
    rules: set[tuple[str, str]] = field(default_factory=set)
    taken: Names | None = None
    local: dict[str, set[str]] = field(default_factory=dict)

    def lose(self, subject: str, feature: str, instead: str = "left out") -> None:
        """Report what is not carried over."""
        self.losses.append(Loss(subject, feature, instead))

    def can(self, part: Part) -> bool:
        """Whether the format has words for a part."""
        return part in self.fidelity.parts

    def names(self) -> Names:
        """The names that are taken in the database."""
        if self.taken is None:
            self.taken = Names(DIALECTS[self.fidelity.dialect])
        return self.taken

    def named(self, relation: Relation, subject: str, name: str, part: Part) -> str:
        """The name that a rule has there; "" where it can have none."""
        if name and not self.can(part):
            self.lose(subject, f"its name {name}")
            return ""
        if name and not self.fidelity.named(part, name):
            self.lose(subject, f"its name {name}, which no rule can have there")
            return ""
        said = self.fidelity.name(name)
        if said and self.fidelity.dialect:
            spoken = DIALECTS[self.fidelity.dialect]
            kind = _KINDS[part]
            shared = kind == "index" and any("index" in kinds for kinds in spoken.namespaces)
            local = None if shared else self.local.setdefault(relation.name, set())
            said = self.names().take(kind, said, local)
        if said and not self.fidelity.named(part, said):
            self.lose(subject, f"its name {name}, which no rule can have there")
            return ""
        taken = {(space, said) for space in self.fidelity.spaces(part, relation.name)} if said else set()
        if taken & self.rules:
            self.lose(subject, f"its name {name}, which another rule has")
            return ""
        if _BESIDE_RELATIONS & {space for space, _ in taken} and part in _PATHS and said in self.schema:
            self.lose(subject, f"its name {name}, which a relation has")
            return ""
        self.rules |= taken
        if said != name:
            self.lose(subject, "its name", f"written as {said}")
        return said

    def enforced(self, subject: str, enforced: Enforced) -> Enforced:
        """Of which rows a rule is asked there."""
        if enforced == "always" or self.can(Part.UNENFORCED):
            return enforced
        self.lose(subject, UNENFORCED[enforced], "asked of every row")
        return "always"

    def condition(self, text: str, relation: Relation, columns: dict[str, str]) -> str | None:
        """What comes back of a condition, which speaks of attributes by their names there; None where there are no words."""
        renames = {name: said for name, said in columns.items() if name != said}
        if renames:
            try:
                text = renamed(text, relation.names, renames, relation.name)
            except DesignError:
                return None
            relation = Relation(
                relation.name, tuple(Attribute(columns[one.name], one.type) for one in relation.attributes)
            )
        return self.fidelity.condition(text, relation)

    def note(self, subject: str, note: str, part: Part) -> str:
        """What is left of a note."""
        if note and not self.can(part):
            self.lose(subject, "its note")
            return ""
        said = self.fidelity.note(note)
        if said != note:
            self.lose(subject, "signs in its note", "written without")
        return said

    def renamed(self, owner: str, names: Iterable[str]) -> dict[str, str]:
        """What relations are called there, or the attributes of the one that owns them."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for name in names:
            said = self.fidelity.name(name) or "_"
            while said in taken:
                said += "_"
            taken.add(said)
            found[name] = said
        if self.fidelity.dialect:
            space = Names(DIALECTS[self.fidelity.dialect]) if owner else self.names()
            fitting = space.given("attribute" if owner else "relation", found.values())
            found = {name: fitting[said] for name, said in found.items()}
        for name, said in found.items():
            if said != name:
                self.lose(f"{owner}.{name}" if owner else name, "its name", f"written as {said}")
        return found

    def part(self, part: IndexPart, relation: Relation, columns: dict[str, str]) -> IndexPart | None:
        """A part of a path with the names and words that come back; None where there are none."""
        if part.attribute:
            return replace(part, attribute=columns[part.attribute])
        told = self.condition(part.expression, relation, columns)
        return None if told is None else replace(part, expression=told)
