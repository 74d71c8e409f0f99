"""Amounts that follow from others of their row, as the names say: a total is price times quantity, gross is net and tax.

They are made like computed attributes, so they are functions of what they follow from and no dependency breaks by them.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from dbworkbench.data.tables import quoted
from dbworkbench.errors import Unsupported
from dbworkbench.population.computing import refuse_where_it_decides
from dbworkbench.population.conditions import Limits, conditions
from dbworkbench.population.phrases import tokens
from dbworkbench.schema.attribute import Generated
from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.relation import Attribute, Check, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Timestamp

__all__ = ["TODAY", "amounted", "is_price"]

TODAY = "DATE '2025-01-01'"  # the day after the last that dates are drawn from
_BIRTH = frozenset(("birth", "born", "birthday", "birthdate", "dob"))
_ROLES = {
    "quantity": "quantity; qty; units; pieces; quantity ordered; order quantity; order qty; item quantity; quantity sold; units sold",
    "price": "price; unit price; price each; item price; price per unit; selling price",
    "discount": "discount; discount rate",
    "line": "line total; item total; line amount; line price; extended price; extended amount; subtotal; sub total; net; "
    "net amount; net total; net price; total net; amount; total price; total amount; total; order total; price total",
    "base": "subtotal; sub total; net; net amount; net total; total net",
    "tax": "tax; vat; tax amount; vat amount; sales tax; total tax",
    "tax rate": "tax rate; vat rate",
    "carriage": "shipping; freight; postage; shipping cost; shipping fee; shipping costs; delivery fee; freight cost",
    "whole": "total; grand total; gross; gross amount; gross total; total amount; total gross; total price; order total; "
    "invoice total; amount due; total due",
}
_NAMED = {role: [tuple(name.split()) for name in said.split("; ")] for role, said in _ROLES.items()}
_USUAL_TAX = "0.2"
_DIGITS = 38


def is_price(name: str) -> bool:
    """Whether an attribute's name says what one piece costs.

    >>> is_price("unit_price"), is_price("list_price")
    (True, False)
    """
    return tokens(name) in _NAMED["price"]


def amounted(schema: Schema, asked: Collection[tuple[str, str]]) -> Schema:
    """The schema with what amounts and ages follow from, but for attributes that something was `asked` of.

    >>> from dbworkbench.schema.notation import schema
    >>> found = amounted(schema("lines(*id, qty: integer, price: decimal(8, 2), total: decimal(10, 2))"), ())
    >>> found["lines"]["total"].generated.expression
    'least(greatest(round("price" * "qty", 2), -99999999.99), 99999999.99)'
    """
    return replace(schema, relations=tuple(_amounted(relation, asked) for relation in schema))


def _amounted(relation: Relation, asked: Collection[tuple[str, str]]) -> Relation:
    for name, expression, sources in _follow(relation):
        one = relation[name]
        if (relation.name, name) in asked or one.generated or any(relation[source].generated for source in sources):
            continue
        if not one.nullable and any(relation[source].nullable for source in sources):
            continue
        implied = _implied(relation, name)
        if implied is None:
            continue
        made = replace(
            one,
            generated=Generated(_within(one, _exact(relation, expression, sources), sources, floor=implied[1])),
            nullable=True,  # it is known where its sources are: no row has to be looked at for that
            default=None,
            identity=None,
        )
        attributes = tuple(made if other.name == name else other for other in relation.attributes)
        found = replace(
            relation, attributes=attributes, checks=tuple(c for c in relation.checks if c not in implied[0])
        )
        try:
            refuse_where_it_decides(found, name)
        except Unsupported:
            continue
        relation = found
    return relation


def _follow(relation: Relation) -> Iterator[tuple[str, str, list[str]]]:
    """What follows from what: an attribute, an expression, and the attributes in it."""
    said = {
        role: next((name for wanted in names for name in _numbers(relation) if tokens(name) == wanted), None)
        for role, names in _NAMED.items()
    }
    price, quantity, discount, line, base = (said[role] for role in ("price", "quantity", "discount", "line", "base"))
    net, sources = (quoted(base), [base]) if base else ("", [])
    if price and quantity and line:
        net, sources = f"{quoted(price)} * {quoted(quantity)}", [price, quantity]
        if discount and not isinstance(relation[discount].type, Integer):
            net, sources = f"{net} * (1 - coalesce({quoted(discount)}, 0))", [*sources, discount]
        yield line, net, sources
        base = line
    if not base:
        yield from _ages(relation)
        return
    tax, carriage, rate = said["tax"], said["carriage"], said["tax rate"]
    share = f"coalesce({quoted(rate)}, {_USUAL_TAX})" if rate else _USUAL_TAX
    whole = next(
        (name for want in _NAMED["whole"] for name in _numbers(relation) if tokens(name) == want != tokens(base)), None
    )
    parts, behind = [net], list(sources)
    if tax:
        levied = f"round({net}, 2) * {share}"
        yield tax, levied, [*sources, *([rate] if rate else [])]
        parts, behind = [f"round({net}, 2)", f"round({levied}, 2)"], [*behind, *([rate] if rate else [])]
    if carriage:
        parts, behind = [*parts, f"coalesce({quoted(carriage)}, 0)"], [*behind, carriage]
    if whole and len(parts) > 1:
        yield whole, " + ".join(parts), behind
    yield from _ages(relation)


def _ages(relation: Relation) -> Iterator[tuple[str, str, list[str]]]:
    """An age in years, by the day of birth."""
    births = [
        one.name
        for one in relation.attributes
        if isinstance(one.type, Date | Timestamp) and _BIRTH & set(tokens(one.name))
    ]
    ages = [one.name for one in relation.attributes if tokens(one.name) == ("age",) and isinstance(one.type, Integer)]
    if len(births) == len(ages) == 1:
        yield ages[0], f"datesub('year', CAST({quoted(births[0])} AS DATE), {TODAY})", births


def _numbers(relation: Relation) -> Iterator[str]:
    return (one.name for one in relation.attributes if isinstance(one.type, Integer | Decimal | Float))


def _implied(relation: Relation, name: str) -> tuple[tuple[Check, ...], bool] | None:
    """The checks of an attribute that amounts keep anyway, and whether they must be above nought; None where others speak of it."""
    spoken = [c for c in relation.checks if name in spoken_of(c.expression, relation.names, relation.name)]
    if not spoken:
        return (), False
    found = conditions(replace(relation, checks=tuple(spoken)))
    limits = found.limits.get(name)
    if found.others or found.orders or limits is None or found.limits.keys() != {name} or limits.above is None:
        return None
    least, strict = limits.above
    alone = replace(limits, above=None, because=()) == Limits()
    return (tuple(spoken), strict) if alone and not isinstance(least, str) and least <= 0 else None


def _exact(relation: Relation, expression: str, sources: list[str]) -> str:
    """An expression as it is where exact numbers of 38 digits hold it, and in binary ones where they do not."""
    width = {16: 5, 32: 10, 64: 19}
    digits = 4
    for source in sources:
        kind = relation[source].type
        digits += (
            width[kind.bits] if isinstance(kind, Integer) else kind.precision + 1 if isinstance(kind, Decimal) else 0
        )
    if digits <= _DIGITS:
        return expression
    return expression.replace(quoted(sources[0]), f"CAST({quoted(sources[0])} AS DOUBLE)")


def _within(one: Attribute, expression: str, sources: list[str], *, floor: bool) -> str:
    """An expression rounded as an attribute's type is, within its range, above nought if asked; unknown in some rows if it may be."""
    digits = one.type.scale if isinstance(one.type, Decimal) else 0 if isinstance(one.type, Integer) else 2
    said = f"round({expression}, {digits})"
    if isinstance(one.type, Decimal):
        most = ("9" * (one.type.precision - digits) or "0") + (f".{'9' * digits}" if digits > 0 else "0" * -digits)
        said = f"least(greatest({said}, -{most}), {most})"
    elif isinstance(one.type, Integer):
        most = str((1 << one.type.bits - 1) - 1 if one.type.bits < 64 else 1 << 53)
        said = f"least(greatest({said}, -{most}), {most})"
    if floor:
        said = f"greatest({said}, {10.0**-digits:.{max(digits, 0)}f})"
    if one.nullable:
        drawn = " + ".join(f"coalesce(CAST({quoted(source)} AS VARCHAR), '')" for source in sources).replace(
            " + ", " || '/' || "
        )
        said = f"CASE WHEN md5_number_lower({drawn}) % 10 = 0 THEN NULL ELSE {said} END"
    return said
