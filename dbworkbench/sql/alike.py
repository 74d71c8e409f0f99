"""Whether two schemas say the same, for those who wrote one and read back another: engines rephrase what they store."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, InvalidOperation, localcontext
from decimal import Decimal as Number
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.relation import Attribute, Check, Exclusion, ForeignKey, Index, Key, Part, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Native,
    Text,
    Time,
    Timestamp,
    type_text,
)
from dbworkbench.sql.declarations import beyond
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.expression import at_home
from dbworkbench.sql.native import NotOne, is_native, meaning, words_of
from dbworkbench.sql.operators import usual
from dbworkbench.sql.settling import is_zoned

__all__ = ["differences", "meaning_of"]

_PERIODS = {f"to_{unit}s": unit for unit in ("second", "minute", "hour", "week", "month", "year")}
_SHORT = {
    "character varying": "varchar",
    "bit varying": "varbit",
    "character": "char",
    "timestamp with time zone": "timestamptz",
    "time with time zone": "timetz",
}
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d 00:00:00(?:\.0+)?")
"""What engines keep of a day that is compared with a time."""
_SAME_ACTION = {"no action": "", "restrict": ""}


def differences(wanted: Schema, found: Schema) -> tuple[str, ...]:
    """What two schemas disagree about, one text each; empty where they mean the same.

    Names of rules are not compared, nor their order, nor how a condition is phrased: parentheses, quotes, conversions,
    `BETWEEN` against two comparisons, 1 against true.

    >>> from dbworkbench.schema.notation import schema
    >>> differences(schema("r(*a: integer, b: text)"), schema("r(*a: integer, b: text?)"))
    ('r.b: wanted text, found text or NULL',)
    """
    said: list[str] = []
    theirs = {relation.name: relation for relation in found}
    for relation in wanted:
        other = theirs.pop(relation.name, None)
        said += [f"{relation.name}: it is not there"] if other is None else _between(relation, other)
    return (*said, *(f"{name}: it is there, and was not wanted" for name in theirs))


def _between(ours: Relation, theirs: Relation) -> Iterator[str]:
    apart = {
        one.name
        for one, other in zip(ours.attributes, theirs.attributes, strict=False)
        if one.name == other.name and one.type != other.type
    }
    ours, theirs = _checked(ours, apart), _checked(theirs, apart)
    yield from _columns(ours, theirs)
    yield from _lists(ours.name, "the key", _keys(ours), _keys(theirs))
    yield from _lists(
        ours.name, "the foreign key", map(_reference, ours.foreign_keys), map(_reference, theirs.foreign_keys)
    )
    yield from _lists(
        ours.name,
        "the check",
        (meaning_of(check.expression) for check in ours.checks),
        (meaning_of(check.expression) for check in theirs.checks),
    )
    yield from _lists(ours.name, "the index", _indexes(ours), _indexes(theirs))
    yield from _lists(ours.name, "the exclusion", map(_exclusion, ours.exclusions), map(_exclusion, theirs.exclusions))
    if _laid(ours) != _laid(theirs):
        yield f"{ours.name}: wanted the partitioning {_laid(ours) or 'none'}, found {_laid(theirs) or 'none'}"
    if ours.note != theirs.note:
        yield f"{ours.name}: wanted the note {ours.note!r}, found {theirs.note!r}"


def _checked(relation: Relation, names: Collection[str]) -> Relation:
    """A relation in which some texts are of a few values, or not too long, because a check says so and not by their types:
    which of the two an engine means is not told where it forgets the names of checks.
    """
    attributes, checks = list(relation.attributes), list(relation.checks)
    for at, one in enumerate(relation.attributes):
        quoted = '"' + one.name.replace('"', '""') + '"'
        match one.type if one.name in names and one.domain is None else None:
            case Enumeration(values):
                listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
                checks.append(Check(f"{quoted} IN ({listed})"))
            case Text(length) if length is not None:
                checks.append(Check(f"length({quoted}) <= {length}"))
            case _:
                continue
        attributes[at] = replace(one, type=Text())
    return replace(relation, attributes=tuple(attributes), checks=tuple(checks))


def _columns(ours: Relation, theirs: Relation) -> Iterator[str]:
    if ours.names != theirs.names:
        yield f"{ours.name}: wanted the attributes {', '.join(ours.names)}, found {', '.join(theirs.names)}"
        return
    for one, other in zip(ours.attributes, theirs.attributes, strict=True):
        if _typed(one) != _typed(other):
            yield f"{ours.name}.{one.name}: wanted {_typed(one)}, found {_typed(other)}"
        if _default(one) != _default(other) and not _is_near(one, other):
            yield f"{ours.name}.{one.name}: wanted the default {one.default}, found {other.default}"
        if _filling(one) != _filling(other):
            yield f"{ours.name}.{one.name}: wanted {_filling(one) or 'no computing'}, found {_filling(other) or 'none'}"
        if _collation(one) != _collation(other):
            yield f"{ours.name}.{one.name}: wanted the collation {one.collation!r}, found {other.collation!r}"
        if one.note != other.note:
            yield f"{ours.name}.{one.name}: wanted the note {one.note!r}, found {other.note!r}"


def _filling(attribute: Attribute) -> str:
    if attribute.generated:
        return f"{meaning_of(attribute.generated.expression)} {'stored' if attribute.generated.stored else 'virtual'}"
    if attribute.identity:
        identity = attribute.identity
        return f"numbers {'always ' * identity.always}from {identity.start} by {identity.increment}"
    return ""


def _typed(attribute: Attribute) -> str:
    if attribute.domain is not None:
        return f"{attribute.domain.name}{' or NULL' if attribute.nullable else ''}"
    kind = attribute.type
    said = _plain_type(kind.text) if isinstance(kind, Native) else type_text(kind) or "text"
    said += f" ({attribute.declared.text})" if attribute.declared else ""
    return f"{said}{' or NULL' if attribute.nullable else ''}"


def _plain_type(text: str) -> str:
    """An engine's own type without its lengths and bounds, which engines drop and rephrase."""
    said = " ".join(re.sub(r"\(.*?\)", "", text.casefold()).split())
    for long, short in _SHORT.items():
        said = said.replace(long, short)
    return re.sub(r"(?:\s*\[\d*\]?)+$", "[]", said)


