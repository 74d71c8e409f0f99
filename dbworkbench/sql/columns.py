"""Columns as CREATE TABLE and ALTER TABLE describe them: type, options, and the rules that stand beside."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dbworkbench.schema.native import speaker
from dbworkbench.schema.relation import Attribute, Check, Generated, Identity, Index, Key
from dbworkbench.schema.rules import Deferrable, Enforced
from dbworkbench.schema.types import Date, Decimal, Enumeration, Native, Timestamp, Type, Unknown
from dbworkbench.sql.catalogue import Catalogue
from dbworkbench.sql.columntypes import column_type
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.declarations import beyond, declared_as
from dbworkbench.sql.dialect import DIALECTS, Feature
from dbworkbench.sql.expression import at_home, carried
from dbworkbench.sql.native import refusal
from dbworkbench.sql.paths import enforced_in, ticked
from dbworkbench.sql.reckoning import full_year
from dbworkbench.sql.storage import clause
from dbworkbench.sql.tables import Aside, Reference, Table
from dbworkbench.sql.tokens import Token

__all__ = ["Columns", "counted_otherwise"]

_COLUMN_OPTIONS_WORDS = (
    "CONSTRAINT NOT NULL DEFAULT PRIMARY UNIQUE KEY REFERENCES CHECK COLLATE COMMENT GENERATED IDENTITY "
    "AUTO_INCREMENT AUTOINCREMENT ON AS VIRTUAL STORED ROWGUIDCOL SPARSE MASKED ENCODE DISTKEY SORTKEY CODEC TTL "
    "MATERIALIZED ALIAS EPHEMERAL OPTIONS VISIBLE INVISIBLE ENABLE DISABLE STORAGE COMPRESSION FIRST AFTER "
    "CHARSET DEFERRABLE INITIALLY WITH USING PERSISTED FILESTREAM ENCRYPTED HIDDEN TAG REVERSE ASC DESC SET "
    "FORMAT SERIAL_VALUE COLUMN_FORMAT"
)
_COLUMN_OPTIONS = frozenset(_COLUMN_OPTIONS_WORDS.split())
_ENDS = _COLUMN_OPTIONS - {"USING", "SET", "FORMAT", "STORAGE"}
_TYPE_TAILS = {
    "DOUBLE": {"PRECISION"}, "CHARACTER": {"VARYING", "LARGE"}, "CHAR": {"VARYING", "LARGE"}, "NATIONAL": {"CHARACTER", "CHAR", "VARCHAR", "VARYING"},
    "BIT": {"VARYING"}, "BINARY": {"VARYING", "LARGE"}, "LONG": {"RAW", "VARCHAR"}, "VARYING": set(), "UNSIGNED": {"BIG"},
}  # fmt: skip
_MODIFIERS = frozenset({"UNSIGNED", "SIGNED", "ZEROFILL", "ARRAY"})

_JOINING = frozenset({"::", ".", "||", "+", "-", "*", "/", "%", "->", "->>", "=", "<", ">"})
"""Signs that join the parts of an expression."""


_LISTED = 255
"""The length of the texts that the databases without texts of any length are given for an enumeration."""


class Columns:
    """Reads columns into a catalogue's tables."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.ansi_quotes = False
        """Whether MySQL takes what stands between double quotes for a name."""
        self.catalogue = Catalogue(
            folds=DIALECTS[dialect].equals_cases,
            one_null=Feature.MANY_NULLS in DIALECTS[dialect].lacks,
            listed=_LISTED if "255" in DIALECTS[dialect].spelling(Enumeration(("",))).text else 0,
        )

    def _column(self, table: Table, cursor: Cursor, old: str = "") -> None:
        name = cursor.identifier()
        counts = re.fullmatch(r"(?:SMALL|BIG)?SERIAL[248]?", cursor.upper())
        certain = self._certain(cursor)
        kind = self._type_at(table, name, cursor)
        certain = certain or table.domains.get(name) in self.catalogue.certain
        column = Attribute(name, kind, nullable=not certain)
        numbers = Identity() if counts else None
        column = replace(column, nullable=False) if counts else column
        if name in table.columns and name != old:
            self.catalogue.lose(
                f"{'.'.join(table.name)}.{name}", "a second column of this name", "the first one is kept"
            )
            return
        table.put(column, old)
        if numbers:
            table.numbers[name] = numbers
        self._moved(table, column.name, cursor)
        try:
            table.put(self._options(table, column, cursor), column.name)
        except Puzzled as puzzle:
            self.catalogue.lose(f"{'.'.join(table.name)}.{name}", f"an option of it: {puzzle}", "not read")

    def _certain(self, cursor: Cursor) -> bool:
        """Whether the type that stands here is never NULL by itself, as ClickHouse's are."""
        return self.dialect == "clickhouse" and "NULLABLE" not in {cursor.upper(), cursor.upper(2)}

    def _moved(self, table: Table, name: str, cursor: Cursor) -> None:
        """Put a column where MySQL, ClickHouse and Databricks say that it stands: FIRST, or AFTER another one."""
        last = cursor.tokens[-2:]
        if last[-1].upper == "FIRST":
            table.move(name)
        elif last[0].upper == "AFTER" and table.column(last[1].value):
            table.move(name, last[1].value)

    def _aside(self, table: Table, text: str, *, column: str = "", rule: str = "", instead: str = "not read") -> None:
        """Remember a clause that a schema does not hold."""
        if text:
            table.asides.append(Aside(text, column, rule, instead))

    def _narrowed(self, table: Table, column: str, lost: str) -> None:
        """Tell what a type says beyond the one it is read as."""
        table.forget_type(column)
        if lost and column:
            instead = "read as a type that has negative numbers" if lost == "UNSIGNED" else "not read"
            table.asides.append(Aside(lost, column, instead=instead, of_type=True))
        elif lost:
            self.catalogue.lose(".".join(table.name), lost, "not read")

    def _type_at(self, table: Table, column: str, cursor: Cursor) -> Type:
        """The type that stands here; Unknown where none does (SQLite needs none)."""
        first = cursor.token()
        if first is None or first.upper in _COLUMN_OPTIONS - {"SET", "FORMAT", "TAG"} or first.value in {",", ")"}:
            return Unknown()
        if first.upper == "DOMAIN" and self.dialect == "oracle":
            cursor.skip()
        begin = cursor.at
        if first.kind == "sign":
            raise Puzzled(f"a type was expected at {cursor.rest()!r}")
        qualified = cursor.name()
        quoted = first.kind == "name"
        words = [self.catalogue.type_key(qualified if quoted or len(qualified) > 1 else (qualified[0].lower(),))]
        if quoted and words == ["char"] and self.dialect == "postgresql" and "char" not in self.catalogue.types:
            words = ['"char"']  # a type of its own
        arguments: tuple[str, ...] = ()
        while True:
            upper = cursor.upper()
            if upper == "(" and not arguments:
                arguments = tuple(cursor.said(part) for part in cursor.parts(cursor.group()))
            elif upper == "<":
                self._angles(cursor)
            elif upper == "[":
                while not cursor.done and cursor.upper() != "]":
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
        array = re.search(r"(?:\[\d*\])+$", written)
        if array and words[0] in self.catalogue.domains:
            return Native(self.catalogue.domains[words[0]].name + array[0])
        if first.kind == "name":
            written = f"{words[0]}({', '.join(arguments)})" if arguments else words[0]
        bare = len(qualified) == 1 and first.kind != "name"
        made = {} if bare and self._is_own(words[0]) else self.catalogue.types
        return self._typed(table, column, (tuple(words), arguments, written), made)

    def _typed(
        self, table: Table, column: str, said: tuple[tuple[str, ...], tuple[str, ...], str], made: Mapping[str, Type]
    ) -> Type:
        """The type that words with their arguments spell, among those that the file `made` and the engine's own.

        What they say beyond it, and which domain they name, is remembered.
        """
        words, arguments, written = said
        kind, lost = column_type(words, arguments, self.dialect, made, written)
        declared = None if words[0] in made else declared_as(words, arguments, self.dialect, kind, written)
        self._narrowed(table, column, "" if column and declared and beyond(declared, kind) else lost)
        if words[0] == "lowcardinality" or (words[0] == "nullable" and "lowcardinality" in written.casefold()):
            table.asides.append(Aside("LowCardinality", column, of_type=True))
        table.declared.pop(column, None)
        if declared:
            table.declared[column] = declared
        self._of_domain(table, column, kind, words[0] if made else "")
        return kind

    def _is_own(self, word: str) -> bool:
        """Whether a bare word is the engine's own type though the file makes one of that name, which needs quotes or a schema."""
        pattern = DIALECTS[self.dialect].reserved.get("type") if word in self.catalogue.types else None
        return bool(pattern and re.fullmatch(pattern, word))

    def _of_domain(self, table: Table, column: str, kind: Type, key: str) -> None:
        """Note of which domain a column is, by its key."""
        domain = self.catalogue.domains.get(key)
        if column and domain is not None and domain.type == kind:
            table.domains[column] = key
        else:
            table.domains.pop(column, None)

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
            if cursor.take("NOT", "NULL") or cursor.take("NOT", "NULLABLE") or cursor.upper() == "NULL":
                column = replace(column, nullable=cursor.any("NULL") == "NULL")
                self._aside(table, "the name of NOT NULL" if name else "", column=column.name)
                column = column if column.nullable else self._certainly(table, column, cursor)
            elif cursor.take("DEFAULT"):
                if name:
                    table.defaults[name.casefold()] = column.name
                column = self._default(table, subject, column, cursor)
            elif cursor.take("PRIMARY", "KEY") or (
                self.dialect in {"mysql", "mariadb"} and cursor.upper() == "KEY" and cursor.take("KEY")
            ):
                self._kept_in_order(table, (column.name,), cursor, primary=True)
                deferrable = self._deferral(cursor)
                table.primary = Key((column.name,), name, deferrable=deferrable)
                column = replace(column, nullable=False)
            elif cursor.take("UNIQUE"):
                cursor.any("KEY")
                self._kept_in_order(table, (column.name,), cursor)
                distinct = not cursor.take("NULLS", "NOT", "DISTINCT")
                table.uniques.append(Key((column.name,), name, distinct, self._deferral(cursor)))
            elif cursor.take("COLLATE"):
                named = cursor.name()[-1]
                if named != "default":
                    column = replace(column, collation=named)
            elif cursor.take("REFERENCES"):
                table.references.append(self._references(table, (column.name,), name, cursor))
            elif cursor.take("CHECK"):
                self._own_check(table, name, cursor)
            elif cursor.take("COMMENT"):
                column = self._noted_beside(column, cursor)
            elif word := cursor.any("IDENTITY", "AUTO_INCREMENT", "AUTOINCREMENT"):
                always = word == "IDENTITY" and self.dialect in {"sqlserver", "redshift"}
                table.numbers[column.name] = self._numbers(table, column.name, cursor, always=always)
                column = replace(column, nullable=False, default=None)
            elif cursor.upper() in {"GENERATED", "AS", "MATERIALIZED", "ALIAS"}:
                column = self._generated(table, subject, column, cursor)
            elif cursor.take("OPTIONS"):
                column = replace(column, note=self._described(table, cursor, column.name) or column.note)
            elif self._beside(table, column, cursor):
                continue
            else:
                self._aside(table, clause(cursor, self.dialect, _ENDS), column=column.name)
                continue
            name = ""
        return column

    def _switch(self, table: Table, cursor: Cursor, rule: str) -> Enforced:
        """Of which rows the rule is asked that was just read; what else is said of how it is kept is set aside."""
        texts: list[str] = []
        while cursor.upper() in _MANNERS or (cursor.upper() == "NOT" and cursor.upper(1) in _NOTS):
            texts.append(clause(cursor, self.dialect, _ENDS | _MANNERS | {"MATCH"}))
        found, others = enforced_in(texts)
        for text in others:
            self._aside(table, text, rule=rule)
        return found

    def _noted_beside(self, column: Attribute, cursor: Cursor) -> Attribute:
        """The column with the comment that stands here."""
        token = cursor.token()
        cursor.skip()
        return replace(column, note=unquoted(token.value, self.dialect)) if token and token.kind == "text" else column

    def _own_check(self, table: Table, name: str, cursor: Cursor) -> None:
        """What a column asks of its values."""
        text = cursor.said(cursor.group())
        self._check(table, text, name, self._switch(table, cursor, f"the check {name or text}"))

    def _certainly(self, table: Table, column: Attribute, cursor: Cursor) -> Attribute:
        """The column as what stands behind its NOT NULL leaves it: that may be switched off, too."""
        found = self._switch(table, cursor, f"{column.name}, NOT NULL")
        if found == "never":
            self._aside(table, "NOT NULL, which is switched off", column=column.name, instead="read without")
        elif found == "new":
            self._aside(table, "NOT NULL of new rows alone", column=column.name, instead="read as NOT NULL")
        return replace(column, nullable=found == "never")

    def _beside(self, table: Table, column: Attribute, cursor: Cursor) -> bool:
        """What a column's options say of the table or of the engine: whether such a one stands here."""
        if self.dialect == "redshift" and cursor.take("SORTKEY"):
            table.indexes.append(Index((column.name,), method="cluster"))
            return True
        if cursor.any("FIRST"):
            return True
        if cursor.upper() == "AFTER":
            cursor.at += 2
            return True
        if cursor.take("ON", "UPDATE"):
            begin = cursor.at
            cursor.skip()
            if cursor.upper() == "(":
                cursor.group()
            self._aside(
                table,
                f"ON UPDATE {cursor.said(cursor.tokens[begin : cursor.at])}",
                column=column.name,
                instead="read without",
            )
            return True
        if self.dialect == "sqlserver" and (cursor.take("FOREIGN", "KEY") or cursor.take("WITH", "VALUES")):
            return True
        if self.dialect == "sqlserver" and cursor.upper() == "INDEX":
            return self._index_of(table, column, cursor)
        return False

    def _index_of(self, table: Table, column: Attribute, cursor: Cursor) -> bool:
        """T-SQL's `x int INDEX i UNIQUE CLUSTERED`."""
        cursor.skip()
        name = cursor.identifier()
        unique = cursor.take("UNIQUE")
        clustered = cursor.any("CLUSTERED", "NONCLUSTERED") == "CLUSTERED"
        method = "cluster" if clustered else cursor.any("HASH").lower()
        table.indexes.append(Index((column.name,), unique, name=name, method=method))
        return True

    def _kept_in_order(self, table: Table, names: tuple[str, ...], cursor: Cursor, *, primary: bool = False) -> None:
        """T-SQL's CLUSTERED and NONCLUSTERED, of a key over `names`: a primary key is the first where it says nothing."""
        word = cursor.any("CLUSTERED", "NONCLUSTERED") if self.dialect == "sqlserver" else ""
        if word == "CLUSTERED" and not primary:
            table.indexes.append(Index(names, method="cluster"))
        elif word == "NONCLUSTERED" and primary:
            self._aside(table, word, rule=f"the key ({', '.join(names)})")

    def _deferral(self, cursor: Cursor) -> Deferrable:
        found: Deferrable = ""
        while not cursor.done:
            if cursor.take("NOT", "DEFERRABLE") or cursor.take("INITIALLY", "IMMEDIATE"):
                continue
            if cursor.take("DEFERRABLE"):
                found = found or "immediate"
            elif cursor.take("INITIALLY", "DEFERRED"):
                found = "deferred"
            else:
                break
        return found

    def _numbers(self, table: Table, column: str, cursor: Cursor, *, always: bool) -> Identity:
        """Where a running number begins and how it goes on: `(1, 1)`, `(START WITH 1 INCREMENT BY 1)`, `START 1 INCREMENT 1`."""
        inner, begin = (cursor.inside(cursor.group()), 0) if cursor.upper() == "(" else (cursor, cursor.at)
        found = {"START": 1, "INCREMENT": 1}
        plain = iter(found)
        while not inner.done:
            if inner.any(*_NUMBERED_OTHERWISE):
                if (token := inner.token()) and token.kind == "number":
                    inner.skip()
                continue
            word = inner.any("START", "INCREMENT")
            if not word and inner is cursor:
                break
            inner.any("WITH", "BY", "=")
            sign = -1 if inner.take("-") else 1
            token = inner.token()
            if token is not None and token.kind == "number" and re.fullmatch(r"\d+", token.value):
                before = inner.tokens[inner.at - 1].upper if inner.at else ""
                if word or not re.fullmatch(r"[A-Z]+", before):
                    found[word or next(plain, "INCREMENT")] = sign * int(token.value)
            inner.skip()
        numbers = Identity(always, found["START"], found["INCREMENT"] or 1)
        for said in counted_otherwise(inner.tokens[begin : inner.at], numbers):
            self._aside(table, said, column=column)
        return numbers

    def _default(self, table: Table, subject: str, column: Attribute, cursor: Cursor) -> Attribute:
        table.unsaid.pop(column.name, None)
        if self.dialect == "oracle" and cursor.take("ON", "NULL"):
            self._aside(table, "DEFAULT ON NULL", column=column.name)
            if cursor.take("FOR", "INSERT"):
                cursor.any("ONLY")
                cursor.take("AND", "UPDATE")
        begin = cursor.at
        cursor.any("+", "-")
        cursor.step()
        while self._goes_on(cursor, begin):
            cursor.step()
        text = cursor.said(cursor.tokens[begin : cursor.at])
        if text.upper() in {"NULL", "(NULL)", ""} or text.upper().startswith("NULL::"):
            return column
        if self.dialect == "redshift" and (counted := re.match(r"""(?is)"identity"\(.*'(-?\d+),\s*(-?\d+)'""", text)):
            table.numbers[column.name] = Identity(always=True, start=int(counted[1]), increment=int(counted[2]) or 1)
            return replace(column, default=None, nullable=False)
        if re.search(r"(?i)\bnextval\b|\.nextval|\bNEXT\s+VALUE\s+FOR\b", text):
            table.numbers[column.name] = self._counted(table, column.name, text)
            return replace(column, default=None)
        if column.generated:
            self.catalogue.lose(subject, f"the default {text} of a computed column", "not read")
            return column
        told = self._carried(text)
        own = told is not None and speaker(told) and DIALECTS[self.dialect].default_given
        if own and self._takes_texts(table) and at_home(text, self.dialect) is None:
            told = None  # it is kept as the statement that gives it, as no other dialect has words for it
        named = re.fullmatch(r'"(?:[^"]|"")+"', told or "")
        if named and told and self.dialect == "sqlite":  # which takes what names no column for a text
            told = "'" + told[1:-1].replace('""', '"').replace("'", "''") + "'"
        elif named:
            told = None
        if told is None:
            if self._takes_texts(table):
                table.unsaid[column.name] = text
            else:  # of a domain
                self.catalogue.lose(subject, f"the default {text}", "not read")
            return column
        if column.type == Date() and self.dialect == "sqlserver" and told.upper() == "CURRENT_TIMESTAMP":
            told = "CURRENT_DATE"  # its only word for both
        if (
            self.dialect in {"mysql", "mariadb"}
            and column.type == Timestamp()
            and re.match(r"(?i)\(*utc_timestamp\b", text)
        ):
            column = replace(column, type=Timestamp(zone=True))  # an instant, where columns hold no zone
        declared = table.declared.get(column.name)
        if self.dialect in {"mysql", "mariadb"} and declared and declared.text == "year":
            told = full_year(told)
        if isinstance(column.type, Decimal) and self.dialect == "clickhouse":
            told = re.sub(r"\A'(-?\d+(?:\.\d+)?)'\Z", r"\1", told)  # written so lest it be a floating-point number
        return replace(column, default=told)

    def _takes_texts(self, table: Table) -> bool:
        """Whether what is filled is a table's, not a domain's."""
        return table.name in self.catalogue.tables or bool(table.columns)

    def _counted(self, table: Table, column: str, text: str) -> Identity:
        """The numbers of the sequence that a default takes the next one of."""
        name = _sequence_in(text)
        self.catalogue.counting.add(name)
        self.catalogue.counted[name] = table, column
        for told in self.catalogue.counted_otherwise.get(name, ()):
            self._aside(table, told, column=column)
        return self.catalogue.sequences.get(name, Identity())

    def _goes_on(self, cursor: Cursor, begin: int) -> bool:
        """Whether the expression that began at `begin` goes on: it ends where a column's next option begins."""
        if cursor.done:
            return False
        here, before = cursor.upper(), cursor.tokens[cursor.at - 1].upper
        if here in _COLUMN_OPTIONS - {"AS", "WITH"}:
            return False
        if here in {"(", "[", "AND", "OR"} or here in _JOINING or before in _JOINING:
            return True
        typed = cursor.tokens[begin].upper in {"DATE", "TIMESTAMP", "TIME", "INTERVAL", "B", "X"}
        if typed and cursor.tokens[cursor.at].kind == "text":
            return True
        if cursor.tokens[begin].upper == "INTERVAL" and (here in _UNITS or (before in _UNITS and here == "TO")):
            return True
        of_a_type = here in {"VARYING", "PRECISION", "ZONE", "TIME", "WITHOUT", "[", "]"} or before in {"INTERVAL", "["}
        return of_a_type or (here == "WITH" and cursor.upper(1) == "TIME")

    def _generated(self, table: Table, subject: str, column: Attribute, cursor: Cursor) -> Attribute:
        always = True
        if cursor.take("GENERATED"):
            while word := cursor.any("ALWAYS", "BY", "DEFAULT", "ON", "NULL"):
                always = always and word != "DEFAULT"
        word = cursor.any("AS", "MATERIALIZED", "ALIAS")
        if cursor.take("IDENTITY"):
            table.numbers[column.name] = self._numbers(table, column.name, cursor, always=always)
            return replace(column, nullable=False, default=None)
        if cursor.upper() == "(":
            group = cursor.group()
            if isinstance(column.type, Unknown) or self.dialect == "databricks":
                bare, kind = self._cast(table, group, cursor)
                if column.type in {kind, Unknown()}:
                    group, column = bare, replace(column, type=kind)
            text = cursor.said(group)
        elif word in {"MATERIALIZED", "ALIAS"} or (self.dialect == "sqlserver" and word and cursor.upper() != "ROW"):
            text = self._expression(cursor)
        else:
            said = " ".join(token.upper for token in cursor.tokens[cursor.at : cursor.at + 2])
            self._aside(table, f"generated as {said}", column=column.name, instead="read as a plain attribute")
            cursor.at += 2
            return column
        kept = cursor.any("STORED", "VIRTUAL", "PERSISTED", "PERSISTENT", "MATERIALIZED")
        stored = kept not in {"", "VIRTUAL"} or word == "MATERIALIZED" or (not kept and self.dialect == "databricks")
        told = self._carried(text)
        if told is None:
            self.catalogue.lose(subject, f"computed as {text}", "read as a plain attribute")
            return column
        return replace(column, generated=Generated(told, stored), default=None)

    def _cast(self, table: Table, group: tuple[Token, ...], cursor: Cursor) -> tuple[tuple[Token, ...], Type]:
        """What is made a type, and the type: how a column that is only computed says its own."""
        inner = cursor.inside(group)
        if inner.take("CAST") and inner.upper() == "(":
            cast = inner.group()
            depth, at = 0, 0
            for place, token in enumerate(cast):
                depth += (token.upper == "(") - (token.upper == ")")
                at = place if depth == 0 and token.upper == "AS" else at
            if at and inner.done:
                return cast[:at], self._type_at(table, "", inner.inside(cast[at + 1 :]))
        return group, Unknown()

    def _expression(self, cursor: Cursor) -> str:
        """An expression without parentheses around it, to where the column's next option begins."""
        begin = cursor.at
        depth = 0
        while not cursor.done and not (depth == 0 and cursor.at > begin and cursor.upper() in _COLUMN_OPTIONS):
            depth += (cursor.upper() == "(") - (cursor.upper() == ")")
            cursor.skip()
        return cursor.said(cursor.tokens[begin : cursor.at])

    def _references(self, table: Table, columns: tuple[str, ...], name: str, cursor: Cursor) -> Reference:
        target = cursor.name()
        if meant := self.catalogue.in_path(target):
            target = meant.name
        referenced = self._names(cursor) if cursor.upper() == "(" else ()
        found = Reference(columns, target, referenced, name=name)
        while not cursor.done:
            if cursor.take("ON", "DELETE"):
                found.on_delete = self._action(table, _reference(found), cursor)
            elif cursor.take("ON", "UPDATE"):
                found.on_update = self._action(table, _reference(found), cursor)
            elif cursor.take("MATCH"):
                found.match_full = cursor.upper() == "FULL"
                cursor.skip()
            elif cursor.upper() in {"DEFERRABLE", "INITIALLY"}:
                before = cursor.at
                found.deferrable = self._deferral(cursor) or found.deferrable
                if cursor.at == before:
                    break
            elif cursor.take("NOT", "DEFERRABLE"):
                continue
            elif cursor.upper() in _MANNERS or (cursor.upper() == "NOT" and cursor.upper(1) in _NOTS):
                how = self._switch(table, cursor, _reference(found))
                found.enforced = how if how != "always" else found.enforced
            else:
                break
        return found

    def _action(self, table: Table, rule: str, cursor: Cursor) -> str:
        for words in (("CASCADE",), ("RESTRICT",), ("NO", "ACTION"), ("SET", "NULL"), ("SET", "DEFAULT")):
            if cursor.take(*words):
                if words[0] == "SET" and cursor.upper() == "(":
                    columns = cursor.said(cursor.group())
                    self._aside(table, f"ON DELETE {' '.join(words)} ({columns})", rule=rule)
                return " ".join(words).lower()
        raise Puzzled(f"an action was expected at {cursor.rest()!r}")

    def _names(self, cursor: Cursor, beside: list[str] | None = None) -> tuple[str, ...]:
        """The columns of a key; those of which it says a length, an order or the like are put `beside` as they stand."""
        found: list[str] = []
        beside = [] if beside is None else beside
        for part in cursor.parts(cursor.group()):
            inner = cursor.inside(part)
            if len(part) > 1 and part[1].kind in {"word", "name"}:
                period = inner.any("PERIOD")
                if period and self.dialect in {"postgresql", "cockroachdb"}:
                    beside.append(cursor.said(part))
            found.append(inner.identifier())
            if not inner.done and inner.upper() != "ASC":
                beside.append(cursor.said(part))
        return tuple(found)

    def _described(self, table: Table, cursor: Cursor, column: str = "") -> str:
        """The description among BigQuery's OPTIONS; the others are set aside."""
        described = ""
        for part in cursor.parts(cursor.group()) if cursor.upper() == "(" else ():
            if part[0].upper == "DESCRIPTION" and len(part) > 2 and part[2].kind == "text":
                described = unquoted(part[2].value, self.dialect)
            else:
                said = clause(cursor.inside(part), self.dialect, frozenset({"OPTIONS"}))
                self._aside(table, f"OPTIONS ({said})", column=column)
        return described

    def _at_home(self, text: str) -> str | None:
        """An expression of the file in the home dialect; None where it has none."""
        return at_home(ticked(text) if self.ansi_quotes else text, self.dialect)

    def _carried(self, text: str) -> str | None:
        """An expression of the file in the home dialect, else in its own words; None where it is not one expression."""
        return carried(ticked(text) if self.ansi_quotes else text, self.dialect)

    def _check(self, table: Table, text: str, name: str, enforced: Enforced = "always") -> None:
        told = self._carried(text)
        if told is None:
            self.catalogue.lose(".".join(table.name), f"the check {text}", f"not read: {refusal(text, self.dialect)}")
        else:
            table.checks.append(Check(told, name, enforced))
            if DIALECTS[self.dialect].check_form != "{check}" and not (speaker(told) or _PASSES.fullmatch(text)):
                table.certain.add(told)


