"""Codes for every class of attributes, computed from the number of the row, such that all dependencies hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from dbworkbench.errors import DesignError, Unsatisfiable, Unsupported, listed
from dbworkbench.population.coherence import code_by
from dbworkbench.population.draws import edges_of, placed, zipf
from dbworkbench.population.fanout import children, layout, lines, parent
from dbworkbench.population.numbers import below, hashed, mixed, skewed, stride
from dbworkbench.population.reading import Group, counts
from dbworkbench.population.references import References
from dbworkbench.population.rows import Levels
from dbworkbench.population.sequels import lasts, lived
from dbworkbench.population.shapes import Children, Fanout, Unknowns, Weighted, Zipf
from dbworkbench.population.sizes import grown
from dbworkbench.theory.closure import closure

_OPEN = 75  # of a hundred ends of what goes on are unknown: it goes on


@dataclass(frozen=True)
class _Room:
    """What the classes that hold sources can bear: how many codes as usual, and at most."""

    held: Mapping[str, tuple[int, ...]]
    usual: Mapping[str, int]
    most: Mapping[str, int]


class Codes:
    """The codes of one relation's rows, as columns of `levels`.

    For each class, `code` is the column that others are derived from and `shown` the one that its values are made
    of; they differ only in the last rows, which repeat the first one but for a part of the key. Classes that are not
    `coded` have `bits` instead: random ones, the same for the same determinant. `size` is how many codes there are,
    `unknown` a column that says in which rows a class is unknown, `top` how many rows can be tried. `place` is the
    number of the row and `row` what is random about it: they differ where a row is tried again.
    """

    def __init__(self, references: References, *, filtered: bool) -> None:
        self.references, self.reading, self.filtered = references, references.reading, filtered
        self.plan, self.relation, self.shape = references.plan, references.relation, references.shape
        self.name, self.count = references.name, references.count
        self.values, self.domains = references.plan.values[references.name], references.domains
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
        self.shaped: set[str] = set()
        self.line: str | None = None
        self.levels = Levels("SELECT * FROM rows", ["i", "r"] if filtered else ["i"])
        self.place = "i"
        self.row = "r" if filtered else "i"
        self.top = self._most_rows()
        self.coded = self._coded()

    def make(self) -> bool:
        """Add all columns; False where the reading's star, or its numbered lines, have no room for the rows."""
        if self.reading.star is not None:
            if not self._star():
                return False
        else:
            self._sources()
            if self.reading.numbered is not None and self.line is None:
                return False
        for name, determinant in self.shape.derived.items():
            self._derived(name, determinant)
        self._unknowns()
        return True

    def _most_rows(self) -> int:
        """How many rows can be tried at all; raises Unsatisfiable where that is too few."""
        top = max(1, self.count) if not self.filtered else self.count * 64 + 4096
        for name in sorted(self.shape.whole):
            capacity = self.references.capacity(name)
            if capacity < self.count:
                raise Unsatisfiable(
                    f"{self.references.said(name)} tells all rows apart but has at most {capacity} different values, and "
                    f"{self.count} rows are asked for — ask for fewer rows or widen the type",
                    relation=self.name,
                    most=capacity,
                )
            top = min(top, max(1, capacity))
            for member in self.shape.classes[name]:
                made = self.values.get(member)
                if made is not None and made.place is not None and made.high - made.start + 1 >= 4 * self.count:
                    top = min(top, made.high - made.start + 1)  # as far as codes need not begin below the usual
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
        capacity = self.references.capacity(name)
        if self._refers(name):
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
            usual = {name: max(1, min(self.references.capacity(name), max(2, rows // 4))) for name in held}
            sizes = grown(free, held, usual, usual, target=rows, least=1)
            others = any(name not in shape.whole for name in shape.classes)
            self._rows_apart([shape.numbered] if rows >= 8 and others else [])
            for at in free:
                bits = hashed(self.row, self.plan.key(self.name, "source", at))
                self._source(at, self.levels.add(below(bits, sizes[at]), self.row), sizes[at])
        elif shape.sources:
            if not self._combined(held, rows):
                return
        elif self.count > 1:
            raise Unsatisfiable(
                f"all attributes of {self.name!r} are constant by its dependencies, so it has one row at most, and "
                f"{self.count} are asked for",
                relation=self.name,
                most=1,
            )
        for name, parts in shape.built.items():
            self._built(name, parts)

    def _rows_apart(self, sources: list[int]) -> None:
        """Let the last rows repeat the first but for one source each, unless checks may refuse the first."""
        if self.filtered:
            return
        self.apart = {at: self.count - 1 - turn for turn, at in enumerate(sources)}
        if sources:
            first, end = self.count - len(sources), self.count
            inside = f"i >= {first}" + (f" AND i < {end}" if self.top > end else "")
            self.place = self.levels.add(f"CASE WHEN {inside} THEN 0 ELSE i END", "i")
            self.row = self.place

    def _source(self, at: int, column: str, size: int) -> None:
        self.source_code[at] = column
        self.source_size[at] = size
        if at in self.apart and at in self.fresh:
            shown = f"CASE WHEN i = {self.apart[at]} THEN {size} ELSE {column} END"
            self.source_shown[at] = self.levels.add(shown, "i", column)

    def _combined(self, held: Mapping[str, tuple[int, ...]], rows: int) -> bool:
        """Sources without a key of one class: their combinations are what tells rows apart.

        False where lines are to be numbered and cannot be.
        """
        shape = self.shape
        most = {name: self.references.capacity(name) for name in held}
        usual = {name: max(1, min(most[name], max(2, rows // 2))) for name in held}
        line = self._line(held, rows)
        chosen, sizes = self._chosen(line, _Room(held, most if line is not None else usual, most), rows)
        if line is not None and prod(sizes[at] for at in chosen) < lines().groups(rows):
            line = None
            chosen, sizes = self._chosen(None, _Room(held, usual, most), rows)
        if line is None and self.reading.numbered is not None:
            return False
        if line is None and prod(sizes[at] for at in chosen) < self.count:
            names = [name for name in shape.classes if name in held]
            said = listed([member for name in names for member in shape.classes[name] if member in self.values])
            room = prod(sizes[at] for at in chosen)
            raise Unsatisfiable(
                f"{self.name}({said}) has at most {room} different combinations of values "
                f"that its dependencies allow, and {self.count} rows are asked for — ask for fewer rows or widen a type",
                relation=self.name,
                most=room,
            )
        if line is not None:
            sizes[line] = lines().longest
        self.line = None if line is None else next(iter(shape.sources[line]))
        self.fresh = set(sizes) - (set() if self.reading.numbered is None or line is None else {line})
        for name, parts in held.items():
            if prod(sizes[at] + (at in self.fresh) for at in parts) > most[name]:
                self.fresh -= set(parts)
        apart = sorted(self.fresh)[:64]
        self._rows_apart(apart if rows >= 4 * len(apart) + 8 else [])
        self.fresh &= set(self.apart)
        index = self.place
        if line is not None:
            index, number = lines().columns(self.levels, self.place)
            self._source(line, number, sizes[line])
        self._walk(sorted(chosen), sizes, index, rows if line is None else lines().groups(rows))
        for at in sizes:
            if at not in chosen and at != line:
                bits = hashed(self.row, self.plan.key(self.name, "source", at))
                alone = [name for name, parts in held.items() if parts == (at,)]
                code = self._drawn(alone[0], bits, sizes[at], 1) if alone else below(bits, sizes[at])
                self._source(at, self.levels.add(code, self.row), sizes[at])
        self.coded |= {name for name, parts in held.items() if parts}
        self.carriers |= {name for at in (*chosen, *([] if line is None else [line])) for name in shape.sources[at]}
        return True

    def _chosen(self, line: int | None, room: "_Room", rows: int) -> tuple[list[int], dict[int, int]]:
        """The sources whose combinations tell rows apart, and sizes for all sources but `line`.

        Sources that several classes see get theirs together; of the others, as few as will do are chosen, references
        first, and the rest have what is usual.
        """
        sources = self.shape.sources
        everyone = [at for at in range(len(sources)) if at != line]
        shared = [at for at in everyone if len(sources[at]) > 1]
        alone = sorted((at for at in everyone if at not in shared), key=self._preference)
        if shared:
            tied = {at for name, parts in room.held.items() if any(x in shared for x in parts) for at in parts}
            shared = [at for at in everyone if at in tied]
            alone = [at for at in alone if at not in tied]
        wanted = lines().groups(rows) if line is not None else rows * (64 if self.filtered else 4)
        sizes, trying = self._grown(shared, alone, room, target=wanted, least=rows if line is None else wanted)
        for at in trying:
            (name, *others) = sources[at]
            rest = prod(sizes[x] for x in trying if x != at)
            single = not others and room.held[name] == (at,)
            if single and self._refers(name) and room.most[name] * rest * rows < 1 << 61:
                sizes[at] = max(sizes[at], room.most[name])
        carrying: list[int] = []
        for at in sorted(trying, key=lambda source: (-sizes[source], source)):
            if prod(sizes[x] for x in carrying) < min(wanted, prod(sizes.values())):
                carrying.append(at)
        for at in everyone:
            if at not in sizes:
                name = next(iter(sources[at]))
                sizes[at] = max(1, min(self._usual(name, rows), room.most[name] - 1))
        return carrying, sizes

    def _refers(self, name: str) -> bool:
        """Whether a class is a reference."""
        return any(group.name in self.shape.classes[name] for group in self.reading.groups)

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

    def _preference(self, at: int) -> tuple[bool, bool, bool, int]:
        (name,) = self.shape.sources[at]
        nullable = any(self.relation[member].nullable for member in self.shape.classes[name] if member in self.values)
        return (
            not self._refers(name),
            nullable and name not in self.reading.unique,
            self.references.capacity(name) < 16,
            at,
        )

    def _line(self, held: Mapping[str, tuple[int, ...]], rows: int) -> int | None:
        """The source of an attribute that counts within the rest of the key, such as a line number."""
        if self.filtered or rows < 8 or len(self.shape.sources) < 2:
            return None
        found: list[int] = []
        for name, parts in held.items():
            members = [member for member in self.shape.classes[name] if member in self.values]
            if len(parts) != 1 or len(members) != 1 or members[0] in self.reading.group_of:
                continue
            if self.shape.sources[parts[0]] == {name} and counts(self.relation[members[0]]):
                found.append(parts[0])
        name = next(iter(self.shape.sources[found[0]])) if found else ""
        if self.reading.numbered is not None and not self._lined(self.reading.numbered.other):
            return None
        return found[0] if len(found) == 1 and self.references.capacity(name) > 6 else None

    def _lined(self, name: str) -> bool:
        """Whether an attribute has values enough for a different one in each line, and none that were asked for."""
        own = self.shape.representative.get(name)
        if own is None or own not in self.shape.derived or self.shape.classes[own] != (name,):
            return False
        asked = any(self.plan.shape(self.name, name, kind) for kind in (Zipf, Fanout, Children, Weighted))
        return not asked and self.references.capacity(own) >= lines().longest

    def _walk(self, sources: list[int], sizes: Mapping[int, int], index: str, rows: int) -> None:
        """Different combinations of codes for different indexes: the digits of index × multiplier + offset."""
        count = prod(sizes[at] for at in sources)
        self.top = min(self.top, count) if self.filtered else self.top
        if not sources:
            return
        if len(sources) == 1 and count <= 2 * rows:
            (at,) = sources
            self._source(at, index, count)
            return
        if len(sources) == 1:
            place = self.levels.add(f"{index} * {count // rows}", index) if not self.filtered else index
            self._source(sources[0], place, count)
            return
        multiplier, offset = stride(count, self.plan.seed, self.name)
        place = self.levels.add(f"({index} * {multiplier} + {offset}) % {count}", index)
        power = 1
        for at in sources:
            digit = f"({place} // {power}) % {sizes[at]}" if power > 1 else f"{place} % {sizes[at]}"
            self._source(at, self.levels.add(digit, place), sizes[at])
            power *= sizes[at]

    def _built(self, name: str, parts: tuple[int, ...]) -> None:
        """The code of a class that sees `parts` of the sources."""
        if name in self.shape.whole:
            self.size[name], self.code[name], self.shown[name] = self.top, self.place, "i"
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
            self.code[name] = self.look_up(group, self.code[own])[f"d{at}"]
            self.shown[name] = self.look_up(group, self.shown[own])[f"d{at}"]
            return
        codes = [self.row if before in self.shape.whole else self.code[before] for before in determinant]
        if self.filtered and self.row not in codes and self._alone(determinant):
            codes.append(self.levels.add("r - i", "r", "i"))  # another try draws another value
        bits = mixed(codes, self.plan.key(self.name, name))
        if name in self.shape.whole:
            self.size[name], self.code[name], self.shown[name] = self.top, self.place, "i"
        elif name not in self.coded:
            self.bits[name] = self.levels.add(bits, *codes)
        else:
            refers = self._refers(name)
            capacity = self.references.capacity(name)
            if refers:
                self.size[name] = max(1, capacity)
            else:
                rows = min(max(1, self.count), prod(self.size[before] for before in determinant))
                fewer = 10 if any(before in self.shape.whole for before in determinant) else 4
                usual = self._usual(name, max(1, self.count))
                self.size[name] = max(1, min(capacity, max(2, rows // fewer + 1), max(2, usual)))
            fanned = self._fanned(name, determinant) if refers else None
            followed = None if refers else self._followed(name, determinant)
            self.code[name] = (
                self._by_line(name, determinant)
                or fanned
                or followed
                or self.levels.add(self._drawn(name, bits, self.size[name], 3 if refers else 2), *codes)
            )
            self.shown[name] = self.code[name]

    def _by_line(self, name: str, determinant: tuple[str, ...]) -> str | None:
        """The code of what is a different one in each line of a thing: one that the thing draws, and those after it."""
        numbered = self.reading.numbered
        if numbered is None or self.shape.representative.get(numbered.other) != name or self.line not in determinant:
            return None
        size = self.size[name] = max(self.size[name], lines().longest)
        rest = [self.code[before] for before in determinant if before != self.line]
        first = skewed(mixed(rest, self.plan.key(self.name, name)), size, 3 if self._refers(name) else 2)
        line = self.code[self.line]
        return self.levels.add(f"({first} + {line}) % {size}", *rest, line)

    def _followed(self, name: str, determinant: tuple[str, ...]) -> str | None:
        """The code of a class that the words of what determines it tell: a country, by its city."""
        (member, *others), limits = self.shape.classes[name], self.reading.conditions.limits
        asked = member not in self.values or member in limits or self.plan.distribution(self.name, member) is not None
        if others or asked or len(determinant) != 1:
            return None
        place, size = self.shown[determinant[0]], self.size[determinant[0]]
        for lead in self.shape.classes[determinant[0]]:
            made = self.values.get(lead)
            if made is None or made.spot is None or size > made.worded or lead in self.reading.group_of:
                continue
            code = code_by(lead, made, member, self.values[member])
            if code is not None:
                self.size[name] = self.values[member].spots
                spot = self.levels.add(made.spot(place, size), place)
                return self.levels.add(code(spot), spot)
        return None

    def _alone(self, determinant: tuple[str, ...]) -> bool:
        """Whether classes tell all rows apart, so that what follows from them is every row's own affair."""
        members = [member for name in determinant for member in self.shape.classes[name]]
        return closure(members, self.reading.fds) >= set(self.relation.names)

    def look_up(self, group: Group, code: str) -> dict[str, str]:
        """Columns with what a reference's table has for a code: `v0` … the values, `d0` … their own codes."""
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
        free = {name: self.references.capacity(name) for name in shape.built}
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
                bits = hashed(group if name == first else member, self.plan.key(self.name, "source", source))
                size = max(1, min(free[name], max(2, self._usual(name, rows))))
                if name == first:
                    size = max(size, min(free[name], max(max(s) for s in (*plan.shapes, plan.rest or (1,)))))
                    code = f"({bits} % {size} + {part})::BIGINT % {size}"
                else:
                    code = self._drawn(name, bits, size, 1)
                self._source(source, self.levels.add(code, group, part, member), size)
        self.coded |= set(free)
        self.carriers |= set(free)
        for name, held in shape.built.items():
            self._built(name, held)
        return True

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
                key = self.plan.key(self.name, name, "unknown")
                codes = [self.code[other] for other in determinant] or [self.code.get(name, self.row)]
                if name in shape.built and name in self.code and name in self._free():
                    codes = [self.row]
                said = " OR ".join([f"{mixed(codes, key)} {self._share(name)}", *before])
                alone = [self.apart[at] for at in shape.built.get(name, ()) if at in self.apart]
                said = " AND ".join([f"({said})", *(f"i <> {row}" for row in alone)])
                self.unknown[name] = self.levels.add(f"({said})", "i", *codes, *before)

    def _free(self) -> set[str]:
        """Classes that hang on nothing and on which nothing hangs but what follows from them."""
        sources = self.shape.sources
        return {name for name, held in self.shape.built.items() if len(held) == 1 and sources[held[0]] == {name}}

    def _share(self, name: str) -> str:
        """A comparison of random bits that is true for the share of unknown values: a tenth, if no other is given.

        What goes on, and who lives, mostly has no end.
        """
        for member in self.shape.classes[name]:
            given = self.plan.shape(self.name, member, Unknowns)
            if given is not None:
                return f"% 10000 < {round(given.share * 10_000)}"
            if self.plan.shape(self.name, member, Fanout) or self.plan.shape(self.name, member, Children):
                return "% 100 < 0"
            if member in self.values and (lasts(self.relation, member) or member == lived(self.relation)[0]):
                return f"% 100 < {_OPEN}"
        return "% 100 < 10"

    def _fanned(self, name: str, determinant: tuple[str, ...]) -> str | None:
        """A reference's code where a fan-out is asked for: by the number of the row, so that the counts are exact."""
        for member in self.shape.classes[name]:
            given = self.plan.shape(self.name, member, Fanout)
            if given is not None:
                where = f"{self.name}.{member}"
                if self.filtered or len(determinant) != 1 or determinant[0] not in self.shape.whole:
                    raise Unsupported(
                        f"{where} cannot be given Fanout: it follows from more than the key, or rows of {self.name!r} are "
                        "tried against checks — give Zipf"
                    )
                if self.plan.shape(self.name, member, Unknowns) is not None:
                    raise DesignError(
                        f"{where} has a Fanout, which counts all rows — leave out the share of unknown values"
                    )
                self.shaped.add(name)
                return parent(self.levels, children(given, self.count, self.size[name], where), self.count)
        return None

    def _drawn(self, name: str, bits: str, size: int, steep: int) -> str:
        """A code of a class out of random bits, as the shape of a member says."""
        for member in self.shape.classes[name]:
            shape = self.plan.distribution(self.name, member) if member in self.values else None
            if isinstance(shape, Zipf):
                self.shaped.add(name)
                return placed(bits, zipf(shape, size))
            if isinstance(shape, Weighted) and len(self.values[member].listed) == size:
                self.shaped.add(name)
                return placed(bits, edges_of(shape, self.values[member], f"{self.name}.{member}") or ())
        return skewed(bits, size, steep)
