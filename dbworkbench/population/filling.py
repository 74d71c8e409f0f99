"""Filling the tables of a schema, one relation after another, each by one query over its rows' indexes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

import duckdb

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DesignError, Unsatisfiable, Unsupported, listed
from dbworkbench.population.conditions import Limits, Order
from dbworkbench.population.fanout import layout, lines
from dbworkbench.population.numbers import below, constant, hashed, mixed, scattered, skewed, stride
from dbworkbench.population.order import row_counts
from dbworkbench.population.reading import Group, Reading, read, rejecting
from dbworkbench.population.rows import Levels
from dbworkbench.population.sizes import grown
from dbworkbench.population.values import sql_type, values
from dbworkbench.schema.naming import noun
from dbworkbench.schema.relation import Check, ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Timestamp, Unknown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, in_order

SCRATCH = '"dbworkbench scratch"'
_SEED_ROWS = 4_000_000
_LINE_WORDS = (
    "line",
    "seq",
    "sequence",
    "pos",
    "position",
    "no",
    "nr",
    "number",
    "num",
    "item",
    "ordinal",
    "step",
    "index",
    "version",
)


@dataclass(frozen=True)
class Domain:
    """The values a reference may have, numbered from 0 to `size` - 1: by a function of the number, or in a table."""

    size: int
    show: Callable[[str], str] | None = None
    table: str = ""
    sizes: Mapping[str, int] | None = None

    def value(self, code: str) -> str:
        """The value of a number, of a domain that has a function."""
        return code if self.show is None else self.show(code)


@dataclass(frozen=True)
class _Room:
    """What the classes that hold sources can bear: how many codes as usual, and at most."""

    held: Mapping[str, tuple[int, ...]]
    usual: Mapping[str, int]
    most: Mapping[str, int]


class Filling:
    """The work of one call: the readings, values and domains of a schema's relations, and the tables they fill."""

    def __init__(self, schema: Schema, rows: int | Mapping[str, int], seed: int, tables: Tables) -> None:
        self.schema, self.seed, self.tables = schema, seed, tables
        self.order = [relation for group in schema.in_reference_order() for relation in group]
        self.readings: dict[str, Reading] = {}
        ready: set[str] = set()
        for relation in self.order:
            _one_spelling("attribute", relation.names)
            self.readings[relation.name] = read(relation, frozenset(ready))
            ready.add(relation.name)
        _one_spelling("relation", schema.names)
        most = {relation.name: self._most(self.readings[relation.name]) for relation in schema}
        self.counts = row_counts(schema, rows, most)
        self.values = {
            relation.name: {
                attribute.name: values(
                    relation.name,
                    attribute,
                    self.readings[relation.name].conditions.limits.get(attribute.name, Limits()),
                    rows=self.counts[relation.name],
                    key=self.key(relation.name, attribute.name, "value"),
                    about=_about(relation, attribute.name),
                )
                for attribute in relation.attributes
            }
            for relation in schema
        }
        self.done: set[str] = set()
        self._scratch = 0

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

    def run(self) -> None:
        """Fill every table."""
        run = self.tables.connection.execute
        run(f"CREATE SCHEMA {SCRATCH}")
        self.length = min(_SEED_ROWS, max([*self.counts.values(), 1]) + 64)
        run(f"CREATE TABLE {SCRATCH}.seed AS SELECT range AS i FROM range({self.length})")
        made: dict[str, _Table] = {}
        for relation in self.order:
            made[relation.name] = _Table(self, self.readings[relation.name])
            if not made[relation.name].fill():
                self.readings[relation.name] = read(relation, frozenset(self.done), stars=False)
                made[relation.name] = _Table(self, self.readings[relation.name])
                made[relation.name].fill()
            self.done.add(relation.name)
        for relation in self.order:
            for foreign_key, free in made[relation.name].later:
                made[relation.name].fill_in(foreign_key, free)
        run(f"DROP SCHEMA {SCRATCH} CASCADE")

    def scratch(self) -> str:
        """The name of a new table of our own."""
        self._scratch += 1
        return f"{SCRATCH}.t{self._scratch}"

    def rejecting(self, name: str) -> tuple[Check, ...]:
        """The checks of a relation that its rows are looked at for."""
        kept = {attribute: found.kept for attribute, found in self.values[name].items()}
        referring = self.readings[name].group_of
        return rejecting(
            self.readings[name], {attribute: kept[attribute] and attribute not in referring for attribute in kept}
        )

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
        return {greater: tuple(found) for greater, found in kept.items()}, left

    def _above(self, reading: Reading, order: Order) -> bool:
        """Whether the greater attribute can be made from the smaller one: nothing else depends on how it is made."""
        relation, shape = reading.relation, reading.structure
        greater, smaller = relation[order.greater], relation[order.smaller]
        own = shape.representative.get(order.greater)
        if own is None or type(greater.type) is not type(smaller.type):
            return False
        if not isinstance(greater.type, Integer | Decimal | Float | Date | Timestamp) or greater.type == Integer(16):
            return False
        limits = reading.conditions.limits.get(order.greater)
        referring = reading.group_of
        if limits is not None or order.greater in referring or order.smaller in referring or reading.star is not None:
            return False
        if len(shape.classes[own]) > 1 or own in shape.determining or own in shape.whole or own not in shape.derived:
            return False
        return order.smaller in closure(shape.derived[own], reading.fds)


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


