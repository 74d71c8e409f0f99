"""Statements carried out one by one, and those that stand within blocks and in the programs of the system."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from dbworkbench.errors import NotationError
from dbworkbench.sql.beginning import goes_on
from dbworkbench.sql.blocks import DEFINES, commands, puts_together, spells_ddl
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.renaming import Renaming
from dbworkbench.sql.statement import Statement, split, tokens_in
from dbworkbench.sql.tables import Table
from dbworkbench.sql.tokens import Token

__all__ = ["Programs"]

_REASONS = {
    "rows": "INSERT UPDATE DELETE REPLACE MERGE COPY LOAD TRUNCATE BULK UPSERT LOCKING",
    "a query": "SELECT VALUES WITH EXPLAIN SHOW DESCRIBE DESC PRINT FROM TABLE LIST WARNINGS HELP NOWARNINGS",
    "a setting of the session": "SET USE PRAGMA RESET UNSET DECLARE ATTACH DETACH INSTALL LET LOAD DISCARD VAR",
    "a transaction": "BEGIN START COMMIT ROLLBACK SAVEPOINT END RELEASE LOCK UNLOCK ABORT PREPARE DEALLOCATE",
    "rights": "GRANT REVOKE DENY REVERT",
    "switches a trigger": "ENABLE DISABLE",
    "upkeep": "ANALYZE VACUUM OPTIMIZE REINDEX CLUSTER FLUSH CHECK REFRESH DELIMITER PURGE CHECKPOINT FORCE DBCC BACKUP "
    "RESTORE KILL REPAIR MSCK CACHE UNCACHE INVALIDATE COMPUTE AUDIT NOAUDIT SHUTDOWN RECONFIGURE SYSTEM EXIT QUIT EXPORT "
    "IMPORT UNLOAD PUT GET REMOVE LS RM ASSOCIATE HANDLER",
    "a program, which is not run": "DO CALL EXEC EXECUTE WHILE RAISERROR THROW RETURN OPEN FETCH CLOSE WAITFOR GOTO BREAK "
    "CONTINUE LOOP FOR EXCEPTION LEAVE ITERATE REPEAT UNTIL NOTIFY LISTEN UNLISTEN RAISE SIGNAL",
    "a condition: what it guards is read as if it held": "IF ELSE ELSEIF",
    "a label on something": "SECURITY",
}
_ASIDE = {word: reason for reason, words in _REASONS.items() for word in words.split()}

_TOLD = 120
"""Characters of a statement that a loss repeats."""

_EVERYWHERE = frozenset({"public", "$user", "pg_catalog", "dbo", ""})
"""The schemas that names without one are of, anyway."""


def _path_set(cursor: Cursor) -> tuple[str, ...] | None:
    """The schemas that a statement makes those of names without one: `SET search_path TO a, b`, `USE a`; None for any other."""
    tokens = cursor.tokens
    words = [token.upper or token.value.upper() for token in tokens]
    if words[:1] == ["USE"] and len(words) > 1 and words[1] not in {"ROLE", "WAREHOUSE", "CATALOG", "SECONDARY"}:
        cursor.at = 2 if words[1] in {"SCHEMA", "DATABASE"} and len(words) > 2 else 1
        with suppress(Puzzled):
            return cursor.name()[-1:]
    if words[:4] == ["ALTER", "SESSION", "SET", "CURRENT_SCHEMA"] and len(words) > 5:  # Oracle's
        return (tokens[5].value,)
    said = [at for at, word in enumerate(words[:4]) if word in {"SEARCH_PATH", "SCHEMA"}]
    if words[:1] == ["SET"] and said:
        given = [
            token.value.strip("'\"") for token in tokens[said[0] + 1 :] if token.upper not in {"=", "TO", ",", ";"}
        ]
        return () if given[:1] in (["DEFAULT"], ["default"]) else tuple(given)
    if words[0] == "SELECT" and any("SET_CONFIG" in word for word in words):
        texts = [token.value.strip("'") for token in tokens if token.kind == "text"]
        if texts[:1] == ["search_path"]:
            return tuple(one.strip(' "') for one in texts[1].split(",") if one.strip()) if len(texts) > 1 else ()
    return None


_LAID = {"DEFAULT_TABLESPACE": "TABLESPACE", "DEFAULT_TABLE_ACCESS_METHOD": "USING"}
"""PostgreSQL's settings for what tables say, and the word that says it."""
_SELECTS_INTO = frozenset({"sqlserver", "postgresql", "redshift", "cockroachdb"})


