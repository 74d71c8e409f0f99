"""DDL read as a schema: whatever order it came in, the state that its statements leave.

A file is taken apart by `sql.statement`; what creates, alters, renames and drops is carried out on a catalogue of tables
here; sqlglot reads the expressions in it. Nothing is executed. A ledger accounts for every statement.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dbworkbench.errors import UnknownName
from dbworkbench.schema.loss import Read
from dbworkbench.sql.alterations import Alterations
from dbworkbench.sql.cursor import Cursor, Puzzled
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.statement import Statement, split, spoken_in

__all__ = ["Entry", "Reading", "read"]

_ASIDE = {
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY", "LOAD", "TRUNCATE", "VALUES"), "rows"),
    **dict.fromkeys(("SELECT", "WITH", "EXPLAIN", "SHOW", "DESCRIBE", "PRINT"), "a query"),
    **dict.fromkeys(("SET", "USE", "PRAGMA", "RESET", "DECLARE", "ATTACH", "INSTALL"), "a setting of the session"),
    **dict.fromkeys(
        ("BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "END", "RELEASE", "LOCK", "UNLOCK", "ABORT"),
        "a transaction",
    ),
    **dict.fromkeys(("GRANT", "REVOKE", "DENY"), "rights"),
    **dict.fromkeys(
        ("ANALYZE", "VACUUM", "OPTIMIZE", "REINDEX", "CLUSTER", "FLUSH", "CHECK", "REFRESH", "DELIMITER", "PURGE"),
        "upkeep",
    ),
    **dict.fromkeys(("DO", "CALL", "EXEC", "EXECUTE", "IF", "WHILE"), "a program, which is not run"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one statement: "understood", "kept as text" or "ignored", and why; lines count from 1."""

    line: int
    kind: str
    fate: str
    reason: str = ""
    text: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.kind}: {self.fate}{f' — {self.reason}' if self.reason else ''}"


@dataclass(frozen=True, slots=True)
class Reading(Read):
    """A schema that was read from SQL, with the account of every statement and the dialect it was read as."""

    ledger: tuple[Entry, ...] = ()
    dialect: str = ""


def read(text: str, dialect: str = "") -> Reading:
    """The schema that the DDL in `text` leaves when all of it has been carried out, in one dialect or in the likeliest.

    Expressions are carried into the home dialect (DuckDB's). Raises NotationError where a quote or a comment is not
    closed, and UnknownName for a dialect that is not known.

    >>> found = read("CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ADD COLUMN name text; SELECT 1;")
    >>> found.schema["t"].names, [entry.fate for entry in found.ledger]
    (('id', 'name'), ['understood', 'understood', 'ignored'])
    """
    if dialect and dialect not in DIALECTS:
        raise UnknownName("dialect", dialect, sorted(DIALECTS))
    spoken = dialect or spoken_in(text)
    reader = _Reader(spoken)
    ledger = tuple(reader.account(statement) for statement in split(text, spoken))
    schema = reader.catalogue.schema()
    return Reading(schema, tuple(dict.fromkeys(reader.catalogue.losses)), ledger, spoken)


class _Reader(Alterations):
    """Carries out one statement after another."""

    def account(self, statement: Statement) -> Entry:
        """Carry out one statement, and say what became of it."""
        if statement.aside:
            return Entry(statement.line, " ".join(statement.text[:40].split()[:2]), "ignored", statement.aside)
        cursor = Cursor(statement)
        first, second = cursor.upper(), cursor.upper(1)
        kind = " ".join(word for word in (first, second) if word and word not in "()").strip() or "?"
        steps: dict[str, Callable[[Cursor], tuple[str, str]]] = {
            "CREATE": self._create,
            "ALTER": self._alter,
            "DROP": self._drop,
            "RENAME": self._rename,
            "COMMENT": self._comment,
            "EXEC": self._exec,
            "EXECUTE": self._exec,
        }
        if first not in steps:
            why = _ASIDE.get(first)
            if why:
                return Entry(statement.line, kind, "ignored", why)
            self.catalogue.lose(
                f"line {statement.line}", f"a statement that begins {statement.text[:40]!r}", "kept as text"
            )
            return Entry(statement.line, kind, "kept as text", "not known", statement.text)
        cursor.skip()
        try:
            fate, reason = steps[first](cursor)
        except Puzzled as puzzle:
            fate, reason = "kept as text", str(puzzle)
            self.catalogue.lose(f"line {statement.line}", f"{kind}: {puzzle}", "kept as text")
        return Entry(statement.line, kind, fate, reason, statement.text if fate == "kept as text" else "")
