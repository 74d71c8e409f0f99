"""How diagrams look: a figure per page, each with its outline in words."""

from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.page.blocks import Figure, Heading, Page
from dbworkbench.views.describe import describe


@describe.register
def _(diagram: Diagram) -> Page:
    if len(diagram.pages) == 1:
        return describe(diagram.pages[0])
    figures = (Figure(sheet.svg, sheet.alt, sheet.title, sheet.outline) for sheet in diagram.pages)
    return (Heading(diagram.title), *figures)


@describe.register
def _(sheet: Sheet) -> Page:
    return (Figure(sheet.svg, sheet.alt, "", sheet.outline),)
