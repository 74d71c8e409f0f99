"""What is known of all relations before any row is made: readings, counts, values, and keys by row number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal as Number
from math import floor, prod
from typing import TypeAlias, TypeVar, get_args

from dbworkbench.errors import DesignError, UnknownName, Unsatisfiable, Unsupported, listed
from dbworkbench.population.agreeing import agreed
from dbworkbench.population.amounts import amounted
from dbworkbench.population.coding import Values
from dbworkbench.population.computing import fillable, looked_at
from dbworkbench.population.conditions import Limits, Literal, Order, around
from dbworkbench.population.draws import edges_of
from dbworkbench.population.numbers import constant
from dbworkbench.population.order import row_counts
from dbworkbench.population.phrases import tokens
from dbworkbench.population.reading import Reading, read, rejecting
from dbworkbench.population.sequels import comparable, lived, long_ago, sequels, step
from dbworkbench.population.shapes import Following, Length, Shape, Unknowns, Weighted
from dbworkbench.population.texts import sized
from dbworkbench.population.values import values
from dbworkbench.schema.naming import noun
from dbworkbench.schema.relation import Attribute, Check, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Timestamp, Type
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, in_order

Shapes: TypeAlias = Mapping[str, Shape | Sequence[Shape]]
S = TypeVar("S", bound=Shape)
_GENERATION = 30 * 365  # days by which those of whom some have died are born earlier
_ROOM = 5  # digits before the point that a number has at least which is made of another one and some more


class Plan:
    """The readings, row counts and values of a schema's relations, for one seed.

    `order` is the order in which the relations are filled.
    """

    def __init__(
        self, schema: Schema, rows: int | Mapping[str, int], seed: int, shapes: Shapes, slices: Mapping[str, range]
    ) -> None:
        self.schema, self.seed = agreed(fillable(schema)), seed
        schema = self.schema
        self.shapes = _shapes(schema, shapes)
        followed = {
            (name, shape.attribute)
            for (name, _), some in self.shapes.items()
            for shape in some
            if isinstance(shape, Following)
        }
        self.schema = schema = amounted(schema, {*self.shapes, *followed})
        self.order = [relation for group in schema.in_reference_order() for relation in group]
        self.readings: dict[str, Reading] = {}
        ready: set[str] = set()
        for relation in self.order:
            _one_spelling("attribute", relation.names)
            reading = self.readings[relation.name] = read(relation, frozenset(ready))
            above_itself = around(relation, reading.conditions.orders)
            if above_itself:
                raise Unsatisfiable(
                    f"by the checks of {relation.name!r} each of {listed(above_itself)} is above the one before and the "
                    "first above the last — drop one of these checks"
                )
            ready.add(relation.name)
        _one_spelling("relation", schema.names)
        most = {relation.name: self._most(self.readings[relation.name]) for relation in schema}
        self.counts = row_counts(schema, rows, most)
        self.slices = _slices(schema, self.counts, slices)
        self.values: dict[str, dict[str, Values]] = {
            relation.name: {attribute.name: self._values(relation, attribute) for attribute in relation.attributes}
            for relation in schema
        }
        for (name, attribute), some in self.shapes.items():
            for shape in some:
                self._make_way(name, attribute, shape)
        for relation in schema:
            self._refuse_apart(relation)

    def _make_way(self, name: str, attribute: str, shape: Shape) -> None:
        """Let the dates that a date with a shape follows end where the shape begins, so that it keeps its distribution."""
        made = self.values[name][attribute]
        at = step(name, attribute) if made.per_day else None
        edges = None if at is None or at[1] else edges_of(shape, made, f"{name}.{attribute}")
        if edges is None:
            return
        day, seen, above = floor(edges[0]) // made.per_day, {name}, [name]
        while above:
            for key in self.schema[above.pop()].foreign_keys:
                if key.relation not in seen:
                    seen.add(key.relation)
                    above.append(key.relation)
                    self._end_by(key.relation, day)

    def _end_by(self, name: str, day: int) -> None:
        """Let the dates of a relation whose names tell of a step end by a day, but for those that are asked for."""
        limits = self.readings[name].conditions.limits
        for attribute, made in self.values[name].items():
            drawn = made.per_day and not made.listed and attribute not in limits
            if drawn and step(name, attribute) is not None and not self._asked(name, attribute):
                start = min(made.start, max(made.low, day * made.per_day - made.usual))
                self.values[name][attribute] = replace(made, start=start)

    def _refuse_apart(self, relation: Relation) -> None:
        """Raise where one attribute must be above another and by its own checks lies below all of its values."""
        found = self.readings[relation.name].conditions
        for order in found.orders if self.counts[relation.name] else ():
            greater, smaller = (self.values[relation.name][name] for name in (order.greater, order.smaller))
            sides = [relation[order.greater], relation[order.smaller]]
            alike = all(isinstance(side.type, Integer) for side in sides) or sides[0].type == sides[1].type
            if not alike or greater.place is None or any(side.nullable for side in sides):
                continue
            if greater.high < smaller.low + order.strict:
                because = [one for side in sides for one in found.limits.get(side.name, Limits()).because]
                raise Unsatisfiable(
                    f"{relation.name}.{order.greater} must {'be above' if order.strict else 'not be below'} "
                    f"{order.smaller}, and all its values are below, by {listed(because) if because else 'their types'} — "
                    "widen one of these checks"
                )

    @property
    def cells(self) -> int:
        """How many cells will be made in all."""
        parts = {name: len(self.slices.get(name, range(count))) for name, count in self.counts.items()}
        return sum(parts[relation.name] * len(relation.names) for relation in self.schema)

    def _values(self, relation: Relation, attribute: Attribute) -> Values:
        """The values of an attribute, of those that a shape names or of the lengths that it gives."""
        limits = self.readings[relation.name].conditions.limits.get(attribute.name, Limits())
        weighted = self.shape(relation.name, attribute.name, Weighted)
        if weighted is not None:
            named = [_literal(value) for value, weight in weighted.pairs.items() if weight > 0]
            allowed = named if limits.allowed is None else [value for value in named if value in limits.allowed]
            limits = replace(limits, allowed=tuple(allowed))
        made = values(
            relation.name,
            attribute,
            limits,
            rows=self.counts[relation.name],
            key=self.key(relation.name, attribute.name, "value"),
            about=_about(relation, attribute.name),
            beside=[word for name in relation.names if name != attribute.name for word in tokens(name)],
        )
        if made.per_day and made.steep == 1 and long_ago(relation, attribute.name, self.schema):
            made = replace(made, start=max(made.low, made.start - made.usual * 4 // 5))
        death, birth = lived(relation)
        if made.per_day and death is not None and attribute.name == birth:
            made = replace(made, start=max(made.low, made.start - _GENERATION * made.per_day))
        length = self.shape(relation.name, attribute.name, Length)
        return made if length is None else sized(made, length, attribute, limits)

    def shape(self, name: str, attribute: str, kind: type[S]) -> S | None:
        """The shape of one kind that was given for an attribute, if any was."""
        return next((shape for shape in self.shapes.get((name, attribute), ()) if isinstance(shape, kind)), None)

    def distribution(self, name: str, attribute: str) -> Shape | None:
        """The shape that was given for an attribute beside its share of unknown values."""
        return next((s for s in self.shapes.get((name, attribute), ()) if not isinstance(s, Unknowns)), None)

    def key(self, *parts: object) -> int:
        """The constant of one column for one purpose."""
        return constant(self.seed, *parts)

    def _most(self, reading: Reading) -> int:
        """How many rows a relation can have at all, by the types of its keys; references are not looked at."""
        relation = reading.relation
        referring = {name for fk in relation.foreign_keys for name in fk.attributes}
        limits = reading.conditions.limits
        capacity = {
            attribute.name: 1 << 62
            if attribute.name in referring
            else values(relation.name, attribute, limits.get(attribute.name, Limits()), rows=1, key=1).capacity
            for attribute in relation.attributes
        }
        keys = [frozenset(key.attributes) for key in relation.keys] or [frozenset(relation.names)]
        return min(prod(capacity[name] for name in key) for key in keys)

    def rejecting(self, name: str) -> tuple[Check, ...]:
        """The checks of a relation that its rows are looked at for."""
        kept = {attribute: found.kept for attribute, found in self.values[name].items()}
        referring = self.readings[name].group_of
        found = rejecting(
            self.readings[name], {attribute: kept[attribute] and attribute not in referring for attribute in kept}
        )
        return tuple(dict.fromkeys((*found, *looked_at(self.schema[name]))))

    def without_star(self, name: str, ready: frozenset[str]) -> Reading:
        """Read a relation again, its multivalued dependencies kept by functional ones."""
        self.readings[name] = read(self.schema[name], ready, stars=False)
        return self.readings[name]

    def without_conditions(self, name: str, ready: frozenset[str]) -> Reading:
        """Read a relation again, what is unique for some rows unique for all."""
        relation = self.schema[name]
        whole = tuple(replace(index, where="") if index.unique else index for index in relation.indexes)
        changed = replace(relation, indexes=tuple(dict.fromkeys(whole)))
        others = [changed if other.name == name else other for other in self.schema]
        self.schema = replace(self.schema, relations=tuple(others))
        self.readings[name] = read(changed, ready)
        return self.readings[name]

    def by_number(
        self, name: str, attribute: str, seen: tuple[tuple[str, str], ...] = ()
    ) -> Callable[[str], str] | None:
        """The SQL of an attribute's value by its row's number, where it is a key and all rows are kept; else None."""
        if (name, attribute) in seen:
            name, attribute = min(seen[seen.index((name, attribute)) :])
            return self._own(name, attribute)
        reading = self.readings[name]
        found = reading.structure.representative.get(attribute)
        if reading.star is not None or found not in reading.structure.whole:
            return None
        if self.rejecting(name) or reading.partial or self.orders(name)[1]:
            return None
        group = reading.group_of.get(attribute)
        if group is None:
            return self._own(name, attribute)
        if not group.single or len(group.foreign_keys) > 1:
            return None
        (foreign_key,) = group.foreign_keys
        if (foreign_key.relation, foreign_key.referenced[0]) == (name, attribute):
            return self._own(name, attribute)
        if self.counts[foreign_key.relation] < self.counts[name]:
            return None
        return self.by_number(foreign_key.relation, foreign_key.referenced[0], (*seen, (name, attribute)))

    def _own(self, name: str, attribute: str) -> Callable[[str], str]:
        made, count = self.values[name][attribute], max(1, self.counts[name])
        return lambda code: made.coded(code, count)

    def orders(self, name: str) -> tuple[dict[str, tuple[Order, ...]], bool]:
        """The orders between two attributes that are kept by construction, by the greater; and whether others are left."""
        reading = self.readings[name]
        kept: dict[str, list[Order]] = {}
        left = False
        for order in reading.conditions.orders:
            if self._above(reading, order) and not _follows(kept, order.smaller, order.greater):
                kept.setdefault(order.greater, []).append(order)
            else:
                left = True
        hard = {name for order in reading.conditions.orders for name in (order.greater, order.smaller)}
        for order in sequels(reading.relation):
            own = {order.greater, order.smaller}
            if not (own & hard or self._asked(name, order.greater)) and self._above(reading, order):
                kept[order.greater] = [order]
        return {greater: tuple(found) for greater, found in kept.items()}, left

    def _asked(self, name: str, attribute: str) -> bool:
        """Whether a distribution was asked for that an order by names alone would change."""
        followed = {
            shape.attribute for shapes in self.shapes.values() for shape in shapes if isinstance(shape, Following)
        }
        return self.distribution(name, attribute) is not None or attribute in followed

    def _above(self, reading: Reading, order: Order) -> bool:
        """Whether the greater attribute can be made from the smaller one: nothing else depends on how it is made."""
        relation, shape = reading.relation, reading.structure
        greater, smaller = relation[order.greater], relation[order.smaller]
        own = shape.representative.get(order.greater)
        if own is None or not comparable(greater.type, smaller.type):
            return False
        if not isinstance(greater.type, Integer | Decimal | Float | Date | Timestamp) or _narrow(greater.type):
            return False
        limits = reading.conditions.limits.get(order.greater)
        referring = reading.group_of
        if limits is not None or order.greater in referring or order.smaller in referring or reading.star is not None:
            return False
        if len(shape.classes[own]) > 1 or own in shape.determining or own in shape.whole or own not in shape.derived:
            return False
        return order.smaller in closure(shape.derived[own], reading.fds)


def _narrow(kind: Type) -> bool:
    """Whether what is added to another value may leave the type's range."""
    return kind == Integer(16) or (isinstance(kind, Decimal) and kind.precision - kind.scale < _ROOM)


