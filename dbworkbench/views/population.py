"""How profiles look: each attribute of the real rows, what was copied of its values, and what stands in for the rest."""

from dbworkbench.page.blocks import Heading, Page, Prose, Table
from dbworkbench.population.profile import Profile
from dbworkbench.population.shapes import Length, Quantiles, Shape, Unknowns, Weighted, Zipf
from dbworkbench.schema.types import type_text
from dbworkbench.views.describe import describe
from dbworkbench.views.words import counted, three

_MOST = 200


@describe.register
def _(profile: Profile) -> Page:
    shapes, blocks = dict(profile.shapes), []
    for name, count in profile.rows:
        relation = profile.schema[name]
        keys = {part for key in relation.keys for part in key.attributes}
        referring = {part: key.relation for key in relation.foreign_keys for part in key.attributes}
        rows = []
        for attribute in relation.attributes[:_MOST]:
            place = f"{name}.{attribute.name}"
            found = shapes.get(place, ())
            unknown = next((shape.share for shape in found if isinstance(shape, Unknowns)), 0.0)
            told = "; ".join(_said(shape) for shape in found if not isinstance(shape, Unknowns))
            if place in profile.replaced:
                told = "tells of persons: made-up values stand in"
            elif attribute.name in keys:
                told = "tells rows apart"
            elif attribute.name in referring:
                told = f"refers to {referring[attribute.name]}" + (f": {told}" if told else "")
            rows.append((attribute.name, type_text(attribute.type), f"{unknown:.1%}" if unknown else "—", told or "—"))
        header = ("attribute", "type", "unknown", "values")
        blocks.append(Table(header, tuple(rows), f"{name}: {counted(count, 'row')}", "llrl"))
    said = "Nothing of the rows themselves is kept but categories that five rows or more have."
    return (Heading("Profile"), *blocks, Prose(said))


def _said(shape: Shape) -> str:
    match shape:
        case Weighted():
            total = sum(shape.pairs.values())
            first = sorted(shape.pairs.items(), key=lambda pair: -pair[1])[:3]
            listed = ", ".join(f"{value} {weight / total:.0%}" for value, weight in first)
            left = len(shape.pairs) - len(first)
            return listed + (f" and {left} more" if left > 0 else "")
        case Quantiles(values):
            return f"5 % below {values[0]}, half below {values[len(values) // 2]}, 5 % above {values[-1]}"
        case Zipf(exponent, share):
            unused = f", {1 - share:.0%} never" if share < 1 else ""
            return f"Zipf with exponent {three(exponent)}{unused}"
        case Length(low, high):
            return f"{low} to {high} characters"
        case _:
            return str(shape)
