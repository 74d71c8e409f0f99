"""The names of a plan's keys, references, checks, exclusions and indexes: those given, and those that are needed."""

import re
from collections.abc import Iterator

from dbworkbench.errors import listed
from dbworkbench.schema.relation import Check, ForeignKey
from dbworkbench.sql.dialect import Dialect, Feature
from dbworkbench.sql.names import Names
from dbworkbench.sql.planned import AnyRule, Planning, TablePlan

__all__ = ["name_rules"]


def name_rules(planning: Planning) -> None:
    """Name the rules: the given names first, then those that have to be made.

    Where a name in the schema looks like one that the engine makes up for a nameless constraint, every
    constraint gets a name, lest the two meet.
    """
    relations = [planning.names[(name,)] for name in planning.schema.names]
    names = Names(planning.dialect)
    names.given("relation", relations)
    rules = [
        (table, *found)
        for table in planning.tables.values()
        for found in _rules(table, planning.names[(table.relation.name,)])
    ]
    called = {name: _engines_checks(planning, table) for name, table in planning.tables.items()}
    local: dict[str, set[str]] = {name: set() for name in planning.schema.names}

    def take(
        table: TablePlan,
        kind: str,
        rule: AnyRule,
        wanted: str,
    ) -> None:
        shared = kind == "index" and any("index" in kinds for kinds in planning.dialect.namespaces)
        apart = called[table.relation.name] if kind == "check" else frozenset()
        rule.name = names.take(kind, wanted, None if shared else local[table.relation.name], apart)

    unnamed_keys = Feature.KEY_NAME in planning.dialect.lacks
    gone: list[str] = []
    for table, kind, planned, _ in rules:
        if planned.rule.name:
            take(table, kind, planned, planned.rule.name)
            if kind == "key" and table.primary and planned is table.keys[0] and unnamed_keys:
                planned.name = ""
                gone.append(f"{table.relation.name}: the key {planned.rule.name}")
            elif planned.name != planned.rule.name:
                subject = f"{table.relation.name}: the {kind} {planned.rule.name}"
                planning.lose(subject, "its name", f"written as {planning.dialect.quoted(planned.name)}")
    if gone:
        planning.lose(listed(gone, most=3), Feature.KEY_NAME.value)
    forgotten = dict.fromkeys(table.relation.name for table, kind, one, _ in rules if kind != "index" and one.rule.name)
    if forgotten and Feature.RULE_NAME in planning.dialect.lacks:
        planning.lose(
            listed(forgotten, most=3), Feature.RULE_NAME.value, f"written, and not kept by {planning.dialect.title}"
        )
    for table, kind, planned, made in rules:
        if not planned.name and (kind == "index" or _is_spoken_of(planning.dialect, kind, planned)):
            take(table, kind, planned, made)
    free = [
        one for one in rules if not (unnamed_keys and one[1] == "key" and one[0].primary and one[2] is one[0].keys[0])
    ]
    pattern = planning.dialect.implicit_names
    given = (*relations, *(planned.name for _, _, planned, _ in rules))
    if pattern and any(re.fullmatch(pattern, name) for name in given):
        for table, kind, planned, made in free:
            if not planned.name:
                take(table, kind, planned, made)


def _engines_checks(planning: Planning, table: TablePlan) -> frozenset[str]:
    """The names of the checks that the engine makes itself of a table, of the attributes whose types are texts it checks."""
    relation, checked = table.relation.name, planning.dialect.checked
    return frozenset(
        planning.names[(relation, name)] for name, kind in table.types.items() if kind.text.casefold() in checked
    )


def _is_spoken_of(dialect: Dialect, kind: str, planned: AnyRule) -> bool:
    """Whether something is said of a rule beside it, by its name."""
    rule = planned.rule
    forms = dialect.unenforced.get((kind, rule.enforced), ()) if isinstance(rule, Check | ForeignKey) else ()
    return any("{name}" in form for form in forms)


def _rules(table: TablePlan, name: str) -> Iterator[tuple[str, AnyRule, str]]:
    """Each rule of a table that can have a name, with its kind and the name to make for it; `name` is the table's."""
    for at, key in enumerate(table.keys):
        yield "key", key, f"{name}_pkey" if at == 0 and table.primary else f"{name}_{'_'.join(key.rule.attributes)}_key"
    for foreign_key in (*table.inside, *table.after):
        yield "foreign key", foreign_key, f"{name}_{'_'.join(foreign_key.rule.attributes)}_fkey"
    for check in table.checks:
        yield "check", check, f"{name}_check"
    for exclusion in table.exclusions:
        yield "key", exclusion, f"{name}_{'_'.join(exclusion.rule.attributes)}_excl"
    for index in table.indexes:
        parts = (part.attribute or "expr" for part in index.rule.parts)
        yield "index", index, f"{name}_{'_'.join(parts)}_idx"
