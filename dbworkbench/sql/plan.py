"""What of a schema one database can carry: decided before a word of DDL is written, each loss told."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from dbworkbench.errors import Unsupported, listed
from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.counters import COUNTER
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.native import speaker
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Generated, Key, Partitioning, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Decimal, Native, Text, Timestamp, Type, Unknown
from dbworkbench.sql import keying
from dbworkbench.sql.bounds import apart
from dbworkbench.sql.casing import EQUAL_IN_COMPARISONS, EQUAL_IN_KEYS, compared, compares, folds
from dbworkbench.sql.declarations import outside, spelled
from dbworkbench.sql.defining import define, few_indexes
from dbworkbench.sql.dialect import Dialect, Feature, Rare, Spelling, bits_of, unkept
from dbworkbench.sql.domains import domained
from dbworkbench.sql.expression import Untold, is_constant, is_simple, may_be_unknown, translated
from dbworkbench.sql.filling import Cannot, computed, keyed, numbered, running
from dbworkbench.sql.fitting import Unfit, fitted, instant, roomy, timely
from dbworkbench.sql.indexing import changes, is_bound, is_written
from dbworkbench.sql.laying import as_ranges, laid
from dbworkbench.sql.names import names_in
from dbworkbench.sql.planned import Plan, Planned, Planning, TablePlan
from dbworkbench.sql.quotients import types_of
from dbworkbench.sql.referring import references
from dbworkbench.sql.room import is_cut, keys_within, rows_within
from dbworkbench.sql.rule_names import name_rules
from dbworkbench.theory.dependencies import FD, JD, MVD, in_order

__all__ = ["plan"]


def plan(schema: Schema, dialect: Dialect) -> Plan:
    """Decide what of a schema is written for an engine, in which order, and under which names.

    Raises Unsupported for a relation that the engine has no room for, and DesignError for a referential action that
    is none.
    """
    planning = _begun(schema, dialect)
    tables = tuple(planning.tables.values())
    apart = _collated_apart(schema) if Feature.KIN_REFERENCE in dialect.lacks else frozenset()
    for table in tables:
        _size_and_names(planning, table.relation)
        _filled(planning, table, apart)
        _types(planning, table)
        keying.keys(planning, table)
        _keyed_numbers(planning, table)
    for table in tables:
        keying.indexes(planning, table)
        keying.exclusions(planning, table)
        _conditions(planning, table)
    cycles = tuple(references(planning))
    for table in tables:
        _partitioning(planning, table)
    few_indexes(planning)
    name_rules(planning)
    for table in tables:
        define(planning, table)
        _dependencies(planning, table)
        _cases(planning, table)
        _untold_nulls(planning, table)
    for (feature, instead), subjects in planning.alike.items():
        planning.lose(listed(tuple(dict.fromkeys(subjects)), most=3), feature, instead)
    return Plan(cycles, planning.names, tuple(dict.fromkeys(planning.losses)), planning.schema, planning.domains)


def _begun(schema: Schema, dialect: Dialect) -> Planning:
    losses: list[Loss] = []
    whole, domains, named = domained(schema, dialect, losses)
    names = names_in(schema, dialect)
    planning = Planning(dialect, whole, domains, names, _referenced(schema), running(whole, dialect), losses)
    for relation in whole:
        referenced = planning.referenced.get(relation.name, ())
        planning.tables[relation.name] = TablePlan(relation, _spelled(planning, relation, referenced, named))
    return planning


def _size_and_names(planning: Planning, relation: Relation) -> None:
    most = planning.dialect.max_attributes
    if most is not None and len(relation.attributes) > most:
        raise Unsupported(
            f"{relation.name!r} has {len(relation.attributes):,} attributes, and {planning.dialect.title} holds "
            f"{most:,} at most — split the relation"
        )
    for path in ((relation.name,), *((relation.name, name) for name in relation.names)):
        if planning.names[path] != path[-1]:
            kind = "relation" if len(path) == 1 else "attribute"
            planning.lose(
                ".".join(path), f"the {kind}'s name", f"written as {planning.dialect.quoted(planning.names[path])}"
            )


def _spelled(
    planning: Planning, relation: Relation, referenced: Iterable[tuple[str, ...]], named: Mapping[str, str]
) -> dict[str, Spelling]:
    rules: list[Key | ForeignKey] = [*relation.keys, *relation.foreign_keys]
    lists = (
        *(rule.attributes for rule in rules),
        *referenced,
        *(
            keying.sorted_by(index, planning.dialect)
            for index in relation.indexes
            if not is_cut(index, planning.dialect) and is_written(index, planning.dialect)
        ),
    )
    if not relation.keys and relation.dependencies:
        lists = (*lists, relation.primary_key)
    most = planning.dialect.max_key_attributes
    lists = tuple(names for names in lists if most is None or len(names) <= most)  # no other is written
    keyed = {name for names in lists for name in names}
    quoted = planning.dialect.quoted
    own = {
        one.name: Spelling(quoted(one.name) if quoted(one.name) in one.text else one.name)
        for one in planning.schema.definitions
        if one.kind == "type" and one.dialect == planning.dialect.name and one.name
    }
    arrays = (
        {} if Feature.ARRAY in planning.dialect.lacks else {one: said.text for one, said in own.items()} | dict(named)
    )
    found = {
        attribute.name: Spelling(named[attribute.domain.name])
        if attribute.domain
        else planning.running.get((relation.name, attribute.name))
        or own.get(attribute.type.text if isinstance(attribute.type, Native) else "")
        or _many(attribute.type, arrays)
        or _type_of(
            planning,
            relation,
            attribute,
            keyed=attribute.name in keyed or (bool(attribute.generated) and planning.dialect.computes_as_keyed),
        )
        for attribute in relation.attributes
    }
    found |= keys_within(lists, relation, found, planning.dialect)
    laid_by = relation.partitioning.attributes if relation.partitioning else ()
    return found | rows_within(keyed.union(laid_by), planning.names, relation, found, planning.dialect)


def _type_of(planning: Planning, relation: Relation, attribute: Attribute, *, keyed: bool) -> Spelling:
    """An attribute's type, as it was declared where that can be said; what of that is lost, is told."""
    column = planning.dialect.quoted(planning.names[relation.name, attribute.name])
    found, lost = spelled(attribute, planning.dialect, column, keyed=keyed)
    if lost:
        planning.lose_alike(f"{relation.name}.{attribute.name}", lost, f"written as {found.text}")
    return found


