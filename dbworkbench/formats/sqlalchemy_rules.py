"""Rules of SQLAlchemy tables: keys, references, checks, indexes and exclusions, as columns and tables say them."""

import ast
from dataclasses import replace

from dbworkbench.formats.draft import Reference, Table
from dbworkbench.formats.expressions import part_read
from dbworkbench.formats.names import said_name
from dbworkbench.formats.python import Call, call_of, name_of, spelled
from dbworkbench.formats.sqlalchemy_models import Column, Models
from dbworkbench.schema.index import Part
from dbworkbench.schema.relation import Check, Exclusion, Index, Key
from dbworkbench.schema.rules import Deferrable
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.expression import at_home

__all__ = ["Rules"]


class Rules:
    """The rules that a file gives its tables."""

    def __init__(self, models: Models) -> None:
        self.models, self.module, self.draft = models, models.module, models.draft

    def foreign_key(self, column: Column, name: str, call: Call) -> None:
        """Add what ForeignKey(…) within a column refers to."""
        action = {when: self.module.text(call.keywords.get(when)).casefold() for when in ("ondelete", "onupdate")}
        if not call.args:
            return
        table, there = self.models.target(call.args[0])
        said = Reference((name,), table, there, action["ondelete"], action["onupdate"])
        said.deferrable, said.match_full = self._deferrable(call), self._match_full(call)
        said.name = self.module.text(call.keywords.get("name"))
        column.references.append(said)
        column.targets.append(call.args[0])

    def _deferrable(self, call: Call) -> Deferrable:
        if not self.models.is_true(call.keywords.get("deferrable")):
            return ""
        return "deferred" if self.module.text(call.keywords.get("initially")).upper() == "DEFERRED" else "immediate"

    def _match_full(self, call: Call) -> bool:
        return self.module.text(call.keywords.get("match")).upper() == "FULL"

    def _key(self, call: Call, names: dict[str, str]) -> Key:
        equal = any(
            key.endswith("_nulls_not_distinct") and self.models.is_true(value) for key, value in call.keywords.items()
        )
        name = self.module.text(call.keywords.get("name"))
        return Key(self._named(call.args, names), name, not equal, self._deferrable(call))

    def check(self, checks: list[Check], what: str, call: Call) -> None:
        """Add a check, or report one that is no SQL."""
        node = call.args[0] if call.args else call.keywords.get("sqltext")
        said = self.module.text(node).replace("\\:", ":")
        told = at_home(said, self.models.dialect) if said else None
        if told is None:
            self.draft.lose(what, f"the check {said or (spelled(node) if node else '')}")
        else:
            named = call.keywords.get("name", call.args[1] if len(call.args) > 1 else None)
            checks.append(Check(told, self.module.text(named)))

    def rule(self, table: Table, call: Call, names: dict[str, str]) -> None:
        """Add a rule that stands beside the columns of a table, which its own names call by those of the database."""
        name = self.module.text(call.keywords.get("name"))
        what = table.name[-1]
        match call.name:
            case "UniqueConstraint":
                table.uniques.append(self._key(call, names))
            case "PrimaryKeyConstraint":
                table.primary = self._key(call, names)
            case "CheckConstraint":
                self.check(table.checks, what, call)
            case "ForeignKeyConstraint":
                self._foreign_keys(table, call, names, name)
            case "Index":
                self._index(table, call, names)
            case "ExcludeConstraint":
                self._exclusion(table, call, names)
            case _:
                self.draft.lose(what, f"{call.name}(…)")

    def _named(self, nodes: tuple[ast.expr, ...] | list[ast.expr], names: dict[str, str]) -> tuple[str, ...]:
        found = []
        for node in nodes:
            said = self.module.text(node)
            own = said or (names.get(name_of(node), name_of(node)) if not isinstance(node, ast.Call) else "")
            found.append(own if own in names.values() else names.get(own, own))
        return tuple(found)

    def _index(self, table: Table, call: Call, names: dict[str, str]) -> None:
        name = self.module.text(call.args[0]) if call.args else ""
        nodes = call.args[1:]
        parts = [self._part(node, names) for node in nodes]
        what = f"{table.name[-1]}: the index {name}".rstrip()
        if not all(parts) or not parts:
            self.draft.lose(what, f"over {', '.join(spelled(node) for node in nodes)}")
            return
        wheres = [value for key, value in call.keywords.items() if key.endswith("_where")]
        where: str | None = ""
        if wheres:
            said = self.module.text(wheres[0]).replace("\\:", ":")
            where = at_home(said, self.models.dialect) if said else None
        unique = self.models.is_true(call.keywords.get("unique"))
        if where is None:
            self.draft.lose(what, f"where {spelled(wheres[0])}", "not read" if unique else "read for all rows")
            if unique:
                return
        rest: dict[str, ast.expr] = {}
        for key, value in call.keywords.items():
            rest.setdefault(key.partition("_")[2], value)
        lengths = self._by_column(rest.get("length"))
        operators = self._by_column(rest.get("ops"))
        on = []
        for part in filter(None, parts):
            length, operator = lengths.get(part.attribute), operators.get(part.attribute)
            cut = length if isinstance(length, int) and length > 0 else part.length
            on.append(replace(part, length=cut, operators=operator if isinstance(operator, str) else part.operators))
        include = self.module.value(rest.get("include"))
        method = self.module.text(rest.get("using")) or self.module.text(rest.get("prefix"))
        found = Index(
            tuple(on),
            unique=unique,
            where=where or "",
            name=said_name(name),
            method=method.lower() if method.lower() != "btree" else "",
            include=tuple(str(names.get(str(one), one)) for one in include) if isinstance(include, list) else (),
            nulls_distinct=not self.models.is_true(rest.get("nulls_not_distinct")),
        )
        table.indexes.append(found)

    def _by_column(self, node: ast.expr | None) -> dict[str, object]:
        """The values of a dictionary by the names that are its keys."""
        if not isinstance(node, ast.Dict):
            return {}
        pairs = zip(node.keys, node.values, strict=True)
        return {self.module.text(key): self.module.value(value) for key, value in pairs if key is not None}

    def _part(self, node: ast.expr, names: dict[str, str]) -> Part | None:
        """What an index is on: a column, a call of its order, a function of SQL, or text in SQL; None for anything else."""
        call = call_of(node)
        if call is None:
            (own,) = self._named((node,), names)
            return Part(own) if own in names.values() else None
        if call.name in {"text", "literal_column"}:
            return part_read(self.module.text(node).replace("\\:", ":"), self.models.dialect)
        if call.name in {"desc", "asc", "nulls_first", "nulls_last", "nullsfirst", "nullslast"}:
            inner = call.args[0] if call.args else getattr(call.node.func, "value", None)
            found = self._part(inner, names) if isinstance(inner, ast.expr) else None
            if found is None or call.name in {"asc", "desc"}:
                return found and replace(found, descending=call.name == "desc")
            return replace(found, nulls="first" if "first" in call.name else "last")
        if call.owner == "func" and call.args:
            inside = [self._part(one, names) for one in call.args]
            if all(one and one == Part(one.attribute or "?") for one in inside):
                said = ", ".join(DIALECTS["duckdb"].quoted(one.attribute) for one in inside if one)
                return Part(expression=f"{call.name}({said})")
        return None

    def _exclusion(self, table: Table, call: Call, names: dict[str, str]) -> None:
        pairs = [arg.elts for arg in call.args if isinstance(arg, ast.Tuple) and len(arg.elts) == 2]
        parts = [self._part(pair[0], names) or self._column_part(pair[0], names) for pair in pairs]
        operators = tuple(self.module.text(pair[1]) for pair in pairs)
        said = call.keywords.get("where")
        where = at_home(self.module.text(said).replace("\\:", ":"), self.models.dialect) if said else ""
        if not parts or not all(parts) or not all(operators) or where is None:
            self.draft.lose(table.name[-1], "an exclusion constraint")
            return
        name = self.module.text(call.keywords.get("name"))
        method = self.module.text(call.keywords.get("using"))
        on = tuple(filter(None, parts))
        table.exclusions.append(Exclusion(on, operators, method, where, name, self._deferrable(call)))

    def _column_part(self, node: ast.expr, names: dict[str, str]) -> Part | None:
        """The column that `column("name")` means."""
        call = call_of(node)
        own = self.module.text(call.args[0]) if call and call.name in {"column", "Column"} and call.args else ""
        return Part(names.get(own, own)) if own else None

    def _foreign_keys(self, table: Table, call: Call, names: dict[str, str], name: str) -> None:
        given = [*call.args, call.keywords.get("columns"), call.keywords.get("refcolumns")]
        lists = [one.elts for one in given if isinstance(one, ast.List | ast.Tuple)]
        if len(lists) != 2:
            self.draft.lose(table.name[-1], "a foreign key that is made when it runs")
            return
        targets = [self.models.target(node) for node in lists[1]]
        here = self._named(lists[0], names)
        there = tuple(column for _, columns in targets for column in columns)
        action = {when: self.module.text(call.keywords.get(when)).casefold() for when in ("ondelete", "onupdate")}
        table.references.append(
            Reference(
                here,
                targets[0][0] if targets else ("?",),
                there,
                action["ondelete"],
                action["onupdate"],
                name,
                self._deferrable(call),
                self._match_full(call),
            )
        )

    def for_one(self, table: Table, call: Call | None) -> Call | None:
        """A rule without what says which database it is for; None for one that is for another."""
        while call and call.name == "ddl_if" and isinstance(call.node.func, ast.Attribute):
            dialect = self.module.text(call.keywords.get("dialect") or (call.args[0] if call.args else None))
            inner = call_of(call.node.func.value)
            if dialect and DIALECTS.named(dialect) != self.models.dialect:
                name = self.module.text(inner.args[0]) if inner and inner.args else ""
                self.draft.lose(
                    f"{table.name[-1]}: {inner.name if inner else '?'} {name}".rstrip(), f"a rule for {dialect} alone"
                )
                return None
            call = inner
        return call

    def _sql(self, node: ast.expr) -> str:
        """The SQL in text(…), a text, or an expression as Python spells it."""
        return self.module.text(node).replace("\\:", ":") or spelled(node)
