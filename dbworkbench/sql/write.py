"""A design as DDL: written from its own values for one database, with all that the database cannot carry reported."""

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from dbworkbench.schema.expressions import expressions
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Loss, Written
from dbworkbench.schema.native import own_words
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import Attribute, Check, Exclusion, ForeignKey, Relation
from dbworkbench.schema.rules import Deferrable
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.definition_text import script_of
from dbworkbench.sql.dialect import DIALECTS, Dialect, Feature, Rare, storable, unkept
from dbworkbench.sql.fitting import is_bare
from dbworkbench.sql.harmless import executable
from dbworkbench.sql.names import names_in
from dbworkbench.sql.plan import plan
from dbworkbench.sql.planned import Plan, Planned, TablePlan

__all__ = ["Designed", "names_in", "statements", "write"]

_WIDEST = 40  # characters that a name or a type may have and still be aligned to


class Designed(Protocol):
    """Whatever holds a schema: a normalization, say."""

    @property
    def schema(self) -> Schema:
        """The schema it holds."""


def write(design: Schema | Relation | Designed | str, dialect: str = "duckdb") -> Written:
    """The DDL that creates a design in a database, and what of the design that database cannot carry.

    Tables come in the order in which they refer to each other, every identifier quoted. The primary key is the
    first declared one, else the one that the dependencies imply. A dependency that no key enforces is a loss, too.
    Raises UnknownName for a dialect that is not known, and Unsupported for a relation the engine has no room for.

    >>> from dbworkbench.schema.relation import Key
    >>> from dbworkbench.schema.types import Integer
    >>> print(write(Relation("seat", (Attribute("no", Integer()),), keys=(Key(("no",)),))).text)
    CREATE TABLE "seat" (
        "no" INTEGER NOT NULL,
        PRIMARY KEY ("no")
    );
    """
    spoken = DIALECTS[dialect]
    schema = _schema(design)
    planned = plan(schema, spoken)
    before, after, losses = _definitions(schema, spoken)
    paragraphs = ["\n".join(f"{statement};" for statement in group) for group in _groups(planned, spoken)]
    paragraphs = [*(["\n".join(before)] if before else []), *paragraphs, *after]
    if spoken.preamble and any(relation.foreign_keys for relation in schema):
        paragraphs.insert(0, f"{spoken.preamble};")
    return Written("\n\n".join(paragraphs), (*planned.losses, *losses), spoken.name)


def statements(schema: Schema, dialect: Dialect | str) -> tuple[str, ...]:
    """The same DDL as single statements without semicolons, in an order in which they can be executed.

    What the schema keeps as text is not among them: nothing is executed that somebody else wrote. Of rules in the engine's own words
    those are that call nothing but functions which compute from what they are given (`sql.harmless`).
    """
    spoken = DIALECTS[dialect] if isinstance(dialect, str) else dialect
    schema, _ = executable(schema)
    return tuple(statement for group in _groups(plan(schema, spoken), spoken) for statement in group)


def _schema(design: object) -> Schema:
    found = design_of(design)
    return Schema((found,)) if isinstance(found, Relation) else found


_FIRST = frozenset({"extension", "sequence", "type", "collation", "text search configuration"})
"""Kinds of definitions that tables may need."""


def _definitions(schema: Schema, dialect: Dialect) -> tuple[list[str], list[str], list[Loss]]:
    """What is kept as text, as it stands before and after the tables, and what is of another dialect."""
    before: list[str] = []
    after: list[str] = []
    losses: list[Loss] = []
    called = _called(schema, dialect)
    for one in schema.definitions:
        if one.dialect != dialect.name:
            spoken = DIALECTS.named(one.dialect)
            of = DIALECTS[spoken].title if spoken else one.dialect
            losses.append(Loss(one.name or "the schema", f"the {one.kind}, in the words of {of}", "not written"))
        elif why := unkept(one.text):
            losses.append(Loss(one.name or "the schema", f"the {one.kind}, which has {why}", "not written"))
        else:
            first = one.kind in _FIRST or one.name.casefold() in called
            (before if first else after).append(script_of(one.text, one.kind, dialect.name))
    return before, after, losses


