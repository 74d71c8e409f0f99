"""Entity-relationship diagrams of schemas and relations, from three relations to thousands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dbworkbench.diagram.areas import Area, areas_found, areas_given, areas_kept
from dbworkbench.diagram.atlas import atlas
from dbworkbench.diagram.chen import chen, sketch_of
from dbworkbench.diagram.compose import reference
from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.diagram.difference import Difference, difference
from dbworkbench.diagram.kept import model
from dbworkbench.diagram.notation import notation_of
from dbworkbench.diagram.picture import Tone
from dbworkbench.diagram.sheet import Look, forced, long_relation, richest, sheet
from dbworkbench.diagram.theme import Theme, theme_of
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.mapping import mapped
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Sketch

_LONG = 40  # attributes beyond which one relation alone is continued in columns
_FEW = 12  # relations that stand on one sheet however large they are
_ALL, _SOME, _KEYS = 18, 32, 60  # relations up to which a sheet shows all attributes, keys and a few, keys


class Designed(Protocol):
    """Any value that holds a schema, such as a normalization."""

    @property
    def schema(self) -> Schema:
        """The design to draw."""


def erd(
    design: Schema | Relation | Sketch | Designed | str,
    *,
    notation: str = "crow's foot",
    detail: str = "auto",
    areas: str | Mapping[str, Collection[str]] | None = "auto",
    focus: str | None = None,
    hops: int = 1,
    highlight: Collection[str] = (),
    since: Schema | Relation | Designed | None = None,
    like: Diagram | None = None,
    theme: str | Theme = "light",
    title: str = "",
) -> Diagram:
    """The design drawn: every reference runs from its attributes' rows to the rows they refer to.

    `notation` is "crow's foot", "IDEF1X", "UML", "min-max" or, for sketches and for schemas seen as such, "Chen" (which
    heeds `detail` "names" and "all", `theme` and `title`). A sketch is drawn as Chen did unless IDEF1X, UML or min-max is
    asked for; then the schema that it maps to is. `detail` is "all" attributes, "some" (keys and a few),
    "keys", "names", or "auto": as much as stays readable on a page. A schema that is too large for one page is drawn
    as an atlas: a map of its subject areas, a page for each, and an index. `areas` are found ("auto"), given (name to
    relations), or not wanted (None: one sheet, whatever its size). With `focus`, only that relation is drawn and
    those at most `hops` references away. `highlight` names relations ("orders") and attributes ("orders.id") that
    stand out. With `since`, an earlier design, the picture shows what was added, removed, changed and moved. With
    `like`, an earlier diagram, relations keep the areas and the places that they have there.

    Raises DesignError where there is nothing to draw, and UnknownName for a word or a relation that is not known.

    >>> from dbworkbench.schema.notation import schema
    >>> erd(schema("a(*id)", "b(*id, a_id -> a)")).pages[0].alt
    'Entity-relationship diagram of 2 relations with 1 reference: a, b.'
    """
    _refuse_what_is_no_option(notation, theme, areas, hops)
    _details(detail, 1)
    if isinstance(design, Sketch) and notation.casefold() not in {"chen", "crow's foot"}:
        design = replace(mapped(design).schema, name=design.name)
    elif isinstance(design, Sketch) or notation.casefold() == "chen":
        return _conceptual(design if isinstance(design, Sketch) else design_of(design), detail, theme, title)
    relations, name = _relations(design)
    heading = title or name or (relations[0].name if len(relations) == 1 else "Schema")
    look = _highlighted(relations, [highlight] if isinstance(highlight, str) else highlight, _look(notation, theme))
    said = ""
    if since is not None:
        found = difference(_relations(since)[0], relations)
        look = replace(look, tones=found.tones, notes=found.notes, reference_tones=found.references)
        relations, said = _near_changes(found)
    if focus is not None:
        relations = _around(relations, [focus], hops)
        heading = f"{heading} — around {focus}"
        look = replace(look, tones={(focus, ""): Tone.HIGHLIGHT, **look.tones})
    details = _details(detail, len(relations))
    kept = model(design_of(design))
    if like is not None:
        look = replace(look, places=_places(like))
        before = _areas_of(like)
        if areas == "auto" and len(before) > 1:
            areas = {area.name: area.relations for area in areas_kept(relations, before)}
    pages = _pages(relations, details, areas, _Page(heading, said, kept), look)
    return Diagram(heading, pages, tuple(relations))


def _refuse_what_is_no_option(notation: object, theme: object, areas: object, hops: object) -> None:
    if not isinstance(notation, str) or notation.casefold() != "chen":
        notation_of(notation)
    theme_of(theme)
    if areas is not None and areas != "auto" and not isinstance(areas, Mapping):
        raise UnknownName("way to find areas", str(areas), ["auto", "None", "a mapping of names to relations"])
    if isinstance(hops, bool) or not isinstance(hops, int) or hops < 0:
        raise DesignError(f"hops={hops!r} is no number of references to follow — give 0, 1, 2 …")


def _conceptual(
    design: Schema | Relation | Sketch | Designed | str, detail: str, theme: str | Theme, title: str
) -> Diagram:
    """A sketch, or a schema seen as one, as Chen drew them."""
    if isinstance(design, Sketch):
        return chen(design, theme=theme, title=title, detail=detail)
    relations, name = _relations(design)
    sketch, kept = sketch_of(relations, name), model(design_of(design))
    return chen(sketch, theme=theme, title=title, detail=detail, metadata=kept)


@dataclass(frozen=True, slots=True)
class _Page:
    """What stands around the drawing: title and subtitle, and the design for machines."""

    title: str
    subtitle: str
    model: str


def _area_pages(diagram: Diagram) -> list[Sheet]:
    """The pages on which relations stand: all but the maps that come first, and the index."""
    known = {relation.name for relation in diagram.relations}
    pages = list(diagram.pages)
    while len(pages) > 1 and pages[0].title.startswith("Overview"):
        pages.pop(0)
    found, seen = [], set[str]()
    for page in pages:
        names = {box.card.relation for box in page.picture.boxes} if page.picture else set()
        if names & known - seen:  # a long relation is shown again on pages of its own
            found.append(page)
        seen |= names
    return found


def _areas_of(diagram: Diagram) -> tuple[Area, ...]:
    pages = [(page.title, page.picture) for page in _area_pages(diagram)]
    return tuple(Area(title, tuple(box.card.relation for box in picture.boxes)) for title, picture in pages if picture)


def _places(diagram: Diagram) -> dict[str, tuple[float, float]]:
    """Where cards stand: the left edge, and the middle's height."""
    boxes = [box for page in _area_pages(diagram) if page.picture for box in page.picture.boxes]
    return {box.card.relation: (box.x, box.y + box.height / 2) for box in boxes}