def _many(kind: Type, called: Mapping[str, str]) -> Spelling | None:
    """An array of values of a type that has a name in the schema."""
    found = re.fullmatch(r"(.+?)((?:\[\d*\])+)", kind.text) if isinstance(kind, Native) else None
    return Spelling(called[found[1]] + found[2]) if found and found[1] in called else None


def _filled(planning: Planning, table: TablePlan, apart: Collection[tuple[str, str]]) -> None:
    """How attributes fill themselves, and in which order their texts are; those `apart` are in the engine's own."""
    relation, lacks = table.relation, planning.dialect.lacks
    among = keyed(relation, planning.referenced.get(relation.name, ()))
    columns = {name: planning.names[relation.name, name] for name in relation.names}
    for attribute in relation.attributes:
        what = f"{relation.name}.{attribute.name}"
        untyped = isinstance(attribute.type, Unknown) and not planning.dialect.generated_typed
        made = not planning.dialect.generated_typed or planning.dialect.generated_cast
        try:
            if attribute.generated:
                clause, kept = computed(
                    relation,
                    attribute,
                    attribute.generated,
                    planning.dialect,
                    translate=partial(_computing, planning, table, columns),
                    among=among,
                    kind=table.types[attribute.name].text if made and not untyped else "",
                    padded=frozenset(name for name, one in table.types.items() if re.match(r"(?i)n?char\b", one.text)),
                )
                if (kept == "stored") != attribute.generated.stored:
                    planning.lose(what, f"its computed value is {_kept(attribute.generated)}", f"written as {kept}")
                table.computed[attribute.name] = clause
                if untyped:  # its type is that of what computes it
                    table.types[attribute.name] = Spelling(table.types[attribute.name].text)
                if not attribute.nullable and Feature.COMPUTED_NOT_NULL in lacks:
                    table.bare.add(attribute.name)
                    planning.lose(what, Feature.COMPUTED_NOT_NULL.value, "NULL is not refused")
            elif attribute.identity:
                counts = (relation.name, attribute.name) in planning.running
                table.numbered[attribute.name], lost = numbered(
                    relation,
                    replace(attribute, type=COUNTER) if counts else attribute,
                    attribute.identity,
                    planning.dialect,
                )
                for one in lost:
                    planning.lose(what, one, f"written as {table.numbered[attribute.name]}")
        except (Cannot, Untold) as reason:
            said = f"computed as {attribute.generated.expression}" if attribute.generated else "a running number"
            planning.lose(what, f"{said}: {reason}", "written as an attribute like any other")
        if attribute.collation:
            texts = attribute.domain is not None and isinstance(attribute.type, Text)
            if not texts and not re.match(planning.dialect.collated, table.types[attribute.name].text):
                planning.lose(
                    what, f"the collation {attribute.collation}", f"not that of {table.types[attribute.name].text}"
                )
            elif (relation.name, attribute.name) in apart:
                planning.lose(
                    what,
                    f"the collation {attribute.collation}, where one of a reference has another",
                    "the engine's own",
                )
            elif re.fullmatch(planning.dialect.collations, attribute.collation):
                quoted = planning.dialect.quoted if planning.dialect.collation_quoted else str
                table.collations[attribute.name] = f"COLLATE {quoted(attribute.collation)}"
            else:
                planning.lose(what, f"the collation {attribute.collation}", "the engine's own")