_PASSES = re.compile(r"[\s(]*(?:ifnull|coalesce)\s*\(.*,\s*(?:true|1)\s*\)[\s)]*", re.IGNORECASE | re.DOTALL)
"""A check that passes where it is unknown, of an engine that would refuse what is."""
_NUMBERED_OTHERWISE = (
    *("MINVALUE", "MAXVALUE", "NOMINVALUE", "NOMAXVALUE", "CACHE", "NOCACHE", "ORDER", "NOORDER", "NOCYCLE", "KEEP"),
    *("CYCLE",),
    *("NOKEEP", "SCALE", "NOSCALE"),
)
"""What is said of a running number beside where it begins and how it goes on."""
_MANNERS = frozenset({"ENABLE", "DISABLE", "VALIDATE", "NOVALIDATE", "ENFORCED", "RELY", "NORELY"})
_UNITS = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"})
_NOTS = frozenset({"VALID", "ENFORCED", "FOR"})


def counted_otherwise(tokens: tuple[Token, ...], numbers: Identity) -> Iterator[str]:
    """What tokens say of a running number beside where it begins and how it goes on, but for what goes without saying."""
    words = [token.upper or token.value for token in tokens]
    for at, word in enumerate(words):
        denied = at > 0 and words[at - 1] == "NO"
        if word in {"CYCLE", "ORDER", "SCALE", "KEEP"} and not denied:
            yield word
        elif word in {"MINVALUE", "MAXVALUE", "CACHE"} and not denied:
            said = "".join(words[at + 1 : at + 4])
            value = re.match(r"=?(-?\d+)", said)
            usual = _CACHED if word == "CACHE" else _BOUNDS | {str(numbers.start)}
            if value and value[1] not in usual:
                yield f"{word} {value[1]}"


