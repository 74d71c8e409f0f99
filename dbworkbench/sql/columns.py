"""Columns as CREATE TABLE and ALTER TABLE describe them: type, options, and the rules that stand beside."""

import re
from dataclasses import replace

from dbworkbench.schema.relation import Attribute, Check, Key
from dbworkbench.schema.types import Type, Unknown
from dbworkbench.sql.catalogue import Catalogue, Reference, Table
from dbworkbench.sql.columntypes import column_type
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.expression import at_home

__all__ = ["Columns"]

_COLUMN_OPTIONS_WORDS = (
    "CONSTRAINT NOT NULL DEFAULT PRIMARY UNIQUE KEY REFERENCES CHECK COLLATE COMMENT GENERATED IDENTITY "
    "AUTO_INCREMENT AUTOINCREMENT ON AS VIRTUAL STORED ROWGUIDCOL SPARSE MASKED ENCODE DISTKEY SORTKEY CODEC TTL "
    "MATERIALIZED ALIAS EPHEMERAL OPTIONS VISIBLE INVISIBLE ENABLE DISABLE STORAGE COMPRESSION FIRST AFTER "
    "CHARSET DEFERRABLE INITIALLY WITH USING PERSISTED FILESTREAM ENCRYPTED HIDDEN TAG REVERSE ASC DESC SET "
    "FORMAT SERIAL_VALUE COLUMN_FORMAT"
)
_COLUMN_OPTIONS = frozenset(_COLUMN_OPTIONS_WORDS.split())
_TYPE_TAILS = {
    "DOUBLE": {"PRECISION"}, "CHARACTER": {"VARYING", "LARGE"}, "CHAR": {"VARYING", "LARGE"}, "NATIONAL": {"CHARACTER", "CHAR", "VARCHAR", "VARYING"},
    "BIT": {"VARYING"}, "BINARY": {"VARYING", "LARGE"}, "LONG": {"RAW", "VARCHAR"}, "VARYING": set(), "UNSIGNED": {"BIG"},
}  # fmt: skip
_MODIFIERS = frozenset({"UNSIGNED", "SIGNED", "ZEROFILL", "ARRAY"})

_JOINING = frozenset({"::", ".", "||", "+", "-", "*", "/", "%", "->", "->>", "=", "<", ">"})
"""Signs that join the parts of an expression."""


