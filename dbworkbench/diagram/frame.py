"""What surrounds a drawing on its sheet: title, subtitle, margins, and a legend of the signs in use."""

from dataclasses import replace

from dbworkbench.diagram.arrange import moved_box, moved_line
from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.notation import Notation
from dbworkbench.diagram.picture import Label, Picture, Point, Sample, Tone
from dbworkbench.diagram.svg import SIGNS, sample_width
from dbworkbench.diagram.theme import MEASURES as M


def framed(picture: Picture, title: str, notation: Notation, *, subtitle: str = "") -> Picture:
    """The picture with a title above, a legend of the signs in use below, and a margin around."""
    words = printable(title)
    notes = subtitle.split("\n") if subtitle else []
    heading = (34.0 if words else 0.0) + (15.0 * len(notes) - 3 if notes else 0.0)
    samples = _samples(picture, notation)
    room = max(picture.width, 420.0)
    places: list[Point] = []
    x = y = 0.0
    for sample in samples:
        wide = sample_width(sample) + width(sample.words, 10) + 18
        if x and x + wide > room:
            x, y = 0.0, y + 20
        places.append((x, y))
        x += wide
    right = max(
        (px + sample_width(s) + width(s.words, 10) for s, (px, _) in zip(samples, places, strict=True)), default=0.0
    )
    top = M.margin + heading
    low = top + picture.height + 34
    inner = max(picture.width, right, 60.0)
    shown = clipped(words, 16, max(inner, 300.0), bold=True)
    inner = max(inner, width(shown, 16, bold=True))
    legend = tuple(
        Sample(s.words, (M.margin + px, low + py), s.sign, s.mark, s.parent, s.identifying)
        for s, (px, py) in zip(samples, places, strict=True)
    )
    labels = tuple(
        Label(one.text, (one.at[0] + M.margin, one.at[1] + top), one.role, one.anchor, one.size)
        for one in picture.labels
    )
    head = [Label(shown, (M.margin, M.margin + 6), "title", size=16.0)] if words else []
    for at, note in enumerate(notes):
        head.append(Label(clipped(printable(note), 11, inner), (M.margin, M.margin + 27 + 15 * at), size=11.0))
    return Picture(
        round(inner + 2 * M.margin),
        round(low + y + 10 + M.margin * 0.6) if samples else round(top + picture.height + M.margin),
        tuple(moved_box(box, M.margin, top) for box in picture.boxes),
        tuple(moved_line(line, M.margin, top) for line in picture.lines),
        (*head, *labels),
        tuple(replace(panel, x=panel.x + M.margin, y=panel.y + top) for panel in picture.panels),
        words,
        legend,
    )


def _samples(picture: Picture, notation: Notation) -> list[Sample]:
    """What the legend explains: the marks and ends that occur."""
    marks = {mark for box in picture.boxes for row in box.card.rows for mark in row.marks}
    named = {"PK": "primary key", "FK": "foreign key", "U": "unique", "U1": "unique together", "IX": "indexed"}
    found = [Sample(words, (0, 0), mark) for mark, words in named.items() if mark in marks]
    if any(row.nullable for box in picture.boxes for row in box.card.rows):
        found.append(Sample("may be null", (0, 0), "null"))
    ends = {
        (side, end.mark, identifying)
        for line in picture.lines
        for side, end in (("child", line.child), ("parent", line.parent))
        for identifying in {False, line.reference.identifying}
    }
    for side, mark, words, identifying in notation.legend:
        if (side, mark, identifying) in ends:
            found.append(Sample(words, (0, 0), mark=mark, parent=side == "parent", identifying=identifying))
    if notation.note and picture.lines:
        found.append(Sample(notation.note, (0, 0)))
    if notation.dashed:
        kinds = {line.reference.identifying for line in picture.lines}
        found += [Sample("identifying", (0, 0), "solid")] if True in kinds else []
        found += [Sample("not identifying", (0, 0), "dashed")] if False in kinds else []
    tones = {box.card.tone for box in picture.boxes} | {row.tone for box in picture.boxes for row in box.card.rows}
    tones |= {line.reference.tone for line in picture.lines}
    found += [Sample(tone.value, (0, 0), tone.value) for tone in Tone if tone in tones and tone in SIGNS]
    return found
