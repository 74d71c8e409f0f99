"""The shapes of a real table's values, so that made-up rows look like it and say nothing of anyone in it."""

from collections.abc import Iterator
from math import isnan

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.population.coding import literal
from dbworkbench.population.shapes import Length, Quantiles, Shape, Unknowns, Weighted, Zipf
from dbworkbench.population.texts import impersonal, personal
from dbworkbench.population.words import FIRST
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Boolean, Date, Decimal, Enumeration, Float, Integer, Text, Timestamp, Unknown

KINDS = 50  # a text with more different values than these is no category
REPEATED = 5  # a value that fewer rows have is not copied
STEPS = 20  # of the distribution of numbers and dates that is copied, of a FEW values and fewer
FINE = 100  # of that of more values: twenty rows and more between one step and the next
FEW = 2_000
_LONG = 40  # characters above which the lengths of texts are worth copying
_MANY = 0.2  # the share of texts that tell of persons from which on none of an attribute is copied
# what tells of a person wherever it stands in a text, as RE2 reads it
_TELLING = (
    r"[\w.+-]+@[\w-]+\.[\w.-]+",  # an e-mail address
    r"(?:\+|\b00|\(|\b0|\b)[0-9][0-9 ()/.-]{6,}[0-9]\b",  # a telephone, card or account number
    r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b",  # an IBAN
    r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4})+\b",  # an IP address
    r"(?i)\b[0-9]+[a-z]? [\pL.' -]+ (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|court|square|boulevard|blvd)\b",
    r"(?i)\pL(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse) ?[0-9]|\b(?:rue|via|calle|rua|avenida|plaza) [\pL' -]+[0-9]",
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Sr|Sra|Signor|Signora)\.? \p{Lu}",  # a title and a name
)
_FIRST = tuple(name for name in FIRST if name != "Jan")  # which is a month as well
_NAME = r"^\p{Lu}[\pL'’-]+(?:,? (?:(?:van|von|de|der|den|di|da|del|la|le|bin|al) )*\p{Lu}[\pL'’-]*\.?){1,3}$"  # Ada King, O'Neil, Sean


def like(data: Tables, design: Relation | Schema) -> dict[str, tuple[Shape, ...]]:
    """Shapes for `populate(design, shapes=…)` that follow the rows of `data`, table by table.

    Copied are shares of unknown values, the distribution of numbers and dates at 5 % steps, at 1 % of more than 2,000
    values (not their extremes), the frequencies of categories (at most 50 values shorter than 40 characters, each in 5
    rows or more), lengths of long texts, and how unevenly references are spread. Not copied is any attribute that is
    called after something personal, a number too, nor one of whose texts a fifth or more tell of persons, nor any single
    text that does (see `telling`): made-up ones stand in for them. What tells rows apart or determines others has no
    shape of its own. Raises UnknownName where the data lack a table.

    >>> from dbworkbench.schema.relation import Key
    >>> numbered = Relation("t", (Attribute("id", Integer()), Attribute("n", Integer())), keys=(Key(("id",)),))
    >>> with Tables() as data:
    ...     _ = data.connection.execute("CREATE TABLE t AS SELECT i AS id, i % 7 AS n FROM range(700) r(i)")
    ...     like(data, numbered)["t.n"][0].values[:6]
    ('0', '0', '1', '1', '1', '2')
    """
    relations = (design,) if isinstance(design, Relation) else design.relations
    found: dict[str, tuple[Shape, ...]] = {}
    for relation in relations:
        columns = {name for name, _ in data.columns(relation.name)}
        if not data.rows(relation.name):
            continue
        fixed = {name for key in (relation.keys or ()) for name in key.attributes} or set(relation.primary_key)
        fixed |= {name for fd in relation.fds for name in fd.determinant}
        for attribute in relation.attributes:
            if attribute.name in columns and attribute.name not in fixed:
                shapes = tuple(_shapes(data, relation, attribute))
                if shapes:
                    found[f"{relation.name}.{attribute.name}"] = shapes
    return found