def _literal(value: object) -> Literal:
    return Number(str(value)) if isinstance(value, int | float | Number) and not isinstance(value, bool) else str(value)


def _shapes(schema: Schema, shapes: Shapes) -> dict[tuple[str, str], tuple[Shape, ...]]:
    """The shapes by relation and attribute; one relation's attributes may be named alone."""
    named = {f"{relation.name}.{name}": (relation.name, name) for relation in schema for name in relation.names}
    if len(schema) == 1:
        named |= {name: (relation.name, name) for relation in schema for name in relation.names if name not in named}
    found: dict[tuple[str, str], tuple[Shape, ...]] = {}
    for name, given in shapes.items():
        if name not in named:
            raise UnknownName("attribute", name, list(named))
        several = (given,) if isinstance(given, get_args(Shape)) else tuple(given)  # type: ignore[arg-type]  # no Shape
        if sum(not isinstance(shape, Unknowns) for shape in several) > 1:
            raise DesignError(
                f"{name} is given two distributions — one, and a share of unknown values, is what it can have"
            )
        found[named[name]] = several
    return found


def _slices(schema: Schema, counts: Mapping[str, int], slices: Mapping[str, range]) -> dict[str, range]:
    for name, part in slices.items():
        if name not in schema:
            raise UnknownName("relation", name, schema.names)
        if part.step != 1 or part.start < 0 or part.stop > counts[name]:
            raise DesignError(f"{part} is no slice of the {counts[name]} rows of {name!r}")
    return dict(slices)


def _about(relation: Relation, name: str) -> str:
    """What an attribute tells of in a relation of several things: the one that determines it, as product_id → title."""
    owners = (
        fd.determinant
        for fd in in_order(relation.dependencies)
        if isinstance(fd, FD) and len(fd.determinant) == 1 and name in fd.dependent - fd.determinant
    )
    return next((noun(owner) for (owner,) in owners), "")


def _one_spelling(kind: str, names: tuple[str, ...]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise Unsupported(f"DuckDB takes the {kind}s {other!r} and {name!r} for one — rename one of them")


def _follows(kept: Mapping[str, list[Order]], start: str, goal: str) -> bool:
    """Whether `start` is made from `goal` already."""
    return start == goal or any(_follows(kept, order.smaller, goal) for order in kept.get(start, ()))
