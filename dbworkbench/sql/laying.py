"""How rows are laid into parts, in each engine's words, where those mean the same."""

import re
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise

from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.native import speaker
from dbworkbench.schema.partitioning import Partition, Partitioning
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Boolean, Date, Enumeration, Integer, Text, Timestamp, Type, Uuid
from dbworkbench.sql.dialect import Dialect, unkept
from dbworkbench.sql.filling import Cannot

__all__ = ["as_ranges", "laid"]

_CONSTANT = r"(?:-?\d+(?:\.\d+)?|'(?:[^'\\\0\ud800-\udfff]|'')*')"
_LESS = re.compile(rf"(?i)LESS\s+THAN\s*(?:\(\s*({_CONSTANT}|MAXVALUE)\s*\)|(MAXVALUE))")
_FROM = re.compile(rf"(?i)FROM\s*\(\s*({_CONSTANT}|MINVALUE)\s*\)\s*TO\s*\(\s*({_CONSTANT}|MAXVALUE)\s*\)")
_IN = re.compile(rf"(?i)IN\s*\(\s*({_CONSTANT}(?:\s*,\s*{_CONSTANT})*)\s*\)")
_PART_OF_DAY = re.compile(r'(?i)(YEAR|MONTH|DAY|QUARTER)\((?:CAST\()?(?:"((?:[^"]|"")*)"|(\w+))(?: AS DATE\))?\)')
_MANY = 1024


def laid(
    relation: Relation,
    dialect: Dialect,
    *,
    column: Callable[[str], str],
    keys: Iterable[Collection[str]],
    referring: bool,
    told: Callable[[str], str | None],
) -> str:
    """The clause that lays a relation's rows into parts; raises Cannot where the engine does not do just that.

    `column` gives the quoted name of an attribute, `told` says what it is computed by in the dialect's words; `keys` are the attributes of
    whatever is unique, and `referring` says whether the relation refers to another one or is referred to.
    """
    laid_by = relation.partitioning
    if laid_by is None:
        raise Cannot("nothing is laid into parts")
    by = set(laid_by.attributes)
    for part in laid_by.parts:
        by |= set(spoken_of(part.expression, relation.names, relation.name)) if part.expression else set()
    form = dialect.partitioning.get(laid_by.method)
    if form is not None and laid_by.method == "" and laid_by.count:
        raise Cannot("it counts no parts that lie by each value")
    own = [speaker(part.expression) == dialect.name for part in laid_by.parts if part.expression]
    if form is not None and laid_by.method == "" and own and all(own) and not laid_by.partitions:
        said = [told(part.expression) if part.expression else column(part.attribute) for part in laid_by.parts]
        if None not in said:
            return form.replace("{parts}", ", ".join(map(str, said)))
    if any(relation[name].generated for name in by):
        raise Cannot("it is by what is computed")
    if form is None:
        raise Cannot(f"it lays no rows by {laid_by.method or 'each value'}")
    if dialect.name in {"mysql", "mariadb"}:
        if not all(by <= set(names) for names in keys):
            raise Cannot("a key does not say in which part a row lies")
        if referring:
            raise Cannot("a table in parts refers to none, and none refers to it")
        if any(index.method for index in relation.indexes):
            raise Cannot("a table in parts has no index of that method")
        return _mysql(relation, laid_by, dialect, column, told)
    if laid_by.method == "":
        return form.replace("{parts}", _each(relation, laid_by, dialect, column))
    if any(part.expression for part in laid_by.parts) or len(laid_by.parts) != 1:
        raise Cannot("it lays rows by one attribute")
    kind = relation[laid_by.attributes[0]].type
    if not isinstance(kind, Integer | Text) or (isinstance(kind, Text) and kind.length is None):
        raise Cannot("it lays rows by whole numbers and short texts, where bounds are written alike")
    return form.replace("{parts}", column(laid_by.attributes[0])) + _parts(relation, laid_by, kind, dialect)


