"""A design in words, indented: the twin of its picture for screen readers, terminals and comparing."""

from collections.abc import Iterable

from dbworkbench.diagram.compose import marked, reference
from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.picture import Mark
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import type_text

_WORDS = {
    Mark(0, many=True): "any number",
    Mark(0, many=False): "at most one",
    Mark(1, many=False): "exactly one",
    Mark(1, many=True): "one or more",
}


def outline(relations: Iterable[Relation], title: str) -> str:
    """Every relation with its attributes, marks and references, one a line."""
    lines = [printable(title)]
    for relation in relations:
        lines.append(f"  {printable(relation.name)}")
        for name, marks in marked(relation):
            attribute = relation[name]
            words = [*marks, printable(attribute.name), printable(type_text(attribute.type))]
            words += ["or null"] if attribute.nullable else []
            lines.append("    " + " ".join(word for word in words if word))
        for foreign_key in relation.foreign_keys:
            one = reference(relation, foreign_key)
            here, there = (", ".join(map(printable, names)) for names in (one.attributes, one.referenced))
            lines.append(
                f"    ({here}) → {printable(one.parent)} ({there}): {_WORDS[one.child_mark]} to "
                f"{'one or none' if not one.parent_mark.least else _WORDS[one.parent_mark]}"
                + (", identifying" if one.identifying else "")
            )
    return "\n".join(lines)