def _collation(attribute: Attribute) -> str:
    return re.sub(r"^utf8_", "utf8mb3_", attribute.collation.casefold())  # MariaDB's name for it since 10.6


def _default(attribute: Attribute) -> str:
    if attribute.default is None:
        return ""
    said = meaning_of(attribute.default)
    if isinstance(attribute.type, Integer | Decimal | Float) and re.fullmatch(r"'-?[\d.]+(?:e[-+]?\d+)?'", said):
        said = said[1:-1]  # PostgreSQL stores -5 as '-5'::integer
    if isinstance(attribute.type, Integer) and said.isdigit():
        return str(int(said))
    if isinstance(attribute.type, Text) and re.fullmatch(r"-?\d+(?:\.\d+)?", said):
        return f"'{said}'"
    if attribute.declared and beyond(attribute.declared, attribute.type).padded:
        said = re.sub(r" +'\Z", "'", said)  # as blanks at its end count for nothing
    if isinstance(attribute.type, Bytes):
        said = re.sub(r"\0+'\Z", "'", said)  # MariaDB fills BINARY(n) up
    if isinstance(attribute.type, Native) and said.startswith("'"):
        return re.sub(r"[\s'()]", "", said.casefold())  # of a tsquery and a point, PostgreSQL says it otherwise
    if isinstance(attribute.type, Interval) and (span := re.fullmatch(r"'([^']*)'|INTERVAL\('([^']*)'\)", said)):
        declared = attribute.declared.text if attribute.declared else ""
        digits = re.search(r"\((\d)\)", declared)
        return str(
            _interval(
                span[1] or span[2] or "", declared.split()[-1] if declared else "", int(digits[1]) if digits else 6
            ).sql("duckdb")
        )
    if isinstance(attribute.type, Timestamp):
        return _moment(said, zone=attribute.type.zone)
    if isinstance(attribute.type, Boolean):
        return {"'t'": "1", "'f'": "0", "'true'": "1", "'false'": "0", "'1'": "1", "'0'": "0"}.get(
            said.casefold(), said
        )
    if isinstance(attribute.type, Bytes) and (found := re.fullmatch(r"'\\x((?:[0-9a-f]{2})*)'", said)):
        with suppress(UnicodeDecodeError):
            return meaning_of(
                "'" + bytes.fromhex(found[1]).decode().replace("'", "''") + "'"
            )  # as PostgreSQL keeps 'abc'
    if isinstance(attribute.type, Decimal):
        with suppress(InvalidOperation), localcontext(prec=2_000):
            kept = Number(said).quantize(Number(1).scaleb(-attribute.type.scale), ROUND_HALF_UP)
            return str((kept or Number(0)).normalize())
    if isinstance(attribute.type, Float):
        with suppress(ValueError):
            held = float(said) if attribute.type.bits == 64 or abs(float(said)) > _LEAST else 0.0
            figures = 6 if attribute.type.bits == 32 else 17
            return f"{held + 0.0:.{figures}g}"  # where -0.0 is what it is to an exact number
    if isinstance(attribute.type, Time):
        with suppress(ValueError):
            hour = time.fromisoformat(said.strip("'"))
            return (
                hour if hour.utcoffset() else hour.replace(tzinfo=None)
            ).isoformat()  # in UTC, where no zone is said
    return said


