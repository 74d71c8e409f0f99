"""What ALTER TABLE says of one column."""

from dataclasses import replace

from dbworkbench.errors import DesignError
from dbworkbench.schema.relation import Attribute, Identity
from dbworkbench.schema.types import Unknown
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.part_alterations import PartAlterations
from dbworkbench.sql.paths import enforced_in, manner
from dbworkbench.sql.storage import clause
from dbworkbench.sql.tables import Table

__all__ = ["ColumnAlterations"]


class ColumnAlterations(PartAlterations):
    """Carries out what alters a column."""

    def _alter_column(self, table: Table, cursor: Cursor) -> None:
        if cursor.any("CONSTRAINT", "CHECK"):
            self._rule_altered(table, cursor)
            return
        if cursor.take("INDEX"):
            name = cursor.identifier()
            self._aside(table, cursor.said(cursor.tokens[cursor.at :]), rule=f"the index {name}")
            return
        if self.dialect == "redshift" and (cursor.take("SORTKEY") or cursor.take("COMPOUND", "SORTKEY")):
            self._clustering(table, self._order(table, cursor))
            return
        if self.dialect == "redshift" and cursor.upper() in {"DISTKEY", "DISTSTYLE", "ENCODE"}:
            self._aside(table, f"ALTER {cursor.said(cursor.tokens[cursor.at :])}")
            return
        cursor.any("COLUMN")
        name = cursor.identifier()
        column = table.column(name)
        if column is None:
            raise Puzzled(f"no column {name!r} to alter")
        if cursor.done:
            raise Puzzled(f"what becomes of the column {name!r} was expected at {cursor.rest()!r}")
        if cursor.upper() in {"SET", "DROP"} and cursor.upper(1) in {"NOT", "DEFAULT", "EXPRESSION"}:
            self._value_of(table, column, cursor)
        elif (
            "IDENTITY" in {token.upper for token in cursor.tokens}
            or cursor.upper() == "RESTART"
            or (cursor.upper() == "SET" and cursor.upper(1) in {"GENERATED", "START", "INCREMENT"})
        ):
            self._numbered_by(table, column, cursor)
        elif cursor.take("SET", "DATA", "TYPE") or cursor.take("TYPE") or cursor.take("SET", "TYPE"):
            kind = self._type_at(table, column.name, cursor)
            collation = cursor.name()[-1] if cursor.take("COLLATE") else ""
            table.put(replace(column, type=kind, collation="" if collation == "default" else collation))
        elif cursor.take("SET", "OPTIONS"):
            note = self._described(table, cursor, column.name)
            table.put(replace(column, note=note or column.note))
        elif cursor.upper() in {"FIRST", "AFTER"}:
            self._moved(table, column.name, cursor)
        elif cursor.upper() in {"SET", "RESET", "ADD", "DROP", "ENCODE", "UNSET"}:
            self._aside(table, clause(cursor, self.dialect), column=column.name)
        elif cursor.upper() == "COMMENT":
            table.put(self._options(table, column, cursor))
        elif cursor.take("RENAME", "TO"):
            self._respelled(table, column.name, cursor.identifier())
        else:  # T-SQL says the whole column again
            kind = self._type_at(table, column.name, cursor)
            kept = column if isinstance(kind, Unknown) else replace(column, type=kind)
            nullable = column.nullable or self.dialect == "sqlserver"
            table.put(self._options(table, replace(kept, nullable=nullable), cursor))

    def _value_of(self, table: Table, column: Attribute, cursor: Cursor) -> None:
        """Whether a column may be NULL, and how it is filled."""
        subject = f"{'.'.join(table.name)}.{column.name}"
        if cursor.take("SET", "NOT", "NULL"):
            table.put(replace(column, nullable=False))
        elif cursor.take("DROP", "NOT", "NULL"):
            table.put(replace(column, nullable=True))
        elif cursor.take("SET", "DEFAULT"):
            table.numbers.pop(column.name, None)
            table.put(self._default(table, subject, replace(column, default=None), cursor))
        elif cursor.take("DROP", "DEFAULT"):
            table.numbers.pop(column.name, None)
            table.unsaid.pop(column.name, None)
            table.put(replace(column, default=None))
        elif cursor.take("SET", "EXPRESSION"):
            now = self._generated(table, subject, replace(column, generated=None), cursor)
            if now.generated and column.generated:
                now = replace(now, generated=replace(now.generated, stored=column.generated.stored))
            table.put(now)
        elif cursor.take("DROP", "EXPRESSION"):
            table.put(replace(column, generated=None))
        else:
            self._aside(table, clause(cursor, self.dialect), column=column.name)

    def _numbered_by(self, table: Table, column: Attribute, cursor: Cursor) -> None:
        """How a column's running number is given, changed or taken away."""
        if cursor.take("DROP", "IDENTITY"):
            table.numbers.pop(column.name, None)
        elif cursor.take("ADD", "GENERATED"):
            always = cursor.upper() == "ALWAYS"
            while not cursor.done and not cursor.take("IDENTITY"):
                cursor.skip()
            table.numbers[column.name] = self._numbers(table, column.name, cursor, always=always)
            table.put(replace(column, nullable=False, default=None))
        else:
            self._renumbered(table, column, cursor)

    def _renumbered(self, table: Table, column: Attribute, cursor: Cursor) -> None:
        """`SET GENERATED ALWAYS SET INCREMENT BY 5 RESTART`: what is said of a running number changes, the rest stays."""
        before = table.numbers.get(column.name)
        if before is None:
            raise Puzzled(f"{column.name} has no running number")
        words = [token.upper for token in cursor.tokens]
        always = "ALWAYS" in words or (before.always and "DEFAULT" not in words)
        found = {"START": before.start, "INCREMENT": before.increment}
        for at, word in enumerate(words):
            value = next((token for token in cursor.tokens[at + 1 : at + 4] if token.kind == "number"), None)
            if word in {*found, "RESTART"} and value is not None:
                found[word.removeprefix("RE")] = int(value.value) * (-1 if "-" in words[at : at + 3] else 1)
        table.numbers[column.name] = Identity(always, found["START"], found["INCREMENT"] or 1)

    def _rule_altered(self, table: Table, cursor: Cursor) -> None:
        """`ALTER CONSTRAINT c NOT ENFORCED`, `MODIFY CONSTRAINT c DISABLE`, `ALTER CONSTRAINT c DEFERRABLE`."""
        name = cursor.identifier()
        said = cursor.said(cursor.tokens[cursor.at :])
        found = manner(cursor, self.dialect)
        how, others = enforced_in(found.others)
        again = {"ENFORCED", "ENABLE", "VALIDATE"} & {token.upper for token in cursor.tokens}
        if (how != "always" or again) and table.enforce(name, lambda _: how):
            said = ", ".join(others)
        for reference in table.references:
            if reference.name.casefold() == name.casefold() and "DEFERRABLE" in said.upper():
                reference.deferrable, said = found.deferrable, ", ".join(others)
        self._aside(table, said, rule=f"the rule {name}")

    def _each_altered(self, table: Table, cursor: Cursor) -> None:
        """Snowflake's `MODIFY (a DROP NOT NULL, b COMMENT 'x')`, which alters."""
        if cursor.upper() != "(":
            self._alter_column(table, cursor)
            return
        for part in cursor.parts(cursor.group()):
            self._alter_column(table, cursor.inside(part))

    def _modify(self, table: Table, cursor: Cursor) -> None:
        cursor.any("COLUMN")
        if cursor.upper() == "(":
            for part in cursor.parts(cursor.group()):
                self._modify(table, cursor.inside(part))
            return
        if self.dialect == "clickhouse" and cursor.take("ORDER", "BY"):
            self._clustering(table, self._order(table, cursor))
            return
        if self.dialect == "clickhouse" and cursor.take("COMMENT"):
            table.note = unquoted(cursor.tokens[-1].value, self.dialect)
            return
        if self.dialect == "clickhouse" and cursor.upper() in {"SETTING", "TTL", "SAMPLE", "QUERY", "REFRESH"}:
            self._aside(table, f"MODIFY {cursor.said(cursor.tokens[cursor.at :])}")
            return
        if cursor.take("CONSTRAINT"):
            self._rule_altered(table, cursor)
            return
        if cursor.upper() in {"PARTITION", "PRIMARY", "UNIQUE"}:
            self._aside(table, f"MODIFY {cursor.said(cursor.tokens[cursor.at :])}")
            return
        cursor.take("IF", "EXISTS")
        token = cursor.token()
        column = table.column(token.value) if token else None
        if column is None:
            raise Puzzled(f"no column to modify at {cursor.rest()!r}")
        if self.dialect in {"oracle", "clickhouse"}:
            cursor.identifier()
            if cursor.take("REMOVE"):
                self._without_property(table, column, cursor)
                return
            certain = self._certain(cursor)
            kind = self._type_at(table, column.name, cursor)
            nullable = column.nullable if self.dialect == "oracle" else not certain
            kept = column if isinstance(kind, Unknown) else replace(column, type=kind, nullable=nullable)
            self._moved(table, column.name, cursor)
            table.put(self._options(table, kept, cursor))
            return
        self._replace_column(table, cursor, column.name)

    def _without_property(self, table: Table, column: Attribute, cursor: Cursor) -> None:
        """ClickHouse's `MODIFY COLUMN a REMOVE DEFAULT`."""
        what = cursor.upper()
        match what:
            case "DEFAULT":
                table.put(replace(column, default=None))
            case "COMMENT":
                table.put(replace(column, note=""))
            case "ALIAS" | "MATERIALIZED":
                table.put(replace(column, generated=None))
            case _:
                begins = f"{what} "
                table.asides = [
                    one for one in table.asides if one.column != column.name or not one.text.startswith(begins)
                ]

    def _replace_column(self, table: Table, cursor: Cursor, old: str) -> None:
        before = table.column(old)
        if before is None:
            raise Puzzled(f"no column {old!r} to change")
        name = cursor.identifier()
        kind = self._type_at(table, name, cursor)
        if name != before.name:
            self._respelled(table, before.name, name)
        table.put(Attribute(name, kind, nullable=True), name)
        table.asides = [one for one in table.asides if one.column != name]
        self._moved(table, name, cursor)
        table.put(self._options(table, table.columns[name], cursor), name)

    def _noted(self, table: Table, name: str, cursor: Cursor) -> None:
        """ClickHouse's `COMMENT COLUMN a 'x'`."""
        column, token = table.column(name), cursor.token()
        if column is None or token is None:
            raise Puzzled(f"no column {name!r} to describe")
        table.put(replace(column, note=unquoted(token.value, self.dialect)))

    def _respelled(self, table: Table, old: str, new: str) -> None:
        """A column called otherwise, wherever it is named."""
        try:
            self.catalogue.rename_column(table, old, new)
        except DesignError as reason:
            raise Puzzled(f"{old} cannot be called {new}: {reason}") from reason
