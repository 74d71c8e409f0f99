"""A table as the statements of a file leave it while they are carried out, before it is a relation."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dbworkbench.schema.condition import renamed
from dbworkbench.schema.relation import Attribute, Check, Declared, Exclusion, Identity, Index, Key, Part, Partitioning
from dbworkbench.schema.rules import Deferrable, Enforced

__all__ = ["Aside", "Name", "Reference", "Table"]

Name = tuple[str, ...]
"""A name with its qualifiers, outermost first."""


@dataclass(slots=True)
class Reference:
    """A foreign key as it was written: without columns it means the primary key."""

    columns: tuple[str, ...]
    table: Name
    referenced: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    name: str = ""
    deferrable: Deferrable = ""
    match_full: bool = False
    enforced: Enforced = "always"


@dataclass(frozen=True, slots=True)
class Aside:
    """A clause that a schema does not hold: of a table, of one of its columns, or of the rule that `rule` says."""

    text: str
    column: str = ""
    rule: str = ""
    instead: str = "not read"
    of_type: bool = False
    """Whether the column's type says it, which another type takes away."""


@dataclass(slots=True)
class Table:
    """A table as the statements so far left it. A name means the column it equals, else the one it equals but for case."""

    name: Name
    columns: dict[str, Attribute] = field(default_factory=dict)
    primary: Key | None = None
    uniques: list[Key] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    certain: set[str] = field(default_factory=set)
    """The checks among them that refuse what is unknown, as those of ClickHouse and Databricks do."""
    indexes: list[Index] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    partitioning: Partitioning | None = None
    numbers: dict[str, Identity] = field(default_factory=dict)
    """Columns that the engine numbers: what else is said of them may come before or after."""
    unsaid: dict[str, str] = field(default_factory=dict)
    """Defaults that only the engine has words for, by their columns."""
    domains: dict[str, str] = field(default_factory=dict)
    """Columns of a domain, by its name among those of the catalogue."""
    declared: dict[str, Declared] = field(default_factory=dict)
    """Columns whose types say more in the words of the file than what they are read as."""
    begins: dict[str, int] = field(default_factory=dict)
    """The number that the next row gets in a column, or, by "", in the one that is numbered, as the file says beside it."""
    home: str = ""
    """The schema that its name is of where it says none, as the session had it; "" for the usual one."""
    heirs: list["Table"] = field(default_factory=list)
    """PostgreSQL's tables that inherit from it, which get what it gets."""
    collation: str = ""
    """The order of texts that say none, where the table says one."""
    note: str = ""
    asides: list[Aside] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)
    """T-SQL's names of defaults, in small letters, and the columns that they fill."""

    def column(self, name: str) -> Attribute | None:
        """The column that a name means."""
        if name in self.columns:
            return self.columns[name]
        folded = name.casefold()
        return next((column for known, column in self.columns.items() if known.casefold() == folded), None)

    def spelled(self, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """Names as the columns have them; None where one is no column."""
        found = [self.column(name) for name in names]
        return tuple(column.name for column in found if column) if all(found) else None

    def put(self, column: Attribute, old: str = "") -> None:
        """Add a column, or put it in the place of the one called `old`."""
        if old and old != column.name:
            self.each_rule(lambda names: tuple(column.name if self._means(name, old) else name for name in names))
            self.columns = {
                (column.name if name == old else name): (column if name == old else kept)
                for name, kept in self.columns.items()
            }
            if old in self.numbers:
                self.numbers.setdefault(column.name, self.numbers.pop(old))
            if old in self.begins:
                self.begins.setdefault(column.name, self.begins.pop(old))
            if old in self.unsaid:
                self.unsaid.setdefault(column.name, self.unsaid.pop(old))
            if old in self.domains:
                self.domains.setdefault(column.name, self.domains.pop(old))
            if old in self.declared:
                self.declared.setdefault(column.name, self.declared.pop(old))
            self.asides = [replace(one, column=column.name) if one.column == old else one for one in self.asides]
        else:
            self.columns[column.name] = column

    def drop(self, name: str) -> None:
        """Take a column away, with every rule that names it."""
        column = self.column(name)
        if column is None:
            return

        def stays(names: tuple[str, ...]) -> bool:
            return not any(self._means(part, column.name) for part in names)

        if self.primary and not stays(self.primary.attributes):
            self.primary = None
        self.uniques = [rule for rule in self.uniques if stays(rule.attributes)]
        self.indexes = [rule for rule in self.indexes if stays((*rule.attributes, *rule.include))]
        self.exclusions = [rule for rule in self.exclusions if stays(rule.attributes)]
        self.references = [rule for rule in self.references if stays(rule.columns)]
        self.numbers.pop(column.name, None)
        self.unsaid.pop(column.name, None)
        self.domains.pop(column.name, None)
        self.declared.pop(column.name, None)
        self.asides = [one for one in self.asides if one.column != column.name]
        spoken = re.compile(rf"(?<![\w\"']){re.escape(column.name)}(?![\w\"'(])", re.IGNORECASE)
        quoted = '"' + column.name.replace('"', '""') + '"'

        def speaks(text: str) -> bool:
            return bool(spoken.search(text)) or quoted in text

        self.checks = [rule for rule in self.checks if not speaks(rule.expression)]
        self.indexes = [rule for rule in self.indexes if not any(speaks(part.expression) for part in rule.parts)]
        self.exclusions = [rule for rule in self.exclusions if not any(speaks(part.expression) for part in rule.parts)]
        del self.columns[column.name]

    def move(self, name: str, after: str = "") -> None:
        """Put a column behind another one, or before all."""
        behind = self.column(after) if after else None
        names = [one for one in self.columns if one != name]
        names.insert(names.index(behind.name) + 1 if behind and behind.name in names else 0, name)
        self.columns = {one: self.columns[one] for one in names}

    def respell(self, old: str, new: str) -> None:
        """Say `new` for the column `old` in whatever is computed or asked; raises DesignError where that is not clear."""
        before = tuple(self.columns)

        def said(text: str) -> str:
            return renamed(text, before, {old: new}, self.name[-1]) if text else text

        def part(known: Part) -> Part:
            return replace(known, expression=said(known.expression))

        self.checks = [replace(rule, expression=said(rule.expression)) for rule in self.checks]
        self.certain = set(map(said, self.certain))
        self.indexes = [replace(rule, on=tuple(map(part, rule.parts)), where=said(rule.where)) for rule in self.indexes]
        self.exclusions = [
            replace(rule, on=tuple(map(part, rule.parts)), where=said(rule.where)) for rule in self.exclusions
        ]
        if self.partitioning:
            self.partitioning = replace(self.partitioning, on=tuple(map(part, self.partitioning.parts)))
        for name, column in self.columns.items():
            if column.generated:
                made = replace(column.generated, expression=said(column.generated.expression))
                self.columns[name] = replace(column, generated=made)

    def _means(self, name: str, column: str) -> bool:
        found = self.column(name)
        return found is not None and found.name == column

    def has_rule(self, name: str) -> bool:
        """Whether there is a rule of this name."""
        names = {rule.name for rule in self.uniques} | {rule.name for rule in self.references}
        names |= {rule.name for rule in self.checks} | {rule.name for rule in self.indexes}
        names |= {rule.name for rule in self.exclusions} | ({self.primary.name} if self.primary else set())
        return name.casefold() in {known.casefold() for known in names}

    def drop_rule(self, name: str) -> bool:
        """Take a named rule away; whether there was one."""
        gone, before = name.casefold(), self._rules()
        self.asides = [one for one in self.asides if not (one.rule and one.rule.casefold().endswith(f" {gone}"))]
        filled = self.column(self.defaults.pop(gone, ""))
        if filled:
            self.unsaid.pop(filled.name, None)
            self.columns[filled.name] = replace(filled, default=None)
            return True
        if self.primary and self.primary.name.casefold() == gone:
            self.primary = None
        self.uniques = [rule for rule in self.uniques if rule.name.casefold() != gone]
        self.references = [rule for rule in self.references if rule.name.casefold() != gone]
        self.checks = [rule for rule in self.checks if rule.name.casefold() != gone]
        self.indexes = [rule for rule in self.indexes if rule.name.casefold() != gone]
        self.exclusions = [rule for rule in self.exclusions if rule.name.casefold() != gone]
        return self._rules() < before

    def rename_rule(self, old: str, new: str) -> None:
        """Give a named rule another name."""
        gone = old.casefold()
        self.asides = [
            replace(one, rule=f"{one.rule[: -len(old)]}{new}") if one.rule.casefold().endswith(f" {gone}") else one
            for one in self.asides
        ]
        if self.primary and self.primary.name.casefold() == gone:
            self.primary = replace(self.primary, name=new)
        self.uniques = [replace(rule, name=new) if rule.name.casefold() == gone else rule for rule in self.uniques]
        self.checks = [replace(rule, name=new) if rule.name.casefold() == gone else rule for rule in self.checks]
        self.indexes = [replace(rule, name=new) if rule.name.casefold() == gone else rule for rule in self.indexes]
        self.exclusions = [
            replace(rule, name=new) if rule.name.casefold() == gone else rule for rule in self.exclusions
        ]
        for reference in self.references:
            reference.name = new if reference.name.casefold() == gone else reference.name

    def forget_type(self, column: str) -> None:
        """The column gets another type."""
        self.asides = [one for one in self.asides if not (one.of_type and one.column == column)]

    def enforce(self, name: str, how: Callable[[Enforced], Enforced]) -> bool:
        """Say anew of which rows the foreign keys and checks of a name are asked, of "" all; whether there is one."""
        meant = name.casefold()
        found = False
        for at, check in enumerate(self.checks):
            if not meant or check.name.casefold() == meant:
                self.checks[at] = replace(check, enforced=how(check.enforced))
                found = True
        for reference in self.references:
            if not meant or reference.name.casefold() == meant:
                reference.enforced = how(reference.enforced)
                found = True
        return found

    def validated(self, name: str) -> None:
        """A key is kept again that was switched off."""
        ends = name.casefold()
        self.asides = [
            one
            for one in self.asides
            if not (one.rule.casefold().endswith(f" {ends}") and one.text.upper() in _UNCHECKED)
        ]

    def _rules(self) -> int:
        more = len(self.indexes) + len(self.exclusions)
        return bool(self.primary) + len(self.uniques) + len(self.references) + len(self.checks) + more

    def each_rule(self, swap: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        """Put other names in the place of those that the rules have."""
        if self.primary:
            self.primary = replace(self.primary, attributes=swap(self.primary.attributes))
        self.uniques = [replace(rule, attributes=swap(rule.attributes)) for rule in self.uniques]

        def one(name: str) -> str:
            return swap((name,))[0]

        def part(known: Part) -> Part:
            return replace(known, attribute=one(known.attribute)) if known.attribute else known

        self.indexes = [rule.renamed(one) for rule in self.indexes]
        self.exclusions = [replace(rule, on=tuple(map(part, rule.parts))) for rule in self.exclusions]
        if self.partitioning:
            self.partitioning = replace(self.partitioning, on=tuple(map(part, self.partitioning.parts)))
        for reference in self.references:
            reference.columns = swap(reference.columns)


_UNCHECKED = frozenset({"NOVALIDATE", "ENABLE NOVALIDATE", "DISABLE", "DISABLE NOVALIDATE", "DISABLE VALIDATE"})
