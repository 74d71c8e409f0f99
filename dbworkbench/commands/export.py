"""`dbworkbench export`: a saved notebook as one page that needs no kernel and no network."""

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Write a saved notebook as one HTML page. Boards on it can still be moved and seen in every view, walks "
        "and scoreboards explored; nothing is run, and the page asks no network for anything."
    )
    parser.add_argument("notebook", type=Path, help="a saved .ipynb file")
    parser.add_argument("--html", action="store_true", help="as HTML, which is the only form there is")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the page to write (default: beside the notebook)")
    parser.add_argument("--force", action="store_true", help="write over a page that is there already")


def run(given: argparse.Namespace) -> int:
    """Write the page."""
    from dbworkbench.widgets.export import export_html

    done = export_html(given.notebook, given.out, overwrite=given.force)
    for remark in done.remarks:
        print(remark)
    views = f", {done.live} of its views live" if done.live else ""
    print(f"the page is {done.path}{views}")
    return 0