def _called(schema: Schema, dialect: Dialect) -> frozenset[str]:
    """The functions among the kept texts that rules in the dialect's own words call, and those that these may call."""
    texts = [text for relation in schema for text in expressions(relation)]
    texts += [one.default for relation in schema for one in relation.attributes if one.default]
    texts += [check.expression for domain in schema.domains for check in domain.checks]
    said = [words for text in texts for spoken, words in own_words(text) if spoken == dialect.name]
    functions = {one.name.casefold(): one.text for one in schema.definitions if one.kind == "function"}
    found: set[str] = set()
    while said and functions:
        words = {word.casefold() for word in re.findall(r"[\w$]+", said.pop())}
        new = {name for name in functions if name in words} - found
        found |= new
        said += [functions[name] for name in new]
    return frozenset(found)


def _groups(planned: Plan, dialect: Dialect) -> Iterator[list[str]]:
    """The statements, those of one relation together."""
    text = _Text(planned.schema, planned, dialect)
    if planned.domains:
        yield [*planned.domains]
    for cycle in planned.cycles:
        for table in cycle:
            yield [
                *(text.create(table), *text.partitions(table), *text.added(table)),
                *(*text.indexes(table), *text.comments(table)),
            ]
        added = [said for table in cycle for key in table.after for said in text.add(table, key)]
        if added:
            yield added


