"""CREATE: tables, types, domains, schemas and indexes; views, triggers and the like are kept as text."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from dbworkbench.errors import DesignError
from dbworkbench.schema.relation import Attribute, Check, Domain, Identity, Key, Part, Partition, Partitioning
from dbworkbench.schema.types import Enumeration, Native, Type, Unknown, type_text
from dbworkbench.sql.clustering import CLUSTER
from dbworkbench.sql.columns import counted_otherwise
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.declarations import beyond
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.paths import Untold, partitioning_in
from dbworkbench.sql.quotients import settled
from dbworkbench.sql.rules import Rules
from dbworkbench.sql.selected import selected
from dbworkbench.sql.statement import split
from dbworkbench.sql.storage import clause, starts
from dbworkbench.sql.tables import Name, Table
from dbworkbench.sql.tokens import Token

__all__ = ["Definitions"]

KEPT_WORDS = (
    "VIEW MATERIALIZED TRIGGER FUNCTION PROCEDURE SEQUENCE POLICY RULE EVENT PACKAGE AGGREGATE OPERATOR CAST "
    "EXTENSION SYNONYM COLLATION STATISTICS PUBLICATION SUBSCRIPTION SERVER FOREIGN ROLE USER LOGIN DATABASE "
    "SCHEMA TABLESPACE LANGUAGE MACRO STAGE STREAM TASK PIPE FILE TEXT DICTIONARY PARTITION CONVERSION TRANSFORM "
    "ACCESS DEFAULT ASSEMBLY SECURITY FULLTEXT DIRECTORY CONTEXT PROFILE CLUSTER LIBRARY OUTLINE CONSTRAINT MASKING TAG"
)
KEPT = frozenset(KEPT_WORDS.split())
SECOND_WORDS = {
    "EVENT": {"TRIGGER"},
    "SECURITY": {"POLICY"},
    "MASKING": {"POLICY"},
    "ACCESS": {"POLICY", "METHOD"},
    "PARTITION": {"FUNCTION", "SCHEME"},
    "FILE": {"FORMAT"},
    "OPERATOR": {"CLASS", "FAMILY"},
    "FULLTEXT": {"CATALOG", "STOPLIST"},
    "TEXT": {"SEARCH"},
    "USER": {"MAPPING"},
}
"""What a kind's name goes on with, where it has two words."""


_MANNERS_OF_TABLES = (
    *(
        "GLOBAL",
        "LOCAL",
        "UNLOGGED",
        "EXTERNAL",
        "TRANSIENT",
        "COLUMN",
        "ROW",
        "HYBRID",
        "FOREIGN",
        "DYNAMIC",
        "ICEBERG",
    ),
    *("INTERACTIVE", "PRIVATE", "MULTISET", "LIVE", "STREAMING", "SHARDED", "DUPLICATED", "IMMUTABLE", "BLOCKCHAIN"),
)
_KEPT_INDEXES = ("COLUMNSTORE", "XML", "SEARCH", "VECTOR", "BLOOMFILTER")
_TABLES_TOO = frozenset({"EVENT", "SNAPSHOT", "SET", "DIMENSION", "FACT", "REFERENCE", "DIRECTORY"})
_WORDS = 60
"""As much of what cannot be read is said."""
_SHADOWS = {
    **dict.fromkeys(("fts3", "fts4"), "content|segments|segdir|docsize|stat"),
    "fts5": "data|idx|content|docsize|config",
    "rtree": "node|parent|rowid",
    "rtree_i32": "node|parent|rowid",
    "geopoly": "node|parent|rowid",
    "spellfix1": "vocab",
}
"""By module, how the tables of a virtual table's own are called behind its name; other modules do not say."""
_QUERIES = frozenset({"SELECT", "WITH", "FROM", "VALUES", "TABLE"})


@dataclass(slots=True)
class _Order:
    """What ClickHouse sorts rows by, and whether a primary key is said beside it."""

    parts: tuple[Part, ...] = ()
    keyed: bool = False