def _called(cursor: Cursor) -> str:
    """The name of the program that `SELECT name()` or `CALL name` runs, "" where a statement is neither."""
    said = cursor.tokens[cursor.at + 1 :]
    rest = [token for token in said if token.upper not in {";", "(", ")"}]
    plain = all(token.upper == "." or token.kind in {"word", "name"} for token in rest)
    calls = cursor.upper() == "CALL" or (said[-1:] and said[-1].upper == ")")
    return rest[-1].value.casefold() if calls and plain and 0 < len(rest) <= 5 else ""


class Programs(Renaming):
    """Carries out any statement."""

    def __init__(self, dialect: str) -> None:
        super().__init__(dialect)
        self.bodies: dict[str, tuple[Statement, tuple[tuple[Token, ...], ...]]] = {}
        """The DDL in programs that take nothing, by their names: a migration makes one, calls it, and drops it."""
        self.altering: set[str] = set()
        """The programs that change tables as what they are given says."""
        self.texts_of_ddl = False
        """Whether a variable of the session holds DDL that is run later."""

    def _keep_body(self, cursor: Cursor) -> None:
        """Remember what a program without parameters would carry out."""
        tokens = cursor.tokens
        at = next((at for at, token in enumerate(tokens[:12]) if token.upper in {"FUNCTION", "PROCEDURE"}), 0)
        if not at or self.dialect == "sqlserver":
            return
        opened = next((place for place in range(at, len(tokens) - 1) if tokens[place].upper == "("), 0)
        if not opened:
            return
        body = next((token for token in tokens[opened:] if token.kind == "text" and token.value[0] in "$'"), None)
        source, inner = cursor.statement, tokens[opened + 2 :]
        if self.dialect not in {"mysql", "mariadb"}:
            if body is None:
                return
            text = unquoted(body.value, self.dialect)
            if not spells_ddl(text):
                return
            try:
                source, inner = replace(source, source=text, start=0, end=len(text)), tokens_in(text, self.dialect)
            except NotationError:
                return  # it is in another language
        begin = next((place for place, token in enumerate(inner) if token.upper == "BEGIN"), 0)
        found, name = tuple(commands(inner[begin:])), tokens[opened - 1].value.casefold()
        self.altering.discard(name)
        if puts_together(inner[begin:]) or (found and tokens[opened + 1].upper != ")"):
            self.altering.add(name)
        elif found:
            self.bodies[name] = source, found

    def carried_out(self, cursor: Cursor, statement: Statement) -> tuple[str, str]:
        """Carry out the statement that a cursor stands at the beginning of: its fate, and why. Raises Puzzled."""
        first = cursor.upper()
        steps: dict[str, Callable[[Cursor], tuple[str, str]]] = {
            "CREATE": self._create,
            "ALTER": self._alter,
            "DROP": self._drop,
            "UNDROP": self._drop,
            "RENAME": self._rename,
            "EXCHANGE": self._exchange,
            "COMMENT": self._comment,
            "EXEC": self._exec,
            "EXECUTE": self._exec,
            "DO": self._block,
            "BEGIN": self._block,
            "DECLARE": self._block,
        }
        if found := goes_on(cursor, self.catalogue, self.dialect):
            return found
        cursor.at = 0
        if first == "CREATE":
            self._keep_body(cursor)
        if first == "ATTACH" and cursor.upper(1) == "TABLE" and self.dialect == "clickhouse":
            cursor.at += 2
            return self._table(cursor)
        if first == "ALTER" and cursor.upper(1) == "SESSION" and (named := self._session_set(cursor)):
            return named
        if first in steps:
            cursor.at = 1
            return steps[first](cursor)
        if first in {"SELECT", "CALL"}:
            if body := self.bodies.get(_called(cursor)):
                return self._within(*body, _ASIDE[first])
            if self.altering and (
                names := [t.value for t in cursor.tokens[1:4] if t.value.casefold() in self.altering]
            ):
                what = f"the program {names[-1]} is called, which changes tables as it is told"
                self.catalogue.lose(f"line {statement.line}", what, "not read: no program is run")
        if first in {"SET", "DECLARE"} or (first == "SELECT" and [t.value[:1] for t in cursor.tokens[1:2]] == ["@"]):
            self.texts_of_ddl |= any(token.kind == "text" and spells_ddl(token.value) for token in cursor.tokens)
        if first == "SELECT" and self.dialect in _SELECTS_INTO and (made := self._selected_into(cursor)):
            return made
        if (
            first in {"ATTACH", "DETACH"}
            and self.dialect == "redshift"
            and "POLICY" in {cursor.upper(1), cursor.upper(2)}
        ):
            said = statement.text if len(statement.text) < _TOLD else f"{statement.text[:_TOLD]}…"
            self.catalogue.lose(f"line {statement.line}", said, "not read: the table is read without")
            return "ignored", "a policy of a table"
        if first in _ASIDE:
            return self._session_set(cursor) or ("ignored", _ASIDE[first])
        self.catalogue.lose(
            f"line {statement.line}", f"a statement that begins {statement.text[:40]!r}", "kept as text"
        )
        return "kept as text", "not known"

    def _session_set(self, cursor: Cursor) -> tuple[str, str] | None:
        """What a setting of the session says of names: in which schemas they are looked up, and what quotes mean."""
        cursor.at = 0
        words = [token.upper or token.value for token in cursor.tokens]
        if self.dialect in {"mysql", "mariadb"} and words[:1] == ["SET"] and any("SQL_MODE" in one for one in words):
            modes = " ".join(token.value for token in cursor.tokens).upper()
            self.ansi_quotes = bool(re.search(r"\b(?:ANSI|ANSI_QUOTES|ORACLE|POSTGRESQL|MSSQL|DB2|MAXDB)\b", modes))
            said = "names" if self.ansi_quotes else "texts"
            return ("understood", f"what stands between double quotes are {said}") if "=" in words else None
        laid = _LAID.get(words[1]) if self.dialect == "postgresql" and words[:1] == ["SET"] and len(words) > 3 else None
        if laid:
            place = cursor.tokens[3].value.strip("'")
            usual = place.casefold() in {"", "default", "heap", "pg_default"}
            self.laid_in = {word: one for word, one in self.laid_in.items() if word != laid}
            self.laid_in |= {} if usual else {laid: place}
            return None if usual else ("understood", f"tables that say nothing are of {laid} {place}")
        path = _path_set(cursor)
        if path is None:
            return None
        self.catalogue.path = tuple(one for one in path if one.casefold() not in _EVERYWHERE)
        return "understood", f"names without a schema are of {', '.join(path) or 'none'}"

    def _selected_into(self, cursor: Cursor) -> tuple[str, str] | None:
        """`SELECT … INTO t FROM …` makes a table."""
        depth = 0
        for place, token in enumerate(cursor.tokens):
            depth += (token.upper == "(") - (token.upper == ")")
            if depth or token.upper != "INTO":
                continue
            cursor.at = place + 1
            if cursor.upper() in {"TEMP", "TEMPORARY", "UNLOGGED"}:
                return "ignored", "a temporary table"
            cursor.any("TABLE")
            name = cursor.name()
            if name[-1][:1] in "#@:":
                return None
            query = f"{cursor.said(cursor.tokens[:place])} {cursor.said(cursor.tokens[cursor.at :])}"
            return self._made_from(Table(name), query)
        return None

    def _block(self, cursor: Cursor) -> tuple[str, str]:
        """A block of a procedural language: its DDL is carried out, the rest is not run."""
        tokens = cursor.tokens
        said = tokens[cursor.at - 1].upper
        body = next((token for token in tokens if token.kind == "text"), None) if said == "DO" else None
        source = cursor.statement
        if body is not None:
            text = unquoted(body.value, self.dialect)
            tokens = tokens_in(text, self.dialect)
            source = replace(cursor.statement, source=text, start=0, end=len(text))
        if puts_together(tokens):
            self._untold(cursor)
        return self._within(source, tuple(commands(tokens)), _ASIDE[said])

    def _untold(self, cursor: Cursor) -> None:
        self.catalogue.lose(
            f"line {cursor.statement.line}", "DDL that is put together when it runs", "not read: no program is run"
        )

    def _within(self, source: Statement, found: tuple[tuple[Token, ...], ...], otherwise: str) -> tuple[str, str]:
        """Carry out statements that stand within another one."""
        fates: list[str] = []
        for tokens in found:
            if len(tokens) == 1 and tokens[0].kind == "text":
                inner = tuple(split(unquoted(tokens[0].value, self.dialect), self.dialect))
            else:
                inner = (replace(source, tokens=tokens, start=tokens[0].start, end=tokens[-1].end),)
            for statement in inner:
                if not statement.aside and statement.tokens[0].upper in DEFINES:
                    try:
                        fates.append(self.carried_out(Cursor(statement), statement)[0])
                    except Puzzled as puzzle:
                        self.catalogue.lose(f"line {source.line}", f"in a block: {puzzle}", "kept as text")
                        fates.append("kept as text")
        if not fates:
            return "ignored", otherwise
        fate = "kept as text" if "kept as text" in fates else "understood"
        return fate, f"a block, read as if its conditions held: {len(fates)} statements of DDL"

    def _exec(self, cursor: Cursor) -> tuple[str, str]:
        """T-SQL's programs of the system that rename and describe, and constant texts; any other is not run."""
        begin = cursor.at
        name = cursor.name()[-1].casefold() if not cursor.done and cursor.upper() not in {"(", "="} else ""
        texts = [unquoted(token.value, self.dialect) for token in cursor.tokens[cursor.at :] if token.kind == "text"]
        if name == "sp_rename" and len(texts) > 1:
            return self._renamed(texts)
        if name in {"sp_addextendedproperty", "sp_updateextendedproperty"}:
            return self._described_by(cursor)
        added = any(token.value in {"+", "||"} for token in cursor.tokens[begin:])
        if name in {"", "sp_executesql", "immediate"} and len(texts) == 1 and not added:
            constant = tuple(token for token in cursor.tokens[begin:] if token.kind == "text")
            return self._within(cursor.statement, (constant,), "a program, which is not run")
        prepared = self.texts_of_ddl and (name in {"", "sp_executesql"} or self.dialect in {"mysql", "mariadb"})
        if prepared or puts_together(cursor.tokens[begin - 1 :]):
            self.texts_of_ddl = False
            self._untold(cursor)
        return "ignored", "a program, which is not run"

    def _renamed(self, texts: list[str]) -> tuple[str, str]:
        old = tuple(part.strip('[]"') for part in texts[0].split("."))
        if len(texts) > 2 and texts[2].upper() == "COLUMN":
            table = self.catalogue.find(old[:-1])
            column = table.column(old[-1]) if table else None
            if table is None or column is None:
                raise Puzzled(f"no column {texts[0]} to rename")
            self._respelled(table, column.name, texts[1])
        elif (len(texts) > 2 and texts[2].upper() == "INDEX") or self.catalogue.find(old) is None:
            for table in self.catalogue.tables.values():
                table.rename_rule(old[-1], texts[1])
        elif not self.catalogue.rename(old, (texts[1],)):
            raise Puzzled(f"there is a table {texts[1]} already")
        return "understood", ""

    def _described_by(self, cursor: Cursor) -> tuple[str, str]:
        """T-SQL's notes: `sp_addextendedproperty 'MS_Description', 'text', 'SCHEMA', 'dbo', 'TABLE', 't', 'COLUMN', 'c'`."""
        order = ("name", "value", "level0type", "level0name", "level1type", "level1name", "level2type", "level2name")
        said: dict[str, str] = {}
        for place, part in enumerate(cursor.parts(cursor.tokens[cursor.at :])):
            named = len(part) > 2 and part[1].value == "=" and part[0].value.startswith("@")
            last = part[-1]
            value = unquoted(last.value, self.dialect) if last.kind == "text" else last.value
            said[part[0].value[1:].lower() if named else order[min(place, 7)]] = value
        name, level = said.get("level1name", ""), said.get("level2type", "").upper()
        table = self.catalogue.find((said.get("level0name", ""), name)) or self.catalogue.find((name,))
        described = said.get("name", "").casefold() in {"ms_description", "description"}
        if not described or table is None or level not in {"", "COLUMN", "NULL"}:
            on, what = said.get("level2name", ""), f"its property {said.get('name', '')}"
            if table is None:
                self.catalogue.lose(name or "the database", what, "not read")
            elif level == "COLUMN":
                self._aside(table, what, column=on)
            else:
                self._aside(table, what, rule=f"the {level.lower()} {on}" if level not in {"", "NULL"} else "")
            return "ignored", f"a label on {on or name or 'the database'}"
        if level != "COLUMN":
            table.note = said.get("value", "")
            return "understood", ""
        column = table.column(said.get("level2name", ""))
        if column is None:
            return "ignored", "what it is on is not here"
        table.put(replace(column, note=said.get("value", "")))
        return "understood", ""
