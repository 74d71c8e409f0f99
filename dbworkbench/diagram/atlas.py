"""A large schema as an atlas: a map of its subject areas, a page for each area, and an index."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dbworkbench.diagram.areas import Area
from dbworkbench.diagram.arrange import Effort, arranged
from dbworkbench.diagram.diagram import Sheet
from dbworkbench.diagram.frame import framed
from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.notation import ARROW
from dbworkbench.diagram.picture import Card, Label, Mark, Picture, Reference, Row
from dbworkbench.diagram.sheet import Look, forced, richest, sheet
from dbworkbench.diagram.svg import svg
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.schema.relation import Relation

_TRIES = 8_000  # moves tried over all pages
_ENTRIES, _INDEX_COLUMNS, _INDEX_WIDE, _INDEX_ROW = 42, 4, 262.0, 19.0
_MAP = 54  # areas on one page of the map
_MAPS = ((12, 4, 6, 6), (24, 3, 4, 2), (32, 0, 3, 1), (10**9, 0, 2, 0))  # up to so many areas: members, links, lines


def atlas(
    relations: Sequence[Relation],
    areas: Sequence[Area],
    details: Sequence[str],
    title: str,
    look: Look,
    *,
    metadata: str,
) -> tuple[Sheet, ...]:
    """The map, a page per area, and the index."""
    by_name = {relation.name: relation for relation in relations}
    home = {name: at for at, area in enumerate(areas) for name in area.relations}
    crossing = Counter(
        (home[relation.name], home[foreign_key.relation])
        for relation in relations
        for foreign_key in relation.foreign_keys
        if foreign_key.relation in home and home[foreign_key.relation] != home[relation.name]
    )
    look = replace(look, hues=home)
    tries = max(60, min(3000, _TRIES // len(areas)))
    pages = _maps(areas, crossing, title, look, metadata)
    for at, area in enumerate(areas):
        members = [by_name[name] for name in area.relations]
        heading = f"{title} — {area.name}"
        said = _crossed(at, areas, crossing, len(members))
        picture = richest(members, details, heading, look, subtitle=said, tries=tries)
        if picture is None:
            picture = forced(members, details[-1], heading, look, subtitle=said, tries=tries)
        pages.append(sheet(picture, members, area.name, look))
    return (*pages, *_index(areas, title, look))


def _crossed(at: int, areas: Sequence[Area], crossing: Mapping[tuple[int, int], int], count: int) -> str:
    """What an area refers to, and what refers to it."""

    def listed(pairs: list[tuple[int, int]]) -> str:
        pairs.sort(key=lambda pair: (-pair[1], pair[0]))
        more = f" and {len(pairs) - 4} more" if len(pairs) > 4 else ""
        return ", ".join(f"{areas[there].name} ({links})" for there, links in pairs[:4]) + more

    out = listed([(there, links) for (here, there), links in crossing.items() if here == at])
    into = listed([(here, links) for (here, there), links in crossing.items() if there == at])
    said = [f"{count} relation{'s' * (count != 1)}"]
    said += [f"refers to {out}"] if out else []
    said += [f"referred to by {into}"] if into else []
    return " · ".join(said)


def _maps(
    areas: Sequence[Area], crossing: Counter[tuple[int, int]], title: str, look: Look, metadata: str
) -> list[Sheet]:
    """Each area as a card: its first relations, and the areas it refers to, with how many references."""
    members, links, lines = next(found for most, *found in _MAPS if len(areas) <= most)
    out: dict[int, list[tuple[int, int]]] = {}
    for (here, there), count in crossing.items():
        out.setdefault(here, []).append((count, there))
    for found in out.values():
        found.sort(key=lambda pair: (-pair[0], pair[1]))
    cards, wanted = [], []
    for at, area in enumerate(areas):
        cards.append(_area_card(area, areas, at, out.get(at, [])[:links], members))
        one, many = Mark(1, many=False), Mark(0, many=True)
        wanted += [
            Reference(area.name, (areas[there].name,), areas[there].name, ("",), many, one, identifying=True)
            for _, there in out.get(at, [])[:lines]
        ]
    pages = math.ceil(len(areas) / _MAP)
    size = math.ceil(len(areas) / pages)
    sheets = []
    for page in range(pages):
        part, kept = cards[page * size : (page + 1) * size], slice(page * size, (page + 1) * size)
        name = "Overview" if pages == 1 else f"Overview {page + 1} of {pages}"
        heading = f"{title} — {len(areas)} subject areas" + (f", {page + 1} of {pages}" if pages > 1 else "")
        drawing = arranged(part, wanted if pages == 1 else (), Effort(tries=min(1500, 30_000 // len(cards))))
        picture = framed(drawing, heading, ARROW, subtitle=_counted(areas, crossing))
        listed = ", ".join(f"{printable(area.name)} ({len(area.relations)})" for area in areas[kept][:20])
        alt = f"Map of {len(areas)} subject areas with {sum(crossing.values())} references between them: {listed}."
        said = [printable(heading)]
        for at, area in enumerate(areas[kept], page * size):
            said.append(f"  {printable(area.name)}: {len(area.relations)} relations")
            said += [f"    → {printable(areas[there].name)} ({count})" for count, there in out.get(at, [])]
        kept_text = metadata if not page else ""
        drawn = svg(picture, ARROW, look.theme, alt=alt, metadata=kept_text)
        sheets.append(Sheet(name, drawn, alt, "\n".join(said), picture))
    return sheets


def _area_card(area: Area, areas: Sequence[Area], at: int, out: Sequence[tuple[int, int]], members: int) -> Card:
    rows = [Row("", clipped(printable(name), M.size, M.name_room)) for name in area.relations[:members]]
    if members and len(area.relations) > members:
        rows.append(Row("", f"… {len(area.relations) - members} more"))
    ruled = len(rows) if out else 0
    for count, there in out:
        name = areas[there].name
        rows.append(Row(name, clipped(f"→ {printable(name)}", M.size, M.name_room), type=str(count)))
    heading = clipped(f"{printable(area.name)} · {len(area.relations)}", M.title, M.name_room, bold=True)
    return Card(area.name, heading, tuple(rows), ruled=ruled, hue=at)


def _counted(areas: Sequence[Area], crossing: Mapping[tuple[int, int], int]) -> str:
    count = sum(len(area.relations) for area in areas)
    between = sum(crossing.values())
    return f"{count} relations · {between} references between areas, the strongest named"


def _index(areas: Sequence[Area], title: str, look: Look) -> list[Sheet]:
    """Every relation by name with the area, and so the page, where it stands."""
    entries = sorted(
        ((name, area.name) for area in areas for name in area.relations),
        key=lambda entry: (entry[0].casefold(), entry[0]),
    )
    count = math.ceil(len(entries) / (_ENTRIES * _INDEX_COLUMNS))
    room = math.ceil(len(entries) / count)
    sheets = []
    for page in range(count):
        part = entries[page * room : (page + 1) * room]
        deep = _depth(len(part))
        labels = []
        for at, (name, area) in enumerate(part):
            column, row = divmod(at, deep)
            x, y = column * _INDEX_WIDE, row * _INDEX_ROW + 8
            where = clipped(printable(area), 10, 90)
            room_left = _INDEX_WIDE - 34 - width(where, 10)
            labels += [
                Label(clipped(printable(name), 12, room_left), (x, y), "entry", size=12.0),
                Label(where, (x + _INDEX_WIDE - 20, y), "caption", anchor="end", size=10.0),
            ]
        size = (_INDEX_WIDE * math.ceil(len(part) / deep), deep * _INDEX_ROW)
        name = (
            "Index" if len(entries) <= room else f"Index {printable(part[0][0])[:12]} – {printable(part[-1][0])[:12]}"
        )
        picture = framed(Picture(*size, labels=tuple(labels)), f"{title} — {name}", look.notation)
        lines = [f"{printable(title)} — {name}", *(f"  {printable(one)}: {printable(area)}" for one, area in part)]
        alt = f"Index of {len(part)} relations and the areas where they stand."
        sheets.append(Sheet(name, svg(picture, look.notation, look.theme, alt=alt), alt, "\n".join(lines)))
    return sheets


def _depth(entries: int) -> int:
    """How many entries stand in each column of an index, for a page of good shape."""
    fits = [columns for columns in range(1, _INDEX_COLUMNS + 1) if math.ceil(entries / columns) <= _ENTRIES]

    def misfit(columns: int) -> float:
        high = math.ceil(entries / columns) * _INDEX_ROW + 110
        return abs(math.log(columns * _INDEX_WIDE / high / 1.2))

    return math.ceil(entries / min(fits, key=misfit))
