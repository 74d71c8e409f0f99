"""How diagrams look: the first page as a figure, further ones behind their titles, each with its outline in words."""

from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.page.blocks import Figure, Fold, Heading, Page
from dbworkbench.views.describe import describe


@describe.register
def _(diagram: Diagram) -> Page:
    first, *others = diagram.pages
    if not others:
        return describe(first)
    return (Heading(diagram.title), *describe(first), *(Fold(sheet.title, describe(sheet)) for sheet in others))


@describe.register
def _(sheet: Sheet) -> Page:
    return (Figure(sheet.svg, sheet.alt, "", sheet.outline),)
