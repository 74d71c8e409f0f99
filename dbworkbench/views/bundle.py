"""What a notebook and a terminal get of a value: the same blocks in the forms that each can show."""

from dbworkbench.page.blocks import Figure
from dbworkbench.page.html import fragment
from dbworkbench.page.markdown import markdown
from dbworkbench.page.plain import plain
from dbworkbench.views.describe import describe


def bundle(value: object) -> dict[str, str]:
    """A value's MIME bundle: HTML, Markdown and plain text, and the SVG itself where the value is one picture.

    The HTML holds its pictures, so that a saved notebook shows them with no kernel and no network; the
    Markdown gives only their words, since nothing shows both.
    """
    page = describe(value)
    forms = {
        "text/html": fragment(page),
        "text/markdown": markdown(page, pictures=False),
        "text/plain": plain(page, folds=False),
    }
    pictures = [block for block in page if isinstance(block, Figure)]
    if len(page) == len(pictures) == 1:
        forms["image/svg+xml"] = pictures[0].svg
    return forms


def text(value: object) -> str:
    """A value as plain text, closed folds by their titles.

    >>> text("A shop.")
    'A shop.'
    """
    return plain(describe(value), folds=False)
