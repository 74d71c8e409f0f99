"""What the references of a relation may refer to: a domain of values for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dbworkbench.data.tables import quoted
from dbworkbench.errors import Unsatisfiable, Unsupported, listed
from dbworkbench.population.agreeing import made_as
from dbworkbench.population.coding import MOST, sql_type
from dbworkbench.population.plan import Plan
from dbworkbench.population.reading import Group, Reading
from dbworkbench.population.scratch import Scratch
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.types import Integer
from dbworkbench.theory.closure import closure


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


class InACircle(Unsupported):
    """A reference in a circle of which no part can wait until all rows exist."""


class References:
    """The references of one relation.

    `domains` has those kept while rows are made, by their group's name; `later` those that wait until all rows exist,
    with the attributes that get their values then, which `open` gathers; `void` are attributes with nothing to refer to.
    """

    def __init__(self, plan: Plan, reading: Reading, scratch: Scratch, done: frozenset[str], *, rejected: bool) -> None:
        self.plan, self.reading, self._scratch, self._done, self._rejected = plan, reading, scratch, done, rejected
        self.relation, self.shape = reading.relation, reading.structure
        self.name = reading.relation.name
        self.count = plan.counts[self.name]
        self.domains: dict[str, Domain] = {}
        self.later: list[tuple[ForeignKey, tuple[str, ...]]] = []
        self.open: set[str] = set()
        self.void: set[str] = set()
        self._resolve()

    def _resolve(self) -> None:
        """A domain for each reference; those that have to wait until all rows exist are set aside."""
        for group in self.reading.groups:
            domain = self._numbered_domain(group)
            if domain is None:
                waiting = [fk for fk in group.foreign_keys if fk.relation not in self._done]
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
        if (own and self._rejected) or unheld(self.relation, foreign_key, self.plan.schema[foreign_key.relation]):
            return None
        show = self.plan.by_number(foreign_key.relation, foreign_key.referenced[0])
        return None if show is None else Domain(self.plan.counts[foreign_key.relation], show)

    def _set_aside(self, foreign_key: ForeignKey) -> None:
        """Leave a reference until its relation has rows: the attributes that nothing hangs on get their values then."""
        free = tuple(name for name in foreign_key.attributes if self._loose(name))
        if not free:
            raise InACircle(
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
            if foreign_key.relation in self.plan.slices:
                raise Unsupported(
                    f"{self.name}({', '.join(group.attributes)}) refers to rows of {foreign_key.relation!r} that have to "
                    f"be looked up, so no slice of {foreign_key.relation!r} can be made alone"
                )
            pairs = list(zip(foreign_key.attributes, foreign_key.referenced, strict=True))
            columns = ", ".join(
                f"CAST({quoted(there)} AS {sql_type(self.relation[here].type)}) AS {quoted(here)}"
                for here, there in pairs
            )
            target = self.plan.schema[foreign_key.relation]
            asked = [f"{quoted(there)} IS NOT NULL" for _, there in pairs]
            known = " AND ".join((*asked, *unheld(self.relation, foreign_key, target)))
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
        table = self._scratch.name()
        run = self._scratch.run
        run(f"CREATE TABLE {table} AS SELECT row_number() OVER (ORDER BY {order}) - 1 AS j, {numbered} FROM ({query})")
        counted = ", ".join(f"max(d{at}) + 1" for at in range(len(names)))
        (size, *sizes) = run(f"SELECT count(*), {counted} FROM {table}").fetchall()[0]
        each = {name: size_ or 0 for name, size_ in zip(group.attributes, sizes, strict=True)}
        return Domain(int(size), table=table, sizes=each)

    def capacity(self, name: str) -> int:
        """How many different values a class can have: the least of its members'."""
        found: list[int] = []
        for member in self.shape.classes[name]:
            group = self.reading.group_of.get(member)
            if member in self.domains:
                found.append(self.domains[member].size)
            elif group is not None and group.name in self.domains:
                found.append((self.domains[group.name].sizes or {})[member])
            elif member in self.plan.values[self.name] and group is None:
                found.append(self.plan.values[self.name][member].capacity)
        return min(found, default=MOST)

    def said(self, name: str) -> str:
        """A class for messages: the relation and the attributes."""
        members = [m for m in self.shape.classes[name] if m in self.plan.values[self.name]]
        members = members or next(list(g.attributes) for g in self.reading.groups if g.name == name)
        return f"{self.name}({', '.join(members)})"


def unheld(relation: Relation, foreign_key: ForeignKey, target: Relation) -> list[str]:
    """Conditions on rows referred to, that the types of the referring attributes hold their values as they are.

    There are none where the types are alike, or whole numbers that are no narrower.
    """
    found: list[str] = []
    for here, there in zip(foreign_key.attributes, foreign_key.referenced, strict=True):
        one, other = relation[here].type, target[there].type
        wider = isinstance(one, Integer) and isinstance(other, Integer) and one.bits >= other.bits
        to, back = made_as(one), made_as(other)
        if not wider and to != back:
            said = f"TRY_CAST(TRY_CAST({quoted(there)} AS {to}) AS {back})"
            found.append(f"{said} IS NOT DISTINCT FROM {quoted(there)}")
    return found
