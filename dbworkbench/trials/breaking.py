"""Rows that obey a design, and the same rows changed so that each breaks one rule: what a verification puts to an engine."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from typing import TypeAlias

import duckdb

from dbworkbench.data.tables import Tables
from dbworkbench.population.natives import farthest
from dbworkbench.population.values import made_of
from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.native import own_words, shown
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Uuid,
)
from dbworkbench.sql.dialect import DIALECTS, Dialect, bits_of

__all__ = ["Breach", "Row", "breaches", "chosen", "evaluable", "literal", "varied"]

Row: TypeAlias = Mapping[str, str | None]
"""A row as texts, by attribute; None for what is unknown."""

_DUCKDB = DIALECTS["duckdb"]
_FAR = {
    Boolean: ("true", "false"),
    Integer: ("0", "-1", "1", "32000", "-32000"),
    Decimal: ("0", "-1", "1", "9", "-9"),
    Float: ("0", "-1", "1", "1e30", "-1e30"),
    Text: ("", "no such value", " ", "0", "x" * 200, "No Such"),
    Enumeration: (),
    Date: ("1900-01-01", "2299-12-31", "2000-02-29"),
    Time: ("00:00:00", "23:59:59"),
    Timestamp: ("1900-01-01 00:00:00", "2299-12-31 00:00:00"),
    Json: ("{}", "[]", "null"),
}
"""Values at the ends of each type, of which one may break a check."""

_ABSENT = {
    Integer: ("31999", "-31999"),
    Decimal: ("8", "-8"),
    Float: ("-12345.5",),
    Text: ("no such", "zz"),
    Uuid: ("00000000-0000-4000-8000-000000000bad",),
    Date: ("1901-02-03", "2201-02-03"),
    Timestamp: ("1901-02-03 00:00:00",),
    Time: ("03:14:15",),
    Bytes: ("00BAD0",),
}
"""Values that a reference is likely not to find."""

_WIDE = "31999"
_TRIED = 5_000
"""Combinations of rows to refer to that are tried before none is said to be left."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that breaks one rule of a relation, and no other; `kind` is "not null", "key", "foreign key", "check" or "type"."""

    relation: str
    kind: str
    rule: str
    row: Row


def chosen(
    schema: Schema, tables: Tables, *, themselves: Callable[[Relation], bool] = lambda _: True
) -> tuple[dict[str, list[Row]], dict[str, Row]]:
    """Of rows that obey a schema, those to be loaded, and for each relation one more that could be, where there is one.

    `themselves` says of which relations rows that refer to themselves can be loaded. What relations in a cycle refer to is loaded
    whole: with one row fewer, the rows of a cycle would fall one after another. So may those that refer to a row, so one
    that nothing refers to is left out, if there is one, and any other only where no row like the loaded ones can be made.
    """
    loaded = {relation.name: _read(relation, tables) for relation in schema}
    needed = _referred_to(schema, loaded)
    spare: dict[str, Row] = {}
    groups = schema.in_reference_order()
    whole = _reached_by_cycles(groups)
    for group in groups:
        if len(group) > 1:
            continue
        (relation,) = group
        rows = [row for row in loaded[relation.name] if _refers_well(row, relation, loaded)]
        own = [key for key in relation.foreign_keys if key.relation == relation.name]
        if not themselves(relation):
            rows = [row for row in rows if not _refers_to_itself(row, own)]
        kept: list[Row] = []
        while len(kept) != len(rows):  # with a row those go that refer to it
            kept, rows = rows, [row for row in rows if _refers_well(row, relation, {**loaded, relation.name: rows})]
        free = [at for at in reversed(range(len(rows))) if not _referred(rows, at, own)]
        lone = [at for at in free if not _is_needed(rows[at], needed.get(relation.name, {}))]
        other = None if lone else varied(relation, {**loaded, relation.name: rows})
        if other and not any(_is_false(check, relation, other, tables.connection) for check in relation.checks):
            free = []
        at = next(iter((*lone, *free)), None) if len(rows) > 1 and relation.name not in whole else None
        if at is not None:
            spare[relation.name] = rows.pop(at)
        loaded[relation.name] = _in_order(rows, own)
    return loaded, spare


