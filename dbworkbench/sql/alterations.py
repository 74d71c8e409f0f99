"""ALTER TABLE: what changes a table after it was made."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from dbworkbench.schema.relation import Key
from dbworkbench.schema.rules import Enforced
from dbworkbench.sql.column_alterations import ColumnAlterations
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.paths import enforced_in
from dbworkbench.sql.rules import RULE_STARTS
from dbworkbench.sql.storage import clause
from dbworkbench.sql.tables import Name, Table
from dbworkbench.sql.tokens import Token

__all__ = ["Alterations"]

_OTHER_ACTIONS_WORDS = (
    "OWNER ENABLE DISABLE SET RESET CLUSTER REPLICA INHERIT NO VALIDATE ATTACH DETACH ENGINE AUTO_INCREMENT "
    "COMMENT CONVERT DEFAULT CHARACTER COLLATE ORDER FORCE NOCHECK CHECK SWITCH REBUILD WITH ALGORITHM LOCK "
    "ROW_FORMAT PARTITION TRUNCATE OPTIONS"
)
_ADDED_BESIDE = frozenset(
    {("ROW", "ACCESS"), ("SEARCH", "OPTIMIZATION"), ("AGGREGATION", "POLICY"), ("SUPPLEMENTAL", "LOG")}
)
"""Words after ADD and DROP that begin no column."""
_KEEPS = frozenset(
    {
        "SET",
        "ENGINE",
        "ROW_FORMAT",
        "CONVERT",
        "DEFAULT",
        "CHARACTER",
        "COLLATE",
        "OPTIONS",
        "TABLESPACE",
        "KEY_BLOCK_SIZE",
    }
)
"""Words that begin what is altered of how an engine keeps rows."""
_OTHER_ACTIONS = frozenset(_OTHER_ACTIONS_WORDS.split())


ROW_SECURITY = "row security"
_SECURED = {f"{word} ROW LEVEL SECURITY" for word in ("ENABLE", "FORCE")}


class Alterations(ColumnAlterations):
    """Carries out what alters a table."""

    def _alter(self, cursor: Cursor) -> tuple[str, str]:
        begin = cursor.at
        cursor.any("FOREIGN")
        if cursor.take("TYPE"):
            return self._alter_type(cursor)
        if cursor.take("DOMAIN"):
            return self._alter_domain(cursor)
        if cursor.take("INDEX"):
            cursor.take("IF", "EXISTS")
            name = cursor.name()
            if cursor.take("RENAME", "TO"):
                new = cursor.identifier()
                for owner in self.catalogue.tables.values():
                    owner.rename_rule(name[-1], new)
                return "understood", ""
            return self._index_kept(name, cursor)
        if not cursor.take("TABLE"):
            return self._kept_alteration(cursor, begin)
        perhaps = cursor.take("IF", "EXISTS")
        alone = bool(cursor.any("ONLY"))
        name = cursor.name()
        cursor.any("*")
        table = self.catalogue.find(name)
        if table is None:
            if perhaps and all(part[0].upper == "DROP" for part in cursor.parts(cursor.tokens[cursor.at :])):
                return "ignored", "nothing of that name is here"
            return self._alter_elsewhere(name, cursor)
        if cursor.done:
            raise Puzzled(f"what becomes of {'.'.join(name)} was expected at {cursor.rest()!r}")
        if cursor.rest().upper() in _SECURED:
            self.defined = ROW_SECURITY  # without which policies are of no effect
            return "kept as text", ROW_SECURITY
        reasons: list[str] = []
        last = ""
        for part in cursor.parts(cursor.tokens[cursor.at :]):
            inner = cursor.inside(part)
            last, reason = self._action_on(table, inner, last)
            if table.heirs and not alone and _is_handed_down(cursor.inside(part)):
                self._hand_down(table, cursor, part)
            if reason:
                reasons.append(reason)
        return (
            ("ignored", "; ".join(reasons))
            if reasons and len(reasons) == sum(1 for _ in cursor.parts(cursor.tokens[cursor.at :]))
            else ("understood", "; ".join(reasons))
        )

    def _hand_down(self, table: Table, cursor: Cursor, part: tuple[Token, ...]) -> None:
        """Carry an action out on what inherits from a table; keys and references stay its own."""
        for heir in table.heirs:
            if self.catalogue.find(heir.name) is not heir:
                continue  # dropped
            inner = cursor.inside(part)
            added = inner.upper() == "ADD" and inner.upper(1) not in {"CONSTRAINT", "CHECK"}
            inner.at += 2 if added and inner.upper(1) == "COLUMN" else 1
            inner.take("IF", "NOT", "EXISTS")
            has = added and inner.token() is not None and heir.column(inner.identifier()) is not None
            if not has:
                rules = heir.primary, [*heir.uniques], [*heir.references]
                with suppress(Puzzled):  # a column that it has no more, a rule that it never had
                    self._action_on(heir, cursor.inside(part), "")
                heir.primary, heir.uniques, heir.references = rules
            self._hand_down(heir, cursor, part)

    def _alter_elsewhere(self, name: Name, cursor: Cursor) -> tuple[str, str]:
        """ALTER TABLE of what is no table here: a view, a sequence, a partition, or nothing that is known."""
        what = self.catalogue.other(name)
        if cursor.upper() == "OWNER" or (what and what != "a partition"):
            return "ignored", f"alters {what or 'what is not here'}: {cursor.rest()}"
        said = ".".join(name)
        if (
            what
            and cursor.upper() == "ADD"
            and {"PRIMARY", "KEY"} <= {token.upper for token in cursor.tokens[cursor.at :]}
        ):
            self.catalogue.partition_keys.append((name, cursor.rest()))
            return "ignored", "the key of a partition"
        if what:
            self.catalogue.lose(said, f"what a partition has of its own: {cursor.rest()}", "not read")
            return "ignored", "what a partition has of its own"
        where = f"line {cursor.statement.line}"
        self.catalogue.lose(where, f"the table {said} is not here", "the alteration is kept as text")
        return "kept as text", "its table is not here"

    def _kept_alteration(self, cursor: Cursor, begin: int) -> tuple[str, str]:
        cursor.at = begin
        what = cursor.upper()
        if what in {
            "SEQUENCE",
            "DATABASE",
            "SCHEMA",
            "ROLE",
            "USER",
            "DEFAULT",
            "FUNCTION",
            "PROCEDURE",
            "SYSTEM",
            "SESSION",
            "EXTENSION",
            "LANGUAGE",
            "OPERATOR",
            "AGGREGATE",
            "PUBLICATION",
            "SERVER",
            "LOGIN",
            "AUTHORIZATION",
            "TEXT",
        }:
            return "ignored", f"alters a {what.lower()}"
        how = {token.upper for token in cursor.tokens[begin:]} & {"ENABLE", "DISABLE", "COMPILE"}
        if what in {"TRIGGER", "VIEW", "PACKAGE", "MATERIALIZED"} and how:
            if "DISABLE" in how:
                self.catalogue.lose(f"line {cursor.statement.line}", cursor.rest(), "kept as if it were not")
            return "ignored", f"switches or compiles a {what.lower()}"
        return self._kept(cursor, begin)

    def _action_on(self, table: Table, cursor: Cursor, last: str) -> tuple[str, str]:
        """One action of ALTER TABLE; gives its verb, for those that follow without one, and why it is of no account."""
        checked = cursor.take("WITH", "CHECK")
        unchecked = not checked and cursor.take("WITH", "NOCHECK")
        verb = cursor.any("ADD", "DROP", "ALTER", "MODIFY", "CHANGE", "RENAME")
        if not verb:
            if (last in {"ALTER", "MODIFY"} and cursor.upper() == "COLUMN") or (
                last in {"ADD", "DROP"} and not cursor.done and cursor.upper() not in _OTHER_ACTIONS
            ):
                verb = last
            else:
                switch = _switch(cursor, last, checked=checked)
                return switch, self._other_action(table, cursor, switch)
        match verb:
            case "ADD":
                checks, references = len(table.checks), len(table.references)
                self._add(table, cursor)
                if unchecked:
                    table.checks[checks:] = [replace(one, enforced="new") for one in table.checks[checks:]]
                    for reference in table.references[references:]:
                        reference.enforced = "new"
            case "DROP":
                self._drop_from(table, cursor)
            case "ALTER":
                self._alter_column(table, cursor)
            case "MODIFY" if self.dialect == "snowflake":
                self._each_altered(table, cursor)
            case "MODIFY":
                self._modify(table, cursor)
            case "CHANGE":
                cursor.any("COLUMN")
                old = cursor.identifier()
                self._replace_column(table, cursor, old)
            case _:
                self._rename_in(table, cursor)
        return verb, ""

    def _other_action(self, table: Table, cursor: Cursor, switch: str) -> str:
        if self.dialect in {"mysql", "mariadb"} and cursor.take("AUTO_INCREMENT"):
            self._begins(table, cursor)
            return ""
        if cursor.take("COMMENT", "COLUMN"):
            cursor.take("IF", "EXISTS")
            self._noted(table, cursor.identifier(), cursor)
            return ""
        if cursor.take("REPLACE", "COLUMNS"):
            for name in tuple(table.columns):
                table.drop(name)
            for part in cursor.parts(cursor.group()):
                self._column(table, cursor.inside(part))
            return ""
        if cursor.take("SET", "OPTIONS"):
            table.note = self._described(table, cursor) or table.note
            return ""
        if cursor.take("COMMENT") or cursor.take("SET", "COMMENT"):
            cursor.any("=")
            token = cursor.token()
            table.note = unquoted(token.value, self.dialect) if token else ""
            return ""
        if cursor.take("ATTACH", "PARTITION"):
            partition = cursor.name()
            self.catalogue.note(partition, "a partition")
            self.catalogue.drop(partition, cascade=True)
            self._partition(partition, table.name, cursor)
            return ""
        if cursor.take("CLUSTER", "BY"):
            self._clustering(table, self._order(table, cursor))
            return ""
        if cursor.take("SWAP", "WITH"):
            other = cursor.name()
            if not self.catalogue.exchange(table.name, other):
                raise Puzzled(f"no table {'.'.join(other)} to swap with")
            return ""
        if cursor.take("SET", "UNUSED"):
            for part in cursor.parts(cursor.group() if cursor.upper() == "(" else cursor.tokens[cursor.at + 1 :]):
                table.drop(cursor.inside(part).identifier())
            return ""
        if cursor.take("SET", "SCHEMA"):
            self._rename_to(table, (cursor.identifier(), table.name[-1]))
            return ""
        if cursor.take("DETACH", "PARTITION"):
            self._detached(table, cursor.name())
            return ""
        if cursor.take("VALIDATE", "CONSTRAINT"):
            table.enforce(cursor.identifier(), lambda _: "always")
            return ""
        if cursor.take("INHERIT"):
            self._inherits(table, cursor.name())
            return ""
        if cursor.take("NO", "INHERIT"):
            self._disinherit(table, cursor.name())
            return ""
        if cursor.take("REMOVE", "PARTITIONING"):
            table.partitioning = None
            return ""
        if cursor.upper() in {"ENABLE", "DISABLE"} and _SWITCHED & {cursor.upper(1), cursor.upper(2)}:
            self._switched(table, cursor)
            return ""
        if cursor.upper() in {"ENABLE", "DISABLE"} and "TRIGGER" in {cursor.upper(1), cursor.upper(2)}:
            self._trigger_switched(table, cursor)
            return ""
        if switch:
            self._switched_rule(table, cursor, switch)
            return ""
        if cursor.upper() in _KEEPS or (cursor.upper() in {"ENABLE", "FORCE"} and cursor.upper(1) == "ROW"):
            while not cursor.done:
                self._aside(table, clause(cursor, self.dialect), instead="the table is read without")
            return ""
        return f"of no account to a schema: {cursor.rest()}"

    def _index_kept(self, name: Name, cursor: Cursor) -> tuple[str, str]:
        """How an index is kept from now on, which is told: `DISABLE`, `UNUSABLE`, `SET (fillfactor = 50)`."""
        if self.dialect == "sqlserver" and cursor.take("ON"):
            cursor.name()
        if cursor.upper() in {"REBUILD", "REORGANIZE", "COALESCE", "COMPILE", "ENABLE"}:
            return "ignored", "upkeep"
        if cursor.upper() in {"ATTACH", "DEPENDS"}:
            return "ignored", "an index of a partition, or of an extension"
        said = cursor.said(cursor.tokens[cursor.at :])
        table = next((one for one in self.catalogue.tables.values() if one.has_rule(name[-1])), None)
        if table is None:
            return "ignored", "its table is not here"
        self._aside(table, said, rule=f"the index {name[-1]}")
        return "understood", ""

    def _trigger_switched(self, table: Table, cursor: Cursor) -> None:
        """`DISABLE TRIGGER t`: told, as the trigger is kept; of ALL, it is while rows are loaded."""
        off, name = cursor.upper() == "DISABLE", cursor.tokens[-1].value
        always = cursor.upper(1) in {"ALWAYS", "REPLICA"}
        said = f"{cursor.upper()} {cursor.upper(1)} TRIGGER {name}" if always else f"DISABLE TRIGGER {name}"
        table.asides = [one for one in table.asides if not one.text.endswith(f" TRIGGER {name}")]
        if (off or always) and name.upper() not in {"ALL", "USER"}:
            self._aside(table, said, instead="the trigger is kept as if it ran")

    def _switched(self, table: Table, cursor: Cursor) -> None:
        """Oracle's `DISABLE CONSTRAINT c`, `ENABLE VALIDATE CONSTRAINT c` and `DISABLE PRIMARY KEY`."""
        how = []
        while cursor.upper() not in _SWITCHED:
            how.append(cursor.upper())
            cursor.skip()
        found = enforced_in(how)[0]
        named = cursor.take("CONSTRAINT")
        name = cursor.identifier() if named else cursor.said(cursor.tokens[cursor.at :])
        if not named or not table.enforce(name, lambda _: found):
            table.validated(name)
            self._aside(table, " ".join(how) if found != "always" else "", rule=f"the rule {name}")

    def _switched_rule(self, table: Table, cursor: Cursor, switch: str) -> None:
        """What SQL Server asks of rows from now on; CHECK asks none again unless it is told to."""
        asked = _SWITCHES[switch]
        self._told_rule(table, cursor, lambda before: before if asked == "new" and before != "never" else asked)

    def _told_rule(self, table: Table, cursor: Cursor, how: Callable[[Enforced], Enforced]) -> None:
        """Say anew of which rows a rule is asked, or each of several, or all: `NOCHECK CONSTRAINT a, b`."""
        if cursor.upper() == "ALL":
            table.enforce("", how)
            return
        name = cursor.identifier()
        if not table.enforce(name, how):
            self.catalogue.lose(
                ".".join(table.name), f"the rule {name} to switch, which is not there", "nothing switched"
            )

    def _add(self, table: Table, cursor: Cursor) -> None:
        if cursor.upper() == "(":
            for part in cursor.parts(cursor.group()):
                self._element(table, cursor.inside(part))
            return
        if cursor.take("PARTITION"):
            self._with_partitions(table, cursor)
            return
        if cursor.take("DEFAULT"):
            self._default_for(table, cursor)
            return
        if (cursor.upper(), cursor.upper(1)) in _ADDED_BESIDE:
            self._aside(table, f"ADD {cursor.said(cursor.tokens[cursor.at :])}")
            return
        if self.dialect == "clickhouse" and [cursor.upper(ahead) for ahead in (1, 2, 3)] == ["IF", "NOT", "EXISTS"]:
            cursor = cursor.inside((cursor.tokens[cursor.at], *cursor.tokens[cursor.at + 4 :]))  # a rule's own
            if cursor.upper() == "PROJECTION":
                self._rule(table, cursor)
                return
        if self.dialect == "clickhouse" and cursor.upper() == "STATISTICS":
            self._aside(table, f"ADD {cursor.said(cursor.tokens[cursor.at :])}")
            return
        if cursor.upper() in RULE_STARTS and self._is_rule(cursor):
            if self._using_index(table, cursor):
                return
            self._rule(table, cursor)
            return
        cursor.any("COLUMN", "COLUMNS")
        exists = cursor.take("IF", "NOT", "EXISTS")
        if cursor.upper() == "(":
            for part in cursor.parts(cursor.group()):
                self._element(table, cursor.inside(part))
            return
        if exists and (token := cursor.token()) and table.column(token.value):
            return
        self._column(table, cursor)

    def _using_index(self, table: Table, cursor: Cursor) -> bool:
        """`ADD CONSTRAINT c UNIQUE USING INDEX i`: the index becomes the key."""
        uppers = [token.upper for token in cursor.tokens]
        if "USING" not in uppers or uppers[uppers.index("USING") + 1 :][:1] != ["INDEX"] or "(" in uppers:
            return False
        wanted = cursor.tokens[uppers.index("INDEX") + 1].value.casefold()
        index = next((index for index in table.indexes if index.name.casefold() == wanted), None)
        unique = next((key for key in table.uniques if key.name.casefold() == wanted), None)
        names = index.attributes if index else unique.attributes if unique else None
        if names is None:
            raise Puzzled(f"there is no index {wanted}")
        name = cursor.tokens[cursor.at + 1].value if uppers[cursor.at] == "CONSTRAINT" else ""
        table.indexes = [kept for kept in table.indexes if kept is not index]
        table.uniques = [kept for kept in table.uniques if kept is not unique]
        if "PRIMARY" in uppers:
            table.primary = Key(names, name)
        else:
            table.uniques.append(Key(names, name))
        return True

    def _drop_from(self, table: Table, cursor: Cursor) -> None:
        if cursor.take("PRIMARY", "KEY"):
            table.primary = None
            return
        if cursor.take("CLUSTERING", "KEY"):
            self._clustering(table, ())
            return
        rule = cursor.take("FOREIGN", "KEY") or bool(cursor.any("CONSTRAINT", "INDEX", "KEY", "CHECK"))
        if cursor.take("PERIOD") or (cursor.upper(), cursor.upper(1)) in _ADDED_BESIDE:
            return
        if cursor.take("PARTITION"):
            self._without_partitions(table, cursor)
            return
        if self.dialect == "clickhouse" and cursor.any("PROJECTION", "STATISTICS"):
            return
        if not rule:
            cursor.any("COLUMN", "COLUMNS")
        perhaps = cursor.take("IF", "EXISTS")
        if cursor.upper() == "(":
            for part in cursor.parts(cursor.group()):
                table.drop(cursor.inside(part).identifier())
            return
        name = cursor.identifier()
        if not rule:
            if table.column(name) is None and not table.drop_rule(name) and not perhaps:
                self.catalogue.lose(
                    f"{'.'.join(table.name)}.{name}", "a column to drop that is not there", "nothing dropped"
                )
            table.drop(name)
        elif not table.drop_rule(name) and not self._drop_implicit(table, name) and not perhaps:
            self.catalogue.lose(
                f"{'.'.join(table.name)}: {name}", "a rule to drop that is not there by that name", "nothing dropped"
            )

    def _drop_implicit(self, table: Table, name: str) -> bool:
        """Drop the rule that an engine would have called `name` by itself: table_column_fkey, table_pkey …."""
        folded, stem = name.casefold(), table.name[-1].casefold()
        if table.primary and not table.primary.name and folded in {f"{stem}_pkey", "primary", "$primary"}:
            table.primary = None
            return True
        for unique in table.uniques:
            made = {f"{stem}_{'_'.join(unique.attributes)}_key".casefold(), unique.attributes[0].casefold()}
            if not unique.name and folded in made:
                table.uniques.remove(unique)
                return True
        for at, reference in enumerate(table.references):
            made = {f"{stem}_{'_'.join(reference.columns)}_fkey".casefold(), f"{stem}_ibfk_{at + 1}"}
            if not reference.name and folded in made:
                table.references.remove(reference)
                return True
        for check in table.checks:
            made_check = rf"{re.escape(stem)}_(?:.*_)?check\d*|check_\d+|{re.escape(stem)}_chk_\d+"
            if not check.name and re.fullmatch(made_check, folded):
                table.checks.remove(check)
                return True
        return False

    def _rename_to(self, table: Table, new: Name) -> None:
        if not self.catalogue.rename(table.name, new):
            raise Puzzled(f"there is a table {'.'.join(new)} already")

    def _rename_in(self, table: Table, cursor: Cursor) -> None:
        if cursor.any("CONSTRAINT", "INDEX", "KEY"):
            old = cursor.identifier()
            cursor.any("TO", "AS")
            table.rename_rule(old, cursor.identifier())
            return
        if cursor.any("TO", "AS"):
            self._rename_to(table, cursor.name())
            return
        token = cursor.token(1)
        if token is None:
            self._rename_to(table, cursor.name())
            return
        cursor.any("COLUMN")
        old = cursor.identifier()
        cursor.any("TO", "AS")
        new = cursor.identifier()
        column = table.column(old)
        if column is None:
            raise Puzzled(f"no column {old!r} to rename")
        self._respelled(table, column.name, new)


