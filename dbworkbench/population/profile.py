"""A profile: what a real table's rows are like, as a value that says nothing of anyone in it and can be populated from."""

from contextlib import ExitStack
from dataclasses import dataclass, replace

from dbworkbench.data.read import read_data
from dbworkbench.data.relation import relation_of
from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DataError
from dbworkbench.population.likeness import like, private
from dbworkbench.population.shapes import Shape
from dbworkbench.schema.naming import noun, plural
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Integer, Text, Timestamp, Uuid
from dbworkbench.shown import Shown

__all__ = ["Profile", "profile"]


@dataclass(frozen=True, slots=True)
class Profile(Shown):
    """The relations of real rows, the shapes of their values by "relation.attribute", and how many rows there were.

    `replaced` are the attributes whose values tell of persons: of those only the share of unknown values is kept, and
    made-up ones stand in for them. `populate(profile)` makes as many rows, and with `scale=10` ten times as many.
    """

    schema: Schema
    shapes: tuple[tuple[str, tuple[Shape, ...]], ...]
    rows: tuple[tuple[str, int], ...]
    replaced: tuple[str, ...] = ()


def profile(source: object, design: object = None) -> Profile:
    """What the rows of `source` are like: Tables, a data frame, a file, a folder, or a mapping of names to those.

    `design` is a relation or a schema, the text of one, or what holds one. Without it, types and unknown values are the columns' own; the first attribute that tells all rows apart
    is taken for the key, and one that is named after another table and holds none but its keys for a reference to it.
    What is copied of the values, and what is not, is said at `likeness.like`.

    Raises DataError for rows that cannot be read or lack an attribute of the design.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": range(100), "email": [f"p{i}@firm.org" for i in range(100)]})
    >>> profile({"people": frame}).replaced
    ('people.email',)
    """
    with ExitStack() as stack:
        tables = source if isinstance(source, Tables) else stack.enter_context(read_data(source))
        match design:
            case None:
                schema = _found(tables)
            case Relation():
                schema = Schema((design,))
            case Schema():
                schema = design
            case _:
                found = design_of(design)
                schema = Schema((found,)) if isinstance(found, Relation) else found
        for relation in schema:
            held = {name for name, _ in tables.columns(relation.name)}
            lacking = [name for name in relation.names if name not in held]
            if lacking:
                raise DataError(f"the table {relation.name!r} lacks {', '.join(map(repr, lacking))}")
        shapes = like(tables, schema)
        replaced = tuple(
            f"{relation.name}.{attribute.name}"
            for relation in schema
            for attribute in relation.attributes
            if private(tables, relation, attribute)
        )
        rows = tuple((name, tables.rows(name)) for name in schema.names)
    return Profile(schema, tuple(shapes.items()), rows, replaced)


def _found(tables: Tables) -> Schema:
    """The relations that tables show by themselves, with keys and references of one attribute."""
    relations = [_keyed(relation_of(tables, name), tables) for name in tables.names]
    keys = {relation.name: relation.keys[0].attributes[0] for relation in relations if relation.keys}
    return Schema(tuple(_referring(relation, keys, tables) for relation in relations))


def _keyed(relation: Relation, tables: Tables) -> Relation:
    for attribute in relation.attributes:
        if attribute.nullable or not isinstance(attribute.type, Integer | Text | Uuid | Date | Timestamp):
            continue
        column = quoted(attribute.name)
        count = f"SELECT count(*), count(DISTINCT {column}) FROM {quoted(relation.name)}"
        rows, different = tables.connection.execute(count).fetchall()[0]
        if rows and rows == different:
            return replace(relation, keys=(Key((attribute.name,)),))
    return relation


def _referring(relation: Relation, keys: dict[str, str], tables: Tables) -> Relation:
    found: list[ForeignKey] = []
    for name in relation.names:
        thing = noun(name)
        for other, key in keys.items():
            meant = name == key != noun(key) or (thing != name and other in {thing, plural(thing)})
            if other != relation.name and meant and _included(relation.name, name, (other, key), tables):
                found.append(ForeignKey((name,), other, (key,)))
                break
    return replace(relation, foreign_keys=tuple(found))


def _included(table: str, name: str, target: tuple[str, str], tables: Tables) -> bool:
    """Whether a column holds none but values of another table's column, of the same type."""
    other, key = target
    alike = dict(tables.columns(table))[name] == dict(tables.columns(other))[key]
    lost = (
        f"SELECT count(*) FROM {quoted(table)} WHERE {quoted(name)} IS NOT NULL AND {quoted(name)} NOT IN "
        f"(SELECT {quoted(key)} FROM {quoted(other)})"
    )
    return alike and tables.connection.execute(lost).fetchall()[0][0] == 0
