"""Letters as a real browser sets them: within their tables, and apart from each other."""

from pathlib import Path
from typing import Any

import pytest

from dbworkbench.diagram.dependencies import dependency_picture
from dbworkbench.diagram.erd import erd
from dbworkbench.diagram.normalized import normalization_picture
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.relation import Attribute, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Text
from tests.diagram.designs import SHOP, WIDE
from tests.diagram.test_chen import COMPANY
from tests.diagram.test_dependencies import NAMES, SALES
from tests.diagram.test_difference import LATER
from tests.diagram.test_erd import HOSTILE

pytestmark = pytest.mark.browser

STRANGE = Schema(
    tuple(
        Relation(
            name,
            (Attribute("id", Integer()), Attribute(name, Text()), Attribute(f"{name}2", Integer(), nullable=True)),
            (Key(("id",)),),
        )
        for name in HOSTILE
    )
)
PICTURES = {
    "shop": lambda: erd(SHOP),
    "UML": lambda: erd(SHOP, notation="UML"),
    "areas": lambda: erd(SHOP, areas={"People": ["customers", "addresses"]}),
    "difference": lambda: erd(LATER, since=SHOP),
    "hostile": lambda: erd(STRANGE),
    "wide": lambda: erd(WIDE),
    "dependencies": lambda: dependency_picture(NAMES, SALES),
    "normalization": lambda: normalization_picture(normalize("r(a, b, c, d); key a; b -> c; c -> d")),
    "Chen": lambda: erd(COMPANY),
    "dark": lambda: erd(SHOP, theme="dark"),
}

TOO_WIDE = """() => {
  const found = [];
  const box = (e) => e.getBoundingClientRect();
  for (const table of document.querySelectorAll('g[data-table]')) {
    const frame = box(table.querySelector('rect'));
    for (const text of table.querySelectorAll('text')) {
      const place = box(text);
      if (place.left < frame.left - 1 || place.right > frame.right + 1) found.push(['outside', text.textContent]);
    }
    for (const row of table.querySelectorAll('g[data-column]')) {
      const texts = [...row.querySelectorAll(':scope > text')].map(box).sort((a, b) => a.left - b.left);
      for (let at = 1; at < texts.length; at++)
        if (texts[at - 1].right > texts[at].left + 0.5) found.push(['upon each other', row.textContent]);
    }
  }
  for (const shape of document.querySelectorAll('g[id^=attribute-], g[id^=determinant-], g[id^=entity-]')) {
    const frame = box(shape.querySelector('rect'));
    for (const text of shape.querySelectorAll(':scope > text')) {
      const place = box(text);
      const oval = shape.querySelector('ellipse');
      if (!oval && (place.left < frame.left || place.right > frame.right)) found.push(['outside', text.textContent]);
    }
  }
  if (document.querySelectorAll('svg text').length < 5) found.push('no text at all');
  const sheet = box(document.querySelector('svg'));
  for (const text of document.querySelectorAll('svg text')) {
    const place = box(text);
    if (place.right > sheet.right + 0.5 || place.bottom > sheet.bottom + 0.5) found.push(['off the sheet', text.textContent]);
  }
  return found;
}"""


@pytest.mark.parametrize("name", PICTURES)
def test_letters_keep_within_their_places(name: str, browser: Any, tmp_path: Path) -> None:
    for at, page in enumerate(PICTURES[name]().pages):
        path = tmp_path / f"{at}.html"
        path.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{page.svg}', encoding="utf-8")
        with browser.open(path, width=1800, height=1400) as tab:
            assert tab.page.evaluate(TOO_WIDE) == []
            assert tab.requests == []
            assert tab.complaints == []
