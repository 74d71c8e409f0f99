"""Normalization carried out on a real relation: theory's decomposition with names, types, keys and references."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dbworkbench.errors import DesignError, Unsupported
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.naming import relation_name
from dbworkbench.schema.notation import relation_in
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.decomposition import Decomposition, Part, Step, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD, names_in
from dbworkbench.theory.verdict import Verdict

_FORMS = {"3NF": synthesize_3nf, "BCNF": decompose_bcnf}


@dataclass(frozen=True, slots=True)
class Rejoin:
    """One step of putting a relation together again: `relation` is joined on its key `on` (the first has none)."""

    relation: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Normalization(Shown):
    """A relation taken apart, with the reasons and the proofs.

    `schema` holds the parts, those that others refer to first. `rebuild` is the order of joins that gives `before`
    back, `lossless` and `preserving` carry their witness (the chased tableau, the lost dependencies), and `losses`
    name what of `before` no part can say.
    """

    before: Relation
    form: str
    schema: Schema
    steps: tuple[Step, ...]
    lossless: Verdict
    preserving: Verdict
    rebuild: tuple[Rejoin, ...]
    decomposition: Decomposition
    losses: tuple[Loss, ...] = ()


def normalize(design: Relation | str, to: str = "3NF", *, names: Mapping[str, str] | None = None) -> Normalization:
    r"""Take a relation apart until every part is in the form asked for: "3NF" or "BCNF".

    3NF by synthesis (Bernstein 1976; Biskup, Dayal & Bernstein 1979) keeps every dependency; BCNF by decomposition may
    lose some, and says which. Both are lossless. `names` gives a part another name than its key suggests:
    `{"customer_id": "clients"}`; the part that keeps the key of the whole keeps its name. Only functional
    dependencies, declared or implied by keys, are used.

    Raises Unsupported for a form not offered, UnknownName for a name that is not there, DesignError where a chosen
    name is taken twice.

    >>> normalize("r(a, b, c)\n a -> b\n b -> c").schema.names
    ('r_b', 'r')
    """
    whole = relation_in(design)
    form = to.upper().replace(" ", "")
    if form not in _FORMS:
        if form in {"1NF", "2NF"}:
            raise Unsupported(f"{form} is weaker than anybody needs: 3NF costs no more — use to='3NF' or to='BCNF'")
        if form in {"4NF", "5NF"}:
            raise Unsupported(
                f"{form} is not carried out with keys and references — use to='BCNF', or "
                f"dbworkbench.theory.decompose_{form.lower()}(…) for the schemes alone"
            )
        raise Unsupported(f"{to!r} is no form to normalize to here — use to='3NF' or to='BCNF'")
    found = _FORMS[form](whole.names, whole.fds)
    return _carried_out(whole, form, found, _chosen(whole, names or {}))


def _chosen(whole: Relation, names: Mapping[str, str]) -> dict[frozenset[str], str]:
    chosen: dict[frozenset[str], str] = {}
    for said, name in names.items():
        key = frozenset(names_in(said))
        for attribute in sorted(key):
            whole[attribute]
        chosen[key] = name
    return chosen


def _carried_out(
    whole: Relation, form: str, found: Decomposition, chosen: Mapping[frozenset[str], str]
) -> Normalization:
    named = _named(whole, found.parts, chosen)
    references = _references(whole, found, named)
    relations = {name: _relation(whole, name, part, references[name]) for name, part in named.items()}
    relations, losses = _rules_placed(whole, relations)
    root = next(iter(named.values()))
    losses = (
        *(
            Loss(f"{whole.name}.{name}", "may be unknown", "it is part of the key, so it is required")
            for name in _in_order(whole, root.key)
            if whole[name].nullable
        ),
        *losses,
    )
    # referenced relations first, so that the schema reads and loads from the bottom up
    unordered = Schema(tuple(relations.values()))
    ordered = tuple(relation for group in unordered.in_reference_order() for relation in group)
    rebuild = tuple(
        Rejoin(name, _in_order(whole, part.on) if at else ()) for at, (name, part) in enumerate(named.items())
    )
    return Normalization(
        before=whole,
        form=form,
        schema=Schema(ordered, name=whole.name),
        steps=found.steps,
        lossless=found.lossless,
        preserving=found.preserving,
        rebuild=rebuild,
        decomposition=found,
        losses=losses,
    )


def _in_order(whole: Relation, names: Iterable[str]) -> tuple[str, ...]:
    place = {name: at for at, name in enumerate(whole.names)}
    return tuple(sorted(names, key=place.__getitem__))


def _named(whole: Relation, parts: Sequence[Part], chosen: Mapping[frozenset[str], str]) -> dict[str, Part]:
    """The parts by name, in re-join order.

    The first, which holds a key of the whole, keeps the whole's name, unless another part is what that name names:
    of customers(customer_id, name, order_id) with the key order_id, the customers are the other part.
    """

    def suggested(part: Part, taken: Iterable[str]) -> str:
        return relation_name(_in_order(whole, part.key), whole.name, tuple(taken))

    root, *others = parts
    namesake = next((part for part in others if suggested(part, ()).casefold() == whole.name.casefold()), None)
    heir = root if namesake is None else namesake
    asked = [next((chosen[key] for key in (part.key, *part.keys) if key in chosen), None) for part in parts]
    reserved = {name for name in asked if name is not None} | {whole.name}
    named: dict[str, Part] = {}
    for part, name in zip(parts, asked, strict=True):
        called = name or (whole.name if part is heir else suggested(part, {*named, *reserved}))
        if called in named:
            raise DesignError(f"two parts would be called {called!r} — choose another name for one of them")
        named[called] = part
    return named


def _references(whole: Relation, found: Decomposition, named: Mapping[str, Part]) -> dict[str, list[ForeignKey]]:
    """Each part that holds the key of another refers to it: both are projections of one relation, so values agree."""
    fds = tuple(fd for fd in found.dependencies if isinstance(fd, FD))
    reach = {name: closure(part.key, fds) for name, part in named.items()}
    order = {name: at for at, name in enumerate(named)}

    def refers(here: str, there: str) -> bool:
        if here == there or not named[there].key or not named[there].key <= named[here].attributes:
            return False
        back = named[here].key <= reach[there]  # the keys determine one another: refer to the one joined first
        return order[there] < order[here] if back else True

    made: dict[str, list[ForeignKey]] = {name: [] for name in named}
    targets = {here: [there for there in named if refers(here, there)] for here in named}
    for here, theres in targets.items():
        for there in theres:
            key = named[there].key
            through = [
                other for other in theres if other != there and there in targets[other] and key <= named[other].key
            ]
            if not through:
                attributes = _in_order(whole, key)
                made[here].append(ForeignKey(attributes, there, attributes))
    return made


def _relation(whole: Relation, name: str, part: Part, references: Sequence[ForeignKey]) -> Relation:
    key = _in_order(whole, part.key)
    others = [attribute for attribute in _in_order(whole, part.attributes) if attribute not in part.key]
    attributes = tuple(
        replace(whole[attribute], nullable=whole[attribute].nullable and attribute not in part.key)
        for attribute in (*key, *others)
    )
    keys = [Key(key)] if key else []
    keys += [Key(_in_order(whole, other)) for other in part.keys if other != part.key and other]
    kept = frozenset(fd for fd in part.fds if not (part.key and _by_key(fd, part)))  # ∅ → a is no key of a table
    return Relation(name, attributes, keys=tuple(keys), foreign_keys=tuple(references), dependencies=kept)


def _by_key(fd: FD, part: Part) -> bool:
    return any(key <= fd.determinant for key in part.keys)


_MENTIONED = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")*)"|([^\W\d]\w*)""")


