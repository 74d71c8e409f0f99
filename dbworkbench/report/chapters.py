"""Chapters of a document: where each value stands in it, under which title, and what belongs beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dbworkbench.errors import Undecided
from dbworkbench.page.blocks import Block, Fold, Heading, Notice, Page
from dbworkbench.page.outline import level_of
from dbworkbench.schema.analysis import Analysis, analyze
from dbworkbench.schema.loss import Written
from dbworkbench.schema.normalization import Normalization
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.views.describe import describe
from dbworkbench.views.schema import declared, dictionary, overview


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a document under its own heading; chapters are read in the order of their `place`."""

    place: int
    page: Page


# The package or module of a value's type: its place in reading order, and its title where the value has none.
_PLACES: dict[str, tuple[int, str]] = {
    "dbworkbench.schema.relation": (10, "Relation"),
    "dbworkbench.schema.schema": (10, "Schema"),
    "dbworkbench.schema.analysis": (20, "Analysis"),
    "dbworkbench.theory.anomalies": (23, "Anomalies"),
    "dbworkbench.theory": (25, "Proofs"),
    "dbworkbench.schema.normalization": (30, "Normalization"),
    "dbworkbench.diagram": (22, "Diagram"),
    "dbworkbench.schema.loss": (50, "SQL"),
    "dbworkbench.data.obey": (15, "Rules"),
    "dbworkbench.data": (60, "Rows"),
    "dbworkbench.population": (60, "Rows"),
    "pandas": (60, "Rows"),
    "dbworkbench.sql": (65, "Workload"),
    "dbworkbench.trials": (70, "Trial"),
}
_LATER = (80, "Further")
_GATHERED = frozenset({"Anomalies", "Proofs", "Further"})  # titles under which several values stand together
_DIALECTS = ("duckdb", "sqlite", "postgresql")
_MOST_DRAWN = 40


def chapters(values: Iterable[object]) -> list[Chapter]:
    """Values as chapters in reading order: purpose, relations, analysis, normalization, pictures, SQL, rows, trials.

    A text before the first other value says the document's purpose; a later one opens the chapter of the value after
    it. A normalization brings the relation it began with, its analysis, its pictures and its SQL, unless such values
    are given themselves. Texts of SQL make one chapter.
    """
    given = list(values)
    made: list[Chapter] = []
    opening: list[Block] = []
    met_value = wrote_sql = False
    for value in given:
        if isinstance(value, str):
            opening += describe(value)
            continue
        if isinstance(value, Written) and wrote_sql:
            continue
        wrote_sql = wrote_sql or isinstance(value, Written)
        own = [chapter for chapter in _chapters_of(value, given) if chapter not in made]
        own = [_joined(chapter, made) for chapter in own if chapter.page]
        if not met_value:
            made.append(Chapter(0, tuple(opening)))
        elif own:
            head, rest = _parted(own[0].page)
            own[0] = replace(own[0], page=(*head, *opening, *rest))
        met_value, opening = True, []
        made += own
    made.append(Chapter(_LATER[0] + 1 if met_value else 0, tuple(opening)))
    return sorted((chapter for chapter in made if chapter.page), key=lambda chapter: chapter.place)


def _joined(chapter: Chapter, made: list[Chapter]) -> Chapter:
    """A chapter without its title, where it goes on with one that gathers several values."""
    head, rest = _parted(chapter.page)
    gathers = any(isinstance(block, Heading) and block.text in _GATHERED for block in head)
    begun = gathers and any(other.place == chapter.place and other.page[:1] == head for other in made)
    return replace(chapter, page=rest) if begun else chapter


def _parted(page: Page) -> tuple[Page, Page]:
    """The title of a chapter, and the rest."""
    titled = bool(page) and isinstance(page[0], Heading)
    return (page[:1], page[1:]) if titled else ((), page)


def _chapters_of(value: object, given: list[object]) -> list[Chapter]:
    match value:
        case Normalization():
            return _normalization(value, given)
        case Relation():
            return [Chapter(10, _relation(value, given))]
        case Schema():
            return _schema(value, given)
        case Written():
            return [Chapter(50, _sql([other for other in given if isinstance(other, Written)]))]
        case _:
            place, title = _place_of(value)
            page = describe(value)
            if title == "Diagram":
                return [_picture(value, page, given)]
            if title in _GATHERED and page:
                return [Chapter(place, _section(title, page))]
            return [Chapter(place, under(str(getattr(value, "title", "") or title), page))] if page else []


def _place_of(value: object) -> tuple[int, str]:
    if isinstance(value, tuple):
        return _LATER[0], ""
    for kind in type(value).__mro__:
        parts = kind.__module__.split(".")
        for most in range(len(parts), 0, -1):
            if found := _PLACES.get(".".join(parts[:most])):
                return found
    return _LATER


def under(title: str, page: Page) -> Page:
    """A page as a chapter: its highest heading becomes level 2, and it begins with one."""
    levels = [level_of(block) for block in page if isinstance(block, Heading)]
    starts = bool(page) and isinstance(page[0], Heading) and level_of(page[0]) == min(levels)
    shift = (2 if starts else 3) - min(levels, default=3)
    moved = tuple(
        Heading(block.text, level_of(block) + shift) if isinstance(block, Heading) else block for block in page
    )
    return moved if starts or not title else (Heading(title), *moved)


def _section(title: str, page: Page) -> Page:
    """A page as a section of a chapter that gathers several: beside its title, its headings begin at level 3."""
    titled = any(isinstance(block, Heading) and level_of(block) <= 2 for block in page)
    return under("", page) if titled else (Heading(title), *page)


