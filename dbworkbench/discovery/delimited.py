"""CSV files as codes, piece by piece: never more than a piece of the text is held beside the codes."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from dbworkbench.discovery.arrays import indices_of
from dbworkbench.discovery.columns import Columns, Nulls, assembled, from_arrow, let_go_after
from dbworkbench.discovery.dictionary import DictionaryEncoding
from dbworkbench.discovery.kernels import Codes

_SEPARATORS = (",", ";", "\t", "|")
_HEAD = 1 << 18
_PIECE = 1 << 23


@dataclass(frozen=True, slots=True)
class Delimited:
    """How a text file is to be read: is its first line a header, what parts its cells (None: find out), its encoding."""

    header: bool = True
    separator: str | None = None
    encoding: str = "utf-8"

    @property
    def plain(self) -> bool:
        """Whether the bytes can be cut at line ends as they are."""
        return self.encoding.casefold().replace("_", "-") in {"utf-8", "utf8", "ascii"}


def from_csv(path: Path, name: str, nulls: Nulls, how: Delimited) -> Columns:
    """A CSV file as codes, its cells compared as they are written, an empty one being a null.

    Raises csv.Error, pa.ArrowInvalid, UnicodeError or OSError for a file that is not plainly rows of as many cells
    each: whoever asks can then find out why.
    """
    if path.suffix.casefold() not in {".csv", ".tsv", ".txt"}:
        raise csv.Error(f"a {path.suffix} file may be no text")
    with path.open("rb") as raw:
        start = raw.read(_HEAD)
    decoder = codecs.getincrementaldecoder("utf-8-sig" if how.plain else how.encoding)()
    head = decoder.decode(start, final=len(start) < _HEAD)
    head = head[: head.rfind("\n") + 1 or len(head)]
    mark = how.separator or separator_of(head)
    first = next(csv.reader(head.splitlines(keepends=True), delimiter=mark), [])
    names = [cell.strip() for cell in first] if how.header else [f"column_{at}" for at in range(1, len(first) + 1)]
    if not all(names) or len({one.casefold() for one in names}) != len(names) or "\x00" in head:
        raise csv.Error("two columns of one name, or one without")
    if how.header and names and not head.endswith(("\n", "\r")) and len(start) < _HEAD and len(head.splitlines()) == 1:
        return from_arrow(pa.schema([(one, pa.string()) for one in names]).empty_table(), name=name, nulls=nulls)
    columns = _Growing(names)
    for skipped, piece in _pieces(path, how, rows=len(names) > 1):
        table = arrow_csv.read_csv(
            piece,
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=skipped, encoding="utf-8" if how.plain else how.encoding
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=mark, newlines_in_values=True, ignore_empty_lines=len(names) > 1
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={one: pa.dictionary(pa.int32(), pa.string()) for one in names},
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        columns.take(table)
    return assembled(name, names, columns.rows, columns.encoded(), nulls)


def _pieces(path: Path, how: Delimited, *, rows: bool) -> Iterator[tuple[int, Any]]:
    """A file in pieces of whole rows, each with the number of lines to skip at its start.

    A line end is the end of a row where as many quotation marks stand before it as make pairs. Where `rows` of one
    cell could not tell a wrong cut from a right one, or the encoding hides line ends, the file is one piece. Raises csv.Error
    in the end for a quotation mark that may have swallowed lines.
    """
    skipped, rest, marks = int(how.header), b"", 0
    with path.open("rb") as file:
        while block := file.read(_PIECE):
            if how.plain and b"\0" in block:
                raise csv.Error("zero bytes: no text")
            marks += block.count(b'"')
            if how.plain and rows:
                text = rest + block
                cut = _row_end(text)
                if cut:
                    yield skipped, pa.BufferReader(memoryview(text)[:cut])
                    skipped = 0
                rest = text[cut:]
    if marks % 2:
        raise csv.Error("a quotation mark without its pair")
    if rest:
        yield skipped, pa.BufferReader(rest)
    if not (how.plain and rows):
        yield skipped, path


def _row_end(text: bytes) -> int:
    """Where the last whole row ends: after the last line end with pairs of quotation marks before it; 0 for none."""
    marks, end = text.count(b'"'), len(text)
    while (at := text.rfind(b"\n", 0, end)) >= 0:
        marks -= text.count(b'"', at, end)
        if marks % 2 == 0:
            return at + 1
        end = at
    return 0


class _Growing:
    """Columns of codes that grow by pieces; each piece numbers its values anew, and in the end all are numbered alike.

    Until then codes are held in as few bytes as the piece's values need.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.codes: list[deque[NDArray[np.signedinteger[Any]]]] = [deque() for _ in names]
        self.values: list[deque[Any]] = [deque() for _ in names]
        self.rows = 0

    def take(self, table: Any) -> None:  # noqa: ANN401  a pyarrow table
        """Add the rows of a table of dictionary columns; a null has the code -1."""
        self.rows += table.num_rows
        if not table.num_rows:
            return
        for place, column in enumerate(table.columns):
            chunks = column.unify_dictionaries().chunks
            values = chunks[0].dictionary
            slim = np.min_scalar_type(-max(1, len(values)))
            parts = [indices_of(chunk, -1).astype(slim) for chunk in chunks]
            self.codes[place].append(np.concatenate(parts))
            self.values[place].append(values)
        let_go_after(table.num_rows)

    def encoded(self) -> Iterator[tuple[Codes, Any]]:
        """The codes and values of each column; what a column took is let go after it."""
        for place in range(len(self.codes)):
            codes, values = self.codes[place], self.values[place]
            self.codes[place], self.values[place] = deque(), deque()
            whole = DictionaryEncoding(self.names[place])
            while codes:
                whole.take_coded(codes.popleft(), values.popleft())
            yield whole.encoded()


def separator_of(head: str) -> str:
    """The separator that parts the first lines into the same number of cells, and into the most."""
    lines = head.splitlines(keepends=True)[:50]
    best, cells = ",", 1
    for mark in _SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        if widths and widths[0] > cells and sum(width == widths[0] for width in widths) * 10 >= len(widths) * 8:
            best, cells = mark, widths[0]
    return best
