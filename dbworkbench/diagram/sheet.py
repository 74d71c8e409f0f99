"""One sheet of an entity-relationship diagram: relations in, SVG and its twins in words out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dbworkbench.diagram.arrange import TRIES, Effort, arranged, crowding, sizes_of
from dbworkbench.diagram.compose import card, reference, size_of
from dbworkbench.diagram.diagram import Sheet
from dbworkbench.diagram.fitting import PAGE
from dbworkbench.diagram.frame import framed
from dbworkbench.diagram.metrics import clipped, printable
from dbworkbench.diagram.notation import Notation
from dbworkbench.diagram.outline import outline
from dbworkbench.diagram.picture import Card, Picture, Reference, Row, Tone
from dbworkbench.diagram.svg import svg
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.diagram.theme import Theme
from dbworkbench.schema.relation import Relation

_ROWS = 38  # attributes in one column of a long relation
READABLE = 12 / 9  # a drawing so much larger than the page still has letters of nine pixels when fitted to it


@dataclass(frozen=True, slots=True)
class Look:
    """How sheets look: notation, theme, what stands out, and the hue of each relation.

    `tones` and `notes` are those of relations (`("orders", "")`) and attributes (`("orders", "id")`),
    `reference_tones` those of references by their text; `places` are where cards stood in an earlier picture; `brief`
    are relations that show keys and a few attributes only, whatever the detail, since further pages show them whole.
    """

    notation: Notation
    theme: Theme
    tones: Mapping[tuple[str, str], Tone] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    reference_tones: Mapping[str, Tone] = field(default_factory=dict)
    hues: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    brief: frozenset[str] = frozenset()


def parts(
    relations: Sequence[Relation], detail: str, look: Look | None = None
) -> tuple[tuple[Card, ...], tuple[Reference, ...]]:
    """The cards, and the references whose both ends are drawn."""
    drawn = {relation.name for relation in relations}
    meant: dict[str, set[str]] = {}
    for relation in relations:
        for foreign_key in relation.foreign_keys:
            meant.setdefault(foreign_key.relation, set()).update(foreign_key.referenced)
    cards = tuple(
        card(
            relation,
            detail="some" if look and detail == "all" and relation.name in look.brief else detail,
            drawn=drawn,
            referenced=meant.get(relation.name, set()) | _toned(relation, look),
            hue=look.hues.get(relation.name, 0) if look else 0,
        )
        for relation in relations
    )
    wanted = tuple(
        reference(relation, foreign_key)
        for relation in relations
        for foreign_key in relation.foreign_keys
        if foreign_key.relation in drawn
    )
    return (
        (tuple(_tinted(one, look) for one in cards), tuple(_drawn_as(one, look) for one in wanted))
        if look
        else (cards, wanted)
    )


def _toned(relation: Relation, look: Look | None) -> set[str]:
    if look is None or not look.tones:
        return set()
    return {name for name in relation.names if (relation.name, name) in look.tones}


def _tinted(one: Card, look: Look) -> Card:
    if not look.tones:
        return one
    rows = tuple(_tinted_row(one.relation, row, look) for row in one.rows)
    return replace(one, rows=rows, tone=look.tones.get((one.relation, ""), Tone.PLAIN))


def _tinted_row(relation: str, row: Row, look: Look) -> Row:
    place = (relation, row.attribute)
    if not row.attribute or place not in look.tones:
        return row
    note = " ".join(word for word in (look.notes.get(place, ""), row.note) if word)
    return replace(row, tone=look.tones[place], note=clipped(note, M.size, M.name_room))


def _drawn_as(one: Reference, look: Look) -> Reference:
    tone = look.reference_tones.get(str(one))
    return replace(one, tone=tone) if tone else one


def scale(picture: Picture) -> float:
    """How many times larger than a page the picture is."""
    return max(picture.width / PAGE[0], picture.height / PAGE[1])


def _hope(cards: int, links: int) -> float:
    """The crowding beyond which a layout turns out too large for a page, as 197 drawings of real schemas did."""
    return 1.22 - 0.08 * min(1.0, links / cards) - (0.06 if cards > 36 else 0.0)


def richest(
    relations: Sequence[Relation],
    details: Sequence[str],
    title: str,
    look: Look,
    *,
    subtitle: str = "",
    tries: int = TRIES,
) -> Picture | None:
    """The drawing with the most detail, of those asked for, that is readable on a page; none if no such is."""
    for detail in details:
        cards, wanted = parts(relations, detail, look)
        sizes = sizes_of(cards)
        if crowding(sizes) > _hope(len(cards), len(wanted)):
            continue
        picture = framed(
            arranged(cards, wanted, Effort(tries=tries, places=look.places, own=look.notation.own), sizes),
            title,
            look.notation,
            subtitle=subtitle,
        )
        if scale(picture) <= READABLE:
            return picture
    return None


def forced(
    relations: Sequence[Relation], detail: str, title: str, look: Look, *, subtitle: str = "", tries: int = TRIES
) -> Picture:
    """The drawing in the detail asked for, whatever its size."""
    cards, wanted = parts(relations, detail, look)
    return framed(
        arranged(cards, wanted, Effort(tries=tries, places=look.places, own=look.notation.own)),
        title,
        look.notation,
        subtitle=subtitle,
    )


def sheet(picture: Picture, relations: Sequence[Relation], title: str, look: Look, *, metadata: str = "") -> Sheet:
    """The picture of these relations as a page."""
    alt = described([box.card.relation for box in picture.boxes], len(picture.lines))
    drawn = svg(picture, look.notation, look.theme, alt=alt, metadata=metadata)
    return Sheet(title, drawn, alt, outline(relations, title), picture)


def long_relation(relation: Relation, title: str, look: Look, *, metadata: str = "") -> tuple[Sheet, ...]:
    """One relation of very many attributes, continued in columns and on further pages."""
    (whole,), _ = parts([relation], "all", look)
    pieces = []
    for at in range(0, len(whole.rows), _ROWS):
        rows = whole.rows[at : at + _ROWS]
        name = whole.relation if not at else f"{whole.relation} ({at // _ROWS + 1})"
        heading = whole.title if not at else f"… {at + 1} to {at + len(rows)}"
        pieces.append(replace(whole, relation=name, title=heading, rows=rows, ruled=max(0, whole.ruled - at)))
    wide = max(size_of(piece)[0] for piece in pieces) + 48
    per_page = max(1, int(PAGE[0] * READABLE // wide))
    pages = []
    for at in range(0, len(pieces), per_page):
        first, last = at * _ROWS + 1, min(len(whole.rows), (at + per_page) * _ROWS)
        part = f"{title} — attributes {first} to {last} of {len(whole.rows)}" if len(pieces) > per_page else title
        picture = framed(arranged(pieces[at : at + per_page], ()), part, look.notation)
        alt = f"The relation {printable(relation.name)}: attributes {first} to {last} of {len(whole.rows)}."
        drawn = svg(picture, look.notation, look.theme, alt=alt, metadata=metadata if not at else "")
        pages.append(Sheet(part, drawn, alt, outline([relation], title) if not at else "", picture))
    return tuple(pages)


def described(names: Sequence[str], references: int) -> str:
    """What a diagram shows, in a sentence."""
    tables = f"{len(names)} relation{'s' * (len(names) != 1)}"
    links = f"{references} reference{'s' * (references != 1)}"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Entity-relationship diagram of {tables} with {links}: {', '.join(map(printable, names[:12]))}{more}."
