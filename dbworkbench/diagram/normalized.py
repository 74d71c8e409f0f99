"""A normalization as pictures: the relation before, the relations after, what went where, and every step between."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dbworkbench.diagram.arrange import Effort, arranged, moved_box, moved_line
from dbworkbench.diagram.compose import card
from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.diagram.frame import framed
from dbworkbench.diagram.metrics import printable, wrapped
from dbworkbench.diagram.notation import CROWS_FOOT
from dbworkbench.diagram.picture import Card, Panel, Picture, Reference, Tone
from dbworkbench.diagram.sheet import Look, parts
from dbworkbench.diagram.svg import svg
from dbworkbench.diagram.theme import Theme, theme_of
from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.relation import Relation
from dbworkbench.theory.decomposition import Step

_PAD, _HEAD, _APART = 18.0, 34.0, 36.0
Names = frozenset[str]


def normalization_picture(
    normalization: Normalization | Relation | str, *, theme: str | Theme = "light", title: str = ""
) -> Diagram:
    """Before and after side by side, the relations numbered so that each attribute tells where it went; then the steps.

    A relation, or its text, is normalized to 3NF first.

    >>> from dbworkbench.schema.normalization import normalize
    >>> [page.title for page in normalization_picture(normalize("r(a, b, c); key a; b -> c")).pages][0]
    'Before and after'
    """
    if not isinstance(normalization, Normalization):
        normalization = normalize(normalization)
    before, after = normalization.before, normalization.schema.relations
    look = Look(CROWS_FOOT, theme_of(theme), hues={relation.name: at for at, relation in enumerate(after, 1)})
    heading = title or f"{before.name} in {normalization.form}"
    cards, wanted = parts(after, "all", look)
    numbered = [replace(one, title=f"{at} · {one.title}") for at, one in enumerate(cards, 1)]
    pages = [_overall(before, normalization.form, numbered, wanted, heading, look)]
    pages += _steps(normalization, heading, look)
    return Diagram(heading, tuple(pages), tuple(after))


def step_pictures(normalization: Normalization, *, theme: str | Theme = "light") -> tuple[str, ...]:
    """Each step that changes a scheme, as SVG without a heading, to stand under words of one's own."""
    after = normalization.schema.relations
    look = Look(CROWS_FOOT, theme_of(theme), hues={relation.name: at for at, relation in enumerate(after, 1)})
    return tuple(sheet.svg for sheet in _steps(normalization, "", look))


def _overall(  # noqa: PLR0917  what the page is made of
    before: Relation, form: str, cards: Sequence[Card], wanted: Sequence[Reference], heading: str, look: Look
) -> Sheet:
    whole = card(before)
    homes = {
        name: tuple(one.hue for one in cards if any(row.attribute == name for row in one.rows)) for name in before.names
    }
    whole = replace(whole, rows=tuple(replace(row, swatches=homes[row.attribute]) for row in whole.rows))
    whole = replace(whole, relation="\x00before")
    left = _panel("Before", arranged([whole], ()))
    right = _panel(f"After: {form}", arranged(cards, wanted, Effort(aspect=1.2)))
    said = "The numbers beside an attribute are those of the relations that hold it now."
    picture = framed(_side_by_side([left, right]), heading, look.notation, subtitle=said)
    alt = f"{printable(before.name)} before and after normalization to {form}: " + ", ".join(
        f"{printable(one.relation)} ({len(one.rows)} attributes)" for one in cards
    )
    lines = [heading, f"  {printable(before.name)} before"]
    named = {one.hue: one.relation for one in cards}
    lines += [
        f"    {printable(name)} → {', '.join(printable(named[hue]) for hue in homes[name]) or 'nowhere'}"
        for name in before.names
    ]
    return Sheet(
        "Before and after", svg(picture, look.notation, look.theme, alt=alt + "."), alt + ".", "\n".join(lines)
    )


