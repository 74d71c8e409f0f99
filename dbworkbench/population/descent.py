"""What a row has from the rows that it refers to: its dates come after theirs, and its place lies in theirs.

What another row has is computed again, from its number. Where that is not known, as of rows that were tried against checks, or
would take too many expressions, it is looked up.
"""

from collections.abc import Mapping
from itertools import filterfalse
from typing import TYPE_CHECKING

from dbworkbench.data.tables import quoted
from dbworkbench.population.amounts import is_price
from dbworkbench.population.coding import Values
from dbworkbench.population.coherence import NATIONS, OF_NATION, fits, spot_of, within_category, within_country
from dbworkbench.population.sequels import after, comparable, marks, step
from dbworkbench.schema.relation import ForeignKey
from dbworkbench.schema.types import Date, Timestamp, Type

if TYPE_CHECKING:
    from dbworkbench.population.writing import Writing

__all__ = ["MONTH", "Since", "assorted", "inland", "later", "lying", "priced", "since"]

_MOST = 24  # dates of other rows, and of those that these follow, that are computed again for one date
MONTH = 30  # days in which a date falls at least, where what it follows is late
_DAY = 86_400


class Since:
    """For dates of a relation, a column each with the place (see `Values`) that none of their values is before."""

    def __init__(self) -> None:
        self.least: dict[str, str] = {}
        self.cost: dict[str, int] = {}


def since(writing: "Writing", written: Mapping[str, "Writing"]) -> Since:
    """The dates of a relation that follow dates of the rows it refers to, as the names of both say."""
    found = Since()
    for attribute in writing.relation.attributes:
        at = step(writing.name, attribute.name) if isinstance(attribute.type, Date | Timestamp) else None
        if at is None or at[1] or not writing.dated(attribute.name):
            continue
        columns: list[str] = []
        cost = 1
        for foreign_key in writing.relation.foreign_keys:
            mark = (
                _mark(foreign_key, at[0], attribute.type, written)
                if writing.follows(attribute.name, foreign_key)
                else None
            )
            if mark is None:
                continue
            other = written[foreign_key.relation]
            price = other.since.cost.get(mark, 1)
            again = not other.codes.filtered and cost + price <= _MOST
            column = _place(writing, other, foreign_key, mark, attribute.type, again=again)
            if column is not None:
                columns.append(column)
                cost += price if again else 1
        if columns:
            one = f"greatest({', '.join(columns)})" if len(columns) > 1 else columns[0]
            found.least[attribute.name] = writing.levels.add(one, *columns)
            found.cost[attribute.name] = cost
    return found


def _mark(foreign_key: ForeignKey, at: int, kind: Type, written: Mapping[str, "Writing"]) -> str | None:
    """The date of the relation referred to that a date of this step and type follows."""
    other = written.get(foreign_key.relation)
    if other is None:
        return None
    known = tuple((step_, name) for step_, name in marks(other.relation) if comparable(kind, other.relation[name].type))
    return after(at, known)


def _place(
    writing: "Writing", other: "Writing", foreign_key: ForeignKey, mark: str, kind: Type, *, again: bool
) -> str | None:
    """A column with the date of the row referred to as a place of this relation's: computed `again`, or else looked up."""
    number = writing.number(foreign_key) if again else None
    if number is not None:
        value, reads = other.known(mark)
        found = writing.levels.borrow(other.levels, other.levels.add(_units(value, other, mark, kind), *reads), number)
        if found is not None:
            return found
    return writing.looked(foreign_key, _units(quoted(mark), other, mark, kind))


def _units(value: str, other: "Writing", mark: str, kind: Type) -> str:
    """A date of another relation in the units that count the places of a type."""
    match kind, other.relation[mark].type:
        case Date(), Date():
            return f"datediff('day', DATE '1970-01-01', {value})"
        case Date(), _:
            return f"epoch_us({value}) // {_DAY}000000 + 1"
        case _, Date():
            return f"datediff('day', DATE '1970-01-01', {value}) * {_DAY}"
        case _:
            return f"epoch_us({value}) // 1000000"


def later(place: str, least: str, made: Values) -> str:
    """A place from `least` on that is as far on the way to the last usual one as a drawn place is among the usual ones."""
    start = made.start
    room = f"greatest({start + made.usual} - {least}, {MONTH * made.per_day})"
    return f"coalesce({least} + ({place} - {start}) * {room} // {made.usual}, {place})"