def _keyed_numbers(planning: Planning, table: TablePlan) -> None:
    """Number nothing whose key is not written, where only what a key begins with is numbered."""
    first = {key.rule.attributes[0] for key in table.keys}
    for name in list(table.numbered) if planning.dialect.numbers_keys == "first" else ():
        if name not in first:
            del table.numbered[name]
            what = f"{table.relation.name}.{name}"
            planning.lose(what, "a running number: its key is not written", "written as an attribute like any other")


def _collated_apart(schema: Schema) -> frozenset[tuple[str, str]]:
    """The attributes that references tie together, directly or by others, and whose collations differ."""
    tied: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for relation in schema:
        for key in relation.foreign_keys:
            for here, there in zip(key.attributes, key.referenced, strict=True):
                both = [(relation.name, here), (key.relation, there)]
                joined = set().union(*(tied.get(one, {one}) for one in both))
                tied.update(dict.fromkeys(joined, joined))
    return frozenset(
        one for one, group in tied.items() if len({schema[name][attribute].collation for name, attribute in group}) > 1
    )


def _types(planning: Planning, table: TablePlan) -> None:
    relation = table.relation
    _note(planning, relation.name, relation.note, "relation")
    for name, spelling in table.types.items():
        subject = f"{relation.name}.{name}"
        _note(planning, subject, relation[name].note, "attribute")
        if spelling.loss:
            planning.lose(subject, spelling.loss, spelling.instead)
        if why := unkept(spelling.check):
            planning.lose(subject, f"a value with {why}", "its values are not checked")
        elif spelling.check and name in table.computed and Feature.COMPUTED_CHECK in planning.dialect.lacks:
            planning.lose(subject, Feature.COMPUTED_CHECK.value, "its values are not checked")
        elif spelling.check and Feature.CHECK in planning.dialect.lacks:
            planning.lose(subject, f"the check {spelling.check}")
        elif spelling.check:
            unknown = relation[name].nullable or name in table.computed
            check = Check(planning.passing(spelling.check) if unknown else spelling.check)
            table.checks.append(Planned(check, what=subject))


def _note(planning: Planning, subject: str, note: str, what: str) -> None:
    if note and Feature.COMMENT in planning.dialect.lacks:
        planning.lose(subject, Feature.COMMENT.value, "written as a remark")
        return
    for lost, instead in planning.dialect.noted(note, what)[1]:
        planning.lose(subject, lost, instead)