class Columns:
    """Reads columns into a catalogue's tables."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.catalogue = Catalogue()

    def _column(self, table: Table, cursor: Cursor, old: str = "") -> None:
        name = cursor.identifier()
        counts = re.fullmatch(r"(?:SMALL|BIG)?SERIAL[248]?", cursor.upper())
        certain = self.dialect == "clickhouse" and "NULLABLE" not in {cursor.upper(), cursor.upper(2)}
        kind = self._type_at(table, name, cursor)
        column = Attribute(name, kind, nullable=not certain)
        if counts:
            self.catalogue.lose(f"{'.'.join(table.name)}.{name}", "a number that the engine counts up", "read without")
            column = replace(column, nullable=False)
        if name in table.columns and name != old:
            self.catalogue.lose(
                f"{'.'.join(table.name)}.{name}", "a second column of this name", "the first one is kept"
            )
            return
        table.put(column, old)
        try:
            table.put(self._options(table, column, cursor), column.name)
        except Puzzled as puzzle:
            self.catalogue.lose(f"{'.'.join(table.name)}.{name}", f"an option of it: {puzzle}", "not read")

    def _type_at(self, table: Table, column: str, cursor: Cursor) -> Type:
        """The type that stands here; Unknown where none does (SQLite needs none)."""
        first = cursor.token()
        if first is None or first.upper in _COLUMN_OPTIONS - {"SET", "FORMAT", "TAG"} or first.value in {",", ")"}:
            return Unknown()
        begin = cursor.at
        if first.kind == "sign":
            raise Puzzled(f"a type was expected at {cursor.rest()!r}")
        qualified = cursor.name()
        words = [qualified[-1].lower()]
        arguments: tuple[str, ...] = ()
        while True:
            upper = cursor.upper()
            if upper == "(" and not arguments:
                arguments = tuple(cursor.said(part) for part in cursor.parts(cursor.group()))
            elif upper == "<":
                self._angles(cursor)
            elif upper == "[":
                while cursor.upper() and cursor.upper() != "]":
                    cursor.skip()
                cursor.skip()
            elif upper in _TYPE_TAILS.get(words[-1].upper(), ()) or upper in _MODIFIERS:
                words.append(upper.lower())
                cursor.skip()
            elif upper in {"WITH", "WITHOUT"} and "TIME" in {cursor.upper(1), cursor.upper(2)}:
                while cursor.upper() not in {"ZONE", ""}:
                    words.append(cursor.upper().lower())
                    cursor.skip()
                words.append("zone")
                cursor.skip()
            elif words[0] == "interval" and upper in {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO", "("}:
                if upper == "(":
                    cursor.group()
                else:
                    cursor.skip()
            elif (
                self.dialect in {"sqlite", "duckdb"}
                and upper
                and re.match(r"[A-Z]", upper)
                and upper not in _COLUMN_OPTIONS
                and not arguments
            ):
                words.append(upper.lower())
                cursor.skip()
            else:
                break
        written = cursor.said(cursor.tokens[begin : cursor.at])
        if first.kind == "name":
            written = f"{words[0]}({', '.join(arguments)})" if arguments else words[0]
        kind, lost = column_type(tuple(words), arguments, self.dialect, self.catalogue.types, written)
        if lost:
            self.catalogue.lose(f"{'.'.join(table.name)}.{column}", lost, "not read")
        return kind

    def _angles(self, cursor: Cursor) -> None:
        depth = 0
        while not cursor.done:
            sign = cursor.upper()
            depth += sign.count("<") - sign.count(">")
            cursor.skip()
            if depth <= 0:
                return

    def _options(self, table: Table, column: Attribute, cursor: Cursor) -> Attribute:
        """A column's options, one after another; what is no business of a schema's is stepped over."""
        subject, name = f"{'.'.join(table.name)}.{column.name}", ""
        while not cursor.done:
            if cursor.take("CONSTRAINT"):
                name = cursor.identifier()
                continue
            if cursor.take("NOT", "NULL") or cursor.take("NOT", "NULLABLE"):
                column = replace(column, nullable=False)
            elif cursor.take("NULL"):
                column = replace(column, nullable=True)
            elif cursor.take("DEFAULT"):
                column = self._default(subject, column, cursor)
            elif cursor.take("PRIMARY", "KEY") or (
                self.dialect in {"mysql", "mariadb"} and cursor.upper() == "KEY" and cursor.take("KEY")
            ):
                table.primary = Key((column.name,), name)
                column = replace(column, nullable=False)
            elif cursor.take("UNIQUE"):
                cursor.any("KEY")
                table.uniques.append(Key((column.name,), name))
            elif cursor.take("REFERENCES"):
                table.references.append(self._references((column.name,), name, cursor))
            elif cursor.take("CHECK"):
                self._check(table, cursor.said(cursor.group()), name)
            elif cursor.take("COMMENT"):
                token = cursor.token()
                if token and token.kind == "text":
                    column = replace(column, note=unquoted(token.value, self.dialect))
                cursor.skip()
            elif cursor.take("OPTIONS"):
                column = replace(column, note=self._described(cursor) or column.note)
            elif cursor.any("IDENTITY", "AUTO_INCREMENT", "AUTOINCREMENT"):
                self.catalogue.lose(subject, "a number that the engine counts up", "read without")
                column = replace(column, nullable=False)
            elif cursor.upper() in {"GENERATED", "AS", "MATERIALIZED", "ALIAS"}:
                column = self._generated(subject, column, cursor)
            elif cursor.take("ON", "UPDATE"):
                self.catalogue.lose(subject, f"ON UPDATE {cursor.rest().split(',')[0]}", "read without")
                cursor.skip()
            elif cursor.upper() == "(":
                cursor.group()
            else:
                cursor.skip()
                continue
            name = ""
        return column

    def _default(self, subject: str, column: Attribute, cursor: Cursor) -> Attribute:
        begin = cursor.at
        cursor.any("+", "-")
        if cursor.upper() == "(":
            cursor.group()
        else:
            cursor.skip()
        while self._goes_on(cursor, begin):
            if cursor.upper() == "(":
                cursor.group()
            else:
                cursor.skip()
        text = cursor.said(cursor.tokens[begin : cursor.at])
        if text.upper() in {"NULL", "(NULL)", ""} or text.upper().startswith("NULL::"):
            return column
        if re.search(r"(?i)\bnextval\b|\.nextval", text):
            self.catalogue.lose(subject, "a number that the engine counts up", "read without")
            return column
        told = at_home(text, self.dialect)
        if told is None:
            self.catalogue.lose(subject, f"the default {text}", "not read")
            return column
        return replace(column, default=told)

    def _goes_on(self, cursor: Cursor, begin: int) -> bool:
        """Whether the expression that began at `begin` goes on: it ends where a column's next option begins."""
        if cursor.done:
            return False
        here, before = cursor.upper(), cursor.tokens[cursor.at - 1].upper
        if here in _COLUMN_OPTIONS - {"AS", "WITH"}:
            return False
        if here in {"(", "AND", "OR"} or here in _JOINING or before in _JOINING:
            return True
        typed = cursor.tokens[begin].upper in {"DATE", "TIMESTAMP", "TIME", "INTERVAL", "B", "X"}
        if typed and cursor.tokens[cursor.at].kind == "text":
            return True
        of_a_type = here in {"VARYING", "PRECISION", "ZONE", "TIME", "WITHOUT", "[", "]"} or before in {"INTERVAL", "["}
        return of_a_type or (here == "WITH" and cursor.upper(1) == "TIME")

    def _generated(self, subject: str, column: Attribute, cursor: Cursor) -> Attribute:
        if cursor.take("GENERATED"):
            while cursor.any("ALWAYS", "BY", "DEFAULT", "ON", "NULL"):
                pass
        cursor.any("AS", "MATERIALIZED", "ALIAS")
        if cursor.take("IDENTITY"):
            self.catalogue.lose(subject, "a number that the engine counts up", "read without")
            if cursor.upper() == "(":
                cursor.group()
            return replace(column, nullable=False)
        if cursor.upper() == "(":
            self.catalogue.lose(subject, f"computed as {cursor.said(cursor.group())}", "read as a plain attribute")
            cursor.any("STORED", "VIRTUAL", "PERSISTED", "PERSISTENT")
        return column

    def _references(self, columns: tuple[str, ...], name: str, cursor: Cursor) -> Reference:
        target = cursor.name()
        referenced = self._names(cursor) if cursor.upper() == "(" else ()
        found = Reference(columns, target, referenced, name=name)
        while not cursor.done:
            if cursor.take("ON", "DELETE"):
                found.on_delete = self._action(cursor)
            elif cursor.take("ON", "UPDATE"):
                found.on_update = self._action(cursor)
            elif cursor.take("MATCH"):
                cursor.skip()
            elif cursor.any(
                "DEFERRABLE",
                "INITIALLY",
                "DEFERRED",
                "IMMEDIATE",
                "ENABLE",
                "DISABLE",
                "VALIDATE",
                "NOVALIDATE",
                "ENFORCED",
            ) or (
                cursor.take("NOT", "DEFERRABLE")
                or cursor.take("NOT", "VALID")
                or cursor.take("NOT", "ENFORCED")
                or cursor.take("NOT", "FOR", "REPLICATION")
            ):
                continue
            else:
                break
        return found

    def _action(self, cursor: Cursor) -> str:
        for words in (("CASCADE",), ("RESTRICT",), ("NO", "ACTION"), ("SET", "NULL"), ("SET", "DEFAULT")):
            if cursor.take(*words):
                if words[0] == "SET" and cursor.upper() == "(":
                    cursor.group()
                return " ".join(words).lower()
        raise Puzzled(f"an action was expected at {cursor.rest()!r}")

    def _names(self, cursor: Cursor) -> tuple[str, ...]:
        """The columns of a key: lengths, orders and collations left aside."""
        found: list[str] = []
        for part in cursor.parts(cursor.group()):
            inner = cursor.inside(part)
            if len(part) > 1 and part[1].kind in {"word", "name"}:
                inner.any("PERIOD")
            found.append(inner.identifier())
        return tuple(found)

    def _described(self, cursor: Cursor) -> str:
        """The description among BigQuery's OPTIONS."""
        group = cursor.group() if cursor.upper() == "(" else ()
        words = [token.upper for token in group]
        if "DESCRIPTION" in words and (at := words.index("DESCRIPTION") + 2) < len(group) and group[at].kind == "text":
            return unquoted(group[at].value, self.dialect)
        return ""

    def _check(self, table: Table, text: str, name: str) -> None:
        told = at_home(text, self.dialect)
        if told is None:
            self.catalogue.lose(".".join(table.name), f"the check {text}", "not read")
        else:
            table.checks.append(Check(told, name))