def _panel(title: str, picture: Picture) -> Picture:
    """The picture on a titled ground."""
    wide, high = max(picture.width, 120.0), picture.height
    return Picture(
        wide + 2 * _PAD,
        high + _HEAD + _PAD,
        tuple(moved_box(box, _PAD, _HEAD) for box in picture.boxes),
        tuple(moved_line(line, _PAD, _HEAD) for line in picture.lines),
        panels=(Panel(title, 0, 0, wide + 2 * _PAD, high + _HEAD + _PAD),),
    )


def _side_by_side(pictures: Sequence[Picture]) -> Picture:
    x = 0.0
    boxes, lines, panels = [], [], []
    high = max(picture.height for picture in pictures)
    for picture in pictures:
        boxes += [moved_box(box, x, 0) for box in picture.boxes]
        lines += [moved_line(line, x, 0) for line in picture.lines]
        panels += [replace(panel, x=panel.x + x, height=high) for panel in picture.panels]
        x += picture.width + _APART
    return Picture(x - _APART, high, tuple(boxes), tuple(lines), panels=tuple(panels))


def _steps(normalization: Normalization, heading: str, look: Look) -> list[Sheet]:
    """A page for each step that changes a scheme."""
    before = normalization.before
    named: dict[Names, Relation] = {frozenset(relation.names): relation for relation in normalization.schema}
    steps = [step for step in normalization.steps if set(step.before) != set(step.after)]
    return [
        _step(step, at, before, named, heading and f"{heading} — step {at} of {len(steps)}", look)
        for at, step in enumerate(steps, 1)
    ]


def _step(  # noqa: PLR0917  what the page is made of
    step: Step, at: int, whole: Relation, named: Mapping[Names, Relation], heading: str, look: Look
) -> Sheet:
    gone = [scheme for scheme in step.before if scheme not in step.after]
    come = [scheme for scheme in step.after if scheme not in step.before]
    determinant: Names = getattr(step.dependency, "determinant", frozenset())
    dependent: Names = getattr(step.dependency, "dependent", frozenset())
    cards = [
        [
            _scheme(scheme, whole, named, determinant, dependent, look, f"\x00{side}{n}")
            for n, scheme in enumerate(schemes)
        ]
        for side, schemes in enumerate((gone, come))
    ]
    panels = [
        _panel(title, arranged(side, ()))
        for title, side in zip(("Before this step", "After it"), cards, strict=True)
        if side
    ]
    body = _side_by_side(panels)
    notes = [step.title, *wrapped(step.reason, 11, max(body.width, 420), lines=4)] if heading else []
    picture = framed(body, heading, look.notation, subtitle="\n".join(notes))
    alt = f"Step {at}: {step.title}."
    said = "\n".join(
        [heading, f"  {step.title}", f"  {step.reason}", *(f"    {_listed(scheme, whole)}" for scheme in come)]
    )
    return Sheet(f"Step {at}: {step.title}", svg(picture, look.notation, look.theme, alt=alt), alt, said)


def _listed(scheme: Names, whole: Relation) -> str:
    return ", ".join(printable(name) for name in whole.names if name in scheme)


def _scheme(  # noqa: PLR0917  what a card is made of
    scheme: Names,
    whole: Relation,
    named: Mapping[Names, Relation],
    determinant: Names,
    dependent: Names,
    look: Look,
    identity: str,
) -> Card:
    """A scheme of a step as a card; the determinant that is split off stands out, what depends on it moves."""
    known = named.get(scheme)
    relation = known or Relation(whole.name, tuple(whole[name] for name in whole.names if name in scheme))
    drawn = card(replace(relation, foreign_keys=()))
    rows = tuple(
        replace(
            row,
            tone=Tone.HIGHLIGHT
            if row.attribute in determinant
            else Tone.MOVED
            if row.attribute in dependent
            else Tone.PLAIN,
        )
        for row in drawn.rows
    )
    return replace(drawn, relation=identity, rows=rows, hue=look.hues.get(relation.name, 0) if known else 0)
