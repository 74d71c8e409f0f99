"""DROP, RENAME, EXCHANGE and COMMENT: what takes things away, calls them otherwise, or describes them."""

from contextlib import suppress
from dataclasses import replace

from dbworkbench.sql.alterations import Alterations
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted

__all__ = ["COMMENT", "Renaming"]

COMMENT = "comment"


_KEEP_REFERENCES = frozenset({"mysql", "mariadb", "sqlite"})
"""Dialects in which a dropped table leaves the references to it as they are, CASCADE or not."""


class Renaming(Alterations):
    """Carries out what drops, renames and describes."""

    def __init__(self, dialect: str) -> None:
        super().__init__(dialect)
        self.dropped: set[str] = set()
        """Names that the statement takes away, of what is kept as text."""

    def _drop(self, cursor: Cursor) -> tuple[str, str]:
        cursor.any("TEMPORARY", "FOREIGN", "EXTERNAL")
        what = cursor.any("TABLE", "INDEX", "TYPE", "DOMAIN")
        if not what:
            thing = cursor.upper().lower() or "thing"
            cursor.any("MATERIALIZED")
            if cursor.any("VIEW", "SEQUENCE", "SYNONYM"):
                cursor.take("IF", "EXISTS")
                for part in cursor.parts(cursor.tokens[cursor.at :]):
                    gone = cursor.inside(part).name()[-1].casefold()
                    self.catalogue.others.pop(gone, None)
                    self.dropped.add(gone)
            elif cursor.any("TRIGGER", "FUNCTION", "PROCEDURE", "POLICY", "EVENT", "RULE", "EXTENSION"):
                cursor.take("IF", "EXISTS")
                with suppress(Puzzled):
                    self.dropped.add(cursor.name()[-1].casefold())
            return "ignored", f"drops a {thing}"
        cursor.any("CONCURRENTLY")
        cursor.take("IF", "EXISTS")
        found = False
        cascade = self.dialect not in _KEEP_REFERENCES and (
            self.dialect == "snowflake" or any(token.upper == "CASCADE" for token in cursor.tokens)
        )
        for part in cursor.parts(cursor.tokens[cursor.at :]):
            inner = cursor.inside(part)
            name = inner.name()
            if what == "TABLE":
                found = self.catalogue.drop(name, cascade=cascade) or found
            elif what == "INDEX":
                target = self.catalogue.find(inner.name()) if inner.take("ON") else None
                tables = (
                    [target]
                    if target
                    else [self.catalogue.find(name[:-1])]
                    if len(name) > 1 and self.catalogue.find(name[:-1])
                    else list(self.catalogue.tables.values())
                )
                found = any(table.drop_rule(name[-1]) for table in tables if table) or found
            else:
                key = self.catalogue.type_key(name)
                self.catalogue.domains.pop(key, None)
                self.dropped.add(name[-1].casefold())
                found = self.catalogue.types.pop(key, None) is not None or found
                self.catalogue.type_names.drop(key)
        return ("understood", "") if found else ("ignored", "nothing of that name is here")

    def _rename(self, cursor: Cursor) -> tuple[str, str]:
        """MySQL's `RENAME TABLE a TO b, c TO d`; Oracle's `RENAME a TO b`."""
        cursor.any("TABLE", "TABLES")
        for part in cursor.parts(cursor.tokens[cursor.at :]):
            inner = cursor.inside(part)
            old = inner.name()
            if not inner.take("TO"):
                raise Puzzled(f"TO was expected at {inner.rest()!r}")
            new = inner.name()
            if not self.catalogue.rename(old, new):
                none = self.catalogue.find(old) is None
                raise Puzzled(
                    f"no table {'.'.join(old)} to rename" if none else f"there is a table {'.'.join(new)} already"
                )
        return "understood", ""

    def _exchange(self, cursor: Cursor) -> tuple[str, str]:
        """ClickHouse's `EXCHANGE TABLES a AND b`."""
        if not cursor.any("TABLES"):
            return "ignored", "exchanges no tables"
        one = cursor.name()
        if not cursor.take("AND") or not self.catalogue.exchange(one, cursor.name()):
            raise Puzzled("no two tables to exchange")
        return "understood", ""

    def _comment_elsewhere(self, cursor: Cursor) -> tuple[str, str]:
        """A comment on what is no table and no column: kept with what is kept as text, lost on what a schema holds."""
        what = cursor.upper().lower() or "thing"
        what = "materialized view" if what == "materialized" else what
        if what in {"view", "materialized view", "function", "procedure", "trigger", "policy", "rule", "aggregate"}:
            return self._kept_comment(what)
        if what in {"index", "constraint", "sequence"}:
            cursor.skip()
            self.catalogue.lose(f"the {what} {'.'.join(cursor.name())}", "a comment", "not read")
        return "ignored", f"a comment on {'an' if what[0] in 'aeio' else 'a'} {what}"

    def _kept_comment(self, what: str) -> tuple[str, str]:
        self.defined = COMMENT
        return "kept as text", f"a comment on {'an' if what[0] in 'aeioAEIO' else 'a'} {what.lower()}"

    def _comment(self, cursor: Cursor) -> tuple[str, str]:
        cursor.take("IF", "EXISTS")
        if not cursor.take("ON"):
            raise Puzzled(f"ON was expected at {cursor.rest()!r}")
        what = cursor.any("TABLE", "COLUMN", "DOMAIN", "TYPE")
        if not what:
            return self._comment_elsewhere(cursor)
        cursor.take("IF", "EXISTS")
        name = cursor.name()
        text = next(
            (unquoted(token.value, self.dialect) for token in cursor.tokens[cursor.at :] if token.kind == "text"), ""
        )
        if what in {"DOMAIN", "TYPE"}:
            key = self.catalogue.type_key(name)
            domain = self.catalogue.domains.get(key)
            if domain is None:
                return self._kept_comment(what)
            self.catalogue.domains[key] = replace(domain, note=text)
            return "understood", ""
        table = (
            self.catalogue.find(name if what == "TABLE" else name[:-1]) if what == "TABLE" or len(name) > 1 else None
        )
        if table is None:
            seen = self.catalogue.other(name if what == "TABLE" else name[:-1]) if len(name) > (what != "TABLE") else ""
            return self._kept_comment("view") if seen and "view" in seen else ("ignored", "what it is on is not here")
        if what == "TABLE":
            table.note = text
            return "understood", ""
        column = table.column(name[-1])
        if column is None:
            return "ignored", "what it is on is not here"
        table.put(replace(column, note=text))
        return "understood", ""
