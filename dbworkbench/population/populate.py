"""Rows that obey a design, made inside DuckDB: keys, references, checks and every declared dependency hold exactly.

A cell is a function of (seed, relation, attribute, row) alone. First every attribute gets a code, a whole number; the
codes carry the structure (see `structure`). Then codes are shown as values, one-to-one wherever a key or a determinant
is concerned, so what holds of the codes holds of the values.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from operator import index
from typing import SupportsIndex

from dbworkbench.data.tables import Tables
from dbworkbench.errors import DesignError, Unsatisfiable, WorkbenchError
from dbworkbench.population.filling import fill
from dbworkbench.population.narrowing import narrowings
from dbworkbench.population.plan import Plan, Shapes
from dbworkbench.population.profile import Profile
from dbworkbench.population.references import InACircle
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

__all__ = ["LARGE", "populate"]

LARGE = 80_000_000  # cells from which on rows are written to a file instead of memory: about a gibibyte


def populate(
    design: object,
    *,
    rows: int | Mapping[str, int] | None = None,
    seed: int = 0,
    scale: float = 1.0,
    shapes: Shapes | None = None,
    slices: Mapping[str, range] | None = None,
) -> Tables:
    """Rows for a relation, a schema (or the text of one), or what holds one, as a normalization does: a table each.

    There are 1,000 `rows` unless said, and for a profile (`wb.profile`) as many as were profiled, with its shapes.

    A single relation gets exactly `rows` different rows (its references to other relations cannot be kept and are
    left out). In a schema, a number is not shared out: every relation that no other refers to gets all of it. One that is
    referred to gets a tenth of the most numerous relation that refers to it, a third where the reference is part of that one's
    key, and as many where it is the whole key: of 3,000 fines there are 1,000 loans, 100 copies and so on. A mapping
    says how many by name, and the same rule fills in those that it leaves out. The same seed gives the same rows on any
    machine and with any number of threads; nothing depends on the clock.

    Memory stays within 4 GiB however many rows there are: more than `LARGE` cells are written, compressed, to a file in
    a scratch folder that goes with the tables (about 25 bytes a row).

    `scale` multiplies `rows`. `shapes` says how an attribute's values are distributed where the usual is not wanted,
    by `"relation.attribute"`: `{"orders.customer_id": Zipf(1.1), "orders.note": Unknowns(0.5)}` (see `wb.shapes`; for the
    distributions of a real table, `wb.profile`). `slices` makes only some rows of a relation, by their numbers:
    the same ones that it has in the whole.

    What belongs together in a row agrees unless a shape or a check says otherwise: a city lies in its country and region
    and has their currency, language and time zone, an e-mail address has the name of its person and a gender goes with it, a
    product stands in its category and its lines have its price, totals and taxes follow from what they are of, and dates
    follow each other as their names say.

    References in a circle are kept too, mandatory ones as well: into an engine that checks each statement such rows are
    loaded before the references are declared, or with checks deferred.

    Unknown values appear where an attribute is nullable, is in no key, and determines nothing that must be known;
    what an unknown value determines is unknown too. The last rows of a table repeat its first row in all but a part
    of its key, where there is room, so that no other set of attributes is a key by accident.

    Raises Unsatisfiable where no such rows exist, with the reason, and DesignError for a check that cannot be
    evaluated.

    >>> from dbworkbench.schema.relation import Attribute, Key
    >>> people = Relation("people", (Attribute("id"), Attribute("city")), keys=(Key(("id",)),))
    >>> with populate(people, rows=50, seed=1) as tables:
    ...     tables
    Tables(people: 50 rows)
    """
    match design:
        case Profile():
            schema, shapes = design.schema, {**dict(design.shapes), **(shapes or {})}
            rows = dict(design.rows) if rows is None else rows
        case Schema():
            schema = design
        case Relation():
            schema = _alone(design)
        case _:
            found = design_of(design)
            schema = _alone(found) if isinstance(found, Relation) else found
    rows = 1000 if rows is None else rows
    for name, number in rows.items() if isinstance(rows, Mapping) else (("", rows),):
        whole_number(number, f"rows of {name!r}" if name else "rows")
    whole_number(seed, "seed")

    def filled(design: Schema) -> Tables:
        plan = Plan(design, _scaled(rows, scale), seed, shapes or {}, slices or {})
        tables = Tables(on_disk=plan.cells > LARGE)
        try:
            fill(plan, tables)
        except BaseException:
            tables.close()
            raise
        return tables

    try:
        return filled(schema)
    except (Unsatisfiable, InACircle) as error:
        for other in narrowings(schema):
            with suppress(WorkbenchError):
                return filled(other)
        raise error from None


def whole_number(given: object, what: str) -> int:
    """A whole number, of any kind that counts as one; raises DesignError, which says what it was to be.

    >>> whole_number(3, "rows")
    3
    """
    if isinstance(given, SupportsIndex) and not isinstance(given, bool):
        return index(given)
    raise DesignError(f"{what}={given!r} is no whole number — write it without quotes or a decimal point")


def _scaled(rows: int | Mapping[str, int], scale: float) -> int | Mapping[str, int]:
    if scale <= 0:
        raise DesignError(f"a scale of {scale} makes no rows — give a number above 0")
    if scale == 1:
        return rows
    return round(rows * scale) if isinstance(rows, int) else {name: round(n * scale) for name, n in rows.items()}


def _alone(relation: Relation) -> Schema:
    own = tuple(key for key in relation.foreign_keys if key.relation == relation.name)
    return Schema((replace(relation, foreign_keys=own),))