def lying(writing: "Writing", written: Mapping[str, "Writing"]) -> dict[str, str]:
    """For attributes that tell of a place, a column each with the place of a city in what a reference goes to.

    A city lies in the country that its row refers to, and a country, region and postcode without a city beside them are
    those of the city referred to.
    """
    kinds = {name: kind for name in writing.relation.names if (kind := writing.place_kind(name))}
    free = {name: kind for name, kind in kinds.items() if writing.free(name) and fits(kind, writing.room(name))}
    for foreign_key in writing.relation.foreign_keys:
        other = written.get(foreign_key.relation)
        found = None if other is None else other.where()
        if other is None or found is None or not free:
            continue
        what, told_by = found
        number = None if other.codes.filtered else writing.number(foreign_key)
        at = None if number is None else writing.levels.borrow(other.levels, other.spot(told_by), number)
        at = at or writing.looked(foreign_key, spot_of(other.place_kind(told_by), quoted(told_by)))
        names = [name for name in free if writing.follows(name, foreign_key)]
        beside = {kind for name, kind in kinds.items() if name not in foreign_key.attributes}
        if at is None or not names:
            continue
        if what == "city" and "city" not in kinds.values():
            return dict.fromkeys(names, at)
        cities = [name for name in names if free[name] == "city"]
        if what == "country" and "city" not in kinds.values() and beside.isdisjoint(NATIONS):
            whole = writing.levels.add(within_country(at, "0"), at)
            told = {name: whole for name in names if free[name] in OF_NATION}
            own = writing.alike_drawn([name for name in names if free[name] not in OF_NATION])
            if own:
                bits = writing.codes.bits[writing.shape.representative[own[0]]]
                told |= dict.fromkeys(own, writing.levels.add(within_country(at, bits), at, bits))
            return told
        if what == "country" and len(cities) == 1 and beside.isdisjoint(NATIONS):
            bits = writing.codes.bits[writing.shape.representative[cities[0]]]
            return {cities[0]: writing.levels.add(within_country(at, bits), at, bits)}
    return {}


def inland(writing: "Writing") -> tuple[dict[str, str], dict[str, str]]:
    """What tells of a place where a country leads: columns as `lying` gives them, and by which country one is told.

    A country leads that has a shape, is a key or determines others, and any where no city is. A city lies in it, and so
    does a region without one; its code or its name are its own.
    """
    kinds = {name: kind for name in writing.relation.names if (kind := writing.place_kind(name))}
    countries = [name for name, kind in kinds.items() if kind in NATIONS]
    own = [name for name in countries if name not in writing.told and writing.spoken(name)]
    leading = [name for name in own if name in {other for other, _ in writing.told.values()}]
    lead = next((name for name in (*filterfalse(writing.free, own), *leading, *own)), None)
    if lead is None:
        return {}, {}
    told = {
        name: lead
        for name in countries
        if name != lead
        and kinds[name] != kinds[lead]
        and (writing.alike(name, lead) or (writing.free(name) and writing.led(name, lead)))
    }
    free = [name for name, kind in kinds.items() if name not in countries and writing.free(name)]
    free = [name for name in free if fits(kinds[name], writing.room(name)) and writing.led(name, lead)]
    cities = [name for name in free if kinds[name] == "city"]
    if len(cities) > 1 or ("city" in kinds.values() and not cities) or not free:
        return {}, told
    at, bits = writing.spot(lead), writing.codes.bits[writing.shape.representative[(cities or free)[0]]]
    place = writing.levels.add(within_country(at, bits), at, bits)
    return dict.fromkeys(cities or free, place), told


def assorted(writing: "Writing", written: Mapping[str, "Writing"]) -> dict[str, str]:
    """For names of products, a column with the place of one under the category that their row refers to."""
    names = [name for name in writing.relation.names if writing.kind(name) == "product" and writing.free(name)]
    names = [name for name in names if fits("product", writing.room(name))]
    for foreign_key in writing.relation.foreign_keys if len(names) == 1 else ():
        other = written.get(foreign_key.relation)
        of = [] if other is None else [name for name in other.relation.names if other.kind(name) == "category"]
        if other is None or len(of) != 1 or not other.spoken(of[0]) or not writing.follows(names[0], foreign_key):
            continue
        number = None if other.codes.filtered or of[0] in other.told else writing.number(foreign_key)
        at = None if number is None else writing.levels.borrow(other.levels, other.spot(of[0]), number)
        at = at or writing.looked(foreign_key, spot_of("category", quoted(of[0])))
        if at is not None:
            bits = writing.codes.bits[writing.shape.representative[names[0]]]
            return {names[0]: writing.levels.add(within_category(at, bits), at, bits)}
    return {}


def priced(writing: "Writing", written: Mapping[str, "Writing"]) -> dict[str, str]:
    """For the price of a piece, a column with the price of what its row refers to."""
    names = [name for name in writing.relation.names if is_price(name) and writing.free(name)]
    for foreign_key in writing.relation.foreign_keys if len(names) == 1 else ():
        other, (name,) = written.get(foreign_key.relation), names
        of = [] if other is None else [mark for mark in other.relation.names if is_price(mark)]
        if other is None or len(of) != 1 or other.codes.filtered or not writing.follows(name, foreign_key):
            continue
        number, one = writing.number(foreign_key), other.relation[of[0]]
        if number is None or one.type != writing.relation[name].type or one.nullable or one.generated:
            continue
        value, reads = other.known(of[0])
        found = writing.levels.borrow(other.levels, other.levels.add(value, *reads), number)
        if found is not None:
            return {name: found}
    return {}
