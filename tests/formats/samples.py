"""Schemas that every format is tried on: those of the sample data, and some with what formats stumble over."""

from dataclasses import replace
from pathlib import Path

from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
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


def told(result: Read | Written) -> list[str]:
    """What the losses of a result say, each place for itself."""
    return [str(one) for loss in result.losses for one in loss.each]