_CACHED = frozenset({"1", "20", "0"})
"""How many numbers PostgreSQL and Oracle take at once where nothing is said."""
_BOUNDS = frozenset(
    {"1", "0", "-1"}
    | {str(sign * 2**bits - (sign > 0)) for bits in (7, 8, 15, 16, 31, 32, 63, 64) for sign in (1, -1)}
    | {"9" * digits for digits in (27, 28)}
    | {f"-{'9' * digits}" for digits in (26, 27)}
)
"""Where the numbers of a type, or of sequences, end anyway."""


_PART = re.compile(r'"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[((?:[^\]]|\]\])*)\]|([\w$]+)')
_OF_NEXT = frozenset({"nextval", "next", "value", "for"})


def _sequence_in(text: str) -> str:
    r"""The last name, in small letters, of the sequence that an expression takes the next number of.

    >>> _sequence_in("nextval('app.\"a b\"'::regclass)"), _sequence_in("NEXT VALUE FOR [dbo].[s]"), _sequence_in('"S".nextval')
    ('a b', 's', 's')
    """
    told = re.search(r"'((?:[^']|'')*)'", text) if re.search(r"(?i)\bnextval\s*\(", text) else None
    parts = _PART.findall(told[1].replace("''", "'") if told else text)
    names = [
        (quoted.replace('""', '"') or ticks.replace("``", "`") or bracketed.replace("]]", "]") or bare).lower()
        for quoted, ticks, bracketed, bare in parts
        if told or bare.lower() not in _OF_NEXT
    ]
    if names[1:] and names[-1] == "nextval":  # which Oracle may quote
        names.pop()
    return names[-1] if names else ""


def _reference(found: Reference) -> str:
    """A foreign key as its clauses are told."""
    return f"the foreign key {found.name}" if found.name else f"the foreign key ({', '.join(found.columns)})"