class Definitions(Rules):
    """Carries out what creates."""

    defined = ""
    """What the statement defines that a schema keeps as text: "view", say; "" for everything else."""

    def __init__(self, dialect: str) -> None:
        super().__init__(dialect)
        self.shadowed: dict[str, re.Pattern[str]] = {}
        """SQLite's virtual tables, in small letters, and what the tables are called in which they keep their rows."""
        self.laid_in: dict[str, str] = {}
        """What PostgreSQL's session says of tables that say nothing: their TABLESPACE, and what keeps them (USING)."""

    def _create(self, cursor: Cursor) -> tuple[str, str]:
        begin = cursor.at
        temporary, manners = False, list[str]()
        while True:
            if cursor.take("OR", "REPLACE") or cursor.take("OR", "ALTER") or cursor.take("OR", "REFRESH"):
                continue
            if cursor.upper(1) == "=" and cursor.upper() in {"ALGORITHM", "DEFINER"}:  # MySQL's
                cursor.at += 2
                cursor.name()
                if cursor.upper() == "@" or cursor.upper()[:1] == "@":
                    cursor.at += 1 if len(cursor.upper()) > 1 else 2
                continue
            if cursor.take("SQL", "SECURITY"):
                cursor.skip()
                continue
            if cursor.any("TEMPORARY", "TEMP"):
                temporary = True
                continue
            table_next = cursor.upper(1) == "TABLE" and cursor.upper() in _TABLES_TOO
            if not table_next and cursor.upper() not in _MANNERS_OF_TABLES:
                break
            manners.append(cursor.upper())
            cursor.skip()
            if cursor.upper() in {"DATA", "SERVER"}:
                cursor.at = begin
                break
        if {"DEFINER", "ALGORITHM", "SECURITY"} & {token.upper for token in cursor.tokens[begin : cursor.at]}:
            begin = cursor.at
        if cursor.table_function():
            cursor.skip()  # BigQuery's
            return self._kept(cursor, cursor.at)
        if cursor.take("TABLE"):
            lasting = self.dialect == "oracle" and "GLOBAL" in manners  # its rows go, the table stays
            if temporary and not lasting:
                return "ignored", "a temporary table"
            of_its_own = ["GLOBAL TEMPORARY"] * lasting + [word for word in manners if word not in {"GLOBAL", "LOCAL"}]
            return self._table(cursor, " ".join(of_its_own))
        if cursor.take("TYPE"):
            return self._type(cursor)
        if cursor.take("DOMAIN"):
            return self._domain(cursor)
        if cursor.take("VIRTUAL", "TABLE"):
            return self._virtual(cursor)
        if cursor.take("SCHEMA"):
            return self._in_schema(cursor)
        if "INDEX" in {cursor.upper(ahead) for ahead in range(4)} and cursor.upper() not in KEPT - {"FULLTEXT"}:
            return self._index(cursor)
        return self._kept(cursor, begin)

    def _kept(self, cursor: Cursor, begin: int) -> tuple[str, str]:
        """A view, a trigger or the like, which a schema keeps as its text."""
        words = [cursor.tokens[at].upper for at in range(begin, min(begin + 8, len(cursor.tokens)))]
        what = next((word for word in words if word in KEPT), words[0] if words else "?")
        article = "an" if what[:1] in "AEIO" else "a"
        thing = {"MATERIALIZED": "a materialized view"}.get(what, f"{article} {what.lower()}")
        if what in {"DATABASE", "ROLE", "USER", "LOGIN", "TABLESPACE", "LANGUAGE", "SCHEMA"}:
            return "ignored", f"{thing}: nothing of the schema's"
        if cursor.tokens[0].upper != "CREATE":
            self.catalogue.lose(f"line {cursor.statement.line}", thing, "kept as text")
        second = next((after for before, after in pairwise(words) if before == what), "")
        if second in SECOND_WORDS.get(what, ()):
            thing += f" {second.lower()}"
        self.defined = thing.partition(" ")[2]
        if what == "SEQUENCE":
            self._sequence(cursor)
        if what in {"VIEW", "MATERIALIZED", "SEQUENCE", "SYNONYM"} and cursor.tokens[0].upper == "CREATE":
            while cursor.upper() in {
                "MATERIALIZED",
                "VIEW",
                "SEQUENCE",
                "SYNONYM",
                "FORCE",
                "SECURE",
                "RECURSIVE",
                "PUBLIC",
            } and cursor.upper(1) not in {".", "AS"}:  # Oracle's public synonym, and PostgreSQL's schema
                cursor.skip()
            cursor.take("IF", "NOT", "EXISTS")
            with suppress(Puzzled):
                self.catalogue.note(cursor.name(), thing)
        return "kept as text", thing

    def _sequence(self, cursor: Cursor) -> None:
        inner = cursor.inside(cursor.tokens)
        while not inner.done and inner.upper() != "SEQUENCE":
            inner.skip()
        inner.skip()
        inner.take("IF", "NOT", "EXISTS")
        with suppress(Puzzled):
            name = inner.name()[-1].lower()
            while not inner.done and inner.upper() not in {"START", "INCREMENT"}:
                inner.skip()
            found = {}
            while not inner.done:
                word = inner.any("START", "INCREMENT")
                inner.any("WITH", "BY", "=")
                sign = -1 if inner.take("-") else 1
                token = inner.token()
                if word and token is not None and re.fullmatch(r"\d+", token.value):
                    found[word] = sign * int(token.value)
                inner.skip()
            numbers = Identity(False, found.get("START", 1), found.get("INCREMENT") or 1)
            self.catalogue.sequences[name] = numbers
            self.catalogue.counted_otherwise[name] = tuple(counted_otherwise(inner.tokens, numbers))

    def _table(self, cursor: Cursor, manners: str = "") -> tuple[str, str]:
        """A table; `manners` are the words before TABLE that say of what kind it is."""
        replaces = "REPLACE" in {token.upper for token in cursor.tokens[: cursor.at]}
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.name()
        if self.dialect == "clickhouse" and cursor.take("UUID"):  # ATTACH TABLE says it
            cursor.skip()
        if self.dialect in {"sqlserver", "redshift"} and name[-1].startswith("#"):
            return "ignored", "a temporary table"
        if self.dialect == "sqlite" and name[-1].casefold().startswith("sqlite_"):
            return "ignored", "a table of the engine's own"
        shadowed = (one for one, shadow in self.shadowed.items() if shadow.fullmatch(name[-1]))
        if whole := next(shadowed, ""):
            return "ignored", f"where the virtual table {whole} keeps its rows"
        written, name = name, self.catalogue.placed(name)
        if self.catalogue.has(name) and not replaces:
            self.catalogue.lose(".".join(name), "a second table of this name", "the first one is kept, as engines do")
            return "ignored", "the table is there already"
        table = Table(name, home=self.catalogue.path[0] if self.catalogue.path and len(written) == 1 else "")
        self._aside(table, manners)
        said = {token.upper for token in cursor.tokens}
        for word, place in self.laid_in.items():
            self._aside(table, "" if word in said or "INHERITS" in said else f"{word} {place}")
        if cursor.take("PARTITION", "OF"):
            parent = cursor.name()
            self._partition(name, parent, cursor)
            return "understood", "a partition"
        cursor.any("SHALLOW", "DEEP")
        if cursor.take("LIKE") or cursor.take("CLONE") or (self.dialect == "bigquery" and cursor.take("COPY")):
            self._like(table, cursor)
            self.catalogue.put(table)
            return "understood", ""
        if cursor.take("OF"):
            raise Puzzled("a table of a type")
        if self.dialect == "clickhouse" and self._names_a_table(cursor) and cursor.take("AS"):
            self._as_another(table, cursor)
            return "understood", ""
        before = self._options_before(cursor)
        if cursor.upper() != "(" or cursor.upper(1) in {"SELECT", "WITH"}:
            return self._from_query(table, cursor)
        elements = cursor.group()
        for part in cursor.parts(elements):
            inner = cursor.inside(part)
            try:
                self._element(table, inner)
            except Puzzled as puzzle:
                self.catalogue.lose(".".join(name), f"{cursor.said(part)[:60]!r}: {puzzle}", "not read")
        for reference in table.references:
            reference.table = name if reference.table == written else reference.table
        options, query = self._before_query(cursor)
        if query and self.dialect != "clickhouse":  # which has said all its columns
            self._named_from(table, query)
        self._table_options(table, cursor.inside(before))
        self._table_options(table, cursor.inside(options))
        self.catalogue.put(table)
        return "understood", "a table made from a query" if query else ""

    def _named_from(self, table: Table, query: str) -> None:
        """`CREATE TABLE t (a, b) AS SELECT …` names what the query gives; MySQL adds it to the columns that are said."""
        columns = selected(query, DIALECTS[self.dialect].sqlglot, self._columns_of, self._spelled)
        name, own = ".".join(table.name), tuple(table.columns.values())
        if not columns:
            self.catalogue.lose(name, "a table made from a query", "only the columns that it names itself are read")
            return
        if self.dialect in {"mysql", "mariadb"}:
            for column in columns:
                if table.column(column.name) is None:
                    table.put(column)
        else:
            for column, found in zip(own, columns, strict=False):
                if column.type == Unknown():
                    table.put(replace(column, type=found.type))
        self.catalogue.lose(
            name, "a table made from a query", "its columns are read, with the types that the query says"
        )

    def _names_a_table(self, cursor: Cursor) -> bool:
        """Whether AS is followed by a name: of no query, and of no function that gives a table."""
        if cursor.upper() != "AS" or cursor.upper(1) in _QUERIES | {"("}:
            return False
        ahead = 3 + 2 * (cursor.upper(2) == ".")
        return cursor.upper(ahead - 1) != "("

    def _as_another(self, table: Table, cursor: Cursor) -> None:
        """ClickHouse's `CREATE TABLE a AS b`: the columns and the checks; without an engine of its own the order of rows, too."""
        other = cursor.name()
        found = self.catalogue.find(other)
        if found is None:
            raise Puzzled(f"as a table that is not here: {'.'.join(other)}")
        table.columns, table.checks = dict(found.columns), list(found.checks)
        table.numbers, table.domains = dict(found.numbers), dict(found.domains)
        table.declared = dict(found.declared)
        if "ENGINE" not in {token.upper for token in cursor.tokens[cursor.at :]}:
            table.primary, table.indexes = found.primary, list(found.indexes)
        self._table_options(table, cursor)
        self.catalogue.put(table)

    def _options_before(self, cursor: Cursor) -> tuple[Token, ...]:
        """What Snowflake says of a table before its columns: how rows lie, and a comment."""
        begin = cursor.at
        while self.dialect == "snowflake" and not cursor.done:
            if cursor.take("CLUSTER", "BY"):
                cursor.any("LINEAR")
                cursor.step()
            elif cursor.upper(1) == "=":
                cursor.at += 3
            else:
                break
        if cursor.upper() != "(":
            cursor.at = begin
        return cursor.tokens[begin : cursor.at]

    def _partition(self, name: Name, parent: Name, cursor: Cursor) -> None:
        """What PARTITION OF and ATTACH PARTITION say of a part."""
        self.catalogue.note(name, "a partition")
        whole = self.catalogue.find(parent)
        if cursor.upper() == "(":
            cursor.group()
        cursor.take("FOR", "VALUES")
        begin = cursor.at
        while (
            not cursor.done
            and cursor.upper() not in {"PARTITION", "TABLESPACE", "USING", "SERVER"}
            and (cursor.upper() != "WITH" or cursor.at == begin)
        ):
            cursor.skip()
        bounds = " ".join(cursor.said(cursor.tokens[begin : cursor.at]).split())
        laid = whole.partitioning if whole else None
        said = ".".join(name)
        if whole is None or laid is None or any(one.name == name[-1] for one in laid.partitions):
            self.catalogue.lose(said, f"a partition of {'.'.join(parent)}", "not read as a relation")
            return
        whole.partitioning = replace(laid, partitions=(*laid.partitions, Partition(name[-1], bounds)))
        if cursor.upper() == "PARTITION":
            self.catalogue.lose(said, f"parts within a part: {cursor.rest()}", "not read")

    def _from_query(self, table: Table, cursor: Cursor) -> tuple[str, str]:
        """`CREATE TABLE … AS SELECT …`: the columns are those of the query, where it and the tables it reads say them."""
        options, query = self._before_query(cursor)
        made = self._made_from(table, query)
        if self.catalogue.has(table.name):
            self._table_options(table, cursor.inside(options))
        return made

    def _before_query(self, cursor: Cursor) -> tuple[tuple[Token, ...], str]:
        """What stands before the query that a table is made from, and the query, "" where there is none."""
        tokens, begin = cursor.tokens, cursor.at
        told = next(
            (
                at
                for at in range(begin, len(tokens) - 1)
                if tokens[at].upper == "AS" and tokens[at + 1].upper in _QUERIES | {"("}
            ),
            None,
        )
        asked = {"SELECT"} if told is None else _QUERIES
        place = next((at for at in range(told or begin, len(tokens)) if tokens[at].upper in asked), None)
        if place is None:
            return tokens[begin:], ""
        place -= place > begin and tokens[place - 1].upper == "("
        query = re.sub(r"(?i)\s+WITH\s+(?:NO\s+)?DATA\s*\Z", "", cursor.said(tokens[place:]))
        return tokens[begin : place if told is None else told], query

    def _made_from(self, table: Table, query: str) -> tuple[str, str]:
        columns = selected(query, DIALECTS[self.dialect].sqlglot, self._columns_of, self._spelled) if query else None
        name = ".".join(table.name)
        if not columns:
            self.catalogue.lose(name, "a table made from a query", "not read: its columns are not said")
            self.catalogue.note(table.name, "a table made from a query")
            return "kept as text", "a table made from a query"
        for column in columns:
            table.put(column)
        self.catalogue.put(table)
        self.catalogue.lose(
            name, "a table made from a query", "its columns are read, with the types that the query says"
        )
        return "understood", "a table made from a query"

    def _columns_of(self, name: Name) -> tuple[Attribute, ...] | None:
        table = self.catalogue.find(name)
        return tuple(table.columns.values()) if table else None

    def _spelled(self, text: str) -> Type:
        """The type that a text spells, Unknown where it spells none."""
        statement = next(split(text, self.dialect), None)
        with suppress(Puzzled):
            return self._type_at(Table(("",)), "", Cursor(statement)) if statement else Unknown()
        return Unknown()

    def _table_options(self, table: Table, cursor: Cursor) -> None:
        """What follows the columns: parents, a note, and options of storage, which a schema does not hold."""
        order = _Order()
        while not cursor.done:
            if cursor.take("INHERITS"):
                for part in reversed(list(cursor.parts(cursor.group()))):
                    self._inherits(table, cursor.inside(part).name())
            elif cursor.take("COMMENT"):
                cursor.any("=")
                token = cursor.token()
                if token and token.kind == "text":
                    table.note = unquoted(token.value, self.dialect)
                cursor.skip()
            elif cursor.take("OPTIONS"):
                table.note = self._described(table, cursor) or table.note
            elif self.dialect in {"mysql", "mariadb"} and cursor.take("AUTO_INCREMENT"):
                self._begins(table, cursor)
            elif self.dialect in {"mysql", "mariadb"} and cursor.take("COLLATE"):
                cursor.any("=")
                self._collated(table, cursor.name()[-1])
            elif cursor.take("PARTITION", "BY") or cursor.take("PARTITIONED", "BY"):
                if self._partitioned_by_columns(table, cursor):
                    continue
                begin, others = cursor.at, list[tuple[str, str]]()
                try:
                    table.partitioning = partitioning_in(cursor, self.dialect, others, ansi_quotes=self.ansi_quotes)
                    self._aside_of_parts(table, others)
                except (Untold, Puzzled, DesignError) as reason:
                    said = " ".join(cursor.said(cursor.tokens[begin : cursor.at]).split())
                    why = " ".join(str(reason).split())
                    why = "" if why == said else f": {why if len(why) <= _WORDS else f'{why[:_WORDS]} …'}"
                    self.catalogue.lose(".".join(table.name), f"partitioning {said}{why}", "not read")
                    if cursor.upper() not in starts(self.dialect):  # it goes on with parts within parts
                        clause(cursor, self.dialect)
            elif not self._lies(table, cursor, order):
                self._aside(table, clause(cursor, self.dialect))
                cursor.take(",")
        self._ordered(table, order)

    def _begins(self, table: Table, cursor: Cursor) -> None:
        """The number that the next row gets, which an equals sign may stand before."""
        cursor.any("=")
        token = cursor.token()
        if token is not None and token.kind == "number" and token.value.isdigit():
            table.begins[""] = int(token.value)
        cursor.skip()

    def _inherits(self, table: Table, name: Name) -> None:
        """The columns and the checks of a parent, before those of its own; a column of both is the table's."""
        parent = self.catalogue.find(name)
        self._aside(table, f"INHERITS ({'.'.join(name)})", instead="its columns and checks are read")
        if parent is None:
            return
        parent.heirs.append(table)
        table.columns = {**parent.columns, **table.columns}
        for column in parent.columns.values():
            own = table.columns[column.name]
            own = replace(own, nullable=own.nullable and column.nullable)
            if own.default is None and not own.generated and own.name not in table.numbers:
                own = replace(own, default=column.default)
            table.put(own)
        table.numbers = {**parent.numbers, **table.numbers}
        table.domains = {**parent.domains, **table.domains}
        table.declared = {**parent.declared, **table.declared}
        table.checks = [*(one for one in parent.checks if one not in table.checks), *table.checks]

    def _disinherit(self, table: Table, name: Name) -> None:
        """What is handed down from a parent no longer comes here; what came stays."""
        parent = self.catalogue.find(name)
        if parent is not None:
            parent.heirs = [one for one in parent.heirs if one is not table]
        gone = f"INHERITS ({'.'.join(name)})"
        table.asides = [one for one in table.asides if one.text != gone]

    def _lies(self, table: Table, cursor: Cursor, order: _Order) -> bool:
        """How rows are kept in order; whether an option that says so stands here."""
        if self.dialect == "clickhouse" and cursor.take("PRIMARY", "KEY"):
            key = self._order(table, cursor)
            if all(part.is_whole for part in key):
                table.primary, order.keyed = (Key(tuple(part.attribute for part in key)) if key else None), True
                self._sorts(table, tuple(part.attribute for part in key))
            elif key:
                said = ", ".join(map(str, key))
                self.catalogue.lose(".".join(table.name), f"a primary key by {said}", "not read")
        elif self.dialect == "clickhouse" and cursor.take("ORDER", "BY"):
            order.parts = self._order(table, cursor)
        elif self.dialect == "redshift" and cursor.take("INTERLEAVED", "SORTKEY"):
            self.catalogue.lose(".".join(table.name), f"sorted by turns, {cursor.rest()}", "not read")
        elif cursor.take("CLUSTER", "BY") or (
            self.dialect == "redshift" and (cursor.take("SORTKEY") or cursor.take("COMPOUND", "SORTKEY"))
        ):
            self._clustering(table, self._order(table, cursor))
        else:
            return False
        return True

    def _ordered(self, table: Table, order: _Order) -> None:
        """What ClickHouse sorts by: its key, where no other one is said and it is one; else an order beyond that."""
        names = tuple(part.attribute for part in order.parts if part.is_whole)
        whole = len(names) == len(order.parts)
        if order.parts and whole and not order.keyed and not table.primary and table.spelled(names):
            table.primary = Key(names)
            self._sorts(table, names)
        elif order.parts and (table.primary is None or not whole or names != table.primary.attributes):
            self._clustering(table, order.parts)

    def _sorts(self, table: Table, names: tuple[str, ...]) -> None:
        """Tell that ClickHouse's key is what it sorts by and looks for, and no two rows with one value in it are refused."""
        if names:
            said = f"the sorting key ({', '.join(names)}), of which equal rows are not refused"
            self.catalogue.lose(".".join(table.name), said, "read as a key")

    def _collated(self, table: Table, named: str) -> None:
        """The collation that texts of a table have where they say none: to say it of a column says nothing more."""
        for column in [one for one in table.columns.values() if one.collation == named]:
            table.put(replace(column, collation=""))
        table.collation = named
        if named.lower() != "utf8mb4_0900_ai_ci":  # MySQL's own
            self._aside(table, f"the collation {named} of its texts", instead="read without")

    def _partitioned_by_columns(self, table: Table, cursor: Cursor) -> bool:
        """Hive's `PARTITIONED BY (day DATE)`: the columns stand here and not among the others; whether they do."""
        begin = cursor.at
        parts = list(cursor.parts(cursor.group())) if cursor.upper() == "(" else []
        if cursor.tokens[begin - 2].upper != "PARTITIONED" or not all(map(_declares, parts)) or not parts:
            cursor.at = begin
            return False
        for part in parts:
            self._column(table, cursor.inside(part))
        table.partitioning = Partitioning("", tuple(Part(part[0].value) for part in parts))
        return True

    def _type(self, cursor: Cursor) -> tuple[str, str]:
        name = cursor.name()
        if cursor.take("AS", "ENUM"):
            values = tuple(dict.fromkeys(unquoted(t.value, self.dialect) for t in cursor.group() if t.kind == "text"))
            if values:
                kind = Enumeration(values)
                self.catalogue.define(name, kind, Domain(name[-1], kind))
                return "understood", ""
        if cursor.take("FROM") or (self.dialect == "duckdb" and cursor.take("AS")):  # a name for a type
            found = self._domain_rules(name, self._type_of_domain(name, cursor), cursor)
            certain = self.dialect == "sqlserver" and not found.nullable  # what a column of it is that does not say
            found = replace(found, nullable=True) if certain else found
            self.catalogue.define(name, found.type, found)
            if certain:
                self.catalogue.certain.add(self.catalogue.type_key(name))
            return "understood", ""
        self.defined = "type"
        if "AS" in {token.upper for token in cursor.tokens[:8]} and self.dialect == "postgresql":
            self.catalogue.define(name, Native(name[-1]))
        return "kept as text", "a type"

    def _domain(self, cursor: Cursor) -> tuple[str, str]:
        name = cursor.name()
        cursor.any("AS")
        found = self._domain_rules(name, self._type_of_domain(name, cursor), cursor)
        self.catalogue.define(name, found.type, found)
        return "understood", ""

    def _type_of_domain(self, name: Name, cursor: Cursor) -> Type:
        """The type that a domain is over; what its words say beyond it is told as lost, as a domain keeps a type alone."""
        bare = Table(name)
        kind = self._type_at(bare, "", cursor)
        if "" in bare.declared and (said := beyond(bare.declared[""], kind).said(kind)):
            self.catalogue.lose(".".join(name), said, f"read as {type_text(kind)}")
        return kind

    def _domain_rules(self, name: Name, kind: Type, cursor: Cursor) -> Domain:
        """A domain of a type, with the rules that stand here."""
        nullable, default, checks, called = True, None, list[Check](), ""
        while not cursor.done:
            if cursor.take("CONSTRAINT"):
                called = cursor.identifier()
                continue
            if cursor.take("NOT", "NULL"):
                nullable = False
            elif cursor.take("DEFAULT"):
                default = self._default(Table(name), ".".join(name), Attribute("value", kind), cursor).default
            elif cursor.take("CHECK"):
                text = cursor.said(cursor.group())
                told = self._carried(text)
                told = settled(told, {"value": kind}) if told is not None else None
                if told is None:
                    self.catalogue.lose(".".join(name), f"the check {text}", "read without")
                else:
                    checks.append(Check(told, called))
            elif cursor.upper() in {"NULL", "(", ")"}:
                cursor.skip()
            else:
                self.catalogue.lose(".".join(name), f"a domain's rule: {cursor.rest()}", "read without")
                break
            called = ""
        return Domain(name[-1], kind, nullable, default, tuple(checks))

    def _virtual(self, cursor: Cursor) -> tuple[str, str]:
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.name()
        module = cursor.identifier() if cursor.take("USING") else ""
        self.defined = "virtual table"
        self.catalogue.lose(".".join(name), f"a virtual table of the module {module}", "kept as text")
        self.catalogue.note(name, "a virtual table")
        self.shadowed[name[-1].casefold()] = re.compile(
            rf"{re.escape(name[-1])}_(?:{_SHADOWS.get(module.casefold(), '(?!)')})", re.IGNORECASE
        )
        for known in [one for one in self.catalogue.tables if self.shadowed[name[-1].casefold()].fullmatch(one[-1])]:
            self.catalogue.drop(known, cascade=True)
        return "kept as text", "a virtual table"

    def _in_schema(self, cursor: Cursor) -> tuple[str, str]:
        """`CREATE SCHEMA s CREATE TABLE …`: the tables belong to the schema."""
        cursor.take("IF", "NOT", "EXISTS")
        owner = cursor.name() if cursor.upper() != "AUTHORIZATION" else ()
        while not cursor.done and cursor.upper() != "CREATE":
            cursor.skip()
        if cursor.done:
            return "ignored", "a schema: nothing of the schema's"
        starts, depth = [], 0
        for at in range(cursor.at, len(cursor.tokens)):
            word = cursor.tokens[at].upper
            depth += (word == "(") - (word == ")")
            if word == "CREATE" and depth == 0:
                starts.append(at)
        for here, there in zip(starts, [*starts[1:], len(cursor.tokens)], strict=True):
            inner = cursor.inside(cursor.tokens[here + 1 : there])
            if inner.take("TABLE"):
                at = inner.at
                inner.take("IF", "NOT", "EXISTS")
                name = inner.name()
                inner.at = at
                self._table(inner)
                table = self.catalogue.find(name)
                if table and owner and len(table.name) == 1:
                    self.catalogue.rename(table.name, (*owner, table.name[-1]))
            elif inner.upper() in {"INDEX", "UNIQUE"}:
                self._index(inner)
            else:
                self._kept(inner, 0)
        return "understood", ""

    def _index(self, cursor: Cursor) -> tuple[str, str]:
        unique, method = False, ""
        while cursor.upper() not in {"INDEX", ""}:
            unique = unique or cursor.upper() == "UNIQUE"
            special = cursor.any("FULLTEXT", "SPATIAL", "BITMAP", "CLUSTERED", *_KEPT_INDEXES)
            method = CLUSTER if special == "CLUSTERED" else method
            method = special.lower() if special in {"FULLTEXT", "SPATIAL", "BITMAP"} else method
            if special in _KEPT_INDEXES:
                self.defined = "index"
                return "kept as text", f"{'an' if special == 'XML' else 'a'} {special.lower()} index"
            if not special:
                cursor.skip()
        cursor.take("INDEX")
        cursor.any("CONCURRENTLY", "NONCONCURRENTLY", "ASYNC")
        cursor.take("IF", "NOT", "EXISTS")
        name = "" if cursor.upper() == "ON" else cursor.name()[-1]
        if cursor.any("USING"):
            method = cursor.identifier().lower()
        if not cursor.take("ON"):
            raise Puzzled(f"ON was expected at {cursor.rest()!r}")
        cursor.any("ONLY")
        target = cursor.name()
        table = self.catalogue.find(target)
        if table is None and (what := self.catalogue.other(target)):
            if what == "a partition":
                return "ignored", "an index of a partition"
            self.defined = "index"
            return "kept as text", f"an index on {what}"
        if table is None:
            self.catalogue.lose(f"the index {name}", f"the table {'.'.join(target)} is not here", "kept as text")
            return "kept as text", "its table is not here"
        if cursor.any("USING"):
            method = cursor.identifier().lower()
        self._plain_index(table, name, cursor, unique=unique, method=method)
        return "understood", ""


def _declares(part: tuple[Token, ...]) -> bool:
    """Whether a part says a column and its type, not the name of a column or a call."""
    return len(part) > 1 and all(token.kind in {"word", "name"} for token in part[:2])