def _is_near(one: Attribute, other: Attribute) -> bool:
    """Whether two constant defaults are the same moment to the digits of a second that their column keeps: some engines round,
    others cut.
    """
    digits = beyond(one.declared, one.type).fraction if one.declared else None
    if digits is None or not isinstance(one.type, Time | Timestamp):
        return False
    with suppress(ValueError, TypeError):
        here, there = (_clock(each.default or "") for each in (one, other))
        return abs(here - there) < timedelta(seconds=10**-digits)
    return False


def _clock(default: str) -> datetime:
    """A constant default as a moment, a time as one of the first day. Raises ValueError for any other."""
    said = meaning_of(default).strip("'")
    hour = len(said) < _DAY or said[_TENS] == ":"
    found = datetime.fromisoformat(f"0001-01-02 {said}" if hour else said)
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


_DAY, _TENS = 10, 2


def _moment(said: str, *, zone: bool) -> str:
    """A constant moment as engines keep it: MariaDB with six digits of a second, PostgreSQL a day in the zone with its hour."""
    with suppress(ValueError):
        found = datetime.fromisoformat(said.strip("'")) if said.startswith("'") else None
        if found is not None:
            found = found.astimezone(UTC) if zone and found.tzinfo else found
            return repr(found.replace(tzinfo=None).isoformat(" "))
    return said


def _keys(relation: Relation) -> list[str]:
    first, rest = relation.keys[:1], relation.keys[1:]
    unique = {(frozenset(key.attributes), key.nulls_distinct, key.deferrable) for key in rest}
    unique |= {(frozenset(one.attributes), one.nulls_distinct, "") for one in relation.indexes if one.is_key}
    same = {frozenset(key.attributes) for key in first}
    said = [
        f"unique ({', '.join(sorted(names))}){'' if distinct else ' nulls not distinct'} {deferrable}".rstrip()
        for names, distinct, deferrable in unique
        if names not in same
    ]
    return [*(_listed("primary", key) for key in first), *said]


def _listed(kind: str, key: Key) -> str:
    return f"{kind} ({', '.join(key.attributes)})"


def _reference(key: ForeignKey) -> str:
    pairs = sorted(zip(key.attributes, key.referenced, strict=True))
    here, there = (", ".join(side) for side in zip(*pairs, strict=True))
    delete, update = (
        _SAME_ACTION.get(action.casefold(), action.casefold()) for action in (key.on_delete, key.on_update)
    )
    acts = " match full" if key.match_full and len(key.attributes) > 1 else ""
    acts += "".join(f" on {when} {action}" for when, action in (("delete", delete), ("update", update)) if action)
    return f"({here}) to {key.relation} ({there}){acts}"


