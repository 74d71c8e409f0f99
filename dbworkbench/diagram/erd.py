"""Entity-relationship diagrams of schemas and relations, from three relations to thousands."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from dbworkbench.diagram.areas import areas_found, areas_given
from dbworkbench.diagram.atlas import atlas
from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.diagram.dot import dot
from dbworkbench.diagram.notation import notation_of
from dbworkbench.diagram.sheet import Look, forced, long_relation, parts, richest, sheet
from dbworkbench.diagram.theme import Theme, theme_of
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.notation import to_text
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

_LONG = 40  # attributes beyond which one relation alone is continued in columns
_FEW = 12  # relations that stand on one sheet however large they are
_ALL, _SOME, _KEYS = 18, 32, 60  # relations up to which a sheet shows all attributes, keys and a few, keys


class Designed(Protocol):
    """Any value that holds a schema, such as a normalization."""

    @property
    def schema(self) -> Schema:
        """The design to draw."""


def erd(
    design: Schema | Relation | Designed,
    *,
    notation: str = "crow's foot",
    detail: str = "auto",
    areas: str | Mapping[str, Collection[str]] | None = "auto",
    theme: str | Theme = "light",
    title: str = "",
) -> Diagram:
    """The design drawn: every reference runs from its attributes' rows to the rows they refer to.

    `notation` is "crow's foot", "IDEF1X", "UML" or "min-max". `detail` is "all" attributes, "some" (keys and a few),
    "keys", "names", or "auto": as much as stays readable on a page. A schema that is too large for one page is drawn
    as an atlas: a map of its subject areas, a page for each, and an index. `areas` are found ("auto"), given (name to
    relations), or not wanted (None: one sheet, whatever its size).

    Raises DesignError where there is nothing to draw, and UnknownName for a word or a relation that is not known.

    >>> from dbworkbench.schema.notation import schema
    >>> erd(schema("a(*id)", "b(*id, a_id -> a)")).pages[0].alt
    'Entity-relationship diagram of 2 relations with 1 reference: a, b.'
    """
    relations, name = _relations(design)
    look = Look(notation_of(notation), theme_of(theme))
    details = _details(detail, len(relations))
    heading = title or name or (relations[0].name if len(relations) == 1 else "Schema")
    model = _model(design if isinstance(design, Schema | Relation) else design.schema)
    pages = _pages(relations, details, areas, heading, look, model)
    return Diagram(heading, pages, dot(*parts(relations, details[0]), title=heading))


def _pages(  # noqa: PLR0917  what a diagram is made of
    relations: Sequence[Relation],
    details: Sequence[str],
    areas: str | Mapping[str, Collection[str]] | None,
    heading: str,
    look: Look,
    model: str,
) -> tuple[Sheet, ...]:
    if isinstance(areas, str) and areas != "auto":
        raise UnknownName("way to find areas", areas, ["auto"])
    if len(relations) == 1 and len(relations[0].attributes) > _LONG and details[0] == "all":
        return long_relation(relations[0], heading, look, metadata=model)
    if not isinstance(areas, Mapping):
        picture = richest(relations, details, heading, look) if len(relations) <= _KEYS else None
        if picture is None and (areas is None or len(relations) <= _FEW):
            picture = forced(relations, details[-1], heading, look)
        if picture is not None:
            return (sheet(picture, relations, heading, look, metadata=model),)
    found = areas_given(relations, areas) if isinstance(areas, Mapping) else areas_found(relations)
    on_pages = details if len(details) == 1 and details != ("keys",) else ("all", "some", "keys", "names")
    return atlas(relations, found, on_pages, heading, look, metadata=model)


def _model(design: Schema | Relation) -> str:
    """The design for machines: JSON that holds its text notation."""
    return json.dumps({"dbworkbench": "design", "notation": to_text(design)})


def _relations(design: Schema | Relation | Designed) -> tuple[tuple[Relation, ...], str]:
    if isinstance(design, Relation):
        return (design,), ""
    schema = design if isinstance(design, Schema) else design.schema
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