def _conditions(planning: Planning, table: TablePlan) -> None:
    relation = table.relation
    for attribute in relation.attributes:
        if attribute.default is not None:
            what = f"{relation.name}.{attribute.name}: the default {attribute.default}"
            try:
                default = fitted(attribute.default, attribute.type)
                if isinstance(attribute.type, Timestamp) and attribute.type.zone:
                    default = instant(default, planning.dialect)
            except Unfit as reason:
                planning.lose(what, str(reason))
                continue
            if (
                isinstance(attribute.type, Date | Timestamp)
                and "infinity" in default
                and not planning.dialect.far_moments
            ):
                planning.lose(what, f"{planning.dialect.title} has no such moment")
                continue
            told = planning.told(what, default, relation, ())
            text = table.types[attribute.name].text
            if told is not None and (
                why := roomy(told, text)
                or outside(told, attribute.type, text, planning.dialect.name)
                or timely(told, text, planning.dialect)
            ):
                planning.lose(what, why)
                continue
            if told is not None and is_constant(told) and text.casefold() in planning.dialect.undefaulted:
                planning.lose(what, f"{text} takes no constant")
                continue
            if told is not None and Feature.DEFAULT_EXPRESSION in planning.dialect.lacks and not is_simple(told):
                planning.lose(what, Feature.DEFAULT_EXPRESSION.value)
            elif told not in {None, "NULL"}:
                told = _present(
                    planning.dialect.words.get(str(told), str(told)),
                    attribute.type,
                    table.types[attribute.name].text,
                    planning.dialect,
                )
                told = _constant(told, attribute.type, text, planning.dialect)
                table.defaults[attribute.name] = told
    declared: list[Planned[Check]] = []
    for check in relation.checks:
        what = f"{relation.name}: the check {check.expression}"
        if Feature.CHECK in planning.dialect.lacks:
            planning.lose(what, Feature.CHECK.value)
            continue
        if _uncompared(planning, table, check.expression):
            planning.lose(what, f"a comparison of {_uncompared(planning, table, check.expression)}")
            continue
        kept = planning.enforced("check", what, check)
        if kept is None:
            continue
        told = planning.condition_told(what, check.expression, relation)
        if told is not None:
            certain = {one.name for one in relation.attributes if not one.nullable and not one.generated}
            formed = planning.dialect.check_formed
            if speaker(check.expression) != planning.dialect.name and (
                not set(spoken_of(check.expression, relation.names, relation.name)) <= certain
                or may_be_unknown(check.expression)
                or (formed and re.search(formed, told))
            ):
                told = planning.passing(told)
            declared.append(Planned(replace(kept, expression=told), what=what))
    table.checks[:0] = declared


def _partitioning(planning: Planning, table: TablePlan) -> None:
    """How rows are laid into parts, as far as the engine does."""
    relation, laid_by = table.relation, table.relation.partitioning
    if laid_by is None:
        return
    what = f"{relation.name}: partitioning by {', '.join(map(str, laid_by.parts))}"
    keys = [key.rule.attributes for key in table.keys]
    keys += [planned.rule.attributes for planned in table.indexes if planned.rule.unique]
    if Rare.PARTITIONING in planning.dialect.has:
        _partition_tables(planning, table, laid_by, what, keys)
        return
    if not planning.dialect.partitioning:
        planning.lose(what, f"{Rare.PARTITIONING.value} {laid_by.method}".rstrip(), "written as one table")
        return
    rules = [key.rule.relation for one in planning.tables.values() for key in (*one.inside, *one.after)]
    columns = {name: planning.names[relation.name, name] for name in relation.names}
    try:
        table.partitioned = "\n" + laid(
            relation,
            planning.dialect,
            column=lambda name: planning.dialect.quoted(columns[name]),
            keys=keys,
            referring=bool(table.inside or table.after or relation.name in rules),
            told=lambda text: planning.part_told(what, relation, text),
        )
    except Cannot as reason:
        planning.lose(what, str(reason), "written as one table")