def _indexes(relation: Relation) -> list[str]:
    return [_index(index) for index in relation.indexes if not index.is_key]


def _index(index: Index) -> str:
    where = f" where {meaning_of(index.where)}" if index.where and meaning_of(index.where) != "1" else ""
    more = f" using {index.method}" if index.method else ""
    more += f" including {', '.join(index.include)}" if index.include else ""
    return f"{'unique ' if index.unique else ''}({', '.join(map(_part, index.parts))}){more}{where}"


def _part(part: Part) -> str:
    if part.nulls == ("first" if part.descending else "last"):
        part = replace(part, nulls="")  # where PostgreSQL has them anyway
    part = replace(part, operators=usual(part.operators))
    return str(replace(part, expression=meaning_of(part.expression)) if part.expression else part)


def _exclusion(exclusion: Exclusion) -> str:
    signs = (re.sub(r"(?i)\Aoperator\(pg_catalog\.(.*)\)\Z", r"\1", one) for one in exclusion.operators)
    pairs = zip(map(_part, exclusion.parts), signs, strict=True)
    where = f" where {meaning_of(exclusion.where)}" if exclusion.where else ""
    return f"({', '.join(' with '.join(pair) for pair in pairs)}){where}"


def _laid(relation: Relation) -> str:
    laid = relation.partitioning
    if laid is None:
        return ""
    parts = sorted(f"{one.name} {_bounds(one.bounds)}" for one in laid.partitions)
    return f"{laid.method} ({', '.join(map(_part, laid.parts))}) {laid.count or ', '.join(parts)}"


def _bounds(text: str) -> str:
    """Bounds of a part with their constants as plain as can be: PostgreSQL says them in the type of what they bound."""
    text = re.sub(r"'(?:[^']|'')*'|(?<![\w.])-?\d+(?:\.\d+)?", lambda found: _bound(found[0]), text)
    return (
        re.sub(r"\s*([(),])\s*", r"\1", " ".join(text.casefold().split()))
        .replace("(maxvalue)", "maxvalue")
        .replace(" max", "max")
    )


def _bound(constant: str) -> str:
    bare = constant.strip("'").rstrip(" ")  # which CHAR fills up
    with suppress(ValueError):
        found = datetime.fromisoformat(bare) if len(bare) >= _DAY else None
        if found is not None:
            found = found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
            return f"'{found.isoformat(' ')}'"
    return _plain_number(bare) if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else f"'{bare}'"


def _lists(subject: str, what: str, ours: Iterable[str], theirs: Iterable[str]) -> Iterator[str]:
    left = list(theirs)
    for one in ours:
        if one in left:
            left.remove(one)
        else:
            yield f"{subject}: {what} {one} is not there"
    for other in left:
        yield f"{subject}: {what} {other} was not wanted"


@cache
def meaning_of(text: str) -> str:
    """An expression with nothing left of how it was phrased.

    >>> meaning_of("((price * CAST(qty AS DECIMAL)) >= (0))") == meaning_of('"price" * "qty" >= 0')
    True
    >>> meaning_of("INTERVAL '1' HOUR") == meaning_of("CAST('01:00:00' AS INTERVAL)") == meaning_of("INTERVAL '60' MINUTE")
    True
    """
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError):
        return " ".join(text.split())
    holder = exp.Paren(this=tree)
    for call in [call for call in holder.find_all(exp.Anonymous) if is_native(call)]:
        call.replace(_worded(call))
    for node in reversed(list(holder.dfs())):
        if node is not holder:
            node.replace(_bared(node))
    return str(holder.this.sql("duckdb", comments=False))