def _look(notation: str, theme: str | Theme) -> Look:
    return Look(notation_of(notation), theme_of(theme))


def _highlighted(relations: Sequence[Relation], wanted: Collection[str], look: Look) -> Look:
    """The look with relations and attributes standing out, and the references of those attributes."""
    by_name = {relation.name: relation for relation in relations}
    tones: dict[tuple[str, str], Tone] = {}
    references: dict[str, Tone] = {}
    for said in wanted:
        if said in by_name:
            tones[said, ""] = Tone.HIGHLIGHT
            continue
        name, _, attribute = said.rpartition(".")
        if name not in by_name:
            raise UnknownName("relation", name or said, list(by_name))
        attribute = by_name[name][attribute].name
        tones[name, attribute] = Tone.HIGHLIGHT
        for foreign_key in by_name[name].foreign_keys:
            if attribute in foreign_key.attributes:
                references[str(reference(by_name[name], foreign_key))] = Tone.HIGHLIGHT
    return replace(look, tones=tones, reference_tones=references)


def _around(relations: Sequence[Relation], names: Collection[str], hops: int) -> tuple[Relation, ...]:
    """The relations named, and those at most so many references away, in their order."""
    known = {relation.name for relation in relations}
    for name in names:
        if name not in known:
            raise UnknownName("relation", name, [relation.name for relation in relations])
    near: dict[str, set[str]] = {name: set() for name in known}
    for relation in relations:
        for foreign_key in relation.foreign_keys:
            if foreign_key.relation in known:
                near[relation.name].add(foreign_key.relation)
                near[foreign_key.relation].add(relation.name)
    reached = set(names)
    for _ in range(hops):
        reached |= {other for name in reached for other in near[name]}
    return tuple(relation for relation in relations if relation.name in reached)