def _relation(relation: Relation, given: list[object]) -> Page:
    """A relation; its keys and normal form are left to the chapter of its analysis, where there is one."""
    analysed = any(
        (isinstance(other, Analysis) and other.relation == relation)
        or (isinstance(other, Normalization) and other.before == relation)
        for other in given
    )
    body = declared(relation) if analysed else describe(relation)[1:]
    return (Heading(f"The relation {relation.name}"), *body)


def _picture(value: object, page: Page, given: list[object]) -> Chapter:
    """A diagram: a chapter of its own, or a section of the analysis where it draws dependencies and there is one."""
    drawing = [other for other in given if any(_draws(other, schema) for schema in _schemas(given))]
    if value in drawing:
        return Chapter(40, under("Diagram" if len(drawing) == 1 else f"Diagram: {_own_title(value)}", page))
    if any(isinstance(other, (Analysis, Normalization)) for other in given):
        return Chapter(21, (Heading("Who determines whom", 3), *page))
    return Chapter(40, under(_own_title(value), page))


def _own_title(value: object) -> str:
    return str(getattr(value, "title", "") or "Diagram")


def _schemas(given: Iterable[object]) -> list[Schema]:
    """The schemas that pictures may draw."""
    return [
        value.schema if isinstance(value, Normalization) else value
        for value in given
        if isinstance(value, (Normalization, Schema))
    ]


def _draws(value: object, schema: Schema) -> bool:
    """Whether a value is a diagram that shows every relation of a schema."""
    outline = getattr(value, "outline", None)
    return isinstance(outline, str) and set(schema.names) <= {line.strip() for line in outline.split("\n")}


def _normalization(value: Normalization, given: list[object]) -> list[Chapter]:
    """The normalization in the middle of what it needs to be understood and used."""
    made: list[Chapter] = []
    pictures = [other for other in given if _place_of(other)[1] == "Diagram"]
    if not any(isinstance(other, Relation) and other == value.before for other in given):
        made.append(Chapter(10, _relation(value.before, given)))
    if not any(isinstance(other, Analysis) and other.relation == value.before for other in given):
        made.append(Chapter(20, under("Analysis", _analysis(value.before))))
        if all(_draws(picture, value.schema) for picture in pictures):
            made.append(Chapter(21, _dependencies(value.before)))
    made.append(Chapter(30, under("Normalization", describe(value))))
    head, *rest = dictionary(value.schema)
    more = _which(value, given)
    title = Heading(f"{head.text}{more}") if isinstance(head, Heading) else head
    return [*made, Chapter(45, (title, *rest)), *_drawn_and_written(value, value.schema, given)]


def _schema(value: Schema, given: list[object]) -> list[Chapter]:
    """A schema with its picture and SQL; nothing where a normalization that made it tells all that already."""
    if any(isinstance(other, Normalization) and other.schema == value for other in given):
        return []
    head, *rest = dictionary(value)
    return [Chapter(10, under("Schema", (head, overview(value), *rest))), *_drawn_and_written(value, value, given)]


def _drawn_and_written(value: object, schema: Schema, given: list[object]) -> list[Chapter]:
    """The picture and the SQL of a design, unless they are given."""
    made: list[Chapter] = []
    if not any(_draws(other, schema) for other in given):
        made.append(Chapter(40, under(f"Diagram{_which(value, given)}", _diagram(schema))))
    if not any(isinstance(other, Written) for other in given):
        from dbworkbench.sql.write import write  # noqa: PLC0415  only a document with SQL loads the SQL parser

        head, *rest = _sql([write(schema, dialect=name) for name in _DIALECTS])
        title = Heading(f"{head.text}{_which(value, given)}") if isinstance(head, Heading) else head
        made.append(Chapter(50, (title, *rest)))
    return made


def _which(value: object, given: list[object]) -> str:
    """What tells a design's chapters from those of other designs in the same document."""
    made = [other for other in given if isinstance(other, Normalization)]
    others = [other for other in given if isinstance(other, Schema) and all(other != each.schema for each in made)]
    if len(made) + len(others) < 2:
        return ""
    name = f"{value.before.name} in {value.form}" if isinstance(value, Normalization) else getattr(value, "name", "")
    return f": {name or 'the schema'}"


def _analysis(relation: Relation) -> Page:
    try:
        return describe(analyze(relation))
    except Undecided as open_question:
        return (Notice(str(open_question), "warning"),)


def _dependencies(relation: Relation) -> Page:
    """The dependency graph as a section of the analysis before it; none where it would be a thicket."""
    from dbworkbench.diagram.dependencies import dependency_picture  # noqa: PLC0415  the same as in _diagram

    if not 0 < len(relation.fds) <= _MOST_DRAWN or len(relation.attributes) > _MOST_DRAWN:
        return ()
    return (Heading("Who determines whom", 3), *describe(dependency_picture(relation)))


def _diagram(schema: Schema) -> Page:
    from dbworkbench.diagram.erd import erd  # noqa: PLC0415  only a document with a picture loads the layout engine

    first, *others = erd(schema).pages
    return (*describe(first), *(block for page in others for block in (Heading(page.title, 4), *describe(page))))


def _sql(texts: list[Written]) -> Page:
    """The first text in full, the others behind folds."""
    first, *others = texts
    folds = (Fold(f"For {_engine(text)}", describe(text)) for text in others)
    return (Heading(f"SQL for {_engine(first)}"), *describe(first), *folds)


def _engine(text: Written) -> str:
    from dbworkbench.sql.dialect import DIALECTS  # noqa: PLC0415  the same as in _normalization

    return DIALECTS[text.language].title if text.language in DIALECTS else text.language