def _worded(call: exp.Expr) -> exp.Expr:
    """What is in an engine's own words as all say it, where it can be read so; else in these, without their phrasing."""
    spoken = call.expressions[0].name
    with suppress(NotOne, KeyError, SqlglotError, RecursionError):
        _, said = words_of(call, lambda found: DIALECTS[spoken].quoted(found.name))
        home = at_home(said, spoken)
        if home is not None:
            return exp.Paren(this=sqlglot.parse_one(home, read="duckdb"))
    return exp.Var(this=meaning(call))


def _bared(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.Cast() if node.to.is_type("interval") and node.this.is_string:
            return _interval(node.this.name)
        case exp.Cast() if (
            node.to.is_type("timetz") and node.this.is_string
        ):  # PostgreSQL says UTC where no zone is said
            return exp.Literal.string(re.sub(r"(?::00)?\+00\Z", "", node.this.name))
        case exp.Cast() if is_zoned(node):  # PostgreSQL says it in the zone of the session
            return exp.Literal.string(_moment(f"'{node.this.name}'", zone=True).strip("'"))
        case exp.Paren() | exp.Cast() | exp.CastToStrType():
            return node.this  # type: ignore[no-any-return]
        case exp.ByteString() | exp.RawString() | exp.UnicodeString():
            return exp.Literal.string(node.name)
        case exp.Neg() if isinstance(node.this, exp.Neg):
            return node.this.this  # type: ignore[no-any-return]
        case exp.SimilarTo():
            return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[node.this, node.expression])
        case exp.Escape() if isinstance(node.this, exp.Like):
            parts = [node.this.this, node.this.expression, node.expression]
            return exp.Anonymous(this="LIKE_ESCAPE", expressions=parts)
        case exp.Extract():
            part = exp.Literal.string(node.name.casefold())
            return exp.Anonymous(this="DATE_PART", expressions=[part, node.expression])
        case exp.Anonymous() if node.name.casefold() == "date_part" and len(node.expressions) == 2:
            part = exp.Literal.string(node.expressions[0].name.casefold())
            return exp.Anonymous(this="DATE_PART", expressions=[part, node.expressions[1]])
        case exp.Literal() if not node.is_string:
            return exp.Literal.number(_plain_number(node.name))
        case exp.Not() if type(node.this) in _OPPOSITE:
            return _OPPOSITE[type(node.this)](this=node.this.this, expression=node.this.expression)
        case exp.Not() if isinstance(node.this, exp.Column):
            return exp.EQ(this=node.this, expression=exp.Literal.number(0))
        case exp.Literal() if node.is_string and re.fullmatch(r"\d\d:\d\d:00(?:\.0+)?", node.name):
            return exp.Literal.string(node.name[:5])
        case exp.Literal() if node.is_string and _MIDNIGHT.fullmatch(node.name):
            return exp.Literal.string(node.name[:10])
        case exp.Identifier():
            return exp.to_identifier(node.name.casefold(), quoted=True)
        case exp.Between():
            low = exp.GTE(this=node.this, expression=node.args["low"])
            return exp.And(this=low, expression=exp.LTE(this=node.this.copy(), expression=node.args["high"]))
        case exp.And() | exp.Or():  # of which MariaDB keeps `x AND y` as `x <> 0 AND y <> 0`
            return type(node)(this=_truth(node.this), expression=_truth(node.expression))
        case exp.In() if len(node.expressions) == 1 and not node.args.get("query"):
            return exp.EQ(this=node.this, expression=node.expressions[0])
        case exp.Collate() if isinstance(node.expression, exp.Var):
            order = exp.to_identifier(node.expression.name.casefold(), quoted=True)
            return exp.Collate(this=node.this, expression=order)
        case exp.Is() if isinstance(node.expression, exp.Literal):
            return exp.NullSafeEQ(this=node.this, expression=node.expression)
        case exp.Boolean():
            return exp.Literal.number(int(node.this))
        case exp.Not() if isinstance(node.this, exp.Literal) and node.this.name in {"0", "1"}:
            return exp.Literal.number(1 - int(node.this.name))
        case exp.Anonymous() if node.name.casefold() == "now":
            return exp.CurrentTimestamp()
        case exp.Interval() if isinstance(node.this, exp.Literal):
            return _interval(f"{node.this.name} {node.text('unit')}")
        case exp.ToDays():
            return _counted(node, node.this, "day")
        case exp.Anonymous() if node.name.casefold() in _PERIODS and len(node.expressions) == 1:
            return _counted(node, node.expressions[0], _PERIODS[node.name.casefold()])
        case exp.Anonymous():
            return exp.Anonymous(this=node.name.upper(), expressions=node.expressions)
    return node


