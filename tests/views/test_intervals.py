"""The plot of intervals: well-formed, of attributes only, the same bytes, nothing outside its frame."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.views.intervals import Span, interval_plot
from tests.views.trials import good

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "rect", "line", "circle", "polygon", "text"}
NAMES = (
    "revenue by city",
    "<script>&\"'",
    "a very long name of a query that has no room " * 3,
    "数据 👩‍💻",
    "\x00\x1b\ud800\uffff",
)


def _checked(svg: str) -> ET.Element:
    root = ET.fromstring(svg.encode())  # noqa: S314  our own text
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert not {"style", "class", "href", "id"} & set(element.attrib)
        for name, most in (
            ("x", width),
            ("x1", width),
            ("x2", width),
            ("cx", width),
            ("y", height),
            ("y1", height),
            ("cy", height),
        ):
            assert 0 <= float(element.attrib.get(name, 0)) <= most
    return root


def test_a_plot_looks_as_it_did(golden: Callable[[str, str], None]) -> None:
    spans = [
        Span(one.engine, one.query, one.candidate, one.ratio, one.low, one.high, one.different)
        for one in good().comparisons()
    ]
    svg = interval_plot(spans, baseline="one table", title="Time by query")
    _checked(svg)
    golden("plot.svg", svg + "\n")


ratios = st.one_of(st.floats(1e-9, 1e9), st.sampled_from([0.0, 1.0, math.inf]))
spans = st.builds(
    Span,
    panel=st.sampled_from(["duckdb", "sqlite", "postgresql"]),
    row=st.sampled_from(NAMES),
    series=st.sampled_from(NAMES),
    middle=st.floats(1e-6, 1e6),
    low=ratios,
    high=ratios,
    certain=st.booleans(),
)


@given(st.lists(spans, max_size=12), st.sampled_from(NAMES))
def test_any_plot_is_well_formed_and_stays_in_its_frame(given_spans: list[Span], words: str) -> None:
    svg = interval_plot(given_spans, baseline=words, title=words)
    assert svg == interval_plot(given_spans, baseline=words, title=words)
    _checked(svg)


@pytest.mark.parametrize(("certain", "filled"), [(True, True), (False, False)])
def test_a_mark_is_filled_where_the_difference_counts(certain: bool, filled: bool) -> None:  # noqa: FBT001  a table
    root = _checked(interval_plot([Span("p", "q", "s", 2, 1.5, 2.5, certain)], baseline="b", title="t"))
    mark = next(root.iter(f"{SVG}circle"))
    assert (mark.attrib["fill"] == mark.attrib["stroke"]) is filled
