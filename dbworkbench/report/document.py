"""Documents: ordered chapters about a design, saved as one file that needs nothing else."""

from dataclasses import dataclass
from pathlib import Path

from dbworkbench.errors import Unsupported, kind_of
from dbworkbench.output import write_file
from dbworkbench.page import html
from dbworkbench.page.blocks import Heading, Page
from dbworkbench.page.markdown import markdown
from dbworkbench.page.notebook import notebook
from dbworkbench.report.chapters import chapters
from dbworkbench.shown import Shown
from dbworkbench.views.describe import describe


@dataclass(frozen=True, slots=True)
class Document(Shown):
    """A title and chapters, as blocks."""

    title: str
    page: Page

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the document to one file of the kind its ending names: .html, .md or .ipynb; returns its path.

        The file holds its pictures and needs no network; the same document gives the same bytes. It appears whole
        or not at all. Raises OutputExists unless `overwrite`, and Unsupported for another ending.
        """
        return write_file(path, self.text(Path(path).suffix), overwrite=overwrite)

    def text(self, ending: str = ".md") -> str:
        """The document as the text of a file with that ending: ".html", ".md" or ".ipynb"."""
        match ending.casefold():
            case ".html" | ".htm":
                return html.document(self.page, title=self.title)
            case ".md" | ".markdown":
                return markdown(self.page, contents=True)
            case ".ipynb":
                return notebook(self.page)
            case other:
                said = f"{other!r} files" if other else "a file without an ending"
                raise Unsupported(f"a document cannot be saved as {said} — use .html, .md or .ipynb")


@describe.register
def _(document: Document) -> Page:
    return document.page


def document(title: str, *values: object) -> Document:
    """A document of values, a chapter each, in reading order whatever the order they are given in.

    Texts are paragraphs: before the first value they say what the document is for, later they open the chapter of the
    value after them. A page of blocks is taken as it is. A normalization brings the relation it began with, its
    analysis, diagram and SQL along.

    >>> print(document("Shop", "What we sell.").text(".md"))
    # Shop
    <BLANKLINE>
    What we sell.
    <BLANKLINE>
    """
    if not isinstance(title, str):
        raise Unsupported(f"{kind_of(title)} is no title — a document begins with a text: document('Shop', …)")
    body = tuple(block for chapter in chapters(values) for block in chapter.page)
    return Document(title, (Heading(title, 1), *body))
