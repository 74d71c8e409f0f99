"""Attributes whose names say which is above which: an order is placed, paid, shipped and delivered, and min is below max."""

from dbworkbench.population.conditions import Order
from dbworkbench.population.phrases import things, tokens
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Timestamp, Type

# words of one step each; what stands further down comes later
_STEPS = (
    """created create placed order ordered opened hire hired issue issued booked registered joined founded requested submitted
    borrowed loaned loan rental rented enrolled enrollment received posted reported signed acquired purchased bought""",
    "confirmed paid approved accepted assigned published released launched manufactured built produced verified activated",
    """start starts started begin begins began from since departure departed checkin admission admitted scheduled shipped
    shipping ship sent dispatched""",
    "delivered delivery arrival arrived",
    "due expires expiry expiration required renewal",
    """end ends ended to until till closed completed finished return returned left terminated termination deleted cancelled
    canceled checkout death died deceased discharge discharged graduated graduation resolved archived merged""",
    "updated update modified changed login seen",
)
_LAST = len(_STEPS) - 1
_END_STEP = _LAST - 1
_STEP = {word: at for at, words in enumerate(_STEPS) for word in words.split()}
_ORIGINS = frozenset({"published", "released", "launched", "manufactured", "built", "produced"})
_STANDING = _ORIGINS | frozenset(
    {"acquired", "bought", "employed", "enrolled", "established", "founded"}
    | {"hire", "hired", "joined", "opened", "purchased", "registered"}
)
_STARTS = frozenset({"hire", "hired", "joined", "employed", "enrolled", "since"})
_GOING_ON = frozenset(
    {"account", "contract", "employment", "lease", "member", "membership", "subscription", "tenancy"}
    | {"employee", "staff", "branch", "store", "shop"}
)
_BIRTH = frozenset({"birth", "born", "birthday", "dob", "birthdate"})
_DEATH = frozenset({"death", "died", "deceased"})
_AHEAD = frozenset({"due", "expires", "expiry", "expiration", "required", "renewal"})
_PLAIN = frozenset({"date", "day", "time", "at", "on", "timestamp", "datetime", "dt", "was", "is"})
_END = {"minimum": "min", "lowest": "min", "maximum": "max", "highest": "max"}
_PRICES = {
    word: rank
    for rank, said in enumerate(
        (
            "cost; cost price; unit cost; purchase price; buy price; buying price; wholesale price",
            "sale price; discounted price; special price; promo price",
            "price; unit price; selling price; sell price; retail price",
            "list price; msrp; regular price; recommended price",
        )
    )
    for word in said.split("; ")
}
_TWO_WORDS = {("check", "in"): "checkin", ("check", "out"): "checkout"}


def step(relation: str, attribute: str) -> tuple[int, tuple[str, ...]] | None:
    """Which step of a thing's life a date's name tells of, and of what: None where it tells of none.

    A date that has no other name than its relation is when the thing came to be.

    >>> step("orders", "shipped_at"), step("trips", "planned_end"), step("payments", "payment_date"), step("a", "born")
    ((2, ()), (5, ('planned',)), (0, ()), None)
    """
    words = list(tokens(attribute))
    for at in range(len(words) - 1):
        words[at : at + 2] = (
            [_TWO_WORDS[pair]] if (pair := (words[at], words[at + 1])) in _TWO_WORDS else words[at : at + 2]
        )
    said = [word for word in words if word not in _PLAIN]
    if "last" in said:
        return _LAST, ()
    known = [word for word in said if word in _STEP]
    of = tuple(word for word in said if word not in known and word not in things(relation))
    if not known and words and not of:
        return 0, ()
    return (_STEP[known[0]], of) if len(known) == 1 else None


def comparable(one: Type, other: Type) -> bool:
    """Whether values of two types can be compared whatever the time zone of a session is.

    >>> comparable(Date(), Timestamp()), comparable(Timestamp(), Timestamp(zone=True)), comparable(Date(), Integer())
    (True, False, False)
    """
    if isinstance(one, Timestamp) and isinstance(other, Timestamp):
        return one == other
    return type(one) is type(other) or {one, other} == {Date(), Timestamp()}


def sequels(relation: Relation) -> tuple[Order, ...]:
    """Which attribute of a row is not below which by their names.

    Each date comes after the last step before its own, of the same thing; a least and a greatest number are what they say.

    >>> from dbworkbench.schema.notation import relation
    >>> sequels(relation("orders(*id, placed: date, shipped_at: date, birthday: date)"))
    (Order(greater='shipped_at', smaller='placed', strict=False),)
    """
    steps: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for attribute in relation.attributes:
        found_step = step(relation.name, attribute.name) if isinstance(attribute.type, Date | Timestamp) else None
        if found_step is not None:
            steps.setdefault(found_step[1], []).append((found_step[0], attribute.name))
    found: list[Order] = []
    for several in steps.values():
        for at, name in several:
            kind = relation[name].type
            before = [
                (_AHEAD.isdisjoint(tokens(other)), earlier, relation[other].type == kind, place, other)
                for place, (earlier, other) in enumerate(several)
                if earlier < at and comparable(kind, relation[other].type)
            ]
            if before:
                found.append(Order(name, max(before)[-1], strict=False))
    bounds = {(tuple(_END.get(word, word) for word in tokens(one.name)), one.type): one for one in relation.attributes}
    for (words, kind), one in bounds.items():
        below = tuple("min" if word == "max" else word for word in words)
        if words.count("max") == 1 and (below, kind) in bounds and isinstance(kind, Integer | Decimal | Float):
            found.append(Order(one.name, bounds[below, kind].name, strict=False))
    death, birth = lived(relation)
    if death is not None and birth is not None and comparable(relation[death].type, relation[birth].type):
        found = [one for one in found if one.greater != death]
        found.append(Order(death, birth, strict=False))
    return (*found, *_dearer(relation))


