"""Dependencies are printed so that they can be read again, whatever their attributes are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.errors import NotationError
from dbworkbench.theory.dependencies import FD, IND, JD, MVD, Dependency, parse_dependency

NAMES = st.one_of(
    st.sampled_from(["a", "unit price", "a->b", "x ->> y", 'say "so"', "名前", "join", "a,b", "[", "∅", "→"]),
    st.text(min_size=1, max_size=4).filter(str.strip),
)
SIDES = st.frozensets(NAMES, min_size=1, max_size=3)
DEPENDENCIES: st.SearchStrategy[Dependency] = st.one_of(
    st.builds(FD, st.frozensets(NAMES, max_size=3), SIDES),
    st.builds(MVD, st.frozensets(NAMES, max_size=3), SIDES),
    st.builds(JD, st.frozensets(st.frozensets(NAMES, min_size=2, max_size=3), min_size=1, max_size=3)),
)


@given(DEPENDENCIES)
def test_what_is_printed_reads_back(dependency: Dependency) -> None:
    assert parse_dependency(str(dependency)) == dependency


def test_inclusion_dependencies() -> None:
    found = IND.parse('orders["customer id", day] <= customers[id, since]')
    assert found == IND("orders", ("customer id", "day"), "customers", ("id", "since"))
    assert IND.parse(str(found)) == found


@pytest.mark.parametrize(
    "text", ["a b", "a ->", "-> ", "a, -> b", 'a -> "b', "join[a b", "join[a,]", "r[a] <= s[b, c]"]
)
def test_mistakes_are_refused(text: str) -> None:
    with pytest.raises(NotationError):
        (IND.parse if "<=" in text else parse_dependency)(text)
