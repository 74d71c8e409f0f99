"""A sketch in portions that fit pages: entities that are related stay together, as communities of the sketch's graph."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from dbworkbench.diagram.communities import communities
from dbworkbench.schema.sketch import Sketch

_RUNS, _FINER = 4, 1.4


def portions(sketch: Sketch, fits: Callable[[Sketch], bool]) -> tuple[Sketch, ...]:
    """Sketches that hold every entity with its attributes once, and every relationship and generalization once.

    A relationship stands with its first participant; entities that stand elsewhere take part there as plain boxes. Each
    portion is named after the entity with the most ties. A single entity is a portion even where it does not fit.
    """
    place = {name: at for at, name in enumerate(sketch.names)}
    bonds: list[dict[int, float]] = [{} for _ in place]
    ties = [tuple(side.entity for side in one.participants) for one in sketch.relationships]
    ties += [(one.general, *one.special) for one in sketch.generalizations]
    for first, *others in ties:
        for other in others:
            here, there = place[first], place[other]
            if here != there:
                bonds[here][there] = bonds[here].get(there, 0.0) + 1
                bonds[there][here] = bonds[there].get(here, 0.0) + 1
    groups = _divided(list(range(len(place))), bonds, sketch, fits, 1.0)
    return tuple(_portion(sketch, group, bonds) for group in _joined(groups, sketch, fits, bonds))


def _divided(
    members: list[int], bonds: Sequence[dict[int, float]], sketch: Sketch, fits: Callable[[Sketch], bool], fine: float
) -> list[list[int]]:
    if len(members) == 1 or fits(_portion(sketch, members, bonds)):
        return [members]
    found = communities(members, bonds, fine, _RUNS)
    if len(found) == 1:
        if fine < 8:
            return _divided(members, bonds, sketch, fits, fine * _FINER)
        middle = len(members) // 2
        found = [members[:middle], members[middle:]]
    return [part for group in found for part in _divided(group, bonds, sketch, fits, fine)]


def _joined(
    groups: list[list[int]], sketch: Sketch, fits: Callable[[Sketch], bool], bonds: Sequence[dict[int, float]]
) -> list[list[int]]:
    """Small groups join the last one before them where both fit one page."""
    joined: list[list[int]] = []
    for group in sorted(groups):
        if joined and fits(_portion(sketch, sorted(joined[-1] + group), bonds)):
            joined[-1] = sorted(joined[-1] + group)
        else:
            joined.append(group)
    return joined


def _portion(sketch: Sketch, members: Sequence[int], bonds: Sequence[dict[int, float]]) -> Sketch:
    inside = {sketch.entities[at].name for at in members}
    relationships = tuple(one for one in sketch.relationships if one.participants[0].entity in inside)
    generalizations = tuple(one for one in sketch.generalizations if one.general in inside)
    named = {side.entity for one in relationships for side in one.participants}
    named |= {name for one in generalizations for name in one.special}
    entities = tuple(
        entity if entity.name in inside else replace(entity, attributes=())
        for entity in sketch.entities
        if entity.name in inside or entity.name in named
    )
    hub = max(members, key=lambda at: (sum(bonds[at].values()), -at))
    return Sketch(entities, relationships, generalizations, name=sketch.entities[hub].name)