_SWITCHED = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE"})
"""What Oracle's ENABLE and DISABLE are said of."""
_HANDED_DOWN = re.compile(
    r"ADD (?!CONSTRAINT |CHECK |PRIMARY |UNIQUE |FOREIGN |EXCLUDE |INDEX )|ADD (?:CONSTRAINT \S+ )?(?:CHECK|NOT) |"
    r"DROP (?!INDEX )|ALTER (?!CONSTRAINT )|RENAME (?!TO )"
)


def _switch(cursor: Cursor, last: str, *, checked: bool) -> str:
    """How a rule is switched, said before it or before the one before it: `NOCHECK CONSTRAINT a, b`; "" where none is."""
    if cursor.take("NOCHECK", "CONSTRAINT"):
        return "NOCHECK"
    if cursor.take("CHECK", "CONSTRAINT"):
        return "WITH CHECK" if checked else "CHECK"
    return last if last in _SWITCHES and not cursor.done and cursor.upper() not in _OTHER_ACTIONS else ""


_SWITCHES: Mapping[str, Enforced] = {"NOCHECK": "never", "CHECK": "new", "WITH CHECK": "always"}


def _is_handed_down(cursor: Cursor) -> bool:
    """Whether an action on a table is one on those that inherit from it, too."""
    said = " ".join(cursor.upper(ahead) or "?" for ahead in range(4)) + " "
    own = [token.upper for token in cursor.tokens[-2:]] == ["NO", "INHERIT"]
    return not own and _HANDED_DOWN.match(said) is not None
