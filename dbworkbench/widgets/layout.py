"""Where the cards of a board stand: places, subject areas and folded cards, as a value beside the design."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dbworkbench.errors import DataError
from dbworkbench.schema.changes import Change, DropRelation, MergeRelations, RenameRelation, SplitRelation

Place = tuple[float, float]
VIEWS = ("physical", "logical", "conceptual")
NEW = 260.0  # how far right of the others a new card stands


@dataclass(frozen=True, slots=True)
class Area:
    """A subject area: a title, the relations in it, and the number of its colour."""

    title: str
    relations: tuple[str, ...]
    hue: int = 1


@dataclass(frozen=True, slots=True)
class Jotting:
    """A note that lies on the board beside the cards."""

    text: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of cards by relation, the areas, the relations folded to their keys, and how much is shown.

    `view` is "physical" (types and all), "logical" (no types) or "conceptual" (names and references only). `links` are
    relations kept as many-to-many lines between the two that they join; the conceptual view shows all such so.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    folded: frozenset[str] = frozenset()
    view: str = "physical"
    links: frozenset[str] = frozenset()
    notes: tuple[Jotting, ...] = ()


def followed(layout: Layout, changes: Iterable[Change]) -> Layout:
    """The layout after changes of the design: names follow, parts stand where their whole stood."""
    for change in changes:
        match change:
            case RenameRelation(name, to):
                layout = _renamed(layout, name, to)
            case SplitRelation(name, into):
                here = layout.places.get(name)
                places = {known: place for known, place in layout.places.items() if known != name}
                if here is not None:
                    for at, part in enumerate(into):
                        places[part.name] = (here[0] + at * (NEW + 40), here[1] + (at % 2) * 60)
                layout = replace(layout, places=places)
            case MergeRelations(names, into):
                here = next((layout.places[name] for name in names if name in layout.places), None)
                places = {known: place for known, place in layout.places.items() if known not in names}
                layout = replace(layout, places=({**places, into.name: here} if here is not None else places))
            case DropRelation(name):
                places = {known: place for known, place in layout.places.items() if known != name}
                layout = replace(layout, places=places)
            case _:
                continue
    return layout


def _renamed(layout: Layout, name: str, to: str) -> Layout:
    def other(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(to if one == name else one for one in names)

    return replace(
        layout,
        places={to if known == name else known: place for known, place in layout.places.items()},
        areas=tuple(replace(area, relations=other(area.relations)) for area in layout.areas),
        folded=frozenset(other(layout.folded)),
        links=frozenset(other(layout.links)),
    )


def encode_layout(layout: Layout) -> dict[str, Any]:
    """The layout for JSON; places rounded to whole pixels, so that texts differ only where cards moved."""
    return {
        "view": layout.view,
        "places": {name: [round(x), round(y)] for name, (x, y) in sorted(layout.places.items())},
        "areas": [{"title": area.title, "relations": list(area.relations), "hue": area.hue} for area in layout.areas],
        "folded": sorted(layout.folded),
        **({"links": sorted(layout.links)} if layout.links else {}),
        **({"notes": [[one.text, round(one.x), round(one.y)] for one in layout.notes]} if layout.notes else {}),
    }


def decode_layout(data: object) -> Layout:
    """What `encode_layout` gave; raises DataError."""
    try:
        if not isinstance(data, dict):
            raise TypeError  # noqa: TRY301  every way in which the text can be wrong gives the same answer
        return Layout(
            places={str(name): (float(x), float(y)) for name, (x, y) in data.get("places", {}).items()},
            areas=tuple(
                Area(str(one["title"]), tuple(map(str, one["relations"])), int(one.get("hue", 1)))
                for one in data.get("areas", ())
            ),
            folded=frozenset(map(str, data.get("folded", ()))),
            links=frozenset(map(str, data.get("links", ()))),
            notes=tuple(Jotting(str(text), float(x), float(y)) for text, x, y in data.get("notes", ())),
            view=data["view"] if data.get("view") in VIEWS else "physical",
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DataError("the layout in this file cannot be read: places are [x, y] by relation") from error