def as_ranges(relation: Relation, partitions: tuple[Partition, ...]) -> tuple[Partition, ...]:
    """Parts of MySQL or Oracle, each below a bound, as PostgreSQL says them; as they are where they are no such parts.

    >>> from dbworkbench.schema.relation import Attribute
    >>> one = Relation("r", (Attribute("a", Integer(), nullable=False),), partitioning=Partitioning("range", ("a",)))
    >>> as_ranges(one, (Partition("low", "LESS THAN (7)"), Partition("high", "LESS THAN MAXVALUE")))[1]
    Partition(name='high', bounds='FROM (7) TO (MAXVALUE)')
    """
    found = [_LESS.fullmatch(part.bounds) for part in partitions]
    by = relation.partitioning.attributes if relation.partitioning else ()
    if None in found or not by or any(relation[name].nullable for name in by):
        return partitions
    ends = [(one[1] or one[2]) if one else "" for one in found]
    return tuple(
        Partition(part.name, f"FROM ({start}) TO ({end})")
        for part, start, end in zip(partitions, ("MINVALUE", *ends), ends, strict=False)
    )


def _each(relation: Relation, by: Partitioning, dialect: Dialect, column: Callable[[str], str]) -> str:
    """A part for each value: by attributes that are never unknown."""
    names = by.attributes
    if by.partitions or len(names) < len(by.parts):
        raise Cannot("it lays rows by attributes")
    if any(relation[name].nullable for name in names) and dialect.name == "clickhouse":
        raise Cannot("it lays no rows by what may be NULL")
    kinds = [relation[name].type for name in names]
    allowed: tuple[type[Type], ...] = (
        (Date,) if dialect.name == "bigquery" else (Integer, Date, Text, Enumeration, Boolean, Uuid)
    )
    if not all(isinstance(kind, allowed) for kind in kinds) or (dialect.name == "bigquery" and len(names) > 1):
        raise Cannot("it does not lay rows by values of that type")
    if set(names) >= set(relation.names):
        raise Cannot("it does not lay rows by all attributes")
    return ", ".join(map(column, names))


def _mysql(
    relation: Relation,
    by: Partitioning,
    dialect: Dialect,
    column: Callable[[str], str],
    told: Callable[[str], str | None],
) -> str:
    """MySQL's and MariaDB's: by a whole number, by the part of a day or what its own words reckon, or by COLUMNS of other types."""
    form = dialect.partitioning[by.method]
    if any(_is_long(relation[name].type) for name in by.attributes):
        raise Cannot("it does not lay rows by long texts")
    if by.method == "key":
        if any(part.expression for part in by.parts) or any(
            not isinstance(relation[name].type, Integer | Date | Text | Timestamp) for name in by.attributes
        ):
            raise Cannot("it lays rows by values of other types")
        return form.replace("{parts}", ", ".join(map(column, by.attributes))).replace("{columns}", "") + _count(by)
    if len(by.parts) != 1:
        raise Cannot("its bounds are told apart for one attribute only")
    (part,) = by.parts
    kind: Type = Integer()
    if part.expression:
        found = _PART_OF_DAY.fullmatch(part.expression)
        name = (found[2] or found[3]).replace('""', '"') if found else ""
        spoken = speaker(part.expression) in {"mysql", "mariadb"} and told(part.expression)
        if spoken:
            parts = spoken
        elif found is None or name not in relation.names or not isinstance(relation[name].type, Date | Timestamp):
            raise Cannot("it lays rows by whole numbers and parts of days")
        else:
            parts = f"{found[1].upper()}({column(name)})"
    else:
        kind, parts = relation[part.attribute].type, column(part.attribute)
    if not isinstance(kind, Integer | Date | Text) or (by.method == "hash" and not isinstance(kind, Integer)):
        raise Cannot("it does not lay rows by values of that type")
    columns = "" if isinstance(kind, Integer) else " COLUMNS"
    return form.replace("{parts}", parts).replace("{columns}", columns) + _parts(
        relation, by, kind, dialect, columns=columns
    )


