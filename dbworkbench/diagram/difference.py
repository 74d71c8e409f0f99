"""Two schemas as one drawing: what was added, removed, changed and moved between them.

Relations and attributes are matched by name; an attribute that went from one relation and came to another with the
same name and type was moved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dbworkbench.diagram.compose import reference
from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.picture import Tone
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.types import type_text


@dataclass(frozen=True, slots=True)
class Difference:
    """Relations of both schemas, each once, and how every part of them differs.

    `tones` and `notes` are of relations (`("orders", "")`) and attributes (`("orders", "id")`), `references` of
    references by their text. What is not named did not change.
    """

    relations: tuple[Relation, ...]
    tones: Mapping[tuple[str, str], Tone] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    references: Mapping[str, Tone] = field(default_factory=dict)

    @property
    def changed(self) -> frozenset[str]:
        """The relations that differ."""
        return frozenset(name for name, _ in self.tones)


def difference(old: Iterable[Relation], new: Iterable[Relation]) -> Difference:
    """What became of the relations `old` in the relations `new`."""
    before = {relation.name: relation for relation in old}
    after = {relation.name: relation for relation in new}
    tones: dict[tuple[str, str], Tone] = {}
    notes: dict[tuple[str, str], str] = {}
    references: dict[str, Tone] = {}
    merged = []
    for name in (*after, *(name for name in before if name not in after)):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            tones |= dict.fromkeys([(name, ""), *((name, attribute) for attribute in now.names)], Tone.ADDED)
            references |= dict.fromkeys(_references(now), Tone.ADDED)
            merged.append(now)
        elif now is None and was is not None:
            tones |= dict.fromkeys([(name, ""), *((name, attribute) for attribute in was.names)], Tone.REMOVED)
            references |= dict.fromkeys(_references(was), Tone.REMOVED)
            merged.append(was)
        elif was is not None and now is not None:
            merged.append(_merged(was, now, tones, notes, references))
    _find_moves(before, after, tones, notes)
    return Difference(tuple(merged), tones, notes, references)


def _references(relation: Relation) -> list[str]:
    return [str(reference(relation, foreign_key)) for foreign_key in relation.foreign_keys]


def _merged(
    was: Relation,
    now: Relation,
    tones: dict[tuple[str, str], Tone],
    notes: dict[tuple[str, str], str],
    references: dict[str, Tone],
) -> Relation:
    """One relation with the attributes and references of both, those removed at their old places."""
    found: dict[tuple[str, str], Tone] = {}
    attributes = list(now.attributes)
    for at, attribute in enumerate(was.attributes):
        if attribute.name in now.names:
            said = _said(attribute, was)
            if said != _said(now[attribute.name], now):
                found[now.name, attribute.name] = Tone.CHANGED
                notes[now.name, attribute.name] = f"was {said}"
            continue
        found[now.name, attribute.name] = Tone.REMOVED
        follows = [n for n in was.names[:at] if n in {a.name for a in attributes}]
        place = next((i + 1 for i, a in enumerate(attributes) if follows and a.name == follows[-1]), 0)
        attributes.insert(place, attribute)
    for name in now.names:
        if name not in was.names:
            found[now.name, name] = Tone.ADDED
    old, new = _references(was), _references(now)
    references |= {said: Tone.ADDED for said in new if said not in old}
    references |= {said: Tone.REMOVED for said in old if said not in new}
    if found or set(old) != set(new) or was.keys != now.keys:
        found[now.name, ""] = Tone.CHANGED
    tones |= found
    gone = tuple(fk for fk in was.foreign_keys if str(reference(was, fk)) not in new)
    return replace(now, attributes=tuple(attributes), foreign_keys=(*now.foreign_keys, *gone))


def _said(attribute: Attribute, relation: Relation) -> str:
    """What a row says of an attribute besides its name."""
    words = [type_text(attribute.type) or "of no type"]
    words += ["or null"] if attribute.nullable else []
    words += [f"= {attribute.default}"] if attribute.default is not None else []
    words += ["in the key"] if relation.keys and attribute.name in relation.keys[0].attributes else []
    return printable(" ".join(words))


def _find_moves(
    before: Mapping[str, Relation],
    after: Mapping[str, Relation],
    tones: dict[tuple[str, str], Tone],
    notes: dict[tuple[str, str], str],
) -> None:
    """An attribute gone from one relation only, and come to one other only, with the same type, was moved."""
    gone: dict[tuple[str, object], list[str]] = {}
    come: dict[tuple[str, object], list[str]] = {}
    for (name, attribute), tone in tones.items():
        if attribute and tone is Tone.REMOVED:
            gone.setdefault((attribute, before[name][attribute].type), []).append(name)
        if attribute and tone is Tone.ADDED:
            come.setdefault((attribute, after[name][attribute].type), []).append(name)
    for (attribute, kind), sources in gone.items():
        targets: Sequence[str] = come.get((attribute, kind), [])
        if len(sources) == len(targets) == 1 and sources != targets:
            tones[targets[0], attribute] = Tone.MOVED
            notes[targets[0], attribute] = f"from {printable(sources[0])}"
            notes[sources[0], attribute] = f"to {printable(targets[0])}"
