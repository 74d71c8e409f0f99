"""What a reader is given: text from a file or from memory, or an object of another library."""

import codecs
import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dbworkbench.errors import DataError, Unsupported
from dbworkbench.formats.packed import PACKED_ENDINGS, unpacked
from dbworkbench.schema.loss import Loss

__all__ = ["Source", "decoded_file", "source_of"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODING = re.compile(
    rb"(?:[ \t\f]*#[^\r\n]*(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*"
    rb"((?:iso[-_]?8859|latin|cp125|windows-125|koi8|mac|shift|euc|gb|big5)[\w.-]*)",
    re.IGNORECASE,
)
"""The encoding that a Python file says it is in (PEP 263), of those in which such files are."""
_PATH = re.compile(
    r"[^\n\r(){}<>;\"']{1,4000}\."
    r"(?:sql|ddl|dump|psql|json|dbw|dbml|mmd|mermaid|puml|plantuml|prisma|m?[tj]s|py|svg|ipynb|txt|md|csv)(?:\.(?:gz|bz2|xz))?"
)
_APPENDED = re.compile(rb"[\t\n\r -~]{48,}")
"""So many bytes of ASCII in a row are no UTF-16: each pair would be a rare sign of Chinese, two dozen times."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text with the name it goes by, or an object; `dialect` is the database it speaks to, where that is known."""

    text: str = ""
    name: str = ""
    thing: object = None
    dialect: str = ""
    losses: tuple[Loss, ...] = ()
    files: tuple[tuple[int, str], ...] = ()
    """Of several files in one text, the line in which each begins, and its name."""

    def at(self, line: int) -> tuple[str, int]:
        """The file that a line belongs to, and the line's number in it."""
        place = bisect_right(self.files, line, key=lambda one: one[0]) - 1
        if place < 0:
            return self.name, line
        begins, name = self.files[place]
        return name, line - begins + 1

    @property
    def ending(self) -> str:
        """The ending of the file's name in small letters, but for that of its compression: ".sql" of "Dump.SQL.gz"."""
        name = Path(self.name)
        return (name.with_suffix("") if name.suffix.casefold() in PACKED_ENDINGS else name).suffix.casefold()


_TEXTLESS = re.compile(r"[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]")
"""Signs that no text has: control characters but for blanks, ends of lines and files, and those that colour it."""


def source_of(given: object, dialect: str = "") -> Source:
    """A path or the text of a file opened and decoded, and any other object as it is.

    A text is taken for a path where it is one line that names a file. Raises DataError where there is no such file,
    and Unsupported for the address of a database.
    """
    match given:
        case bytes():
            text, losses = _decoded(given, "the text")
            return Source(text, dialect=dialect, losses=losses)
        case Path():
            return _file(given, dialect)
        case str() if re.match(r"[A-Za-z][\w+.-]*://\S+\Z", given):
            raise Unsupported("this is the address of a database, not a text — read it with wb.reflect(url)")
        case str() if _names_a_file(given):
            return _file(Path(given), dialect)
        case str():
            return Source(given.removeprefix("\ufeff"), dialect=dialect)
        case _:
            return Source(thing=given, dialect=dialect)


def _names_a_file(given: str) -> bool:
    if len(given) > 4096 or "\n" in given or "\0" in given:
        return False
    try:
        found = Path(given).is_file()
    except (OSError, ValueError):
        return False
    return found or bool(_PATH.fullmatch(given.strip()))


def _file(path: Path, dialect: str) -> Source:
    if not path.is_file():
        what = "a folder, not a file" if path.is_dir() else "no such file"
        raise DataError(f"{path}: {what} — give the path of a file, or the text itself")
    text, losses = decoded_file(path)
    return Source(text, str(path), dialect=dialect, losses=losses)


def decoded_file(path: Path) -> tuple[str, tuple[Loss, ...]]:
    """The text of a file, and what of it is no text."""
    return _decoded(path.read_bytes(), path.name)


def _decoded(data: bytes, name: str) -> tuple[str, tuple[Loss, ...]]:
    """The text of a file, unpacked: by its mark, else UTF-16 if every other byte is NUL, as a Python file says, UTF-8, Latin.

    Raises Unsupported where it begins like no text.
    """
    text, losses = _text_of(unpacked(data, name), name)
    head = text[:500]  # further on, a dump may have rows of bytes
    if len(_TEXTLESS.findall(head)) * 50 > len(head):
        raise Unsupported(f"{name} is no text, but binary data — give the schema as SQL or in another notation")
    return text, losses


def _text_of(data: bytes, name: str) -> tuple[str, tuple[Loss, ...]]:
    """The text that bytes are."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _wide(data, encoding, name) if encoding == "utf-16" else (data.decode(encoding, "replace"), ())
    head = data[:4000]
    if len(head) > 3 and head.count(0) * 3 > len(head):
        return _wide(data, "utf-16-le" if head[1] == 0 else "utf-16-be", name)
    said = _CODING.match(head)
    if said:
        with suppress(UnicodeDecodeError, LookupError):  # it may not be what it says
            return data.decode(said[1].decode()), ()
    return _narrow(data, name, 1)


def _narrow(data: bytes, name: str, line: int) -> tuple[str, tuple[Loss, ...]]:
    """Bytes as UTF-8; what of them is none, letter by letter as Windows-1252. `line` is the number of their first line."""
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
    text = data.decode("utf-8", "surrogateescape")  # each byte that is no UTF-8 as a lone surrogate
    for byte in range(0x80, 0x100):
        text = text.replace(chr(0xDC00 + byte), bytes((byte,)).decode("cp1252", "replace"))
    return text, (Loss(f"{name}, line {line}", "no UTF-8", "read as Windows-1252"),)


def _wide(data: bytes, encoding: str, name: str) -> tuple[str, tuple[Loss, ...]]:
    """Bytes as UTF-16, and what a shell appended to them in UTF-8 as that."""
    found = _APPENDED.search(data)
    if found is None:
        return data.decode(encoding, "replace"), ()
    big = encoding == "utf-16-be" or data.startswith(codecs.BOM_UTF16_BE)
    start = min(found.start(), data.rfind(b"\0", 0, found.start()) + (2 if big else 1))
    text = data[:start].decode(encoding, "replace")
    line = text.count("\n") + 1
    rest, losses = _narrow(data[start:], name, line)
    return text + rest, (Loss(f"{name}, line {line}", "no UTF-16 from there on", "read as UTF-8"), *losses)
