"""Codes shown as values, and rows written: all of them at once, or tried until enough pass the checks."""

from collections.abc import Mapping, Sequence

import duckdb

from dbworkbench.data.tables import quoted
from dbworkbench.errors import DesignError, Unsatisfiable, Unsupported, listed
from dbworkbench.population.amounts import TODAY
from dbworkbench.population.codes import Codes
from dbworkbench.population.coherence import NATIONS, allowed, fits, kind_of, kind_of_place, leads, of_country, told
from dbworkbench.population.computing import computed, sorted_by
from dbworkbench.population.conditions import Order
from dbworkbench.population.descent import MONTH, assorted, inland, later, lying, priced, since
from dbworkbench.population.draws import edges_of, following, onward, placed, rising
from dbworkbench.population.numbers import below, hashed, mixed, scattered, skewed
from dbworkbench.population.reading import Group
from dbworkbench.population.references import Domain
from dbworkbench.population.scratch import Scratch
from dbworkbench.population.sequels import lasts, lived
from dbworkbench.population.shapes import Children, Fanout, Following, Seasonal, Unknowns
from dbworkbench.schema.relation import Check, ForeignKey
from dbworkbench.schema.types import Date, Decimal, Float, Text, Timestamp, Type
from dbworkbench.theory.closure import closure

_GROWN, _LIFE, _LONGEST = 9_000, 24_000, 5_500  # days until one is grown up, of what may follow, and of what goes on
_ATTEMPTS = 8  # with which a row is tried again, at least
_GAIN = 50  # an attempt was in vain when less than one in so many missing rows was found
_VAIN = 3  # attempts in vain after which rows beyond the last one are tried as well
_HOPELESS = 30_000  # tries after which a rule that no row has passed is given up


