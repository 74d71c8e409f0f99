"""Rules of tables: keys, foreign keys, checks and indexes, each as it is written outside a column."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from dbworkbench.schema.relation import Exclusion, Index, Key, Part
from dbworkbench.sql.clustering import CLUSTER, clustering_in, without_clustering
from dbworkbench.sql.columns import Columns
from dbworkbench.sql.cursor import Cursor, Puzzled
from dbworkbench.sql.paths import Untold, enforced_in, manner, parts_in
from dbworkbench.sql.storage import clause
from dbworkbench.sql.tables import Table
from dbworkbench.sql.tokens import Token

__all__ = ["RULE_STARTS", "Rules"]

RULE_STARTS_WORDS = (
    "CONSTRAINT PRIMARY UNIQUE FOREIGN CHECK KEY INDEX FULLTEXT SPATIAL EXCLUDE LIKE PERIOD PARTITION PROJECTION FAMILY"
)
RULE_STARTS = frozenset(RULE_STARTS_WORDS.split())
_AFTER_UNIQUE = frozenset({"KEY", "INDEX", "CLUSTERED", "NONCLUSTERED", "USING", "NULLS", "CONSTRAINT", "NOT", "FOR"})
_LENGTHY_WORDS = (
    "varchar char varchar2 nvarchar nchar decimal numeric int bigint smallint tinyint binary varbinary bit float number"
)
_LENGTHY = frozenset(_LENGTHY_WORDS.split())

_LATER = {"": (), "immediate": ("DEFERRABLE",), "deferred": ("INITIALLY DEFERRED",)}
"""What is said of a rule that may be put off."""

_INDEX_TYPES = {"CTXSYS": "fulltext", "MDSYS": "spatial"}
"""What looks into values, by whose kind of index it is."""


class Rules(Columns):
    """Reads rules, beside columns."""

    def _element(self, table: Table, cursor: Cursor) -> None:
        """What stands between two commas of CREATE TABLE: a column or a rule, and rules whose comma was forgotten."""
        for part in _without_commas(cursor.tokens):
            self._one_element(table, cursor.inside(part))

    def _one_element(self, table: Table, cursor: Cursor) -> None:
        token = cursor.token()
        if token is None:
            return
        if token.upper == "SUPPLEMENTAL" and cursor.upper(1) == "LOG":
            self._aside(table, cursor.said(cursor.tokens))
            return
        starts = token.upper in RULE_STARTS and self._is_rule(cursor)
        if starts and cursor.take("LIKE"):
            self._like(table, cursor)
        elif starts:
            self._rule(table, cursor)
        else:
            self._column(table, cursor)

    def _is_rule(self, cursor: Cursor) -> bool:
        """Whether a word that begins rules begins one here, or is the name of a column."""
        first, second, third = cursor.upper(), cursor.upper(1), cursor.upper(2)
        follower = cursor.token(1)
        match first:
            case "PRIMARY" | "FOREIGN":
                return second == "KEY"
            case "CONSTRAINT":
                return follower is not None and second != "("
            case "LIKE":
                known = follower is not None and self.catalogue.find((follower.value,)) is not None
                return known or third in {".", "INCLUDING", "EXCLUDING"}
            case "PERIOD":
                return second == "FOR"
            case "CHECK" | "EXCLUDE":
                return second in {"(", "USING"}
            case "UNIQUE":
                return (
                    second == "(" or second in _AFTER_UNIQUE or (third == "(" and not self._closes_with_number(cursor))
                )
            case "KEY" | "INDEX" if self.dialect in {"mysql", "mariadb", "sqlserver"}:
                return True  # reserved words there
            case "INDEX" if self.dialect == "clickhouse":
                return "TYPE" in {token.upper for token in cursor.tokens[cursor.at :]}
            case "KEY" | "INDEX":
                named = (
                    third in {"(", "USING", "ON"}
                    or (third == "TYPE")
                    or (follower is not None and follower.kind == "name" and third == "(")
                )
                return second == "(" or (
                    named and not (second.lower() in _LENGTHY and self._closes_with_number(cursor))
                )
            case "FAMILY" if self.dialect != "cockroachdb":
                return False
            case "FULLTEXT" | "SPATIAL":
                return second in {"KEY", "INDEX", "("} or third == "("
            case _:
                return second in {"BY", "("} or (third == "(" and not self._closes_with_number(cursor))

    def _closes_with_number(self, cursor: Cursor) -> bool:
        inner = cursor.token(3)
        return inner is not None and inner.kind == "number"

    def _like(self, table: Table, cursor: Cursor) -> None:
        """The columns of another table, and what goes with them: in MySQL the rules, elsewhere what INCLUDING names."""
        other = cursor.name()
        found = self.catalogue.find(other)
        if found is None:
            raise Puzzled(f"like a table that is not here: {'.'.join(other)}")
        words = [token.upper for token in cursor.tokens[cursor.at :]]
        including = {word for before, word in pairwise(words) if before == "INCLUDING"}
        excluding = {word for before, word in pairwise(words) if before == "EXCLUDING"}
        whole = self.dialect in {"mysql", "mariadb"} or "ALL" in including

        def brought(what: str) -> bool:
            return (whole or what in including) and what not in excluding

        for column in found.columns.values():
            kept = column if brought("DEFAULTS") else replace(column, default=None)
            kept = kept if brought("GENERATED") else replace(kept, generated=None)
            table.put(kept if brought("COMMENTS") else replace(kept, note=""))
        if brought("INDEXES"):
            table.primary, table.uniques, table.indexes = found.primary, list(found.uniques), list(found.indexes)
            table.exclusions = list(found.exclusions)
        if brought("IDENTITY") or whole:
            table.numbers |= found.numbers
        elif brought("DEFAULTS"):  # a default that takes the next number of the other table's sequence
            counted = {name: numbered for name, numbered in found.numbers.items() if not numbered.always}
            table.numbers |= counted
            for name in counted:
                what = f"numbers of the sequence of {'.'.join(found.name)}"
                self.catalogue.lose(f"{'.'.join(table.name)}.{name}", what, "read as numbered by itself")
        table.unsaid |= found.unsaid if brought("DEFAULTS") else {}
        table.domains |= found.domains
        table.declared |= found.declared
        if brought("CONSTRAINTS"):
            table.checks += found.checks

    def _rule(self, table: Table, cursor: Cursor) -> None:
        name = ""
        if cursor.take("CONSTRAINT"):
            unless = cursor.take("IF", "NOT", "EXISTS")
            if not self._nameless(cursor):
                name = cursor.identifier()
            if unless and table.has_rule(name):
                return
            if cursor.upper() == "NOT" or cursor.upper() == "DEFAULT":
                self._named_default(table, cursor, name)
                return
        subject = ".".join(table.name)
        if cursor.take("PRIMARY", "KEY"):
            self._primary(table, name, cursor)
        elif cursor.take("UNIQUE"):
            self._unique(table, name, cursor)
        elif cursor.take("FAMILY"):
            self._aside(table, f"FAMILY {cursor.said(cursor.tokens[cursor.at :])}")
        elif cursor.take("FOREIGN", "KEY"):
            cursor.take("IF", "NOT", "EXISTS")
            named = self._to_group(cursor)
            self._refers(table, name or named, cursor)
        elif word := cursor.any("CHECK", "ASSUME"):
            if word == "ASSUME":
                self._aside(table, word, rule=f"the check {name}")
            if cursor.take("NOT", "FOR", "REPLICATION"):
                self._aside(table, "NOT FOR REPLICATION", rule=f"the check {name}".rstrip())
            self._asked(table, name, cursor)
        elif cursor.take("EXCLUDE"):
            self._exclusion(table, name, cursor)
        elif cursor.any("KEY", "INDEX"):
            if self.dialect == "clickhouse":
                self.catalogue.lose(subject, f"the skipping index {cursor.rest()}", "not read")
                return
            unique = "UNIQUE" in {token.upper for token in cursor.tokens[cursor.at : cursor.at + 2]}
            clustered = "CLUSTERED" in {token.upper for token in cursor.tokens[cursor.at : cursor.at + 3]}
            ahead = [token.upper for token in cursor.tokens[cursor.at : cursor.at + 4]]
            hashed = ("USING", "HASH") in pairwise(ahead[: ahead.index("(")] if "(" in ahead else ahead)
            named = self._to_group(cursor)
            method = CLUSTER if clustered and self.dialect == "sqlserver" else "hash" if hashed else ""
            self._plain_index(table, name or named, cursor, unique=unique, method=method)
        elif cursor.any("FULLTEXT", "SPATIAL"):
            method = cursor.tokens[cursor.at - 1].upper.lower()
            cursor.any("KEY", "INDEX")
            named = self._to_group(cursor)
            self._plain_index(table, name or named, cursor, unique=False, method=method)
        else:
            self.catalogue.lose(subject, f"the clause {cursor.rest()}", "not read")

    def _never_null(self, table: Table, name: str, cursor: Cursor) -> None:
        """PostgreSQL's `CONSTRAINT c NOT NULL a NO INHERIT`, a rule of the table's own."""
        column = table.column(cursor.identifier())
        if column is None:
            raise Puzzled(f"no column to be never NULL at {cursor.rest()!r}")
        self._aside(table, "the name of NOT NULL" if name else "", column=column.name)
        table.put(self._certainly(table, replace(column, nullable=False), cursor))
        while not cursor.done:
            self._aside(table, clause(cursor, self.dialect), column=column.name)

    def _refers(self, table: Table, name: str, cursor: Cursor) -> None:
        """A foreign key of the table's own, from its columns on."""
        rule = f"the foreign key {name}".rstrip()
        periods: list[str] = []
        columns = self._names(cursor, periods)
        self._asides(table, periods, rule)
        if not cursor.take("REFERENCES"):
            raise Puzzled(f"REFERENCES was expected at {cursor.rest()!r}")
        table.references.append(self._references(table, columns, name, cursor))
        while not cursor.done:
            self._asides(table, (clause(cursor, self.dialect),), rule)

    def _asked(self, table: Table, name: str, cursor: Cursor) -> None:
        """A check of the table's own, and how it is kept."""
        text = self._condition(cursor)
        found = manner(cursor, self.dialect)
        enforced, others = enforced_in(found.others)
        self._check(table, text, name, enforced)
        self._asides(table, (*others, *_LATER[found.deferrable]), f"the check {name}".rstrip())

    def _nameless(self, cursor: Cursor) -> bool:
        """Whether CONSTRAINT is followed by the rule itself: MySQL needs no name there, and has the index's behind it."""
        if cursor.upper() not in {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK"}:
            return False
        mysql = self.dialect in {"mysql", "mariadb"} and cursor.upper() == "UNIQUE"
        return cursor.upper(1) in {"KEY", "("} or (mysql and (cursor.upper(1) == "INDEX" or cursor.upper(2) == "("))

    def _primary(self, table: Table, name: str, cursor: Cursor) -> None:
        heading = cursor.inside(cursor.tokens[cursor.at :])
        bare = self._to_group(cursor)
        beside: list[str] = []
        names = (bare,) if cursor.done and bare else self._names(cursor, beside)  # ClickHouse needs no parentheses
        self._kept_in_order(table, names, heading, primary=True)
        found = manner(cursor, self.dialect)
        self._asides(table, (*beside, *found.others), _key_said(name, names))
        table.primary = Key(names, name, deferrable=found.deferrable)
        for part in names:
            column = table.column(part)
            if column:
                table.put(replace(column, nullable=False))

    def _condition(self, cursor: Cursor) -> str:
        """What a check asks; ClickHouse asks without parentheses."""
        if self.dialect != "clickhouse":
            return cursor.said(cursor.group())
        begin, cursor.at = cursor.at, len(cursor.tokens)
        return cursor.said(cursor.tokens[begin:])

    def _named_default(self, table: Table, cursor: Cursor, name: str) -> None:
        """T-SQL's `CONSTRAINT name DEFAULT value FOR column`, or PostgreSQL's `CONSTRAINT name NOT NULL column`."""
        if cursor.take("NOT", "NULL"):
            self._never_null(table, name, cursor)
            return
        if not cursor.take("DEFAULT"):
            raise Puzzled(f"a rule was expected at {cursor.rest()!r}")
        self._default_for(table, cursor, name)

    def _default_for(self, table: Table, cursor: Cursor, name: str = "") -> None:
        begin = cursor.at
        while not cursor.done and cursor.upper() != "FOR":
            if cursor.upper() == "(":
                cursor.group()
            else:
                cursor.skip()
        said = cursor.tokens[begin : cursor.at]
        if cursor.take("FOR"):
            column = table.column(cursor.identifier())
            if column and name:
                table.defaults[name.casefold()] = column.name
            if column and said:
                subject = f"{'.'.join(table.name)}.{column.name}"
                table.put(self._default(table, subject, column, cursor.inside(said)))

    def _to_group(self, cursor: Cursor) -> str:
        """Step to the parenthesis of a rule; the name that stands before it, where one does."""
        named = ""
        while not cursor.done and cursor.upper() != "(":
            if cursor.any("CLUSTERED", "NONCLUSTERED", "USING", "BTREE", "HASH", "TYPE", "ON", "ONLY", "UNIQUE"):
                continue
            named = cursor.identifier()
        return named

    def _unique(self, table: Table, name: str, cursor: Cursor) -> None:
        cursor.any("KEY", "INDEX")
        distinct = not cursor.take("NULLS", "NOT", "DISTINCT")
        clustered = cursor.upper() == "CLUSTERED" and self.dialect == "sqlserver"
        named = self._to_group(cursor)
        name = name or named
        subject = ".".join(table.name)
        group = cursor.group()
        try:
            parts = tuple(parts_in(cursor, group, self.dialect, ansi_quotes=self.ansi_quotes))
        except Untold as reason:
            self.catalogue.lose(subject, f"the unique key on {reason}", "not read")
            return
        found = manner(cursor, self.dialect)
        ordered = [f"{part}" for part in parts if part.is_whole and part != Part(part.attribute) and not clustered]
        self._asides(table, (*ordered, *found.others), _key_said(name, (part.attribute or str(part) for part in parts)))
        distinct = distinct and found.nulls_distinct
        if found.include:
            self.catalogue.lose(subject, f"what the key ({cursor.said(group)}) carries along", "read without")
        if all(part.is_whole for part in parts):
            names = tuple(part.attribute for part in parts)
            table.uniques.append(Key(names, name, distinct, found.deferrable))
            table.indexes += [Index(parts, method=CLUSTER)] if clustered else []
        else:
            table.indexes.append(Index(parts, unique=True, name=name, nulls_distinct=distinct))

    def _asides(self, table: Table, texts: Iterable[str], rule: str) -> None:
        for text in texts:
            self._aside(table, text, rule=rule)

    def _aside_of_parts(self, table: Table, others: Iterable[tuple[str, str]]) -> None:
        """What is said of the parts of a table beside their bounds."""
        for part, text in others:
            self._aside(table, text, rule=f"the part {part}")

    def _order(self, table: Table, cursor: Cursor) -> tuple[Part, ...]:
        """What rows are kept in the order of; none where it cannot be said here, which is reported."""
        said = cursor.rest()
        if cursor.upper() == "AUTO":
            self._aside(table, "CLUSTER BY AUTO")
        try:
            return clustering_in(cursor, self.dialect)
        except Untold as reason:
            self.catalogue.lose(".".join(table.name), f"the order of its rows by {said}: {reason}", "not read")
            return ()

    def _clustering(self, table: Table, parts: tuple[Part, ...]) -> None:
        """The rows of a table in one order, or in none."""
        table.indexes = list(without_clustering(table.indexes))
        if parts:
            table.indexes.append(Index(parts, method=CLUSTER))

    def _exclusion(self, table: Table, name: str, cursor: Cursor) -> None:
        subject, said = ".".join(table.name), cursor.rest()
        method = cursor.identifier().lower() if cursor.take("USING") else ""
        group = cursor.group()
        parts: list[Part] = []
        operators: list[str] = []
        try:
            for tokens in cursor.parts(group):
                at = next((at for at, token in enumerate(tokens) if token.upper == "WITH"), 0)
                parts += parts_in(cursor, tokens[:at] or tokens, self.dialect)
                operators.append(cursor.said(tokens[at + 1 :]))
            found = manner(cursor, self.dialect)
            self._asides(table, found.others, f"the exclusion {name}".rstrip())
            where = self._told(found.where)
        except Untold as reason:
            self.catalogue.lose(subject, f"the exclusion {said}: {reason}", "not read")
            return
        table.exclusions.append(Exclusion(tuple(parts), tuple(operators), method, where, name, found.deferrable))

    def _told(self, text: str) -> str:
        """A condition in the home dialect's words; raises Untold."""
        told = self._carried(text) if text else ""
        if told is None:
            raise Untold(text)
        return told

    def _plain_index(self, table: Table, name: str, cursor: Cursor, *, unique: bool, method: str = "") -> None:
        group = cursor.group()
        subject = f"{'.'.join(table.name)}: the index {name}".rstrip()
        words = [token.upper for token in cursor.tokens[cursor.at :]]
        if "USING" in words[:-1] and not method:
            method = words[words.index("USING") + 1].lower()
        if "INDEXTYPE" in words:  # of Oracle: one that looks into values
            method = next((known for owner, known in _INDEX_TYPES.items() if owner in words), method)
        try:
            parts = tuple(dict.fromkeys(parts_in(cursor, group, self.dialect, ansi_quotes=self.ansi_quotes)))
            found = manner(cursor, self.dialect)
            others = (one for one in found.others if one.upper() != f"USING {method.upper()}")
            self._asides(table, others, f"the index {name}".rstrip())
            where = self._told(found.where)
        except Untold as reason:
            self.catalogue.lose(subject, f"an index on the expression {reason}", "not read")
            return
        for part in parts if method == "fulltext" else ():
            spoken = re.fullmatch(r"LANGUAGE\s*(.+)", part.operators)
            self._aside(table, f"LANGUAGE {spoken[1]}" if spoken else "", rule=f"the index {name}".rstrip())
        parts = tuple(replace(part, operators="") for part in parts) if method == "fulltext" else parts
        if not parts:
            raise Puzzled("an index on nothing")
        twice = [part.attribute for part in parts if part.attribute]
        if len(set(twice)) < len(twice):
            self.catalogue.lose(subject, "a column twice", "read once")
            parts = tuple({part.attribute or part: part for part in reversed(parts)}.values())[::-1]
        method = "" if method == "btree" else method
        index = Index(parts, unique, where, name, method, found.include, found.nulls_distinct)
        if table.primary and index.is_key and replace(index, nulls_distinct=True).is_plain:
            table.uniques.append(Key(index.attributes, name, nulls_distinct=index.nulls_distinct))
        else:
            table.indexes.append(index)


_KEYS = frozenset({"FOREIGN", "PRIMARY", "UNIQUE"})


def _key_said(name: str, parts: Iterable[str]) -> str:
    """A key as its clauses are told."""
    return f"the key {name}" if name else f"the key ({', '.join(parts)})"


def _without_commas(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """A column or a rule, and each key of the table's own behind it: SQLite and T-SQL need no comma between them.

    A key of the table's own has its columns in parentheses; without them it is the column's.
    """
    begin = depth = 0
    for place, token in enumerate(tokens):
        if token.kind == "sign":
            depth += (token.value == "(") - (token.value == ")")
        elif depth == 0 and place > begin and token.upper == "CHECK":
            beside = tokens[begin].upper in _KEYS and tokens[place - 1].upper != "CONSTRAINT"
            named = place - 2 if tokens[place - 2].upper == "CONSTRAINT" else place
            if beside and tokens[place + 1 : place + 2] and tokens[place + 1].value == "(":
                yield tokens[begin:named]
                begin = named
        elif depth == 0 and place > begin and token.upper in _KEYS and tokens[begin].upper != "INDEX":
            named = next((at for at in (place - 1, place - 2) if at >= 0 and tokens[at].upper == "CONSTRAINT"), place)
            if named > begin and _lists(tokens, place):
                yield tokens[begin:named]
                begin = named
    yield tokens[begin:]


def _lists(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether the key that a word begins lists columns of the table."""
    word, rest = tokens[place].upper, [token.upper for token in tokens[place + 1 : place + 4]]
    if word != "UNIQUE" and rest[:1] != ["KEY"]:
        return False
    rest = rest[1:] if word != "UNIQUE" else rest
    return rest[:1] == ["("] or (rest[:1] in (["CLUSTERED"], ["NONCLUSTERED"]) and rest[1:2] == ["("])
