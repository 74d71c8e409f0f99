"""The reader of Drizzle schemas: tables of `drizzle-orm/pg-core`, `mysql-core` and `sqlite-core`, read statically."""

import re
from collections.abc import Iterator
from dataclasses import replace

from dbworkbench.formats.draft import Table
from dbworkbench.formats.drizzle_columns import Columns
from dbworkbench.formats.drizzle_file import MOST_EXPANSIONS, STEPS, Begun, File, name_of, spelled
from dbworkbench.formats.drizzle_rules import Rules
from dbworkbench.formats.drizzle_types import kind_of
from dbworkbench.formats.source import Source
from dbworkbench.formats.typescript import calls, constants
from dbworkbench.formats.typescript_values import Arrow, Call, Member, Name, Node, Object, Template
from dbworkbench.schema.loss import Read
from dbworkbench.schema.types import Enumeration, Text

__all__ = ["read_drizzle"]

_CREATORS = {
    "pgTable": "postgresql",
    "mysqlTable": "mysql",
    "sqliteTable": "sqlite",
    "pgTableCreator": "postgresql",
    "mysqlTableCreator": "mysql",
    "sqliteTableCreator": "sqlite",
    "cockroachTable": "postgresql",
    "mssqlTable": "sqlserver",
    "singlestoreTable": "mysql",
}


_BESIDE = re.compile(r"(?:pg|mysql|sqlite|singlestore|mssql|cockroach)(Sequence|View|MaterializedView|Role|Policy)")
"""What makes a thing that no table has."""