def _near_changes(found: Difference) -> tuple[tuple[Relation, ...], str]:
    """What to draw of a difference: everything if it is small, else what changed and what that refers to."""
    changed = found.changed
    if not changed:
        return found.relations, "nothing changed"
    drawn = found.relations if len(found.relations) <= _ALL else _around(found.relations, changed, 1)
    count = f"{len(changed)} of {len(found.relations)} relations differ"
    left = len(found.relations) - len(drawn)
    return drawn, count + (f" · {left} that did not are not drawn" if left else "")


def _pages(
    relations: Sequence[Relation],
    details: Sequence[str],
    areas: str | Mapping[str, Collection[str]] | None,
    page: _Page,
    look: Look,
) -> tuple[Sheet, ...]:
    long = [relation for relation in relations if len(relation.attributes) > _LONG]
    if len(relations) == 1 and long and details[0] == "all":
        return long_relation(relations[0], page.title, look, metadata=page.model)
    if details == ("all",) and long:  # asked for: a card as tall as a tower would make all others unreadable
        brief = replace(look, brief=frozenset(relation.name for relation in long))
        further = (sheets for relation in long for sheets in long_relation(relation, relation.name, look))
        return (*_drawn(relations, details, areas, page, brief), *further)
    return _drawn(relations, details, areas, page, look)


def _drawn(
    relations: Sequence[Relation],
    details: Sequence[str],
    areas: str | Mapping[str, Collection[str]] | None,
    page: _Page,
    look: Look,
) -> tuple[Sheet, ...]:
    """One sheet where that is readable or asked for, else an atlas."""
    if not isinstance(areas, Mapping):
        picture = (
            richest(relations, details, page.title, look, subtitle=page.subtitle) if len(relations) <= _KEYS else None
        )
        if picture is None and (areas is None or len(relations) <= _FEW):
            picture = forced(relations, details[-1], page.title, look, subtitle=page.subtitle)
        if picture is not None:
            return (sheet(picture, relations, page.title, look, metadata=page.model),)
    found = areas_given(relations, areas) if isinstance(areas, Mapping) else areas_found(relations)
    on_pages = details if len(details) == 1 and details != ("keys",) else ("all", "some", "keys", "names")
    return atlas(relations, found, on_pages, page.title, look, metadata=page.model)


def _relations(design: object) -> tuple[tuple[Relation, ...], str]:
    found = design_of(design)
    if isinstance(found, Relation):
        return (found,), ""
    schema = found
    if not schema.relations:
        raise DesignError("this schema has no relations, so there is nothing to draw — add one")
    return schema.relations, schema.name


def _details(detail: str, count: int) -> tuple[str, ...]:
    """What to try, the richest first; nothing where only areas will do."""
    if detail == "auto":
        ladder = (("all", _ALL), ("some", _SOME), ("keys", _KEYS))
        return tuple(name for name, most in ladder if count <= most) or ("keys",)
    if detail not in {"all", "some", "keys", "names"}:
        raise UnknownName("detail", detail, ["auto", "all", "some", "keys", "names"])
    return (detail,)