def mentioned(expression: str, attributes: Iterable[Attribute]) -> tuple[str, ...]:
    r"""The attributes that an SQL condition names, in their own order; texts in quotes are no names.

    >>> mentioned("price >= 0 or note = 'qty'", [Attribute("price"), Attribute("note"), Attribute("qty")])
    ('price', 'note')
    """
    words = {
        (quoted.replace('""', '"') if quoted else bare).casefold() for quoted, bare in _MENTIONED.findall(expression)
    }
    return tuple(attribute.name for attribute in attributes if attribute.name.casefold() in words)


def _rules_placed(whole: Relation, relations: Mapping[str, Relation]) -> tuple[dict[str, Relation], tuple[Loss, ...]]:
    """Checks, indexes and references of the whole, each at the part that holds all it names; the rest are losses."""
    placed, losses = dict(relations), []

    def home(names: Sequence[str]) -> str | None:
        holding = [name for name, relation in relations.items() if set(names) <= set(relation.names)]
        keyed = [name for name in holding if relations[name].keys and set(relations[name].primary_key) == set(names)]
        return next(iter(keyed or holding), None)

    for check in whole.checks:
        at = home(mentioned(check.expression, whole.attributes))
        if at is None:
            losses.append(
                Loss(whole.name, f"check ({check.expression})", "no part holds all it names; it is left to queries")
            )
        else:
            placed[at] = replace(placed[at], checks=(*placed[at].checks, check))
    for index in whole.indexes:
        at = home(index.attributes)
        if at is None:
            said = ", ".join(index.attributes)
            losses.append(Loss(whole.name, f"index on {said}", "its attributes are now in different relations"))
        else:
            placed[at] = replace(placed[at], indexes=(*placed[at].indexes, index))
    losses += [
        Loss(
            f"{whole.name}({', '.join(reference.attributes)})",
            f"foreign key to {reference.relation}",
            "the relation referred to is outside the one normalized; add it again to the part that holds it",
        )
        for reference in whole.foreign_keys
    ]
    return placed, tuple(losses)
