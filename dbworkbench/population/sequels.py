"""Dates whose names say which comes first: an order is placed, paid, shipped and delivered, in this order."""

from dbworkbench.population.conditions import Order
from dbworkbench.population.texts import tokens
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Date, Timestamp

# words of one step each; what stands further down comes later
_STEPS = (
    """start starts started begin begins began from since created placed order ordered opened hired issued booked
    registered joined founded departure departed checkin requested submitted""",
    "confirmed paid approved accepted",
    "shipped shipping ship sent dispatched updated modified changed",
    "delivered delivery received arrival arrived",
    "due expires expiry",
    "end ends ended to until till closed completed finished returned left terminated deleted cancelled canceled checkout",
)
_STEP = {word: at for at, words in enumerate(_STEPS) for word in words.split()}
_PLAIN = frozenset({"date", "day", "time", "at", "on", "timestamp", "datetime"})


def sequels(relation: Relation) -> tuple[Order, ...]:
    """Which date of a row comes after which by their names: each after the last step before its own, of the same thing.

    >>> from dbworkbench.schema.notation import relation
    >>> sequels(relation("orders(*id, placed: date, shipped_at: date, birthday: date)"))
    (Order(greater='shipped_at', smaller='placed', strict=False),)
    """
    steps: dict[tuple[object, tuple[str, ...]], list[tuple[int, str]]] = {}
    for attribute in relation.attributes:
        said = [word for word in tokens(attribute.name) if word not in _PLAIN]
        known = [word for word in said if word in _STEP]
        if len(known) == 1 and isinstance(attribute.type, Date | Timestamp):
            of = tuple(word for word in said if word not in known)
            steps.setdefault((type(attribute.type), of), []).append((_STEP[known[0]], attribute.name))
    found: list[Order] = []
    for several in steps.values():
        for step, name in several:
            before = [other for other in several if other[0] < step]
            if before:
                found.append(Order(name, max(before)[1], strict=False))
    return tuple(found)
