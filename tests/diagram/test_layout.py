import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.diagram.fitting import Link, Node, kept
from dbworkbench.diagram.layout import LARGE, columns, grid
from dbworkbench.diagram.metrics import clipped, printable, width, wrapped
from dbworkbench.diagram.packing import packed

sizes = st.tuples(st.integers(1, 400).map(float), st.integers(1, 400).map(float))


@given(st.lists(sizes, max_size=25), st.sampled_from([0.0, 8.0, 40.0]))
@settings(max_examples=60)
def test_packed_rectangles_keep_apart_and_within_the_sheet(rectangles: list[tuple[float, float]], gap: float) -> None:
    places, (wide, high) = packed(rectangles, gap=gap)
    spans = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(places, rectangles, strict=True)]
    for at, (left, top, right, low) in enumerate(spans):
        assert left >= 0
        assert top >= 0
        assert right <= wide + 0.01
        assert low <= high + 0.01
        for other in spans[at + 1 :]:
            across = max(left, other[0]) - min(right, other[2])
            down = max(top, other[1]) - min(low, other[3])
            assert max(across, down) >= gap - 0.02


def graph(count: int) -> tuple[list[Node], list[Link]]:
    nodes = [Node(f"n{at}", 120, 60) for at in range(count)]
    return nodes, [Link(f"n{at // 2}", 20, f"n{at}", 40) for at in range(1, count)]


def names(placed: list[list[tuple[str, float]]]) -> list[str]:
    return sorted(name for column in placed for name, _ in column)


@pytest.mark.parametrize("count", [2, 9, 40, LARGE + 20])
@pytest.mark.parametrize("tries", [0, 300])
def test_every_card_has_one_place(count: int, tries: int) -> None:
    nodes, links = graph(count)
    assert names(columns(nodes, links, tries=tries)) == sorted(node.name for node in nodes)


def test_a_layout_that_would_take_too_long_is_cut_off_and_a_grid_stands() -> None:
    nodes, links = graph(LARGE + 20)
    assert columns(nodes, links, seconds=0.001) == grid(nodes)


def test_old_places_are_kept_and_new_cards_are_put_in() -> None:
    nodes, links = graph(6)
    places = {"n0": (0.0, 10.0), "n1": (200.0, 10.0), "n2": (200.0, 90.0), "n3": (400.0, 50.0)}
    placed = kept(nodes, links, places)
    assert placed is not None
    old = [[name for name, _ in column if name in places] for column in placed]
    assert [column for column in old if column] == [["n0"], ["n1", "n2"], ["n3"]]
    assert names(placed) == sorted(node.name for node in nodes)
    assert kept(nodes, links, {"n0": (0.0, 0.0)}) is None


@pytest.mark.parametrize("text", ["plain", "größe", "表の名前", "e\u0301e\u0301", "🦆", "اسم", "iiii", "WWWW"])
def test_widths_grow_with_the_text(text: str) -> None:
    assert 0 < width(text, 12) < width(text + "x", 12)
    assert width(text, 12) <= width(text, 12, bold=True) + 0.01
    assert width(clipped(text * 20, 12, 100), 12) <= 100


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_printable_text_is_one_line_that_xml_can_hold(text: str) -> None:
    line = printable(text)
    line.encode("utf-8")
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in line)
    assert printable(line) == line


def test_wrapped_text_keeps_its_words() -> None:
    said = "one two three four five six seven eight nine ten"
    assert " ".join(wrapped(said, 10, 60, lines=20)) == said
    assert wrapped(said, 10, 60, lines=2)[-1].endswith("…")
