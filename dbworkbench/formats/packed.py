"""Files that are no text yet: what is compressed is unpacked, and databases and archives are told by their first bytes."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import IO, cast

from dbworkbench.errors import DataError, Unsupported

__all__ = ["PACKED_ENDINGS", "unpacked"]

PACKED_ENDINGS = (".gz", ".bz2", ".xz")
_MOST = 1 << 30  # bytes of one text: a few kilobytes can be made to unpack to more than a machine holds
_PACKED: tuple[tuple[bytes, str, Callable[[BytesIO], object]], ...] = (
    (b"\x1f\x8b", "gzip", lambda data: gzip.GzipFile(fileobj=data)),
    (b"BZh", "bzip2", bz2.BZ2File),
    (b"\xfd7zXZ\0", "xz", lzma.LZMAFile),
)
_TELLING: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PGDMP", "a dump in the custom format of pg_dump — write it as SQL with pg_restore -f dump.sql FILE"),
    (0, b"SQLite format 3\0", "a database of SQLite — read it with wb.reflect(path)"),
    (8, b"DUCK", "a database of DuckDB — read it with wb.reflect(path)"),
    (0, b"\x28\xb5\x2f\xfd", "compressed with Zstandard — unpack it with zstd -d FILE"),
    (0, b"PK\x03\x04", "a ZIP archive — unpack it, and give the file or the folder"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive — unpack it, and give the file or the folder"),
    (
        257,
        b"ustar",
        "a tar archive (pg_dump writes one with -Ft) — unpack it, or write it as SQL with pg_restore -f dump.sql FILE",
    ),
    (0, b"\0\x01\0\0Standard Jet DB", "a database of Access — export its tables first"),
    (0, b"\0\x01\0\0Standard ACE DB", "a database of Access — export its tables first"),
)


def unpacked(data: bytes, name: str) -> bytes:
    """The bytes of a text, unpacked where they are compressed with gzip, bzip2 or xz.

    At most a gibibyte is unpacked, in pieces, so that a small file cannot fill the memory. Raises DataError where what is
    packed is damaged or too long, and Unsupported for what is no text: a database, an archive.

    >>> unpacked(gzip.compress(b"CREATE TABLE t (id int);"), "dump.sql.gz")
    b'CREATE TABLE t (id int);'
    """
    for mark, kind, opened in _PACKED:
        if data.startswith(mark):
            with cast("IO[bytes]", opened(BytesIO(data))) as packed:
                try:
                    text = packed.read(_MOST + 1)
                except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
                    raise DataError(f"{name}: compressed with {kind}, but damaged or cut off ({error})") from None
            if len(text) > _MOST:
                raise DataError(
                    f"{name}: unpacks to more than {_MOST >> 30} GiB — unpack it, and give the part with the tables"
                )
            data = text
            break
    for at, mark, what in _TELLING:
        if data.startswith(mark, at):
            raise Unsupported(f"{name} is {what}")
    return data