def _truth(operand: exp.Expr) -> exp.Expr:
    """What is asked for its truth, without the words that it is not zero, which is what its truth is."""
    said = isinstance(operand, exp.NEQ) and operand.expression == exp.Literal.number(0)
    return operand.this if said else operand


def _counted(node: exp.Expr, count: exp.Expr, unit: str) -> exp.Expr:
    """DuckDB's `to_days(trunc('30'))`, which is what it keeps of INTERVAL '30' DAY, as an interval again."""
    bare = count.this if isinstance(count, exp.Trunc) else count
    return _interval(f"{bare.name} {unit}") if isinstance(bare, exp.Literal) else node


_OPPOSITE: dict[type, type[exp.Binary]] = {
    exp.LT: exp.GTE,
    exp.GTE: exp.LT,
    exp.GT: exp.LTE,
    exp.LTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}
"""What holds where a comparison does not: MariaDB says it so."""


def _plain_number(said: str) -> str:
    """A number as digits: 0.00001 for 1e-5, which engines keep as they like."""
    with suppress(InvalidOperation):
        found = Number(said)
        if found.is_finite() and abs(found.adjusted()) < _LONG:
            return format(found, "f").rstrip("0").rstrip(".") if "." in format(found, "f") else format(found, "f")
    return said


_LEAST = 7e-46
"""What a number of 32 bits takes for 0: half of the least that it holds."""
_LONG = 400
"""Digits beyond which a number is kept as it is said."""


def _interval(said: str, finest: str = "", digits: int = 6) -> exp.Expr:
    """An interval as months, days and seconds, whichever way it was written: `30 day`, `01:00:00`, `01:00`.

    `finest` is the last unit of a type that keeps no finer one, as PostgreSQL's `interval year to month` does, and `digits` are
    those of a second that it keeps.
    """
    clock = r"(-?)(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?"
    text = re.sub(
        clock, lambda told: "{0}{1} hour {0}{2} minute {0}{3} second".format(*told.groups("0")), said.casefold()
    )
    parts = re.findall(r"(-?\d+(?:\.\d+)?) ?([a-z]+?)s?\b", text)
    counts = dict.fromkeys(("month", "day", "second"), Number(0))
    for count, unit in parts:
        base, each = _UNITS.get(unit, ("", 0))
        if base:
            counts[base] += Number(count) * each
    if finest in _UNITS and finest != "second":
        base, each = _UNITS[finest]
        counts[base] -= counts[base] % each  # towards zero, as the remainder has the sign of the span
        counts |= dict.fromkeys([*counts][[*counts].index(base) + 1 :], Number(0))
    with suppress(InvalidOperation):  # of a number that is longer than any span
        counts["second"] = counts["second"].quantize(Number(1).scaleb(-digits), ROUND_HALF_UP)
    known = parts and all(unit in _UNITS for _, unit in parts)
    plain = " ".join(f"{count.normalize():f} {base}" for base, count in counts.items() if count) if known else text
    return exp.Anonymous(this="INTERVAL", expressions=[exp.Literal.string(plain)])


_UNITS = {
    **{unit: ("month", months) for unit, months in {"year": 12, "yr": 12, "y": 12, "month": 1, "mon": 1}.items()},
    **{unit: ("day", days) for unit, days in {"week": 7, "w": 7, "day": 1, "d": 1}.items()},
    **dict.fromkeys(("hour", "hr", "h"), ("second", 3600)),
    **dict.fromkeys(("minute", "min", "m"), ("second", 60)),
    **dict.fromkeys(("second", "sec", "s"), ("second", 1)),
}