def read_drizzle(source: Source) -> Read:
    """The schema of a Drizzle file. Raises NotationError (line, column) where a table in it cannot be read."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.file = File(source.text, source.dialect)
        self.draft = self.file.draft
        self.columns, self.rules = Columns(self.file), Rules(self.file)
        self.read_at: set[int] = set()

    def read(self) -> Read:
        found = list(constants(self.file.text))
        self.file.values = {name: value for name, value, _ in found}
        spoken = re.search(r"drizzle-orm/(pg|mysql|sqlite|singlestore|mssql|cockroach)-core", self.file.text)
        if not self.file.dialect and spoken:
            known = {"mysql": "mysql", "singlestore": "mysql", "sqlite": "sqlite", "mssql": "sqlserver"}
            self.file.dialect = known.get(spoken[1], "postgresql")
        for name, value, _ in found:
            self._enumeration(name, value)
            self._beside(value)
        tables = [pair for name, value, _ in found for pair in self._begun(name, value)]
        tables += self._elsewhere()
        self.file.dialect = self.file.dialect or "postgresql"
        for name, one in tables:
            own = name if name not in self.file.tables else f"{name} {len(self.file.tables)}"
            self.file.tables[own] = one
        for one in self.file.tables.values():
            self._columns(one)
        for one in self.file.tables.values():
            for name, call in one.pointing:
                self.rules.reference(one, name, call)
            self.rules.add(one)
            self.rules.merge(one.table)
            self.draft.tables.append(one.table)
        return self.draft.read()

    def _enumeration(self, name: str, value: Node) -> None:
        if not isinstance(value, Call):
            return
        called = self.file.function(value)
        if called not in {"pgEnum", "enum"} or len(value.args) < 2:
            return
        texts = self.file.texts(value.args[1])
        if texts and self.file.is_more(value.args[1]):
            self.draft.lose(name, "values that are made when it runs", "read without them")
        if texts:
            self.file.enumerations[name] = Enumeration(tuple(dict.fromkeys(texts)))
            own = self.file.string(value.args[0])
            owner = self.file.values.get(name_of(value.function.of)) if isinstance(value.function, Member) else None
            within = self.file.string(owner.args[0]) if isinstance(owner, Call) and owner.args else None
            if own:
                self.file.named[name] = self.draft.enumeration(f"{within}.{own}" if within else own, texts)
        else:
            self.draft.lose(name, "an enumeration whose values are made when it runs", "read as text")
            self.file.enumerations[name] = Text()

    def _beside(self, value: Node) -> None:
        """Tell what a file has beside tables and enumerations."""
        while isinstance(value, Call) and isinstance(value.function, Member) and isinstance(value.function.of, Call):
            value = value.function.of
        found = _BESIDE.fullmatch(self.file.function(value)) if isinstance(value, Call) else None
        if found and isinstance(value, Call) and value.args and (own := self.file.string(value.args[0])):
            self.draft.lose(own, f"a {found[1].lower().replace('materialized', 'materialized ')}")

    def _begun(self, name: str, value: Node) -> Iterator[tuple[str, Begun]]:
        """The tables that a constant is or has in an object, with the names they go by."""
        one = self._begin(value)
        if one is not None:
            yield name, one
        elif isinstance(value, Object):
            for key, inner in value.fields:
                held = self._begin(inner)
                if held is not None:
                    yield f"{name}.{key}", held

    def _elsewhere(self) -> list[tuple[str, Begun]]:
        """The tables that are made elsewhere than at the top; those that only a running program makes are reported."""
        makers = {name for name, value in self.file.values.items() if self._creator(name) or self._is_maker(value)}
        makers |= {*_CREATORS, *(own for own, there in self.file.renamed.items() if there in _CREATORS)}
        schemas = {
            name for name, value in self.file.values.items() if isinstance(value, Call) and self.file.is_schema(value)
        }
        said = "|".join(map(re.escape, sorted(makers)))
        pattern = rf"(?<![\w$.])(?:{said})(?:\.withRLS)?\s*[<(]"
        if schemas:
            pattern += rf"|(?<![\w$.])(?:{'|'.join(map(re.escape, sorted(schemas)))})\s*\.\s*table\s*[<(]"
        if len(re.findall(pattern, self.file.text)) <= len(self.read_at):
            return []
        found: list[tuple[str, Begun]] = []
        for name, call in calls(self.file.text, makers | schemas):
            base = call
            while isinstance(base.function, Member) and isinstance(base.function.of, Call):
                base = base.function.of
            if base.at.at in self.read_at or len(base.args) < 2:
                continue
            one = self._begin(base)
            if one is None:
                line = self.file.text.count("\n", 0, base.at.at) + 1
                self.draft.lose(f"line {line}", f"{spelled(base.function)}(…), a table that is made when it runs")
            else:
                found.append((name or one.table.name[-1], one))
        return found

    def _is_maker(self, value: Node) -> bool:
        return isinstance(value, Name) and self.file.meant(value.text) in _CREATORS

    def _begin(self, value: Node) -> Begun | None:
        """The table that a constant is, without its columns yet."""
        value = self.file.expanded(value)
        if isinstance(value, Call) and isinstance(value.function, Member) and value.function.name == "enableRLS":
            return self._guarded(self._begin(value.function.of))
        if not isinstance(value, Call) or len(value.args) < 2:
            return None
        name = self.file.string(value.args[0])
        if name is None:
            return None
        found = self._table_of(value, name)
        if found is not None:
            self.read_at.add(value.at.at)
        return found

    def _guarded(self, one: Begun | None) -> Begun | None:
        """A table whose rows are guarded by policies."""
        if one is not None:
            self.draft.lose(one.table.name[-1], "row-level security")
        return one

    def _table_of(self, value: Call, name: str) -> Begun | None:
        function = value.function
        if isinstance(function, Member) and function.name == "withRLS":
            return self._guarded(self._table_of(replace(value, function=function.of), name))
        creator = self.file.meant(name_of(function))
        if creator in _CREATORS:
            self.file.dialect = self.file.dialect or _CREATORS[creator]
            return Begun(Table((name,)), call=value)
        if isinstance(function, Name) and (made := self._creator(function.text)):
            return Begun(Table((_pattern(made, name),)), call=value)
        if isinstance(function, Member) and function.name == "table" and isinstance(function.of, Name):
            owner = self.file.values.get(function.of.text)
            if isinstance(owner, Call) and self.file.is_schema(owner):
                return Begun(Table((self.file.string(owner.args[0]) or "", name)), call=value)
        if isinstance(function, Name) and function.text not in self.file.values:
            columns = self.file.fields_of(value.args[1])
            if columns and any(self._is_column(inner) for _, inner in columns.fields):
                self.draft.lose(name, f"{function.text}(…), which this file does not have", "read as a table")
                return Begun(Table((name,)), call=value)
        return None

    def _is_column(self, node: Node) -> bool:
        """Whether a value is a call of a column's function, with what is chained to it."""
        while isinstance(node, Call) and isinstance(node.function, Member) and isinstance(node.function.of, Call):
            node = node.function.of
        named = isinstance(node, Call) and isinstance(node.function, Name)
        return (
            isinstance(node, Call) and named and kind_of(self.file.function(node), None, self.file.dialect) is not None
        )

    def _creator(self, name: str) -> Arrow | None:
        """The function that makes the names of a table creator."""
        value = self.file.values.get(name)
        if isinstance(value, Call) and self.file.function(value) in _CREATORS and value.args:
            self.file.dialect = self.file.dialect or _CREATORS[self.file.function(value)]
            return value.args[0] if isinstance(value.args[0], Arrow) else None
        return None

    def _columns(self, one: Begun) -> None:
        assert one.call is not None  # noqa: S101  every table begins with its call
        columns = self.file.fields_of(one.call.args[1])
        if columns is None:
            self.draft.lose(one.table.name[-1], "columns that are made when it runs")
            return
        self._fields(one, columns, 0)

    def _fields(self, one: Begun, fields: Object, steps: int) -> None:
        for key, value in fields.fields:
            self.file.expansions += 1
            node = self.file.resolved(value)
            if key == "...":
                inner = self.file.fields_of(value)
                if inner is not None and steps < STEPS and self.file.expansions < MOST_EXPANSIONS:
                    self._fields(one, inner, steps + 1)
                else:
                    self.draft.lose(one.table.name[-1], f"columns from elsewhere: {spelled(value)}")
                continue
            self.columns.column(one, key, node)


def _pattern(made: Arrow, name: str) -> str:
    """The name that a table creator makes of one."""
    if isinstance(made.body, Template) and made.parameters:
        return re.sub(r"\$\{\s*" + re.escape(made.parameters[0]) + r"\s*\}", lambda _: name, made.body.text)
    return name