def _referred_to(
    schema: Schema, rows: Mapping[str, list[Row]]
) -> dict[str, dict[tuple[str, ...], set[tuple[str | None, ...]]]]:
    """For each relation and the attributes that others refer to: the values that they do."""
    found: dict[str, dict[tuple[str, ...], set[tuple[str | None, ...]]]] = {}
    for relation in schema:
        for key in relation.foreign_keys:
            if key.relation != relation.name:
                values = found.setdefault(key.relation, {}).setdefault(key.referenced, set())
                values.update(_values(row, key.attributes) for row in rows[relation.name])
    return found


def _is_needed(row: Row, needed: Mapping[tuple[str, ...], set[tuple[str | None, ...]]]) -> bool:
    return any(_values(row, names) in values for names, values in needed.items())


def _reached_by_cycles(groups: Iterable[tuple[Relation, ...]]) -> set[str]:
    """The relations that those in a cycle refer to, directly or by others."""
    found: set[str] = set()
    for group in reversed(list(groups)):
        for relation in group:
            if len(group) > 1 or relation.name in found:
                found |= {key.relation for key in relation.foreign_keys}
    return found


def varied(relation: Relation, loaded: Mapping[str, list[Row]]) -> Row | None:
    """A row like a loaded one, but for a value in each of its keys that no row has; None where there is no such value.

    It refers where the loaded one does, so it can be had in a cycle of references, too; where a key is nothing but
    references, it refers to other rows that are there.
    """
    rows = loaded[relation.name]
    if not rows:
        return None
    row = dict(rows[0])
    referring = {name for key in relation.foreign_keys for name in key.attributes}
    keys = [key.attributes for key in relation.keys] or [relation.primary_key]
    keys += [index.attributes for index in relation.indexes if index.unique]
    for names in keys:
        if any(row[name] != rows[0][name] for name in names):
            continue
        own = [name for name in names if name not in referring]
        if not own:
            row.update(_elsewhere(relation, names, row, loaded) or {})
            continue
        found = ((name, value) for name in own for value in _unseen(relation[name], {other[name] for other in rows}))
        changed = next(found, None)
        if changed is None:
            return None
        row[changed[0]] = changed[1]
    taken = any(
        None not in (mine := _values(row, names)) and mine == _values(other, names) for names in keys for other in rows
    )
    return None if taken else row


def _elsewhere(relation: Relation, names: tuple[str, ...], row: Row, loaded: Mapping[str, list[Row]]) -> Row | None:
    """The row with references to other rows that are there, so that no row has these values of the names."""
    references = [key for key in relation.foreign_keys if not set(key.attributes).isdisjoint(names)]
    seen = {_values(other, names) for other in loaded[relation.name]}
    for ends in islice(product(*(loaded[key.relation] for key in references)), _TRIED):
        changed = dict(row)
        for key, end in zip(references, ends, strict=True):
            changed.update(zip(key.attributes, _values(end, key.referenced), strict=True))
        if _values(changed, names) not in seen and _refers_well(changed, relation, loaded):
            return changed
    return None


def _unseen(attribute: Attribute, seen: set[str | None]) -> Iterator[str]:
    for value in (*_absent(attribute.type), *_FAR.get(type(attribute.type), ())):
        cut = _cut(value, attribute.type)
        if cut is not None and cut not in seen:
            yield cut
    if isinstance(attribute.type, Enumeration):
        yield from (value for value in attribute.type.values if value not in seen)


def evaluable(schema: Schema, evaluate: duckdb.DuckDBPyConnection) -> Schema:
    """The schema without the checks that no single row decides: those are losses in every dialect."""

    def decides(relation: Relation, check: Check) -> bool:
        row = dict.fromkeys(relation.names)
        try:
            evaluate.execute(f"SELECT ({check.expression}) IS FALSE FROM (SELECT {_typed(relation, row)})").fetchall()
        except duckdb.Error:
            return False
        return True

    return Schema(
        tuple(replace(one, checks=tuple(check for check in one.checks if decides(one, check))) for one in schema)
    )