class Writing:
    """One relation's table, its values, and the checks that its rows are tried against."""

    def __init__(
        self,
        codes: Codes,
        scratch: Scratch,
        above: dict[str, tuple[Order, ...]],
        checks: tuple[Check, ...],
        written: Mapping[str, "Writing"],
    ) -> None:
        self.codes, self.scratch, self.above, self.checks = codes, scratch, above, checks
        self.plan, self.relation, self.reading = codes.plan, codes.relation, codes.reading
        self.shape, self.values = codes.shape, codes.values
        self.name, self.count, self.levels = codes.name, codes.count, codes.levels
        given = [self.plan.shape(self.name, name, Following) for name in self.relation.names]
        self.told = leads(self.relation, self.values, leading=self._leads, telling=self._tells, drawn=self._drawn_alone)
        self.leading = {shape.attribute for shape in given if shape is not None}
        self.placed: dict[str, str] = {}
        self.inland: dict[str, str] = {}
        self.priced: dict[str, str] = {}
        self.placed = lying(self, written)
        if not self.placed:
            self.placed, self.inland = inland(self)
        self.placed |= assorted(self, written)
        self.priced = priced(self, written)
        self.since = since(self, written)

    def _plain(self, name: str) -> bool:
        """Whether an attribute's values are its own affair: no shape, no order, no reference."""
        own = self.shape.representative.get(name)
        free = own is not None and name not in self.reading.group_of and name not in self.above
        return free and self.plan.distribution(self.name, name) is None

    def _drawn_alone(self, name: str) -> bool:
        """Whether an attribute's values are drawn, and nothing asks for others."""
        return self.shape.representative.get(name) in self.codes.bits and self._plain(name)

    def _leads(self, name: str) -> bool:
        """Whether others can be told by an attribute: the words of its values are known."""
        own, made = self.shape.representative.get(name), self.values[name]
        worded = made.seen is not None if own in self.codes.bits else self._worded(name)
        return worded and self._plain(name)

    def _worded(self, name: str) -> bool:
        """Whether the words of an attribute's values are known by their codes."""
        own, made = self.shape.representative.get(name), self.values[name]
        return own in self.codes.shown and made.spot is not None and self.codes.size[own] <= made.worded

    def _tells(self, name: str, lead: str, kind: str) -> bool:
        """Whether an attribute can be told by another: it is drawn, and what determines it determines the other."""
        own = self.shape.representative.get(name)
        limits, listed = self.reading.conditions.limits.get(name), self.values[name].listed
        limited = limits is not None and not allowed(kind, limits) and not (listed and self.values[name].kept)
        if own not in self.codes.bits or not self._plain(name) or limited:
            return False
        alone = self.shape.classes[own] == (name,)
        known = lead in closure(self.shape.derived.get(own, ()), self.reading.fds)
        return alone and known and fits(kind, self.room(name))

    def room(self, name: str) -> int | None:
        """How many characters an attribute's type has room for."""
        kind = self.relation[name].type
        return kind.length if isinstance(kind, Text) else None

    def _telling(self, name: str) -> tuple[str, list[str]]:
        """The value of an attribute that another one tells."""
        lead, kind = self.told[name]
        bits = self.codes.bits[self.shape.representative[name]]
        at, place, number = self._words(lead)
        its = self.kind(lead)
        its = "city" if lead in self.placed and its != "product" else its
        listed = self.values[name].listed
        return told(kind, at, number, bits, self.room(name), lead=its, listed=listed), [at, place, bits]

    def _value(self, name: str) -> tuple[str, list[str]]:
        """An attribute's value as SQL, and the columns that it reads."""
        if name in self.priced:
            return self.priced[name], [self.priced[name]]
        if name in self.inland:
            at, place, number = self._words(self.inland[name])
            return of_country(self.place_kind(name), at, number, self.room(name)), [at, place]
        if name in self.placed:
            bits, at = self.codes.bits[self.shape.representative[name]], self.placed[name]
            return told(self.kind(name), at, None, bits, self.room(name)), [at, bits]
        if name in self.told:
            return self._telling(name)
        made = self.values[name]
        group = self.reading.group_of.get(name)
        if name in self.codes.references.void or name in self.codes.references.open:
            return f"CAST(NULL AS {made.type})", []
        own = self.shape.representative.get(name)
        if group is not None and group.name in self.codes.domains:
            return self._referring(name, group, self.codes.domains[group.name], own)
        if own is None:
            return self._shaped(name, mixed((), self.plan.key(self.name, name)))
        if own in self.codes.bits:
            return self._shaped(name, self.codes.bits[own])
        return made.coded(self.codes.shown[own], self.codes.size[own]), [self.codes.shown[own]]

    def _shaped(self, name: str, bits: str) -> tuple[str, list[str]]:
        """A value drawn by random bits, distributed as its shape says."""
        made, shape = self.values[name], self.plan.distribution(self.name, name)
        reads = [bits] if bits.isidentifier() else []
        if isinstance(shape, Following):
            others = self._followed(name, shape)
            bits = self.levels.add(following(bits, others, shape.correlation), *reads, others)
            reads = [bits]
        edges = None if shape is None else edges_of(shape, made, f"{self.name}.{name}")
        least = self.since.least.get(name)
        if edges is not None:
            if least is None:
                place = self.levels.add(placed(bits, edges), *reads)
            else:
                room = MONTH * made.per_day if isinstance(shape, Seasonal) else 0  # what has an end by name keeps it
                place = self.levels.add(onward(bits, edges, least, room), *reads, least)
            return made.shown(place), [place]
        even = (isinstance(shape, Following) or name in self.leading) and made.steep == 1
        if even or least is not None:
            drawn = rising(bits, made.start, made.usual) if even else made.place_of(bits)
            place = self.levels.add(drawn, *reads)
            place = place if least is None else self.levels.add(later(place, least, made), place, least)
            return made.shown(place), [place]
        return made.drawn(bits), reads

    def _followed(self, name: str, shape: Following, seen: tuple[str, ...] = ()) -> str:
        """The random bits of the attribute that another one follows, after those that it follows itself."""
        other = shape.attribute
        self.relation[other]  # raises UnknownName
        own, mine = self.shape.representative.get(other), self.shape.representative[name]
        if other == name or other in seen:
            raise DesignError(f"{self.name}.{name} follows itself")
        bits = None if own is None else self.codes.bits.get(own)
        before = self.shape.derived.get(mine, ())
        if bits is None or other in self.above or other not in closure(before, self.reading.fds):
            raise Unsupported(
                f"{self.name}.{name} cannot follow {other}: both must be drawn, not told by keys, references or other "
                f"attributes, and what determines {name} must determine {other}"
            )
        given = self.plan.distribution(self.name, other)
        if isinstance(given, Following):
            others = self._followed(other, given, (*seen, name))
            return self.levels.add(following(bits, others, given.correlation), bits, others)
        return bits

    def _check_shapes(self) -> None:
        """Refuse shapes that the values cannot have."""
        for name in self.relation.names:
            shape = self.plan.distribution(self.name, name)
            own = self.shape.representative.get(name)
            where = f"{self.name}.{name}"
            drawn = own is None or own in self.codes.bits or own in self.codes.shaped
            forest = self._refers_back(name)
            if shape is not None and not drawn and not forest:
                raise Unsupported(
                    f"{where} cannot be given {type(shape).__name__}: its values tell rows apart, determine others or "
                    "refer to rows, so that only Zipf or Fanout can be asked for, and that not of a key"
                )
            if shape is not None and forest != isinstance(shape, Children):
                raise Unsupported(
                    f"{where} cannot be given {type(shape).__name__}: Children is for a reference to the same relation, "
                    "and the only shape of one"
                )
            if isinstance(shape, Fanout) and (own is None or own in self.codes.bits):
                raise Unsupported(f"{where} cannot be given Fanout: it refers to no row")
            unknown = self.plan.shape(self.name, name, Unknowns)
            if unknown is not None and unknown.share and own not in self.codes.unknown:
                raise DesignError(
                    f"{where} cannot be unknown: it is not nullable, is part of a key or a check for it, or determines "
                    "what must be known"
                )

    def _referring(self, name: str, group: Group, domain: Domain, own: str | None) -> tuple[str, list[str]]:
        to = self.values[name].type
        at = group.attributes.index(name)
        if not group.single:
            own = self.shape.representative.get(group.name)
        code = self.codes.shown[own] if own is not None else self.levels.add("0::BIGINT")
        if domain.table:
            value = self.codes.look_up(group, self._place_among(group, code, domain))[f"v{at}"]
            return value, [value]
        if self._refers_back(name):
            return self._forest(name, domain, to)
        place = self._place_in(name, code, own, domain)
        return f"CAST({domain.value(place)} AS {to})", [place]

    def _place_in(self, name: str, code: str, own: str | None, domain: Domain) -> str:
        """A column with the number of the row that a reference of one attribute goes to."""
        free = own is None or own in self.shape.whole or own in self.codes.carriers
        return self.levels.add(code if free else scattered(code, domain.size, self.name, name), code)

    def number(self, foreign_key: ForeignKey) -> str | None:
        """A column with the number of the row that a reference goes to; None where that is looked up, or an own row."""
        name, *others = foreign_key.attributes
        group = self.reading.group_of.get(name)
        domain = None if group is None else self.codes.domains.get(group.name)
        if others or foreign_key.relation == self.name or group is None or domain is None or domain.table:
            return None
        own = self.shape.representative.get(name)
        if own is None or group.foreign_keys != (foreign_key,):
            return None
        return self._place_in(name, self.codes.shown[own], own, domain)

    def looked(self, foreign_key: ForeignKey, told: str) -> str | None:
        """A column with a whole number that the row referred to tells, looked up; None where there is no row yet."""
        group = self.reading.group_of.get(foreign_key.attributes[0])
        domain = None if group is None else self.codes.domains.get(group.name)
        own = None if group is None else self.shape.representative.get(group.name)
        if group is None or domain is None or own is None or foreign_key.relation == self.name:
            return None
        if foreign_key.relation in self.plan.slices:
            raise Unsupported(
                f"rows of {self.name!r} follow what rows of {foreign_key.relation!r} tell, which have to be looked up, so no "
                f"slice of {foreign_key.relation!r} can be made alone"
            )
        table, other = self.scratch.name(), quoted(foreign_key.relation)
        code = self.codes.shown[own]
        if domain.table:
            pairs = zip(foreign_key.attributes, foreign_key.referenced, strict=True)
            same = " AND ".join(f"d.v{group.attributes.index(here)} = q.{quoted(there)}" for here, there in pairs)
            query = f"SELECT d.j, min({told}) AS m FROM {domain.table} d JOIN {other} q ON {same} GROUP BY d.j"
            code = self._place_among(group, code, domain)
        else:
            if not group.single or group.foreign_keys != (foreign_key,):
                return None
            query = f"SELECT row_number() OVER () - 1 AS j, {told} AS m FROM {other}"
            code = self._place_in(group.name, code, own, domain)
        self.scratch.run(f"CREATE TABLE {table} AS {query}")
        return self.levels.look_up(table, code, ["m"])["m"]

    def _place_among(self, group: Group, code: str, domain: Domain) -> str:
        """A column with the number, in the table of a domain, of what a reference goes to."""
        if group.single and self.shape.representative.get(group.name) not in self.shape.whole:
            return self.levels.add(scattered(code, domain.size, self.name, group.name), code)
        return code

    def follows(self, name: str, foreign_key: ForeignKey) -> bool:
        """Whether what determines an attribute determines where a reference goes."""
        own = self.shape.representative.get(name)
        before = () if own is None else self.shape.derived.get(own, ())
        return set(foreign_key.attributes) <= closure(before, self.reading.fds)

    def kind(self, name: str) -> str:
        """What an attribute's values are, as far as they can belong together with others."""
        return kind_of(name, self.values[name])

    def place_kind(self, name: str) -> str:
        """What an attribute tells of the place that a row is about."""
        return kind_of_place(self.relation, name, self.values[name])

    def where(self) -> tuple[str, str] | None:
        """Whether a row tells of a city or a country, and the attribute that does."""
        kinds = {self.place_kind(name): name for name in reversed(self.relation.names)}
        for kind in ("city", *NATIONS):
            name = kinds.get(kind)
            if name is None or name in self.told or name in self.inland:
                continue
            if name in self.placed or self.spoken(name):
                return "city" if kind == "city" else "country", name
        return None

    def spoken(self, name: str) -> bool:
        """Whether the words of an attribute's values are known, as its shape draws them if it has one."""
        own, made = self.shape.representative.get(name), self.values[name]
        alone = name not in self.reading.group_of and name not in self.above
        if own in self.codes.bits:
            return alone and made.seen is not None and self.plan.shape(self.name, name, Following) is None
        return alone and self._worded(name)

    def led(self, name: str, lead: str) -> bool:
        """Whether what determines an attribute determines another one, so that it can be told by it."""
        own = self.shape.representative.get(name)
        return lead in closure(self.shape.derived.get(own, ()) if own else (), self.reading.fds)

    def spot(self, name: str) -> str:
        """A column with the place among all cities, or all countries, of one whose words are known."""
        return self._words(name)[0]

    def alike(self, name: str, other: str) -> bool:
        """Whether one attribute can be told by another that determines it, of other words: nothing refers to its values."""
        own, theirs = self.shape.representative.get(name), self.shape.representative.get(other)
        referred = any(
            key.relation == self.name and name in key.referenced for rel in self.plan.schema for key in rel.foreign_keys
        )
        limited = name in self.reading.conditions.limits
        return (
            own is not None and own == theirs and self.spoken(name) and self._plain(name) and not (referred or limited)
        )

    def _words(self, name: str) -> tuple[str, str, str | None]:
        """Columns with the place of a value's words, and of the value; and the number behind the words, if there is one."""
        if name in self.placed:
            return self.placed[name], self.placed[name], None
        made, own = self.values[name], self.shape.representative[name]
        if own in self.codes.bits:
            bits, shape = self.codes.bits[own], self.plan.distribution(self.name, name)
            edges = None if shape is None else edges_of(shape, made, f"{self.name}.{name}")
            place = self.levels.add(made.place_of(bits) if edges is None else placed(bits, edges), bits)
            return self.levels.add(made.seen(place) if made.seen is not None else place, place), place, None
        place, size = self.codes.shown[own], self.codes.size[own]
        number = f"({place} // {made.spots})" if size > made.spots else None
        return self.levels.add(made.spot(place, size) if made.spot is not None else place, place), place, number

    def free(self, name: str) -> bool:
        """Whether an attribute's values are drawn, and nothing asks for others."""
        asked = name in self.leading or name in self.told or name in self.reading.conditions.limits
        return self._drawn_alone(name) and not asked

    def dated(self, name: str) -> bool:
        """Whether a date is drawn, as its shape says if it has one, and no check says from when to when."""
        own, made = self.shape.representative.get(name), self.values[name]
        alone = name not in self.reading.group_of and name not in self.above and name not in self.told
        drawn = own in self.codes.bits and not made.listed
        return drawn and alone and name not in self.reading.conditions.limits

    def alike_drawn(self, names: Sequence[str]) -> list[str]:
        """Those of some attributes that follow from the same as the first one."""
        before = [self.shape.derived.get(self.shape.representative[name]) for name in names]
        return [name for name, one in zip(names, before, strict=True) if one == before[0]]

    def _refers_back(self, name: str) -> bool:
        """Whether an attribute refers to the same relation and can go to an earlier row: each row chooses for itself."""
        shape, own, group = self.shape, self.shape.representative.get(name), self.reading.group_of.get(name)
        domain = None if group is None else self.codes.domains.get(group.name)
        if domain is None or domain.table or group is None or group.foreign_keys[0].relation != self.name:
            return False
        if own is None or own in shape.determining or own in shape.whole or len(shape.classes[own]) > 1:
            return False
        determinant = shape.derived.get(own, ())
        return len(determinant) == 1 and determinant[0] in shape.whole

    def _forest(self, name: str, domain: Domain, to: str) -> tuple[str, list[str]]:
        """A reference to an earlier row; rows without one are unknown, or refer to themselves."""
        bits = hashed(self.codes.row, self.plan.key(self.name, name, "forest"))
        tree = self.plan.shape(self.name, name, Children)
        each = f"({self.codes.row} - 1) // {tree.each}" if tree else f"({bits} % {self.codes.row})::BIGINT"
        earlier = self.levels.add(f"CASE WHEN {self.codes.row} = 0 THEN 0 ELSE {each} END", self.codes.row)
        value = f"CAST({domain.value(earlier)} AS {to})"
        if self.relation[name].nullable:
            value = f"CASE WHEN {self.codes.row} > 0 THEN {value} END"
        return value, [earlier, self.codes.row]

    def _ordered(self, name: str) -> tuple[str, list[str]]:
        """The value of an attribute that stands above others: the greatest of them and some more."""
        kind, made = self.relation[name].type, self.values[name]
        found = [self._as_bound(order.smaller, kind) for order in self.above[name]]
        own, reads = self._value(name)
        bits = hashed(reads[0], self.plan.key(self.name, name, "above")) if reads else "0::UBIGINT"
        least = int(any(order.strict for order in self.above[name]))
        base = f"greatest({', '.join(value for value, _ in found)})" if len(found) > 1 else f"({found[0][0]})"
        gap, room = self._long(name, base, bits, least, [column for _, columns in found for column in columns])
        reads = [*reads, *room]
        match kind:
            case Date() if gap:
                value = f"{base} + {gap}::INTEGER"
            case Timestamp() if gap:
                value = f"{base} + to_seconds({gap} * 86400 + {below(hashed(bits, 1), 86_400)})"
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

    def _long(self, name: str, base: str, bits: str, least: int, reads: list[str]) -> tuple[str, list[str]]:
        """How many days a life, or what goes on for months and years, lasts from a bound on, and the columns that this reads.

        An empty text for what does not last.
        """
        death, birth = lived(self.relation)
        dies = name == death and birth in {order.smaller for order in self.above[name]}
        if not (dies or lasts(self.relation, name)):
            return "", []
        room = self.levels.add(f"datediff('day', CAST({base} AS DATE), {TODAY})", *reads)
        if dies:
            grown = f"{_GROWN} + ({bits} % least({_LIFE}, greatest(1, {room} - {_GROWN}))::UBIGINT)::BIGINT"
            return f"greatest({least}, least({room} - 1, {grown}))", [room]
        most = f"least({_LONGEST}, greatest({4 * MONTH}, {room}))"
        return f"({MONTH} + ({bits} % ({most} - {MONTH})::UBIGINT)::BIGINT)", [room]

    def _as_bound(self, name: str, kind: Type) -> tuple[str, list[str]]:
        """An attribute's value as a bound of dates or moments: the day after a moment, the moment a day begins."""
        value, reads = self.known(name)
        match kind, self.relation[name].type:
            case Date(), Timestamp():
                return f"(CAST({value} AS DATE) + 1)", reads
            case Timestamp(), Date():
                return f"CAST({value} AS TIMESTAMP)", reads
        return value, reads

    def known(self, name: str) -> tuple[str, list[str]]:
        """An attribute's value, also where it is unknown: what stands above it stands above others by it, too."""
        return self._ordered(name) if name in self.above else self._value(name)

    def _final(self, name: str) -> tuple[str, list[str]]:
        """An attribute's value, unknown where it is."""
        value, reads = self.known(name)
        own = self.shape.representative.get(name)
        if own in self.codes.unknown:
            known = self.levels.add(value, *reads)  # within CASE, what occurs twice would be computed twice
            unknown = self.codes.unknown[own]
            return f"CASE WHEN {unknown} THEN NULL ELSE {known} END", [known, unknown]
        return value, reads

    def write(self) -> None:
        """Make the table and its rows."""
        self._check_shapes()
        shown: list[str] = []
        made = computed(self.relation)
        for name in self.relation.names:
            if name in made:
                continue
            value, _ = self._final(name)
            shown.append(f"CAST({value} AS {self.values[name].type}) AS {quoted(name)}")
        hidden = "i"
        while hidden in {name.lower() for name in self.relation.names}:
            hidden += "_"
        columns = ", ".join(f"{quoted(name)} {self.values[name].type}" for name in self.relation.names)
        self.scratch.create(f"CREATE OR REPLACE TABLE {quoted(self.name)} ({columns})")
        names = ", ".join(map(quoted, self.relation.names))
        inner = f"SELECT {', '.join(shown)}, q.i AS {quoted(hidden)} FROM ({self.levels.sql(shown)}) q"
        if made:
            told = [
                f"CAST(({made[name]}\n) AS {self.values[name].type}) AS {quoted(name)}"
                if name in made
                else quoted(name)
                for name in self.relation.names
            ]
            inner = f"SELECT {', '.join((*told, quoted(hidden)))} FROM ({inner}) AS {quoted(self.name)}"
        if not self.codes.filtered:
            ordered = f" ORDER BY {quoted(hidden)}" if self.levels.joined else ""
            part = self.plan.slices.get(self.name, range(self.count))
            for start in range(part.start, part.stop, self.scratch.length):
                length = min(self.scratch.length, part.stop - start)
                self.scratch.insert(self.name, f"SELECT {names} FROM ({inner}){ordered}", start, length)
            return
        if self.name in self.plan.slices:
            raise Unsupported(
                f"{self.name!r} has checks that rows are tried against one after another, so no slice of it can be made "
                "alone — populate the whole and select from it"
            )
        self._write_kept(names, inner, quoted(hidden))

    def _write_kept(self, names: str, inner: str, hidden: str) -> None:
        """Rows tried until enough pass the checks; raises Unsatisfiable where too few do.

        A row that fails is tried again with other random bits, as long as that helps; then rows beyond the last one.
        """
        run = self.scratch.run
        kept, passed, left = (self.scratch.name() for _ in range(3))
        passing = " AND ".join(f"(CAST(({check.expression}\n) AS BOOLEAN) IS NOT FALSE)" for check in self.checks)
        query = f"SELECT * FROM ({inner}) AS {quoted(self.name)} WHERE {passing or 'true'}"
        run(f"CREATE TABLE {kept} AS SELECT *, 0::BIGINT AS {hidden} FROM {quoted(self.name)} LIMIT 0")
        run(f"CREATE TABLE {left} AS SELECT range AS i FROM range({self.count})")
        reach, count, tried, attempt, vain = self.count, 0, 0, 0, 0
        while count < self.count:
            tried += self.scratch.count(left)
            rows = f"WITH rows AS (SELECT i, i + {attempt << 40} AS r FROM {left})"
            try:
                run(f"CREATE OR REPLACE TABLE {passed} AS {rows} {query}")
            except duckdb.Error as error:
                raise self._not_evaluated(error) from error
            run(f"INSERT INTO {kept} SELECT * FROM {passed}")
            before, count, attempt = count, self._distinct(kept, hidden), attempt + 1
            gone = kept if self.reading.partial else passed
            missing, gained = self.count - count, count - before
            vain = vain + 1 if gained * _GAIN < missing else 0
            stuck = vain >= max(_VAIN, _GAIN // max(1, missing))
            more, reach = reach, min(self.codes.top, reach * 2) if stuck else reach
            run(
                f"CREATE OR REPLACE TABLE {left} AS SELECT i FROM (FROM {left} UNION ALL SELECT range FROM "
                f"range({more}, {reach})) WHERE i NOT IN (SELECT {hidden} FROM {gone})"
            )
            done = attempt >= _ATTEMPTS and stuck and more == reach and gained * 1000 < missing
            if done or tried > 400 * self.count + _HOPELESS or (not count and tried > _HOPELESS):
                break
        if count < self.count:
            rules = [f"check ({check.expression})" for check in self.checks]
            rules += [str(index) for index in self.reading.partial]
            raise Unsatisfiable(
                f"only {count} rows were found for {self.name!r} that pass {listed(rules)}, in {tried} tries, and "
                f"{self.count} are asked for — ask for fewer rows, or see that the rules do not contradict the types "
                "and each other",
                relation=self.name,
                most=count,
            )
        run(f"INSERT INTO {quoted(self.name)} SELECT {names} FROM {kept} ORDER BY {hidden} LIMIT {self.count}")
        for table in (kept, passed, left):
            run(f"DROP TABLE IF EXISTS {table}")

    def _not_evaluated(self, error: duckdb.Error) -> DesignError:
        said = str(error).splitlines()[0]
        texts = listed([f"({check.expression})" for check in self.checks])
        return DesignError(f"a check of {self.name!r} cannot be evaluated: {said} — its checks: {texts}")

    def _distinct(self, table: str, hidden: str) -> int:
        """Drop later rows that repeat a partial unique index's values; how many rows are left."""
        for index in self.reading.partial:
            by = ", ".join(map(sorted_by, index.parts))
            repeated = (
                f"DELETE FROM {table} WHERE {hidden} IN (SELECT {hidden} FROM (SELECT {hidden}, row_number() OVER "
                f"(PARTITION BY {by} ORDER BY {hidden}) AS n FROM {table} AS {quoted(self.name)} WHERE ({index.where or 'true'}\n)) "
                "WHERE n > 1)"
            )
            try:
                self.scratch.run(repeated)
            except duckdb.Error as error:
                raise DesignError(
                    f"the condition ({index.where}) of a unique index of {self.name!r} cannot be evaluated: "
                    f"{str(error).splitlines()[0]} — write it for DuckDB, over this relation's attributes"
                ) from error
        return self.scratch.count(table)