def _partition_tables(
    planning: Planning, table: TablePlan, laid_by: Partitioning, what: str, keys: list[tuple[str, ...]]
) -> None:
    """Parts that are tables of their own, as PostgreSQL has them."""
    relation, by = table.relation, set(laid_by.attributes)
    whole = all(part.attribute for part in laid_by.parts)
    partitions = as_ranges(relation, laid_by.partitions)
    bounded = all(is_bound(one.bounds) for one in partitions)
    names = {one.name for one in partitions}
    others = {one.name for other in planning.tables.values() for one in other.partitions}
    texts = [part.expression for part in laid_by.parts if part.expression]
    spoken = [name for text in texts for name in spoken_of(text, relation.names, relation.name)]
    moved = any(changes(text, relation, planning.dialect) for text in texts)
    told = [planning.part_told(what, relation, text) for text in texts]
    if laid_by.method not in {"range", "list", "hash"} or laid_by.count:
        planning.lose(what, f"{Rare.PARTITIONING.value} {laid_by.method}".rstrip(), "written as one table")
    elif moved:
        planning.lose(what, "what would change by itself, or with the settings of a session", "written as one table")
    elif any(unkept(one.name) or not planning.dialect.names_part(one.name) for one in partitions):
        planning.lose(what, "parts of names that no engine keeps", "written as one table")
    elif not bounded or not names.isdisjoint({*planning.schema.names, *others}):
        planning.lose(
            what,
            "parts in the words of another engine, or called like a relation or a part",
            "written as one table",
        )
    elif why := apart(relation, laid_by, partitions, {name: one.text for name, one in table.types.items()}):
        planning.lose(what, why, "written as one table")
    elif not all(planning.dialect.keyable(relation[name].type) for name in by):
        planning.lose(what, "what no key can hold", "written as one table")
    elif keys and (not whole or not all(by <= set(key) for key in keys)):
        planning.lose(what, "a key does not say in which part a row lies", "written as one table")
    elif table.exclusions or any(relation[name].generated for name in (*by, *spoken)) or None in told:
        planning.lose(what, "what the engine does not lay into parts", "written as one table")
    else:
        expressions = iter(told)
        parts = [
            f"({next(expressions)})"
            if part.expression
            else planning.dialect.quoted(planning.names[relation.name, part.attribute])
            for part in laid_by.parts
        ]
        table.partitioned = f"\nPARTITION BY {laid_by.method.upper()} ({', '.join(parts)})"
        table.partitions = partitions


def _dependencies(planning: Planning, table: TablePlan) -> None:
    keys = [frozenset(planned.rule.attributes) for planned in table.keys]
    if Feature.KEYS_ENFORCED in planning.dialect.lacks:
        keys = []
    keys += [frozenset(planned.rule.attributes) for planned in table.indexes if planned.rule.is_key]
    for dependency in in_order(table.relation.dependencies):
        if not _enforced(dependency, keys, frozenset(table.relation.names)):
            planning.lose(table.relation.name, str(dependency), "not enforced by any key")


def _computing(planning: Planning, table: TablePlan, columns: Mapping[str, str], text: str) -> str:
    """What computes an attribute in the dialect's words. Raises Untold."""
    if found := _uncompared(planning, table, text):
        raise Untold(f"a comparison of {found}")
    relation = table.relation
    return translated(text, planning.dialect, columns, relation.name, types=types_of(relation))


def _uncompared(planning: Planning, table: TablePlan, expression: str) -> str:
    """The attribute that an expression compares though the engine compares none of its type, and the type; "" for none."""
    pattern = planning.dialect.uncompared
    types = {name: one.text for name, one in table.types.items() if pattern and re.match(pattern, one.text)}
    return next((f"{name}, which is {text}" for name, text in types.items() if compared(expression, {name})), "")