def _read(relation: Relation, tables: Tables) -> list[Row]:
    shown = ", ".join(f"{_as_text(attribute)} AS {_DUCKDB.quoted(attribute.name)}" for attribute in relation.attributes)
    found = tables.connection.execute(f"SELECT {shown} FROM {_DUCKDB.quoted(relation.name)}").fetchall()
    return [dict(zip(relation.names, row, strict=True)) for row in found]


def _as_text(attribute: Attribute) -> str:
    column = _DUCKDB.quoted(attribute.name)
    match attribute.type:
        case Native() as kind if not made_of(kind):
            return "NULL"
        case Bytes():
            return f"hex({column})"
        case Timestamp(zone=True):
            return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR)"
        case _:
            return f"CAST({column} AS VARCHAR)"


def _values(row: Row, names: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(row[name] for name in names)


def _refers_well(row: Row, relation: Relation, loaded: Mapping[str, list[Row]]) -> bool:
    for key in relation.foreign_keys:
        wanted = _values(row, key.attributes)
        if None not in wanted and all(_values(other, key.referenced) != wanted for other in loaded[key.relation]):
            return False
    return True


def _refers_to_itself(row: Row, own: list[ForeignKey]) -> bool:
    return any(
        None not in (ends := _values(row, key.attributes)) and ends == _values(row, key.referenced) for key in own
    )


def _referred(rows: list[Row], at: int, own: list[ForeignKey]) -> bool:
    """Whether another row of the same relation refers to this one, or this one to itself."""
    return any(_values(row, key.attributes) == _values(rows[at], key.referenced) for key in own for row in rows)


def _in_order(rows: list[Row], own: list[ForeignKey]) -> list[Row]:
    """Rows after those of their relation that they refer to, where there is such an order."""
    done: list[Row] = []
    left = list(rows)
    while left:
        ready = [
            row
            for row in left
            if all(
                None in (wanted := _values(row, key.attributes))
                or wanted == _values(row, key.referenced)
                or any(_values(other, key.referenced) == wanted for other in done)
                for key in own
            )
        ] or left
        done += ready
        left = [row for row in left if not any(row is taken for taken in ready)]
    return done


def breaches(
    relation: Relation,
    carried: Relation,
    row: Row,
    loaded: Mapping[str, list[Row]],
    evaluate: duckdb.DuckDBPyConnection,
) -> Iterator[Breach | str]:
    """For each rule that an engine carries, the spare row with what breaks that rule; the rule's name where none is found.

    `carried` is the relation as the engine has it, attribute by attribute the same; `evaluate` decides checks.
    """
    ours = dict(zip(carried.names, relation.names, strict=True))
    for attribute, mine in zip(carried.attributes, relation.attributes, strict=True):
        if attribute.generated or attribute.identity:
            continue  # the engine gives it a value
        if not attribute.nullable:
            yield Breach(relation.name, "not null", mine.name, {**row, mine.name: None})
        wrong = _wrong(attribute.type)
        if wrong is not None:
            yield Breach(relation.name, "type", f"{mine.name}: {_said(attribute.type)}", {**row, mine.name: wrong})
    keys = [key.attributes for key in carried.keys]
    keys += [index.attributes for index in carried.indexes if index.is_key]
    for names in dict.fromkeys(keys):
        wanted = tuple(ours[name] for name in names)
        same = next((other for other in loaded[relation.name] if None not in _values(other, wanted)), None)
        rule = f"key ({', '.join(wanted)})"
        yield Breach(relation.name, "key", rule, {**row, **{name: same[name] for name in wanted}}) if same else rule
    for key in carried.foreign_keys:
        if key.relation == carried.name and key.attributes == key.referenced:
            continue  # no row breaks it
        if key.enforced == "never":
            continue
        yield _dangling(relation, tuple(ours[name] for name in key.attributes), key, row, loaded)
    made = {attribute.name for attribute in carried.attributes if attribute.generated}
    for check in (one for one in carried.checks if one.enforced != "never"):
        if not made.isdisjoint(spoken_of(check.expression, carried.names, carried.name)):
            yield f"check ({shown(check.expression)})"  # the engine computes what it is about
            continue
        rule = f"check ({shown(check.expression)})"
        if own_words(check.expression):
            yield rule  # nothing here can say which rows it refuses
            continue
        found = _against(check, carried, {name: row[ours[name]] for name in carried.names}, evaluate)
        yield (
            Breach(relation.name, "check", rule, {ours[name]: value for name, value in found.items()})
            if found
            else rule
        )


def _wrong(kind: Type) -> str | None:
    match kind:
        case Enumeration():
            return "no such value"
        case Text(int(length)):
            return "y" * (length + 1) if length < 1_000_000 else None
        case Json():
            return "{"
    return None


def _said(kind: Type) -> str:
    match kind:
        case Enumeration():
            return "one of its values"
        case Text(length):
            return f"at most {length} characters"
        case _:
            return "well-formed"


def _dangling(
    relation: Relation, names: tuple[str, ...], key: ForeignKey, row: Row, loaded: Mapping[str, list[Row]]
) -> Breach | str:
    """The row with a reference to what is not there: of values that no row referred to has, nor it itself, as far as there are
    any, and else of such as do not stand there together.
    """
    rule = f"foreign key ({', '.join(names)}) to {key.relation}"
    own = next(one for one in relation.foreign_keys if one.attributes == names)
    there: set[tuple[str, str | None]] = set()
    for one in relation.foreign_keys:
        pairs = [(name, end) for name, end in zip(one.attributes, one.referenced, strict=True) if name in names]
        others = [*loaded[one.relation], row] if one.relation == relation.name else loaded[one.relation]
        there |= {(name, other[end]) for other in others for name, end in pairs}
    together = {_values(other, own.referenced) for other in loaded[own.relation]}
    choices = []
    for name, end in zip(names, own.referenced, strict=True):
        kind = relation[name].type
        some = kind.values if isinstance(kind, Enumeration) else (_cut(value, kind) for value in _absent(kind))
        nowhere = [value for value in some if value is not None and (name, value) not in there]
        present = [other[end] for other in loaded[own.relation] if other[end] is not None]
        choices.append([*nowhere[:1], *dict.fromkeys(present)])
    for values in islice(product(*choices), _TRIED):
        changed = {**row, **dict(zip(names, values, strict=True))}
        itself = own.relation == relation.name and _values(changed, own.referenced) == values
        if values not in together and not itself:
            return Breach(relation.name, "foreign key", rule, changed)
    return rule


def _absent(kind: Type) -> tuple[str, ...]:
    """Values that a reference is likely not to find, the likeliest first: numbers without a sign are not below 0."""
    if isinstance(kind, Native):
        return farthest(kind)
    wide = isinstance(kind, Decimal) and kind.precision - kind.scale >= len(_WIDE)
    return (*([_WIDE] if wide else ()), *_ABSENT.get(type(kind), ()))


def _cut(value: str | None, kind: Type) -> str | None:
    return value[: kind.length] if value is not None and isinstance(kind, Text) and kind.length else value


def _against(check: Check, carried: Relation, row: Row, evaluate: duckdb.DuckDBPyConnection) -> Row | None:
    """The row with one or two other values, so that the check is false."""
    text = check.expression.casefold()
    referring = {name for key in carried.foreign_keys for name in key.attributes}  # these would break that rule, too
    spoken = [a for a in carried.attributes if a.name.casefold() in text][:4]
    spoken.sort(key=lambda a: a.name in referring)
    for size in (1, 2):
        for some in combinations(spoken, size):
            choices = [(*_candidates(attribute, check.expression),) for attribute in some]
            for values in product(*choices):
                changed = {**row, **{a.name: value for a, value in zip(some, values, strict=True)}}
                if _is_false(check, carried, changed, evaluate):
                    return changed
    return None


def _candidates(attribute: Attribute, text: str) -> Iterator[str | None]:
    """Values at the ends of the type, those that the check speaks of, with their neighbours, and none where it may be unknown."""
    yield from attribute.type.values if isinstance(attribute.type, Enumeration) else ()
    yield from (_cut(value, attribute.type) or "" for value in _FAR.get(type(attribute.type), ()))
    if isinstance(attribute.type, Integer | Decimal | Float):
        for number in re.findall(r"\b\d{1,9}\b", text)[:4]:
            yield from (number, str(int(number) + 1), str(int(number) - 1))
    if isinstance(attribute.type, Text | Date | Time | Timestamp):
        said = [literal.replace("''", "'") for literal in re.findall(r"'((?:[^']|'')*)'", text)[:4]]
        yield from (value for value in said if value == _cut(value, attribute.type))
    if attribute.nullable:
        yield None


def _is_false(check: Check, carried: Relation, row: Row, evaluate: duckdb.DuckDBPyConnection) -> bool:
    try:
        found = evaluate.execute(
            f"SELECT ({check.expression}) IS FALSE FROM (SELECT {_typed(carried, row)})"
        ).fetchall()
    except duckdb.Error:
        return False
    return found[0][0] is True


def _typed(relation: Relation, row: Row) -> str:
    return ", ".join(
        f"CAST({literal(row[a.name], a.type, _DUCKDB)} AS {_DUCKDB.type_text(a.type)[0]}) AS {_DUCKDB.quoted(a.name)}"
        for a in relation.attributes
    )


def _braced(value: object) -> str:
    """An array as PostgreSQL writes it."""
    if isinstance(value, list):
        return f"{{{','.join(map(_braced, value))}}}"
    if value is None:
        return "NULL"
    said = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{said}"'


def _well_known(value: str) -> str:
    """A point or a polygon, as PostgreSQL writes it, in the well-known text that MySQL reads; any other text as it is."""
    points = [f"{x} {y}" for x, y in re.findall(r"\(([-\d.]+),([-\d.]+)\)", value)]
    if not value.startswith("(") or not points:
        return value
    return f"POINT({points[0]})" if len(points) == 1 else f"POLYGON(({', '.join((*points, points[0]))}))"


def literal(value: str | None, kind: Type, dialect: Dialect) -> str:
    """A value, told as a text, as a dialect writes it.

    >>> literal("true", Boolean(), DIALECTS["sqlite"]), literal("it's", Text(), DIALECTS["postgresql"])
    ('1', "'it''s'")
    """
    if value is None:
        return "NULL"
    match kind:
        case Boolean() if value in {"true", "false"}:
            return (
                ("1" if value == "true" else "0") if dialect.name in {"sqlite", "mysql", "mariadb"} else value.upper()
            )
        case Integer() | Float() if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", value):
            return value
        case Bytes():
            form = {"postgresql": r"'\x{}'", "duckdb": "unhex('{}')", "clickhouse": "unhex('{}')"}
            return form.get(dialect.name, "X'{}'").format(value)
        case Decimal() | Date() | Timestamp() | Json() if dialect.name == "databricks":  # takes no text for them
            return _databricks(value, kind, dialect)
        case Timestamp(zone=True) if dialect.name in {"postgresql", "duckdb"}:
            return dialect.literal(f"{value}+00")
        case Native(text) if text.endswith("]") and dialect.name == "postgresql" and value.startswith("["):
            return dialect.literal(_braced(json.loads(value)))
        case Native() if 0 < bits_of(kind) <= dialect.bits and re.fullmatch(r"[01]+", value):
            return f"b'{value}'"
        case Native(text) if text.casefold() in dialect.natives and dialect.name in {"mysql", "mariadb"}:
            return f"ST_GeomFromText({dialect.literal(_well_known(value))})"
        case _:
            return dialect.literal(value)


def _databricks(value: str, kind: Decimal | Date | Timestamp | Json, dialect: Dialect) -> str:
    match kind:
        case Decimal():
            return value
        case Date():
            return f"DATE{dialect.literal(value)}"
        case Timestamp(zone):
            return f"TIMESTAMP{dialect.literal(f'{value}+00:00')}" if zone else f"TIMESTAMP_NTZ{dialect.literal(value)}"
        case Json():
            return f"parse_json({dialect.literal(value)})"