def _is_long(kind: Type) -> bool:
    return isinstance(kind, Text) and (kind.length is None or kind.length > _LONG)


_LONG = 255


def _count(by: Partitioning) -> str:
    many = by.count or len(by.partitions) or 1
    if many > _MANY or any(part.bounds for part in by.partitions):
        raise Cannot("its parts have bounds")
    return f" PARTITIONS {many}" if by.count or by.partitions else ""


def _parts(relation: Relation, by: Partitioning, kind: Type, dialect: Dialect, *, columns: str = "") -> str:
    if by.method == "hash":
        return _count(by)
    if not by.partitions or len(by.partitions) > _MANY:
        raise Cannot("it wants its parts named")
    names = [one.name.casefold() for one in by.partitions]
    wrong = any(
        unkept(one.name) or (dialect.forbidden and re.search(dialect.forbidden, one.name)) for one in by.partitions
    )
    most = dialect.max_identifier or 64
    if len(set(names)) < len(names) or wrong or any(len(one.name.encode()) > most for one in by.partitions):
        raise Cannot("it has no such names of parts")
    bounds = _ends(relation, by) if by.method == "range" else [_listed(one, dialect) for one in by.partitions]
    constants = re.findall(_CONSTANT, " ".join(bounds))
    if any(one.startswith("'") == isinstance(kind, Integer) or "." in one.split("'")[0] for one in constants):
        raise Cannot("a bound is of another type")
    if isinstance(kind, Date) and not all(re.fullmatch(r"'\d{4}-\d\d-\d\d'", one) for one in constants):
        raise Cannot("a bound is no day")
    if by.method == "range":
        ends = [one for one in bounds if one != "MAXVALUE"]
        ordered = [int(one) for one in ends] if isinstance(kind, Integer) else ends
        if any(first >= second for first, second in pairwise(ordered)):  # type: ignore[operator]
            raise Cannot("its bounds do not rise")
        bare = not columns and dialect.name != "oracle"
        bounds = ["LESS THAN MAXVALUE" if one == "MAXVALUE" and bare else f"LESS THAN ({one})" for one in bounds]
    elif len(set(constants)) < len(constants):
        raise Cannot("a value lies in two parts")
    said = ",\n".join(
        f"    PARTITION {dialect.quoted(one.name)} VALUES {bound}"
        for one, bound in zip(by.partitions, bounds, strict=True)
    )
    return f" (\n{said}\n)"


def _ends(relation: Relation, by: Partitioning) -> list[str]:
    """Where each part ends, one beginning where the last one ends and the first where nothing is lower."""
    less = [_LESS.fullmatch(one.bounds) for one in by.partitions]
    ends = [(one[1] or one[2]).upper() if (one[1] or one[2])[0] != "'" else one[1] for one in less if one]
    if len(ends) < len(less):
        spans = [found for one in by.partitions if (found := _FROM.fullmatch(one.bounds))]
        starts = [one[1] if one[1][0] == "'" else one[1].upper() for one in spans]
        ends = [one[2] if one[2][0] == "'" else one[2].upper() for one in spans]
        if len(spans) < len(less) or starts != ["MINVALUE", *ends[:-1]]:
            raise Cannot("its parts leave room between them, or are in the words of another engine")
        if any(relation[name].nullable for name in by.attributes):
            raise Cannot("a value that is unknown lies in no part, and there in the lowest")
    if "MAXVALUE" in ends[:-1]:
        raise Cannot("its bounds do not rise")
    return ends


def _listed(part: Partition, dialect: Dialect) -> str:
    found = _IN.fullmatch(part.bounds)
    if found is None:
        raise Cannot("its parts are in the words of another engine")
    return f"({found[1]})" if dialect.name == "oracle" else f"IN ({found[1]})"
