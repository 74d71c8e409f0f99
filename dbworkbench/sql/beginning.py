"""Where running numbers go on, as dumps say it beside the tables: PostgreSQL's setval, DBCC CHECKIDENT, SQLite's own rows.

What is the next number where the dump was made is where the numbers of the design begin: rows that were there keep theirs.
"""

import re

from dbworkbench.sql.catalogue import Catalogue
from dbworkbench.sql.cursor import Cursor, unquoted
from dbworkbench.sql.tables import Table

__all__ = ["catalogue_row", "goes_on"]

_OWN = re.compile(r"(?i)sqlite_(?:schema|master)")
_COUNTS = frozenset({"RESTART", "INCREMENT", "START", "MINVALUE", "MAXVALUE", "CACHE", "CYCLE"})
_Fate = tuple[str, str]
_UNDERSTOOD: _Fate = ("understood", "where running numbers go on")


def goes_on(cursor: Cursor, catalogue: Catalogue, dialect: str) -> _Fate | None:
    """What a statement says of the next number of a table, carried out; None for any other statement."""
    first, third = cursor.upper(), cursor.upper(2)
    if dialect == "sqlite" and first == "INSERT" and third == "SQLITE_SEQUENCE":
        return _row(cursor, catalogue)
    if dialect == "sqlserver" and (first, cursor.upper(1)) == ("DBCC", "CHECKIDENT"):
        return _reseeded(cursor, catalogue)
    if dialect in {"postgresql", "cockroachdb"} and first == "SELECT":
        return _set(cursor, catalogue)
    if (first, cursor.upper(1)) == ("ALTER", "SEQUENCE"):
        return _restarted(cursor, catalogue)
    return None


def catalogue_row(cursor: Cursor, dialect: str) -> str:
    """The statement that SQLite's `.dump` puts into the catalogue itself, as a text in quotes; "" where none is."""
    if dialect != "sqlite" or cursor.upper() != "INSERT" or not _OWN.fullmatch(cursor.upper(2)):
        return ""
    texts = [token.value for token in cursor.tokens if token.kind == "text"]
    return texts[-1] if texts and re.match(r"(?i)['\"]CREATE\b", texts[-1]) else ""


def _numbers(cursor: Cursor) -> list[int]:
    return [int(token.value) for token in cursor.tokens if token.kind == "number" and token.value.isdigit()]


def _begin(found: tuple[Table, str] | None, number: int) -> bool:
    if found is None:
        return False
    table, column = found
    table.begins[column] = number
    return True


def _row(cursor: Cursor, catalogue: Catalogue) -> _Fate | None:
    texts = [unquoted(token.value, "sqlite") for token in cursor.tokens if token.kind == "text"]
    numbers = _numbers(cursor)
    table = catalogue.find((texts[0],)) if len(texts) == 1 else None
    return _UNDERSTOOD if table and len(numbers) == 1 and _begin((table, ""), numbers[0] + 1) else None


def _reseeded(cursor: Cursor, catalogue: Catalogue) -> _Fate | None:
    text = next((token.value.strip("'\"") for token in cursor.tokens if token.kind in {"text", "name"}), "")
    numbers = _numbers(cursor)
    table = catalogue.find(tuple(part.strip("[]") for part in text.split("."))) if text else None
    if table is None or len(numbers) != 1 or "RESEED" not in {token.upper for token in cursor.tokens}:
        return None
    step = next((one.increment for one in table.numbers.values()), 1)
    _begin((table, ""), numbers[0] + step)
    return _UNDERSTOOD


def _set(cursor: Cursor, catalogue: Catalogue) -> _Fate | None:
    words = [token.upper for token in cursor.tokens]
    if "SETVAL" not in words:
        return None
    at = words.index("SETVAL")
    inner = [token for token in cursor.tokens[at + 1 :] if token.kind != "sign" or token.value not in "(),"]
    plain = [token for token in inner if token.kind in {"text", "number"} or token.upper in {"TRUE", "FALSE"}]
    numbers = _numbers(cursor)
    if not plain or plain[0].kind != "text" or len(numbers) != 1 or "SELECT" in words[at:]:
        return None
    called = plain[-1].upper != "FALSE"
    return _next(catalogue, plain[0].value.strip("'"), numbers[0] + called)


def _restarted(cursor: Cursor, catalogue: Catalogue) -> _Fate | None:
    words = [token.upper for token in cursor.tokens]
    numbers = _numbers(cursor)
    cursor.at = 2
    cursor.take("IF", "EXISTS")
    name = ".".join(cursor.name())
    if words[cursor.at : cursor.at + 1] == ["RESTART"] and len(numbers) == 1:
        return _next(catalogue, name, numbers[0])
    if not _COUNTS.isdisjoint(words):
        catalogue.lose(name, cursor.said(cursor.tokens[cursor.at :]), "kept as it was created")
    return None


def _next(catalogue: Catalogue, sequence: str, number: int) -> _Fate | None:
    """The next number of a sequence: of the column that it numbers, else told, as a sequence is kept as it was created."""
    name = sequence.replace('"', "").rpartition(".")[2].lower()
    if _begin(catalogue.counted.get(name) or _owner(catalogue, name), number):
        return _UNDERSTOOD
    made = catalogue.sequences.get(name)
    if number != (made.start if made else 1):
        catalogue.lose(name, f"its next number, {number}", "kept as it was created")
    return "ignored", "where a sequence goes on"


def _owner(catalogue: Catalogue, sequence: str) -> tuple[Table, str] | None:
    """The numbered column whose sequence PostgreSQL has named itself, and its table."""
    return next(
        (
            (table, column)
            for table in catalogue.tables.values()
            for column in table.numbers
            if f"{table.name[-1]}_{column}_seq".lower() == sequence
        ),
        None,
    )
