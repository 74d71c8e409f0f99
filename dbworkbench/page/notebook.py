"""Blocks as a Jupyter notebook of Markdown cells, one per chapter."""

import hashlib
import json

from dbworkbench.page.blocks import Block, Heading, Page
from dbworkbench.page.markdown import markdown
from dbworkbench.page.outline import level_of


def notebook(page: Page) -> str:
    """A page as the text of an `.ipynb` file (nbformat 4.5); the same page gives the same bytes, ids included."""
    cells: list[dict[str, object]] = []
    for at, chapter in enumerate(_chapters(page)):
        source = markdown(chapter).rstrip("\n")
        name = hashlib.sha256(f"{at}\n{source}".encode()).hexdigest()[:12]
        cells.append({"cell_type": "markdown", "id": name, "metadata": {}, "source": source.splitlines(keepends=True)})
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _chapters(page: Page) -> list[Page]:
    chapters: list[list[Block]] = []
    for block in page:
        if not chapters or (isinstance(block, Heading) and level_of(block) <= 3):
            chapters.append([])
        chapters[-1].append(block)
    return [tuple(chapter) for chapter in chapters]
