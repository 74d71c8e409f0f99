"""Rules of Drizzle's tables: references of columns, and what stands behind the columns."""

from dataclasses import replace

from dbworkbench.formats.draft import Reference, Table
from dbworkbench.formats.drizzle_file import Begun, File, name_of, spelled
from dbworkbench.formats.expressions import part_read
from dbworkbench.formats.names import said_name
from dbworkbench.formats.typescript_values import Array, Arrow, Call, Member, Name, Node, Object
from dbworkbench.schema.index import Part
from dbworkbench.schema.relation import Check, Index, Key
from dbworkbench.sql.expression import at_home

__all__ = ["Rules"]


class Rules:
    """The keys, references, checks and indexes that a file gives its tables."""

    def __init__(self, file: File) -> None:
        self.file, self.draft = file, file.draft

    def reference(self, one: Begun, name: str, call: Call) -> None:
        """Add what references(() => …) of a column refers to."""
        target = call.args[0] if call.args else None
        body = target.body if isinstance(target, Arrow) else None
        if not isinstance(body, Member):
            self.draft.lose(f"{one.table.name[-1]}: the foreign key ({name})", "a target made when it runs")
            return
        table, column = self.file.there(body)
        options = call.args[1] if len(call.args) > 1 and isinstance(call.args[1], Object) else None
        on_delete = self.file.string(options.get("onDelete")) if options else None
        on_update = self.file.string(options.get("onUpdate")) if options else None
        one.table.references.append(Reference((name,), table, (column,), on_delete or "", on_update or ""))

    @staticmethod
    def merge(table: Table) -> None:
        """Take a reference that a column says and foreignKey(…) says again by the name that it has anyway for one."""
        for named in [one for one in table.references if one.name]:
            usual = "_".join((table.name[-1], *named.attributes, named.table[-1], *named.referenced, "fk"))
            twin = replace(named, name="")
            if named.name == usual and twin in table.references:
                table.references.remove(twin)

    def add(self, one: Begun) -> None:
        """Add the rules that stand behind the columns."""
        assert one.call is not None  # noqa: S101  every table begins with its call
        for extra in one.call.args[2:]:
            node = extra.body if isinstance(extra, Arrow) else extra
            items: tuple[Node, ...] = ()
            if isinstance(node, Array):
                items = node.items
            elif isinstance(node, Object):
                items = tuple(value for _, value in node.fields)
            for item in items:
                self._rule(one, item)

    def _rule(self, one: Begun, node: Node) -> None:
        chain: dict[str, Call] = {}
        base = node
        while isinstance(base, Call) and isinstance(base.function, Member):
            chain[base.function.name] = base
            base = base.function.of
        if not isinstance(base, Call):
            return
        table, what = one.table, one.table.name[-1]
        name = (self.file.string(base.args[0]) or "") if base.args else ""
        name = said_name(name)
        match self.file.function(base):
            case "primaryKey":
                table.primary = Key(*self._key(one, base))
            case "unique" if "on" in chain:
                distinct = "nullsNotDistinct" not in chain
                table.uniques.append(Key(self._own(one, chain["on"].args), name, distinct))
            case "index" | "uniqueIndex" as kind:
                self._index(one, kind, name, chain)
            case "foreignKey":
                self._foreign_key(one, base, chain)
            case "check" if len(base.args) > 1:
                said = self.file.sql(base.args[1], one)
                told = at_home(said, self.file.dialect) if said is not None else None
                if told is None:
                    self.draft.lose(what, f"the check {spelled(base.args[1])}")
                else:
                    table.checks.append(Check(told, name))
            case kind:
                self.draft.lose(what, f"{kind}(…)")

    def _key(self, one: Begun, base: Call) -> tuple[tuple[str, ...], str]:
        options = base.args[0] if base.args else None
        if isinstance(options, Object):
            columns = options.get("columns")
            items = columns.items if isinstance(columns, Array) else ()
            return self._own(one, items), self.file.string(options.get("name")) or ""
        return self._own(one, base.args), ""

    def _own(self, one: Begun, nodes: tuple[Node, ...]) -> tuple[str, ...]:
        """The columns that `t.key` name; what is no column is named by its place."""
        found = []
        for node in nodes:
            base = node
            while isinstance(base, Call) and isinstance(base.function, Member):  # t.key.asc()
                base = base.function.of
            found.append(one.columns.get(base.name, base.name) if isinstance(base, Member) else "?")
        return tuple(found)

    def _index(self, one: Begun, kind: str, name: str, chain: dict[str, Call]) -> None:
        what = f"{one.table.name[-1]}: the index {name}".rstrip()
        on = chain.get("on") or chain.get("onOnly") or chain.get("using")
        if on is None:
            self.draft.lose(what, "no columns in it")
            return
        using = chain.get("using")
        nodes = on.args[1:] if on is using else on.args
        parts = [self._part(one, node) for node in nodes]
        if not parts or not all(parts):
            self.draft.lose(what, f"over {', '.join(map(spelled, nodes))}")
            return
        method = ((self.file.string(using.args[0]) or "") if using and using.args else "").lower()
        where = ""
        if "where" in chain and chain["where"].args:
            said = self.file.sql(chain["where"].args[0], one)
            told = at_home(said, self.file.dialect) if said is not None else None
            if told is None:
                fate = "not read" if kind == "uniqueIndex" else "read for all rows"
                self.draft.lose(what, f"where {spelled(chain['where'].args[0])}", fate)
                if kind == "uniqueIndex":
                    return
            where = told or ""
        on_parts = tuple(filter(None, parts))
        method = "" if method == "btree" else method
        one.table.indexes.append(Index(on_parts, kind == "uniqueIndex", where, name, method))

    def _part(self, one: Begun, node: Node) -> Part | None:
        """What an index is on: `t.key` with calls of its order chained to it, or sql`…`; None for anything else."""
        if isinstance(node, Call):
            if (
                isinstance(node.function, Name) and self.file.function(node) in {"desc", "asc"} and node.args
            ):  # desc(t.key)
                found = self._part(one, node.args[0])
                return found and replace(found, descending=self.file.function(node) == "desc")
            inner = self._part(one, node.function.of) if isinstance(node.function, Member) else None
            if inner is None or not isinstance(node.function, Member):
                return None
            match node.function.name:
                case "desc":  # in Drizzle, unknown values stand last unless it is said otherwise
                    return replace(inner, descending=True, nulls=inner.nulls or "last")
                case "nullsFirst":
                    return replace(inner, nulls="" if inner.descending else "first")
                case "nullsLast":
                    return replace(inner, nulls="last" if inner.descending else "")
                case "op" if node.args:
                    return replace(inner, operators=self.file.string(node.args[0]) or "")
                case _:
                    return inner
        if isinstance(node, Member):
            column = one.columns.get(node.name)
            return Part(column) if column else None
        said = self.file.sql(node, one)
        return part_read(said, self.file.dialect) if said else None

    def _foreign_key(self, one: Begun, base: Call, chain: dict[str, Call]) -> None:
        options = base.args[0] if base.args else None
        columns = options.get("columns") if isinstance(options, Object) else None
        others = options.get("foreignColumns") if isinstance(options, Object) else None
        if not isinstance(columns, Array) or not isinstance(others, Array) or not isinstance(options, Object):
            self.draft.lose(one.table.name[-1], "a foreign key that is made when it runs")
            return
        targets = [self.file.there(item) if isinstance(item, Member) else (("?",), "?") for item in others.items]
        own = set(one.columns.values())
        table = targets[0][0] if targets else ("?",)
        first = others.items[0] if others.items else None
        itself = isinstance(first, Member) and name_of(first.of) not in self.file.tables  # t.key
        if itself and isinstance(first, Member) and one.columns.get(first.name) in own:
            table = one.table.name
            targets = [(table, one.columns.get(i.name, i.name)) for i in others.items if isinstance(i, Member)]
        actions = {
            when: (self.file.string(chain[when].args[0]) or "") if when in chain and chain[when].args else ""
            for when in ("onDelete", "onUpdate")
        }
        one.table.references.append(
            Reference(
                self._own(one, columns.items),
                table,
                tuple(column for _, column in targets),
                actions["onDelete"],
                actions["onUpdate"],
                self.file.string(options.get("name")) or "",
            )
        )