def lived(relation: Relation) -> tuple[str | None, str | None]:
    """The date of death, and that of birth, of what a relation is about; None for what it does not tell.

    >>> from dbworkbench.schema.notation import relation
    >>> lived(relation("authors(*id, born: date?, died: date?)"))
    ('died', 'born')
    """
    dates = [one.name for one in relation.attributes if isinstance(one.type, Date | Timestamp)]
    of = [[name for name in dates if not said.isdisjoint(tokens(name))] for said in (_DEATH, _BIRTH)]
    death, birth = (names[0] if len(names) == 1 else None for names in of)
    return death, birth


def lasts(relation: Relation, attribute: str) -> bool:
    """Whether a date is the end of what goes on for months and years: of an employment, a membership, a contract.

    >>> from dbworkbench.schema.notation import relation
    >>> lasts(relation("staff(*id, hired: date, left_on: date?)"), "left_on")
    True
    >>> lasts(relation("trips(*id, started: date, ended: date?)"), "ended")
    False
    """
    if not isinstance(relation[attribute].type, Date | Timestamp) or step(relation.name, attribute) != (_END_STEP, ()):
        return False
    started = {
        word for one in relation.attributes for word in tokens(one.name) if isinstance(one.type, Date | Timestamp)
    }
    return attribute != lived(relation)[0] and not (
        _STARTS.isdisjoint(started) and _GOING_ON.isdisjoint(things(relation.name))
    )


def _dearer(relation: Relation) -> list[Order]:
    """What a piece costs its seller, what it is sold for, and what it is listed for: each not below the one before."""
    costs = [
        (rank, one)
        for one in relation.attributes
        if isinstance(one.type, Decimal | Float) and (rank := _PRICES.get(" ".join(tokens(one.name)))) is not None
    ]
    found = []
    for rank, one in costs:
        cheaper = [(other_rank, other) for other_rank, other in costs if other_rank < rank and other.type == one.type]
        if cheaper:
            found.append(Order(one.name, max(cheaper, key=lambda pair: pair[0])[1].name, strict=False))
    return found


def marks(relation: Relation) -> tuple[tuple[int, str], ...]:
    """The dates after which what refers to a row comes about, with their steps; not those that go on, or lie ahead.

    What is published and was not created before came to be then.

    >>> from dbworkbench.schema.notation import relation
    >>> marks(relation("orders(*id, placed: date, shipped_at: date, due: date, updated: date, birthday: date)"))
    ((0, 'placed'), (2, 'shipped_at'))
    >>> marks(relation("titles(*isbn, published: date)"))
    ((0, 'published'),)
    """
    found: list[tuple[int, str]] = []
    for attribute in relation.attributes:
        at = step(relation.name, attribute.name) if isinstance(attribute.type, Date | Timestamp) else None
        if at is not None and not at[1] and at[0] < _LAST and _AHEAD.isdisjoint(tokens(attribute.name)):
            found.append((at[0], attribute.name))
    if all(at for at, _ in found):
        found = [(at if _ORIGINS.isdisjoint(tokens(name)) else 0, name) for at, name in found]
    return tuple(found)


def long_ago(relation: Relation, attribute: str, schema: Schema) -> bool:
    r"""Whether a date mostly lies well before those that follow it: of what was there before dated rows that refer to it.

    >>> from dbworkbench.schema.notation import schema
    >>> found = schema("members(*id: integer, joined: date)\n loans(*id, member: integer -> members, borrowed: date)")
    >>> long_ago(found["members"], "joined", found), long_ago(found["loans"], "borrowed", found)
    (True, False)
    """
    if _STANDING.isdisjoint(tokens(attribute)) or attribute not in {name for _, name in marks(relation)}:
        return False
    return any(
        isinstance(one.type, Date | Timestamp) and step(other.name, one.name) is not None
        for other in schema
        if other != relation and any(key.relation == relation.name for key in other.foreign_keys)
        for one in other.attributes
    )


def after(at: int, known: tuple[tuple[int, str], ...]) -> str | None:
    """The date of a row that is referred to after which a date of this step comes: the last one before it, or the first."""
    until = 0 if at == _LAST else at  # what goes on is older than what the other row has come to
    before = [(step_, -place, name) for place, (step_, name) in enumerate(known) if step_ < until or step_ == 0]
    return max(before)[2] if before else None
