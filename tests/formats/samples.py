"""Schemas that every format is tried on: those of the sample data, and some with what formats stumble over."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dbworkbench.data.read import read_data
from dbworkbench.data.relation import relation_of
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from dbworkbench.theory.dependencies import FD
from tests.sql.designs import SHOP

_DATA = Path(__file__).parent.parent.parent / "sample_data"

HOSTILE = schema(
    """
    "order ""lines""?"(*"unit price": integer, *"größe-2": text(20), "class": text? = 'it''s \\ "so"', "1st": boolean = true)
    "select"(*"from": bigint, "self": bigint?, other: integer?, more: text(20)?)
        "self" -> "select"("from") on delete set null
        other, more -> "order ""lines""?"("unit price", "größe-2")
        unique "self"
    a(*id: integer, b: integer? -> b)
    b(*id: integer, a: integer? -> a)
    """,
    name="hostile",
)
RICH = schema(
    """
    rooms(*id: integer identity, name: text(80), floor: integer, label: text? as (lower(name)) stored)
        index (floor desc, name)
        index (name) using hash
    bookings(*id: bigint identity always, room: integer -> rooms deferrable initially deferred, day: date, hours: integer, "cost": decimal(9, 2) = 0,
        total: decimal(9, 2)? as ("cost" * hours) stored, guest: text(60))
        unique room, day
        check (hours > 0)
        index (day desc, room)
        index ((lower(guest)))
    """,
    name="rich",
)
SAMPLES = (
    replace(SHOP, name="shop"),
    replace(normalize(relation((_DATA / "sales.txt").read_text(encoding="utf-8")), to="3NF").schema, name="sales"),
    replace(schema((_DATA / "shop.txt").read_text(encoding="utf-8")), name="samples"),
    HOSTILE,
)


def _deliveries() -> Schema:
    """The table of deliveries, taken apart by the dependencies that it was drawn to obey."""
    lines = (_DATA / "deliveries.txt").read_text("utf-8").splitlines()
    told = [line.strip() for line in lines if "->" in line and not line.lstrip().startswith("#")]
    found = relation_of(read_data(_DATA / "deliveries.csv"))
    return normalize(found.with_dependencies(map(FD.parse, told)), to="BCNF").schema


EVERY: dict[str, Callable[[], Schema]] = {
    "shop.txt": lambda: schema((_DATA / "shop.txt").read_text("utf-8")),
    "tpch.txt": lambda: schema((_DATA / "tpch.txt").read_text("utf-8")),
    "sales.txt in one": lambda: Schema((relation((_DATA / "sales.txt").read_text("utf-8")),)),
    "sales.txt in 3NF": lambda: normalize(relation((_DATA / "sales.txt").read_text("utf-8"))).schema,
    "deliveries.txt in BCNF": _deliveries,
    "clinic_dump.sql": lambda: read((_DATA / "clinic_dump.sql").read_text("utf-8"), "mysql").schema,
}
"""The designs that lie among the sample data."""


def told(result: Read | Written) -> list[str]:
    """What the losses of a result say, each place for itself."""
    return [str(one) for loss in result.losses for one in loss.each]