class _Table:
    """One relation's rows in the making."""

    def __init__(self, filling: Filling, reading: Reading) -> None:
        self.all, self.reading = filling, reading
        self.relation, self.shape = reading.relation, reading.structure
        self.name = reading.relation.name
        self.count = filling.counts[self.name]
        self.values = filling.values[self.name]
        self.checks = filling.rejecting(self.name)
        self.above, unordered = filling.orders(self.name)
        if unordered:
            self.checks = reading.relation.checks
        self.filtered = bool(self.checks or reading.partial)
        self.later: list[tuple[ForeignKey, tuple[str, ...]]] = []
        self.open: set[str] = set()
        self.domains: dict[str, Domain] = {}
        self.void: set[str] = set()

    # ------------------------------------------------------------------ references

    def _references(self) -> None:
        """A domain for each reference; those that have to wait until all rows exist are set aside."""
        for group in self.reading.groups:
            domain = self._numbered_domain(group)
            if domain is None:
                waiting = [fk for fk in group.foreign_keys if fk.relation not in self.all.done]
                if waiting:
                    if len(group.foreign_keys) > 1:
                        raise Unsupported(
                            f"{self.name}({', '.join(group.attributes)}) has several references, one of them in a "
                            f"circle to {waiting[0].relation!r} — drop one of them"
                        )
                    self._set_aside(*group.foreign_keys)
                    continue
                domain = self._table_domain(group)
            if not domain.size and self.count:
                self._nothing_to_refer_to(group)
                continue
            self.domains[group.name] = domain
        for foreign_key in self.reading.later:
            self._set_aside(foreign_key)

    def _numbered_domain(self, group: Group) -> Domain | None:
        if not group.single or len(group.foreign_keys) > 1:
            return None
        (foreign_key,) = group.foreign_keys
        own = foreign_key.relation == self.name
        if own and self.filtered:
            return None
        show = self.all.by_number(foreign_key.relation, foreign_key.referenced[0])
        return None if show is None else Domain(self.all.counts[foreign_key.relation], show)

    def _set_aside(self, foreign_key: ForeignKey) -> None:
        """Leave a reference until its relation has rows: the attributes that nothing hangs on get their values then."""
        free = tuple(name for name in foreign_key.attributes if self._loose(name))
        if not free:
            raise Unsupported(
                f"{self.name}({', '.join(foreign_key.attributes)}) refers in a circle to {foreign_key.relation!r}, and "
                "all of it is part of keys, dependencies or other references as well — drop one reference of the circle"
            )
        self.later.append((foreign_key, free))
        self.open |= set(free)

    def _loose(self, name: str) -> bool:
        """Whether an attribute may have any value: it follows from keys alone, and nothing follows from it."""
        found = self.shape.representative.get(name)
        if (
            found is None
            or found in self.shape.determining
            or self.shape.classes[found] != (name,)
            or name in self.open
        ):
            return False
        if name in self.reading.group_of and name in self.domains:
            return False
        determinant = self.shape.derived.get(found)
        return determinant is not None and closure(determinant, self.reading.fds) >= set(self.relation.names)

    def _nothing_to_refer_to(self, group: Group) -> None:
        targets = listed(sorted({fk.relation for fk in group.foreign_keys}))
        for name in group.attributes:
            found = self.shape.representative.get(name)
            if not self.relation[name].nullable or name in self.reading.unique or found in self.shape.determining:
                raise Unsatisfiable(
                    f"{self.name}({', '.join(group.attributes)}) must refer to a row of {targets}, and there is none "
                    "that fits — give the referenced relations rows"
                )
        self.void |= set(group.attributes)

    def _table_domain(self, group: Group) -> Domain:
        """The combinations that may stand in a group of references, numbered, in a table."""
        query = ""
        for foreign_key in group.foreign_keys:
            pairs = list(zip(foreign_key.attributes, foreign_key.referenced, strict=True))
            columns = ", ".join(
                f"CAST({quoted(there)} AS {sql_type(self.relation[here].type)}) AS {quoted(here)}"
                for here, there in pairs
            )
            known = " AND ".join(f"{quoted(there)} IS NOT NULL" for _, there in pairs)
            part = f"SELECT DISTINCT {columns} FROM {quoted(foreign_key.relation)} WHERE {known}"
            query = f"SELECT * FROM ({query}) NATURAL JOIN ({part})" if query else part
        names = [quoted(name) for name in group.attributes]
        order = ", ".join(names)
        for fd in group.within:
            same = " AND ".join(
                f"{quoted(name)} IS NOT DISTINCT FROM first_value({quoted(name)}) OVER w"
                for name in sorted(fd.dependent)
            )
            by = ", ".join(quoted(name) for name in sorted(fd.determinant))
            over = f"PARTITION BY {by} ORDER BY {order}" if by else f"ORDER BY {order}"
            query = f"SELECT * FROM ({query}) WINDOW w AS ({over}) QUALIFY {same}" if same else query
        numbered = ", ".join(
            f"{name} AS v{at}, dense_rank() OVER (ORDER BY {name}) - 1 AS d{at}" for at, name in enumerate(names)
        )
        table = self.all.scratch()
        run = self.all.tables.connection.execute
        run(f"CREATE TABLE {table} AS SELECT row_number() OVER (ORDER BY {order}) - 1 AS j, {numbered} FROM ({query})")
        counted = ", ".join(f"max(d{at}) + 1" for at in range(len(names)))
        (size, *sizes) = run(f"SELECT count(*), {counted} FROM {table}").fetchall()[0]
        each = {name: size_ or 0 for name, size_ in zip(group.attributes, sizes, strict=True)}
        return Domain(int(size), table=table, sizes=each)

    # ------------------------------------------------------------------ sizes

    def _capacity(self, name: str) -> int:
        """How many different values a class can have: the least of its members'."""
        found: list[int] = []
        for member in self.shape.classes[name]:
            group = self.reading.group_of.get(member)
            if member in self.domains:
                found.append(self.domains[member].size)
            elif group is not None and group.name in self.domains:
                found.append((self.domains[group.name].sizes or {})[member])
            elif member in self.values and group is None:
                found.append(self.values[member].capacity)
        return min(found, default=1 << 62)

    def _said(self, name: str) -> str:
        members = [m for m in self.shape.classes[name] if m in self.values]
        members = members or next(list(g.attributes) for g in self.reading.groups if g.name == name)
        return f"{self.name}({', '.join(members)})"

    # ------------------------------------------------------------------ codes

    def fill(self) -> bool:
        """Make the table and its rows; False where the reading's star has no room for them."""
        self._references()
        self.apart: dict[int, int] = {}
        self.fresh: set[int] = set()
        self.source_code: dict[int, str] = {}
        self.source_shown: dict[int, str] = {}
        self.source_size: dict[int, int] = {}
        self.size: dict[str, int] = {}
        self.code: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.bits: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.looked: dict[tuple[str, str], dict[str, str]] = {}
        self.carriers: set[str] = set()
        self.levels = Levels("SELECT i FROM rows", ["i"])
        self.row = "i"
        self.top = self._most_rows()
        self.coded = self._coded()
        if self.reading.star is not None:
            if not self._star():
                return False
        else:
            self._sources()
        for name, determinant in self.shape.derived.items():
            self._derived(name, determinant)
        self._unknowns()
        self._write()
        return True

    def _most_rows(self) -> int:
        """How many rows can be tried at all; raises Unsatisfiable where that is too few."""
        top = max(1, self.count) if not self.filtered else self.count * 64 + 4096
        for name in sorted(self.shape.whole):
            capacity = self._capacity(name)
            if capacity < self.count:
                raise Unsatisfiable(
                    f"{self._said(name)} tells all rows apart but has at most {capacity} different values, and "
                    f"{self.count} rows are asked for — ask for fewer rows or widen the type"
                )
            top = min(top, max(1, capacity))
        return top

    def _coded(self) -> set[str]:
        """The classes whose values must be one-to-one with their codes."""
        shape = self.shape
        found = set(shape.determining) | {name for name, members in shape.classes.items() if len(members) > 1}
        found |= {
            shape.representative[group.name] for group in self.reading.groups if group.name in shape.representative
        }
        found |= {name for name, held in shape.built.items() if any(len(shape.sources[at]) > 1 for at in held)}
        return found

    def _usual(self, name: str, rows: int) -> int:
        """How many different values a reader would expect of a class in so many rows."""
        capacity = self._capacity(name)
        if any(group.name in self.shape.classes[name] for group in self.reading.groups):
            return capacity
        usual = min(
            (self.values[member].usual for member in self.shape.classes[name] if member in self.values), default=rows
        )
        return max(1, min(capacity, usual, max(2, rows // 2)))

    def _sources(self) -> None:
        shape, rows = self.shape, max(1, self.count)
        held = {name: parts for name, parts in shape.built.items() if name not in shape.whole}
        if shape.numbered is not None:
            free = [at for at, seen in enumerate(shape.sources) if not seen <= shape.whole]
            usual = {name: max(1, min(self._capacity(name), max(2, rows // 4))) for name in held}
            sizes = grown(free, held, usual, usual, target=rows, least=1)
            others = any(name not in shape.whole for name in shape.classes)
            self._rows_apart([shape.numbered] if rows >= 8 and others else [])
            for at in free:
                bits = hashed(self.row, self.all.key(self.name, "source", at))
                self._source(at, self.levels.add(below(bits, sizes[at]), self.row), sizes[at])
        elif shape.sources:
            self._combined(held, rows)
        elif self.count > 1:
            raise Unsatisfiable(
                f"all attributes of {self.name!r} are constant by its dependencies, so it has one row at most, and "
                f"{self.count} are asked for"
            )
        for name, parts in shape.built.items():
            self._built(name, parts)

    def _rows_apart(self, sources: list[int]) -> None:
        """Let the last rows repeat the first but for one source each."""
        self.apart = {at: self.count - 1 - turn for turn, at in enumerate(sources)}
        if sources:
            first, end = self.count - len(sources), self.count
            inside = f"i >= {first}" + (f" AND i < {end}" if self.top > end else "")
            self.row = self.levels.add(f"CASE WHEN {inside} THEN 0 ELSE i END", "i")

    def _source(self, at: int, column: str, size: int) -> None:
        self.source_code[at] = column
        self.source_size[at] = size
        if at in self.apart and at in self.fresh:
            shown = f"CASE WHEN i = {self.apart[at]} THEN {size} ELSE {column} END"
            self.source_shown[at] = self.levels.add(shown, "i", column)

    def _combined(self, held: Mapping[str, tuple[int, ...]], rows: int) -> None:
        """Sources without a key of one class: their combinations are what tells rows apart."""
        shape = self.shape
        wanted = rows * (64 if self.filtered else 4)
        most = {name: self._capacity(name) for name in held}
        usual = {name: max(1, min(most[name], max(2, rows // 2))) for name in held}
        line = self._line(held, rows)
        everyone = [at for at in range(len(shape.sources)) if at != line]
        chosen = [at for at in everyone if any(name in self.coded for name in shape.sources[at])]
        spare = sorted((at for at in everyone if at not in chosen), key=self._preference)
        sizes: dict[int, int] = {}
        if line is not None:
            pattern = lines()
            groups = pattern.groups(rows)
            sizes, chosen = self._grown(chosen, spare, _Room(held, most, most), target=groups, least=groups)
            if prod(sizes.values()) < groups:
                line, everyone = None, list(range(len(shape.sources)))
                chosen = [at for at in everyone if any(name in self.coded for name in shape.sources[at])]
                spare = [at for at in everyone if at not in chosen]
        if line is None:
            sizes, chosen = self._grown(chosen, spare, _Room(held, usual, most), target=wanted, least=rows)
            if prod(sizes.values()) < self.count:
                names = [name for name in shape.classes if name in held]
                said = listed([member for name in names for member in shape.classes[name] if member in self.values])
                raise Unsatisfiable(
                    f"{self.name}({said}) has at most {prod(sizes.values())} different combinations of values that "
                    f"its dependencies allow, and {self.count} rows are asked for — ask for fewer rows or widen a type"
                )
        for at in everyone:
            if at not in sizes:
                name = next(iter(shape.sources[at]))
                sizes[at] = max(1, min(self._usual(name, rows), most[name] - 1))
        if line is not None:
            sizes[line] = pattern.longest
        self.fresh = set(sizes)
        for name, parts in held.items():
            if prod(sizes[at] + (at in self.fresh) for at in parts) > most[name]:
                self.fresh -= set(parts)
        apart = sorted(self.fresh)[:64]
        self._rows_apart(apart if rows >= 4 * len(apart) + 8 else [])
        self.fresh &= set(self.apart)
        index = self.row
        if line is not None:
            index, number = pattern.columns(self.levels, self.row)
            self._source(line, number, sizes[line])
        self._walk(sorted(chosen), sizes, index, rows if line is None else pattern.groups(rows))
        for at in everyone:
            if at not in chosen:
                bits = hashed(self.row, self.all.key(self.name, "source", at))
                self._source(at, self.levels.add(below(bits, sizes[at]), self.row), sizes[at])
        self.coded |= {name for name, parts in held.items() if parts}
        self.carriers |= {name for at in (*chosen, *([] if line is None else [line])) for name in shape.sources[at]}

    def _grown(
        self, chosen: list[int], spare: list[int], limits: "_Room", *, target: int, least: int
    ) -> tuple[dict[int, int], list[int]]:
        """Sizes for the chosen sources and as many spare ones as it takes."""
        usual = limits.usual
        for count in range(len(spare) + 1):
            trying = [*chosen, *spare[:count]]
            last = count == len(spare)
            most = limits.most if last else usual
            sizes = grown(trying, limits.held, usual, most, target=target, least=least)
            if last or (trying and prod(sizes.values()) >= target):
                break
        return sizes, trying

    def _preference(self, at: int) -> tuple[bool, bool, int]:
        (name,) = self.shape.sources[at]
        nullable = any(self.relation[member].nullable for member in self.shape.classes[name] if member in self.values)
        return nullable and name not in self.reading.unique, self._capacity(name) < 16, at

    def _line(self, held: Mapping[str, tuple[int, ...]], rows: int) -> int | None:
        """The source of an attribute that counts within the rest of the key, such as a line number."""
        if self.filtered or rows < 8 or len(self.shape.sources) < 2:
            return None
        found: list[int] = []
        for name, parts in held.items():
            members = [member for member in self.shape.classes[name] if member in self.values]
            if len(parts) != 1 or len(members) != 1 or members[0] in self.reading.group_of:
                continue
            words = members[0].casefold().replace("_", " ").split()
            counts = isinstance(self.relation[members[0]].type, Integer | Unknown)
            if self.shape.sources[parts[0]] == {name} and counts and words[-1] in _LINE_WORDS:
                found.append(parts[0])
        name = next(iter(self.shape.sources[found[0]])) if found else ""
        return found[0] if len(found) == 1 and self._capacity(name) > 6 else None

    def _walk(self, sources: list[int], sizes: Mapping[int, int], index: str, rows: int) -> None:
        """Different combinations of codes for different indexes: the digits of index × multiplier + offset."""
        count = prod(sizes[at] for at in sources)
        self.top = min(self.top, count) if self.filtered else self.top
        if len(sources) == 1 and count <= 2 * rows:
            (at,) = sources
            self._source(at, index, count)
            return
        if len(sources) == 1:
            place = self.levels.add(f"{index} * {count // rows}", index) if not self.filtered else index
            self._source(sources[0], place, count)
            return
        multiplier, offset = stride(count, self.all.seed, self.name)
        place = self.levels.add(f"({index} * {multiplier} + {offset}) % {count}", index)
        power = 1
        for at in sources:
            digit = f"({place} // {power}) % {sizes[at]}" if power > 1 else f"{place} % {sizes[at]}"
            self._source(at, self.levels.add(digit, place), sizes[at])
            power *= sizes[at]

    def _built(self, name: str, parts: tuple[int, ...]) -> None:
        """The code of a class that sees `parts` of the sources."""
        if name in self.shape.whole:
            self.size[name], self.code[name], self.shown[name] = self.top, self.row, "i"
            return
        base: list[str] = []
        shown: list[str] = []
        power, touched = 1, False
        for at in parts:
            column = self.source_code[at]
            seen = self.source_shown.get(at, column)
            touched = touched or seen != column
            base.append(f"{column} * {power}" if power > 1 else column)
            shown.append(f"{seen} * {power}" if power > 1 else seen)
            power *= self.source_size[at] + (at in self.fresh)
        columns = [self.source_code[at] for at in parts]
        self.size[name] = power
        self.code[name] = self.levels.add(" + ".join(base), *columns)
        others = [self.source_shown.get(at, self.source_code[at]) for at in parts]
        self.shown[name] = self.levels.add(" + ".join(shown), *others) if touched else self.code[name]

    def _derived(self, name: str, determinant: tuple[str, ...]) -> None:
        """The code, or the random bits, of a class that follows from others."""
        group = self.reading.group_of.get(name)
        if group is not None and not group.single and group.name in self.domains:
            domain, own = self.domains[group.name], self.shape.representative[group.name]
            self.size[name] = (domain.sizes or {})[name]
            at = group.attributes.index(name)
            self.code[name] = self._look_up(group, self.code[own])[f"d{at}"]
            self.shown[name] = self._look_up(group, self.shown[own])[f"d{at}"]
            return
        codes = [self.code[before] for before in determinant]
        bits = mixed(codes, self.all.key(self.name, name))
        if name in self.shape.whole:
            self.size[name], self.code[name], self.shown[name] = self.top, self.row, "i"
        elif name not in self.coded:
            self.bits[name] = self.levels.add(bits, *codes)
        else:
            refers = any(g.name in self.shape.classes[name] for g in self.reading.groups)
            capacity = self._capacity(name)
            if refers:
                self.size[name] = max(1, capacity)
            else:
                rows = min(max(1, self.count), prod(self.size[before] for before in determinant))
                fewer = 10 if any(before in self.shape.whole for before in determinant) else 4
                usual = self._usual(name, max(1, self.count))
                self.size[name] = max(1, min(capacity, max(2, rows // fewer + 1), max(2, usual)))
            self.code[name] = self.levels.add(skewed(bits, self.size[name], 3 if refers else 2), *codes)
            self.shown[name] = self.code[name]

    def _look_up(self, group: Group, code: str) -> dict[str, str]:
        if (group.name, code) not in self.looked:
            count = len(group.attributes)
            columns = [f"{kind}{at}" for at in range(count) for kind in "vd"]
            self.looked[group.name, code] = self.levels.look_up(self.domains[group.name].table, code, columns)
        return self.looked[group.name, code]

    def _star(self) -> bool:
        """Codes of a relation that is every combination of its arms' parts for each centre; False where none fit."""
        shape, found, rows = self.shape, self.reading.star, max(1, self.count)
        if found is None:
            return False
        free = {name: self._capacity(name) for name in shape.built}
        arms = [[name for name in free if name in arm] for arm in found.arms]
        lead = [max(arm, key=lambda name: free[name], default="") for arm in arms]
        centre = {name: held for name, held in shape.built.items() if name in found.centre}
        at = {name: held[0] for name, held in shape.built.items()}
        most = {name: free[name] for name in centre}
        usual = {name: max(1, min(free[name], max(2, rows // 2))) for name in centre}
        sizes, chosen = self._grown(
            [at[name] for name in centre], [], _Room(centre, usual, most), target=rows, least=rows
        )
        plan = layout(rows, [free[name] if name else 1 for name in lead], max(1, prod(sizes.values())))
        if plan is None or self.filtered:
            return False
        group, parts = plan.columns(self.levels, "i")
        if chosen:
            self._walk(sorted(chosen), sizes, group, plan.groups)
        for arm, first, part in zip(arms, lead, parts, strict=True):
            member = self.levels.add(f"{group} * 65536 + {part}", group, part)
            for name in arm:
                source = at[name]
                bits = hashed(group if name == first else member, self.all.key(self.name, "source", source))
                size = max(1, min(free[name], max(2, self._usual(name, rows))))
                if name == first:
                    size = max(size, min(free[name], max(max(s) for s in (*plan.shapes, plan.rest or (1,)))))
                    code = f"({bits} % {size} + {part})::BIGINT % {size}"
                else:
                    code = below(bits, size)
                self._source(source, self.levels.add(code, group, part, member), size)
        self.coded |= set(free)
        self.carriers |= set(free)
        for name, held in shape.built.items():
            self._built(name, held)
        return True

    # ------------------------------------------------------------------ unknown values

    def _unknowns(self) -> None:
        """Which classes may be unknown, and in which rows."""
        shape = self.shape
        allowed: dict[str, bool] = {}

        def may(name: str) -> bool:
            if name not in allowed:
                members = [self.relation[m] for m in shape.classes[name] if m in self.values]
                limits = self.reading.conditions.limits
                allowed[name] = (
                    bool(members)
                    and len(members) == len(shape.classes[name])
                    and all(m.nullable and m.name not in self.reading.unique for m in members)
                    and not any(m.name in limits and limits[m.name].known for m in members)
                    and name not in shape.whole
                    and name not in self.carriers
                    and not any(
                        m.name in self.reading.group_of and not self.reading.group_of[m.name].single for m in members
                    )
                    and (
                        name in shape.derived
                        or name not in shape.determining
                        or len(shape.sources[shape.built[name][0]]) == 1
                    )
                    and not (name in shape.built and len(shape.built[name]) > 1 and name in shape.determining)
                    and all(may(other) for other, before in shape.derived.items() if name in before)
                )
            return allowed[name]

        for name in (*shape.built, *shape.derived):
            determinant = shape.derived.get(name, ())
            before = [self.unknown[other] for other in determinant if other in self.unknown]
            if may(name):
                key = self.all.key(self.name, name, "unknown")
                codes = [self.code[other] for other in determinant] or [self.code.get(name, self.row)]
                if name in shape.built and name in self.code and name in self._free():
                    codes = [self.row]
                own = f"{mixed(codes, key)} % 100 < {self._share(name)}"
                said = " OR ".join([own, *before])
                self.unknown[name] = self.levels.add(f"({said})", *codes, *before)

    def _free(self) -> set[str]:
        """Classes that hang on nothing and on which nothing hangs but what follows from them."""
        sources = self.shape.sources
        return {name for name, held in self.shape.built.items() if len(held) == 1 and sources[held[0]] == {name}}

    def _share(self, name: str) -> int:
        """Per cent of unknown values."""
        del name
        return 10

    # ------------------------------------------------------------------ values

    def _value(self, name: str) -> tuple[str, list[str]]:
        """An attribute's value as SQL, and the columns that it reads."""
        made = self.values[name]
        group = self.reading.group_of.get(name)
        if name in self.void or name in self.open:
            return f"CAST(NULL AS {made.type})", []
        own = self.shape.representative.get(name)
        if group is not None and group.name in self.domains:
            return self._referring(name, group, self.domains[group.name], own)
        if own is None:
            return made.drawn(mixed((), self.all.key(self.name, name))), []
        if own in self.bits and own not in self.coded:
            return made.drawn(self.bits[own]), [self.bits[own]]
        return made.coded(self.shown[own], self.size[own]), [self.shown[own]]

    def _referring(self, name: str, group: Group, domain: Domain, own: str | None) -> tuple[str, list[str]]:
        to = self.values[name].type
        at = group.attributes.index(name)
        if not group.single:
            own = self.shape.representative.get(group.name)
        code = self.shown[own] if own is not None else self.levels.add("0::BIGINT")
        if domain.table:
            place = code
            if group.single and own not in self.shape.whole:
                place = self.levels.add(scattered(code, domain.size, self.name, group.name), code)
            value = self._look_up(group, place)[f"v{at}"]
            return value, [value]
        (foreign_key,) = group.foreign_keys
        if foreign_key.relation == self.name and self._may_be_forest(own):
            return self._forest(name, domain, to)
        free = own is None or own in self.shape.whole or own in self.carriers
        place = code if free else scattered(code, domain.size, self.name, name)
        return f"CAST({domain.value(self.levels.add(place, code))} AS {to})", [self.levels.add(place, code)]

    def _may_be_forest(self, own: str | None) -> bool:
        """Whether a reference to the same relation can go to an earlier row: each row chooses for itself."""
        shape = self.shape
        if own is None or own in shape.determining or own in shape.whole or len(shape.classes[own]) > 1:
            return False
        determinant = shape.derived.get(own, ())
        return len(determinant) == 1 and determinant[0] in shape.whole

    def _forest(self, name: str, domain: Domain, to: str) -> tuple[str, list[str]]:
        """A reference to an earlier row; rows without one are unknown, or refer to themselves."""
        bits = hashed(self.row, self.all.key(self.name, name, "forest"))
        earlier = self.levels.add(f"CASE WHEN {self.row} = 0 THEN 0 ELSE ({bits} % {self.row})::BIGINT END", self.row)
        value = f"CAST({domain.value(earlier)} AS {to})"
        if self.relation[name].nullable:
            value = f"CASE WHEN {self.row} > 0 THEN {value} END"
        return value, [earlier, self.row]

    def _ordered(self, name: str) -> tuple[str, list[str]]:
        """The value of an attribute that stands above others: the greatest of them and some more."""
        found = [self._final(order.smaller) for order in self.above[name]]
        own, reads = self._value(name)
        kind, made = self.relation[name].type, self.values[name]
        bits = hashed(reads[0], self.all.key(self.name, name, "above")) if reads else "0::UBIGINT"
        least = int(any(order.strict for order in self.above[name]))
        base = f"greatest({', '.join(value for value, _ in found)})" if len(found) > 1 else f"({found[0][0]})"
        match kind:
            case Date():
                value = f"{base} + ({least} + {below(bits, 30)})::INTEGER"
            case Timestamp():
                value = f"{base} + to_seconds({least} + {skewed(bits, 864_000, 2)})"
            case Decimal(_, scale):
                unit = f"CAST({least} + {skewed(bits, 10_000 if scale > 0 else 100, 2)} AS DECIMAL(18, 0))"
                cent = f"CAST('{10.0**-scale:.{scale}f}' AS DECIMAL({max(1, scale)}, {scale}))" if scale > 0 else "1"
                value = f"CAST({base} + {unit} * {cent} AS {made.type})"
            case Float():
                value = f"CAST({base} + ({least} + {skewed(bits, 100, 2)})::DOUBLE AS {made.type})"
            case _:
                value = f"CAST({base} + {least} + {skewed(bits, 20, 2)} AS {made.type})"
        return f"coalesce({value}, {own})", [*reads, *(column for _, columns in found for column in columns)]

    def _final(self, name: str) -> tuple[str, list[str]]:
        """An attribute's value, unknown where it is."""
        value, reads = self._ordered(name) if name in self.above else self._value(name)
        own = self.shape.representative.get(name)
        if own in self.unknown:
            return f"CASE WHEN {self.unknown[own]} THEN NULL ELSE {value} END", [*reads, self.unknown[own]]
        return value, reads

    # ------------------------------------------------------------------ writing

    def _write(self) -> None:
        run = self.all.tables.connection.execute
        shown: list[str] = []
        for name in self.relation.names:
            value, _ = self._final(name)
            shown.append(f"CAST({value} AS {self.values[name].type}) AS {quoted(name)}")
        hidden = "i"
        while hidden in {name.lower() for name in self.relation.names}:
            hidden += "_"
        columns = ", ".join(f"{quoted(name)} {self.values[name].type}" for name in self.relation.names)
        run(f"CREATE TABLE {quoted(self.name)} ({columns})")
        names = ", ".join(map(quoted, self.relation.names))
        inner = f"SELECT {', '.join(shown)}, q.i AS {quoted(hidden)} FROM ({self.levels.sql()}) q"
        if not self.filtered:
            ordered = f" ORDER BY {quoted(hidden)}" if self.levels.joined else ""
            for start in range(0, self.count, _SEED_ROWS):
                self._insert(f"SELECT {names} FROM ({inner}){ordered}", start, min(_SEED_ROWS, self.count - start))
            return
        self._write_kept(names, inner, quoted(hidden))

    def _insert(self, query: str, start: int, count: int) -> None:
        offset = f"i + {start} AS i" if start else "i"
        rows = f"WITH rows AS (SELECT {offset} FROM {SCRATCH}.seed WHERE i < {count})"
        self.all.tables.connection.execute(f"INSERT INTO {quoted(self.name)} {rows} {query}")

    def _write_kept(self, names: str, inner: str, hidden: str) -> None:
        """Rows tried until enough pass the checks; raises Unsatisfiable where too few do."""
        run = self.all.tables.connection.execute
        passing = (
            " AND ".join(f"(CAST(({check.expression}\n) AS BOOLEAN) IS NOT FALSE)" for check in self.checks) or "true"
        )
        query = f"SELECT {names} FROM ({inner}) AS {quoted(self.name)} WHERE {passing} ORDER BY {hidden} LIMIT "
        tried = kept = 0
        while kept < self.count and tried < self.top:
            missing = self.count - kept
            rate = max(kept / tried, 0.02) if tried else 1.0
            wave = min(int(missing / rate * 1.1) + 64, self.top - tried, _SEED_ROWS)
            for start in range(tried, tried + wave, self.all.length):
                length = min(self.all.length, tried + wave - start)
                try:
                    self._insert(query + str(missing), start, length)
                except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
                    said = str(error).splitlines()[0]
                    texts = listed([f"({check.expression})" for check in self.checks])
                    raise DesignError(
                        f"a check of {self.name!r} cannot be evaluated: {said} — checks: {texts}"
                    ) from error
                missing = self.count - self._distinct()
            tried += wave
            kept = self.count - missing
        if kept < self.count:
            run(f"DROP TABLE {quoted(self.name)}")
            rules = [f"check ({check.expression})" for check in self.checks]
            rules += [f"unique ({', '.join(index.attributes)}) where {index.where}" for index in self.reading.partial]
            raise Unsatisfiable(
                f"only {kept} of {tried} rows tried for {self.name!r} pass {listed(rules)}, and {self.count} are asked "
                "for — ask for fewer rows, or check that the rules do not contradict the types and each other"
            )

    def _distinct(self) -> int:
        """Drop later rows that repeat a partial unique index's values; how many rows are left."""
        run = self.all.tables.connection.execute
        for index in self.reading.partial:
            by = ", ".join(map(quoted, index.attributes))
            run(
                f"DELETE FROM {quoted(self.name)} WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER "
                f"(PARTITION BY {by} ORDER BY rowid) AS n FROM {quoted(self.name)} WHERE ({index.where}\n)) WHERE n > 1)"
            )
        return self.all.tables.rows(self.name)

    # ------------------------------------------------------------------ references filled in at the end

    def fill_in(self, foreign_key: ForeignKey, free: tuple[str, ...]) -> None:
        """Give a reference its values now that all rows exist.

        Each row takes a row to refer to out of those that agree with what it has already; an earlier one where the
        reference is to the same relation. Without one it stays unknown, or refers to itself.
        """
        if not self.count:
            return
        run = self.all.tables.connection.execute
        own = foreign_key.relation == self.name
        pairs = list(zip(foreign_key.attributes, foreign_key.referenced, strict=True))
        fixed = [(here, there) for here, there in pairs if here not in free]
        nullable = all(self.relation[name].nullable for name in free)
        there = ", ".join(quoted(name) for _, name in pairs)
        by = ", ".join(quoted(name) for _, name in fixed)
        part = f"PARTITION BY {by} " if by else ""
        target, table = quoted(foreign_key.relation), quoted(self.name)
        known = " AND ".join(f"{quoted(name)} IS NOT NULL" for _, name in pairs)
        given = ", ".join(f"{quoted(name)} AS v{at}" for at, (_, name) in enumerate(pairs))
        source = f"SELECT {there}, min(rowid) AS r FROM {target} WHERE {known} GROUP BY {there}"
        targets, rows = self.all.scratch(), self.all.scratch()
        run(
            f"CREATE TABLE {targets} AS SELECT {given}, row_number() OVER ({part}ORDER BY r) - 1 AS j, "
            f"count(*) OVER ({part}) AS many FROM ({source})"
        )
        held = ", ".join(f"CAST({quoted(here)} AS VARCHAR) AS f{at}" for at, (here, _) in enumerate(fixed))
        run(f"CREATE TABLE {rows} AS SELECT rowid AS n{', ' + held if held else ''} FROM {table}")
        place = {here: at for at, (here, _) in enumerate(pairs)}
        sides = [f"CAST(t.v{place[here]} AS VARCHAR) = s.f{at}" for at, (here, _) in enumerate(fixed)]
        many = " AND ".join(["t.j = 0", *sides])
        turn = ", ".join(f"s.f{at}" for at in range(len(fixed)))
        earlier = f"(row_number() OVER ({'PARTITION BY ' + turn if turn else ''} ORDER BY s.n) - 1)"
        limit = f"least(many, {earlier})" if own else "many"
        bits = hashed("s.n", self.all.key(self.name, *foreign_key.attributes, "later"))
        chosen = self.all.scratch()
        run(
            f"CREATE TABLE {chosen} AS SELECT n{''.join(f', f{at}' for at in range(len(fixed)))}, "
            f"CASE WHEN many IS NULL THEN NULL WHEN top = 0 THEN {'NULL' if nullable else '0'} "
            f"ELSE (bits % top)::BIGINT END AS j FROM (SELECT s.*, many, {limit} AS top, {bits} AS bits "
            f"FROM {rows} s LEFT JOIN {targets} t ON {many})"
        )
        same = " AND ".join(["t.j = c.j", *(side.replace("s.", "c.") for side in sides)])
        names = {name: f"CAST(t.v{place[name]} AS {self.values[name].type})" for name in free}
        shown = ", ".join(
            f"{names[name]} AS {quoted(name)}" if name in names else f"q.{quoted(name)}" for name in self.relation.names
        )
        filled = self.all.scratch()
        run(
            f"CREATE TABLE {filled} AS SELECT {shown} FROM {table} q JOIN {chosen} c ON q.rowid = c.n "
            f"LEFT JOIN {targets} t ON {same} ORDER BY q.rowid"
        )
        run(f"DELETE FROM {table}")
        run(f"INSERT INTO {table} SELECT * FROM {filled}")
        for at in (targets, rows, chosen, filled):
            run(f"DROP TABLE {at}")
        self._still_kept(foreign_key, free)

    def _still_kept(self, foreign_key: ForeignKey, free: tuple[str, ...]) -> None:
        """Raise where values filled in last break what was kept before."""
        run = self.all.tables.connection.execute
        table = quoted(self.name)
        for name in free:
            missing = run(f"SELECT count(*) FROM {table} WHERE {quoted(name)} IS NULL").fetchall()[0][0]
            if missing and not self.relation[name].nullable:
                raise Unsatisfiable(
                    f"{missing} rows of {self.name!r} have no row of {foreign_key.relation!r} that "
                    f"({', '.join(foreign_key.attributes)}) can refer to — let {name!r} be nullable or give more rows"
                )
        for check in self.relation.checks:
            broken = run(f"SELECT count(*) FROM {table} WHERE NOT ({check.expression}\n)").fetchall()[0][0]
            if broken:
                raise Unsupported(f"the check ({check.expression}) of {self.name!r} depends on a reference in a circle")