def _untold_nulls(planning: Planning, table: TablePlan) -> None:
    """Attributes whose NULL is not refused but filled in."""
    pattern = planning.dialect.null_is_now
    for name, spelling in table.types.items() if pattern else ():
        if re.match(pattern, spelling.text) and not table.relation[name].nullable and name not in table.computed:
            planning.lose_alike(f"{table.relation.name}.{name}", "refusing NULL", "a row that says NULL gets the time")


def _cases(planning: Planning, table: TablePlan) -> None:
    """Where the engine takes texts for equal that a design tells apart."""
    if not planning.dialect.equals_cases:
        return
    relation = table.relation
    blind = {one.name for one in relation.attributes if folds(one.type) and not one.collation}
    blind -= {name for name in blind if re.match(r"(?i)enum|set\b", table.types[name].text)}
    rules = [planned.rule.attributes for planned in table.keys]
    rules += [planned.rule.attributes for planned in table.indexes if planned.rule.unique]
    keyed = {name for names in rules for name in names if isinstance(relation[name].type, Text)}
    for name in relation.names:
        if name in keyed & blind:
            planning.lose_alike(f"{relation.name}.{name}", EQUAL_IN_KEYS, "a second such value is refused")
    whole = Feature.PARTIAL_INDEX in planning.dialect.lacks
    written = replace(relation, indexes=tuple(one for one in relation.indexes if not (one.where and whole)))
    for place in compares(written, blind, listed=blind):
        planning.lose_alike(place, EQUAL_IN_COMPARISONS, "compared without regard to case")


def _present(default: str, kind: Type, spelled: str, dialect: Dialect) -> str:
    """A default whose now is a value of its attribute's type, which is written as `spelled`."""
    if isinstance(kind, Timestamp):
        kind = Timestamp(zone=kind.zone and not re.match(r"TIMESTAMP(?!_)", spelled))
    word, fit = dialect.present.get(kind, ("", ""))
    precision = re.search(r"\(\d\)", spelled)
    fit = fit.replace("{precision}", precision[0] if precision else "")
    texts = rf"'(?:[^'\\]|''|\\.)*'|({re.escape(word)})"
    return re.sub(texts, lambda found: fit if found[1] else found[0], default) if word else default


def _constant(told: str, kind: Type, spelled: str, dialect: Dialect) -> str:
    """A default as a constant of its column, which is written as `spelled`: bits are no text, nor a long decimal a number."""
    if bits_of(kind) and re.fullmatch(r"BIT\(\d+\)", spelled) and re.fullmatch(r"'[01]+'", told):
        return f"b{told}"
    exact = isinstance(kind, Decimal) and dialect.digits is not None
    if exact and len(re.sub(r"\D", "", told)) > (dialect.digits or 0) and is_constant(told):
        told = dialect.literal(told)
    if dialect.far_text and is_constant(told) and re.search(r"[^\0-\uffff]", told):
        return dialect.far_text.replace("{text}", told)
    return told


def _kept(generated: Generated) -> str:
    return "stored" if generated.stored else "made when it is read"


def _referenced(schema: Schema) -> dict[str, tuple[tuple[str, ...], ...]]:
    """For each relation, the lists of its attributes that foreign keys refer to."""
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for relation in schema:
        for key in relation.foreign_keys:
            found.setdefault(key.relation, {})[key.referenced] = None
    return {name: tuple(lists) for name, lists in found.items()}


def _enforced(dependency: FD | MVD | JD, keys: list[frozenset[str]], whole: frozenset[str]) -> bool:
    """Whether the keys alone imply a dependency; for join dependencies as Fagin 1979 decides it for PJ/NF (§4)."""
    match dependency:
        case FD(determinant, dependent):
            return dependent <= determinant or any(key <= determinant for key in keys)
        case MVD(determinant, dependent):
            trivial = dependent <= determinant or determinant | dependent == whole
            return trivial or any(key <= determinant for key in keys)
        case JD(components):
            joined = set(components)
            while True:
                pair = next(
                    ((x, y) for x in joined for y in joined if x != y and any(key <= x & y for key in keys)), None
                )
                if pair is None:
                    return whole in joined
                joined = joined - set(pair) | {pair[0] | pair[1]}