def _shapes(data: Tables, relation: Relation, attribute: Attribute) -> Iterator[Shape]:
    table, column = quoted(relation.name), quoted(attribute.name)
    rows, known, different = data.connection.execute(
        f"SELECT count(*), count({column}), count(DISTINCT {column}) FROM {table}"
    ).fetchall()[0]
    if attribute.nullable:
        yield Unknowns(round(1 - known / rows, 4))
    referring = [key for key in relation.foreign_keys if attribute.name in key.attributes]
    if not known or any(key.relation == relation.name or len(key.attributes) > 1 for key in referring):
        return
    if referring:
        yield _spread(
            data, table, column, data.rows(referring[0].relation) if referring[0].relation in data else different
        )
        return
    match attribute.type:
        case Integer() | Decimal() | Float() | Date() | Timestamp() if not personal(relation.name, attribute.name):
            many = FINE if known > FEW else STEPS
            steps = [round(at / many, 4) for at in range(1, many)]
            (marks,) = data.connection.execute(
                f"SELECT CAST(quantile_disc({column}, {steps}) AS VARCHAR[]) FROM {table}"
            ).fetchall()[0]
            yield Quantiles(tuple(marks))
        case Boolean() | Enumeration() | Text() | Unknown():
            yield from _texts(data, relation, attribute, different)


def _texts(data: Tables, relation: Relation, attribute: Attribute, different: int) -> Iterator[Shape]:
    table, column = quoted(relation.name), quoted(attribute.name)
    run = data.connection.execute
    hidden = private(data, relation, attribute)
    if not hidden and different <= KINDS:
        texts = isinstance(attribute.type, Text | Unknown)
        silent = f" AND NOT {telling(column, names=not impersonal(relation.name, attribute.name))}" if texts else ""
        counted = run(
            f"SELECT CAST({column} AS VARCHAR), count(*) FROM {table} WHERE {column} IS NOT NULL{silent} GROUP BY ALL "
            f"HAVING count(*) >= {REPEATED} ORDER BY count(*) DESC, 1"
        ).fetchall()
        if len(counted) > 1 and max(len(value) for value, _ in counted) < _LONG:
            yield Weighted(tuple((value, float(count)) for value, count in counted))
            return
    if isinstance(attribute.type, Text | Unknown) and not hidden:
        low, high = run(
            f"SELECT quantile_disc(length({column}), 0.05), quantile_disc(length({column}), 0.95) FROM {table}"
        ).fetchall()[0]
        if high >= _LONG:
            yield Length(max(1, int(low)), int(high))


def private(data: Tables, relation: Relation, attribute: Attribute) -> bool:
    """Whether an attribute tells of persons: by its name, or since a fifth of its texts or more do (`telling`)."""
    if personal(relation.name, attribute.name):
        return True
    if not isinstance(attribute.type, Text | Unknown):
        return False
    column = quoted(attribute.name)
    told = f"count(*) FILTER ({telling(column, names=not impersonal(relation.name, attribute.name))})"
    (share,) = data.connection.execute(
        f"SELECT {told} / greatest(1, count({column})) FROM {quoted(relation.name)}"
    ).fetchall()[0]
    return bool(share >= _MANY)


def telling(column: str, *, names: bool) -> str:
    """A condition, as SQL, that a text tells of a person.

    It holds an e-mail or postal address, a telephone, card or account number, an IBAN, an IP address or a title with a
    name; with `names`, where nothing says that it is a place or a thing, also two capitalized words or a first name.
    """
    text = f"CAST({column} AS VARCHAR)"
    found = [f"regexp_matches({text}, {literal(pattern)})" for pattern in _TELLING]
    if names:
        found.append(f"regexp_matches({text}, {literal(_NAME)})")
        found.append(f"list_has_any(string_split_regex({text}, '[^\\pL]+'), [{', '.join(map(literal, FIRST))}])")
    return f"({' OR '.join(found)})"


def _spread(data: Tables, table: str, column: str, targets: int) -> Zipf:
    """How unevenly a reference is spread: the slope of count against rank, both in logarithms."""
    slope, used = data.connection.execute(
        f"SELECT regr_slope(ln(n), ln(r)), count(*) FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS r FROM "
        f"(SELECT count(*) AS n FROM {table} WHERE {column} IS NOT NULL GROUP BY {column}))"
    ).fetchall()[0]
    exponent = 0.0 if slope is None or isnan(slope) else min(3.0, max(0.0, -float(slope)))
    return Zipf(round(exponent, 3), min(1.0, max(1 / max(1, targets), round(used / max(1, targets), 4))))
