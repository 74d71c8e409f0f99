"""What discovery takes beside the codes and values of a table, and that the loops that group rows do as they say."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from dbworkbench.discovery import plain
from dbworkbench.discovery.kernels import kernels

_MEASURED = """
import re, sys
from pathlib import Path
import dbworkbench.discovery.discover as discovering
import dbworkbench.schema.normalization, pyarrow.parquet

def peak():  # of this process alone: what getrusage says may be that of the one it was forked from
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before = peak()  # what Python needs before anything is read is not the table's
found = discovering.discover(sys.argv[1], threads=2)
print(peak() - before, found.tables[0].columns.bytes, len(found.fds), len(found.keys))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peaks as Linux counts them")
def test_the_whole_of_discovery_stays_near_the_encoded_columns(tmp_path: Path) -> None:
    random, rows = np.random.default_rng(1), 1_000_000
    customer, product, day = (random.integers(0, many, rows) for many in (100_000, 5_000, 3_650))
    table = {
        "order_no": np.arange(rows) + 10**9,
        "customer": customer,
        "product": product,
        "category": product % 50,
        "day": day,
        "month": day // 30,
        "country": customer % 97,
        "quantity": random.integers(1, 12, rows),
    }
    file = tmp_path / "orders.parquet"
    parquet.write_table(pa.table({name: pa.array(values) for name, values in table.items()}), file)
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(file)], capture_output=True, text=True, check=True, timeout=120
    )
    more, encoded, fds, keys = map(int, said.stdout.split())
    assert (fds, keys) == (11, 2)  # the number and another key, and what product, day and customer fix
    assert encoded < 36_000_000
    assert (
        more < encoded + 60_000_000
    )  # 28 bytes for each row beside the codes; 65 million bytes were taken per column once


@pytest.mark.parametrize("seed", range(20))
def test_groups_of_rows_are_those_of_the_definition(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = int(random.integers(0, 60))
    kinds = (np.uint8, np.uint16, np.int32)
    sizes = [int(size) for size in random.choice([1, 2, 3, 9, 40], 3)]
    by, left, right = (random.integers(0, size, rows).astype(kinds[(seed + at) % 3]) for at, size in enumerate(sizes))
    for one in (kernels(), plain):
        assert one.counted(by, sizes[0]).tolist() == [int((by == code).sum()) for code in range(sizes[0])]
        order, bounds = one.grouped_rows(by, sizes[0])
        groups = [order[start:end].tolist() for start, end in pairwise(bounds)]
        expected = [np.flatnonzero(by == code).tolist() for code in range(sizes[0])]
        assert groups == [group for group in expected if len(group) > 1]
        assert one.different_in_groups(order, bounds, left, sizes[1]).tolist() == [len({*left[g]}) for g in groups]
        wide = [len({*left[g]}) * len({*right[g]}) != len({*zip(left[g], right[g], strict=True)}) for g in groups]
        assert one.linked_in_groups(order, bounds, left, right, (sizes[1], sizes[2])) == any(wide)
