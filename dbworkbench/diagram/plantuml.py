"""A design as a PlantUML entity diagram, with what it cannot say reported."""

import re
from collections.abc import Sequence

from dbworkbench.diagram.compose import card, reference
from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.picture import Mark
from dbworkbench.schema.loss import Loss, Written
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import type_text


def plantuml(relations: Sequence[Relation], title: str = "") -> Written:
    """The relations as PlantUML text in crow's-foot notation; `*` marks what may not be null.

    >>> from dbworkbench.schema.notation import schema
    >>> print(plantuml(schema("a(*id: integer)").relations))
    @startuml
    hide circle
    skinparam linetype ortho
    entity "a" as t0 {
      * **id** : integer <<PK>>
    }
    @enduml
    """
    losses: list[Loss] = []
    names = {relation.name: f"t{at}" for at, relation in enumerate(relations)}
    lines = ["@startuml", "hide circle", "skinparam linetype ortho"]
    lines += [f"title {_plain(title)}"] if title else []
    for relation in relations:
        drawn = card(relation)
        lines.append(f'entity "{_plain(relation.name)}" as {names[relation.name]} {{')
        for at, row in enumerate(drawn.rows):
            if drawn.ruled and at == drawn.ruled:
                lines.append("  --")
            attribute = relation[row.attribute]
            name = f"**{_plain(attribute.name)}**" if "PK" in row.marks else _plain(attribute.name)
            kind = f" : {_plain(type_text(attribute.type))}" if type_text(attribute.type) else ""
            marks = "".join(f" <<{mark}>>" for mark in row.marks)
            lines.append(f"  {'' if attribute.nullable else '* '}{name}{kind}{marks}")
        lines.append("}")
        losses += [
            Loss(f"{relation.name}.{one.name}", f"the default {one.default}", "left out")
            for one in relation.attributes
            if one.default is not None
        ]
        losses += [Loss(relation.name, f"the check {check.expression}", "left out") for check in relation.checks]
        losses += [
            Loss(relation.name, f"the index on ({', '.join(i.attributes)})", "left out") for i in relation.indexes
        ]
    for relation in relations:
        for foreign_key in relation.foreign_keys:
            if foreign_key.relation not in names:
                losses.append(
                    Loss(relation.name, f"the reference to {foreign_key.relation}", "left out: it is not drawn")
                )
                continue
            one = reference(relation, foreign_key)
            left = "||" if one.parent_mark == Mark(1, many=False) else "|o"
            line = ("--" if one.identifying else "..") + ("o{" if one.child_mark.many else "o|")
            label = _plain(", ".join(one.attributes))
            lines.append(f"{names[one.parent]} {left}{line} {names[one.child]} : {label}")
    lines.append("@enduml")
    return Written("\n".join(lines), tuple(losses), "plantuml")


def _plain(text: str) -> str:
    """Text without what PlantUML would read as markup or as a command."""
    return re.sub(r'["<>{}\\*_~\']{2,}|["<>{}\\]', lambda met: "_" if '"' not in met[0] else "'", printable(text))