class _Text:
    """Names and clauses of one plan in one dialect."""

    def __init__(self, schema: Schema, planned: Plan, dialect: Dialect) -> None:
        self.schema, self.names, self.dialect = schema, planned.names, dialect
        self.notes = Feature.COMMENT not in dialect.lacks

    def column(self, relation: Relation, name: str) -> str:
        return self.dialect.quoted(self.names[relation.name, name])

    def columns(self, relation: Relation, names: Iterable[str]) -> str:
        return ", ".join(self.column(relation, name) for name in names)

    def table(self, name: str) -> str:
        return self.dialect.quoted(self.names[(name,)])

    def create(self, table: TablePlan) -> str:
        relation, dialect = table.relation, self.dialect
        cells = [self.cells(table, attribute) for attribute in relation.attributes]
        lines = [*_aligned(cells), *self.constraints(table)]
        remarks = [attribute.note for attribute in relation.attributes] if not self.notes else []
        body = ""
        for at, line in enumerate(lines):
            comma = "," if at < len(lines) - 1 else ""
            remark = f"  -- {_one_line(remarks[at])}" if at < len(remarks) and remarks[at] else ""
            body += f"    {line}{comma}{remark}\n"
        head = f"-- {_one_line(relation.note)}\n" if relation.note and not self.notes else ""
        key = self.columns(relation, table.keys[0].rule.attributes) if table.primary else ""
        options, order = dialect.table_options, table.clustered
        if dialect.key_outside:
            named = f"({key})" if key else "tuple()"
            order = f"\nPRIMARY KEY {named}\nORDER BY {order}" if order else f"\nORDER BY {named}"
        first = last = ""
        if "{partitioned}" in options:
            options = options.replace("{partitioned}", table.partitioned).replace("{clustered}", order)
        elif dialect.partitioned_last:
            last = table.partitioned + order
        else:
            first = table.partitioned + order
        note = self.beside(relation.note, "relation")
        counts = self.counts(table)
        options += counts if counts[:1] == " " else ""
        return f"{head}CREATE TABLE {self.table(relation.name)} (\n{body}){first}{options}{note}{last}"

    def cells(self, table: TablePlan, attribute: Attribute) -> tuple[str, ...]:
        name, dialect = attribute.name, self.dialect
        text, default = table.types[name].text, table.defaults.get(name, "")
        if default and not is_bare(default, attribute.type, text, dialect):
            default = f"({default})"
        filled = table.numbered.get(name, "")
        unsaid = (
            name in table.computed or not dialect.null_said or not re.match(dialect.null_said, table.types[name].text)
        )
        certain = "" if name in table.bare or (attribute.nullable and unsaid) else "NOT NULL"
        certain = "NULL" if certain and attribute.nullable else certain
        if name in table.computed and not dialect.generated_typed:
            text = ""
        elif attribute.nullable:
            text = dialect.nullable_type.replace("{type}", text)
        if name in table.numbered and dialect.numbers_keys == "primary":  # SQLite numbers what is called so in place
            filled = f"{self.called(table.keys[0].name)}PRIMARY KEY {filled}"
        told = (certain, (f"DEFAULT {default}" if default else "") or filled)
        return (
            self.column(table.relation, name),
            " ".join(filter(None, (text, table.collations.get(name, "")))),
            table.computed.get(name, ""),
            *(reversed(told) if dialect.default_first else told),
            self.beside("" if name in table.unnoted else attribute.note, "attribute").lstrip(),
        )

    def beside(self, note: str, what: str) -> str:
        """A note where the dialect keeps it in CREATE TABLE."""
        return self.dialect.note_suffix.replace("{note}", self.note(note, what)) if note and self.notes else ""

    def constraints(self, table: TablePlan) -> Iterator[str]:
        for at, key in enumerate(table.keys):
            if at == 0 and table.primary and self.dialect.key_outside:
                continue
            if at == 0 and table.primary and table.numbered and self.dialect.numbers_keys == "primary":
                continue
            word = "PRIMARY KEY" if at == 0 and table.primary else "UNIQUE"
            if not key.rule.nulls_distinct and word == "UNIQUE" and Rare.NULLS_NOT_DISTINCT in self.dialect.has:
                word += " NULLS NOT DISTINCT"
            if table.sorted_by is not None and (key is table.sorted_by or (at == 0 and table.primary)):
                word += " CLUSTERED" if key is table.sorted_by else " NONCLUSTERED"
            text = f"{self.called(key.name)}{word} ({self.columns(table.relation, key.rule.attributes)})"
            yield text + _deferred(key.rule.deferrable) + self.dialect.key_suffix
        for planned in table.exclusions:
            yield self.exclusion(table, planned)
        for foreign_key in table.inside:
            yield from self.enforced("foreign key", table, foreign_key)[0]
        if Feature.CHECK_INSIDE not in self.dialect.lacks:
            for check in table.checks:
                yield from self.enforced("check", table, check)[0]

    def added(self, table: TablePlan) -> Iterator[str]:
        """The rules that are no part of CREATE TABLE, and what is said of rules beside it."""
        counts = self.counts(table)
        yield from (counts,) if counts and counts[:1] != " " else ()
        for foreign_key in table.inside:
            yield from self.enforced("foreign key", table, foreign_key)[1]
        for check in table.checks:
            inside, beside = self.enforced("check", table, check)
            if Feature.CHECK_INSIDE in self.dialect.lacks:
                yield from (f"ALTER TABLE {self.table(table.relation.name)} ADD {rule}" for rule in inside)
            yield from beside

    def counts(self, table: TablePlan) -> str:
        """Where the numbers of a table begin, as far as they do not say so themselves: an option of it, or a statement."""
        found = (table.relation[name].identity for name in table.numbered)
        start = next((one.start for one in found if one is not None and one.start > 1), 1)
        if start == 1 or not self.dialect.counts_from:
            return ""
        said = {"{start}": f"{start}", "{before}": f"{start - 1}"}
        said["{table}"] = self.dialect.literal(self.names[(table.relation.name,)])
        return re.sub(r"\{(?:start|before|table)\}", lambda one: said[one[0]], self.dialect.counts_from)

    def enforced(
        self, kind: str, table: TablePlan, planned: Planned[ForeignKey] | Planned[Check]
    ) -> tuple[list[str], list[str]]:
        """A rule as it stands in CREATE TABLE, where it does, and the statements beside that, by the rows it is asked of."""
        rule = planned.rule
        if isinstance(rule, Check):
            text = f"{self.called(planned.name)}CHECK ({rule.expression})"
        else:
            text = self.reference(table, Planned(rule, planned.name))
        said = {
            "{rule}": text,
            "{table}": self.table(table.relation.name),
            "{name}": self.dialect.quoted(planned.name) if planned.name else "",
        }
        forms = self.dialect.unenforced.get((kind, rule.enforced), ("{rule}",))
        told = [re.sub(r"\{(?:rule|table|name)\}", lambda found: said[found[0]], form) for form in forms]
        inside = forms[0].startswith("{rule}")
        return (told[:1], told[1:]) if inside else ([], told)

    def called(self, name: str) -> str:
        return f"CONSTRAINT {self.dialect.quoted(name)} " if name else ""

    def reference(self, table: TablePlan, planned: Planned[ForeignKey]) -> str:
        key = planned.rule
        here = self.columns(table.relation, key.attributes)
        there = self.columns(self.schema[key.relation], key.referenced)
        text = f"{self.called(planned.name)}FOREIGN KEY ({here}) REFERENCES {self.table(key.relation)} ({there})"
        text += " MATCH FULL" if key.match_full else ""
        text += f" ON DELETE {key.on_delete.upper()}" if key.on_delete else ""
        text += f" ON UPDATE {key.on_update.upper()}" if key.on_update else ""
        cyclic = key.relation in table.cycle and Feature.DEFERRED_REFERENCE not in self.dialect.lacks
        text += _deferred("deferred" if cyclic and not key.deferrable else key.deferrable)
        return text + self.dialect.key_suffix

    def add(self, table: TablePlan, planned: Planned[ForeignKey]) -> Iterator[str]:
        """A reference of a cycle, when all of it is there."""
        inside, beside = self.enforced("foreign key", table, planned)
        yield from (f"ALTER TABLE {self.table(table.relation.name)}\n    ADD {rule}" for rule in inside)
        yield from beside

    def indexes(self, table: TablePlan) -> Iterator[str]:
        for planned in table.indexes:
            index = planned.rule
            begin = self.dialect.methods.get(index.method, "CREATE {unique}INDEX {name} ON {table}")
            said = begin.replace("{unique}", "UNIQUE " if index.unique else "")
            said = said.replace("{name}", self.dialect.quoted(planned.name))
            said = said.replace("{table}", self.table(table.relation.name))
            said += f" ({', '.join(self.part(table.relation, part) for part in index.parts)})"
            said += f" INCLUDE ({self.columns(table.relation, index.include)})" if index.include else ""
            said += "" if index.nulls_distinct else " NULLS NOT DISTINCT"
            yield said + (f" WHERE {index.where}" if index.where else "")

    def part(self, relation: Relation, part: Part) -> str:
        expression = self.dialect.index_expression.replace("{expression}", part.expression)
        said = expression if part.expression else self.column(relation, part.attribute)
        said += f"({part.length})" if part.length else ""
        if part.collation:
            quoted = self.dialect.quoted if self.dialect.collation_quoted else str
            said += f" COLLATE {quoted(part.collation)}"
        said += f" {part.operators}" if part.operators else ""
        return said + (" DESC" if part.descending else "") + (f" NULLS {part.nulls.upper()}" if part.nulls else "")

    def exclusion(self, table: TablePlan, planned: Planned[Exclusion]) -> str:
        rule = planned.rule
        pairs = zip(rule.parts, rule.operators, strict=True)
        inner = ", ".join(f"{self.part(table.relation, part)} WITH {operator}" for part, operator in pairs)
        text = f"{self.called(planned.name)}EXCLUDE USING {rule.method or 'gist'} ({inner})"
        text += f" WHERE ({rule.where})" if rule.where else ""
        return text + _deferred(rule.deferrable)

    def partitions(self, table: TablePlan) -> Iterator[str]:
        whole = self.table(table.relation.name)
        for one in table.partitions:
            bounds = one.bounds if one.bounds.upper() == "DEFAULT" else f"FOR VALUES {one.bounds}"
            yield f"CREATE TABLE {self.dialect.quoted(one.name)} PARTITION OF {whole} {bounds}"

    def comments(self, table: TablePlan) -> Iterator[str]:
        relation = table.relation
        if not self.notes or self.dialect.note_suffix:
            return
        if relation.note:
            yield self.noted("relation", relation.note, relation.name)
        for attribute in relation.attributes:
            if attribute.note:
                yield self.noted("attribute", attribute.note, relation.name, attribute.name)

    def noted(self, what: str, note: str, *path: str) -> str:
        """The statement that notes what stands at a path of names."""
        dialect, said = self.dialect, {"{note}": self.note(note, what)}
        for place, kind in enumerate(("relation", "attribute")[: len(path)]):
            name = self.names[path[: place + 1]]
            said |= {f"{{{kind}}}": dialect.quoted(name), f"{{{kind!r}}}": dialect.literal(name)}
        return re.sub(r"\{[^{}]*\}", lambda found: said[found[0]], dialect.noted_by[what])

    def note(self, text: str, what: str) -> str:
        return self.dialect.literal(self.dialect.noted(text, what)[0])


def _deferred(deferrable: Deferrable) -> str:
    return {"": "", "immediate": " DEFERRABLE", "deferred": " DEFERRABLE INITIALLY DEFERRED"}[deferrable]


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows of cells as lines, the cells of a column under each other; columns that are empty throughout go."""
    widths = [
        max((len(cell) for cell in column if len(cell) <= _WIDEST), default=0) for column in zip(*rows, strict=True)
    ]
    used = [any(column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width, use in zip(row, widths, used, strict=True) if use)
        yield " ".join(cells).rstrip()


def _one_line(text: str) -> str:
    return " ".join(storable(text).split())
