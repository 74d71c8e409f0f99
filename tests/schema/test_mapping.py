"""Sketches mapped to schemas: each step of the textbook's algorithm, and its own example whole."""

import pytest

from dbworkbench.schema.mapping import mapped
from dbworkbench.schema.notation import schema
from dbworkbench.schema.sketch import Cardinality, Entity, Generalization, Participant, Relationship, Sketch, Trait

ONE, MANY, MUST = Cardinality(0, 1), Cardinality(), Cardinality(1, 1)


def entity(name: str, key: str, *others: str, weak: bool = False) -> Entity:
    return Entity(name, (Trait(key, key=True), *(Trait(other) for other in others)), weak=weak)


A, B = entity("a", "x"), entity("b", "y")


def related(name: str, *sides: tuple[str, Cardinality], traits: tuple[Trait, ...] = ()) -> Relationship:
    return Relationship(name, tuple(Participant(one, how) for one, how in sides), traits)


@pytest.mark.parametrize(
    ("sketch", "text"),
    [
        (Sketch((A, B), (related("r", ("a", MUST), ("b", MANY)),)), "a(*x, y -> b)\nb(*y)"),
        (Sketch((A, B), (related("r", ("a", ONE), ("b", MANY)),)), "a(*x, y? -> b)\nb(*y)"),
        (Sketch((A, B), (related("r", ("a", MUST), ("b", ONE)),)), "a(*x, y -> b unique)\nb(*y)"),
        (
            Sketch((A, B), (related("r", ("a", MANY), ("b", MANY), traits=(Trait("since"),)),)),
            "a(*x)\nb(*y)\nr(*x -> a, *y -> b, since?)",
        ),
        (
            Sketch((A, B, entity("c", "z")), (related("r", ("a", MANY), ("b", MANY), ("c", ONE)),)),
            "a(*x)\nb(*y)\nc(*z)\nr(*x -> a, *y -> b, z -> c)",
        ),
        (
            Sketch(
                (A, entity("b", "no", weak=True)),
                (Relationship("of", (Participant("a", MANY), Participant("b", MUST)), identifying=True),),
            ),
            "a(*x)\nb(*x -> a, *no)",
        ),
        (
            Sketch((Entity("a", (Trait("x", key=True), Trait("phone", multivalued=True))),)),
            "a(*x)\na_phone(*x -> a, *phone)",
        ),
        (
            Sketch((Entity("a", (Trait("x", key=True), Trait("name", parts=(Trait("first"), Trait("last"))))),)),
            "a(*x, first?, last?)",
        ),
        (Sketch((A, Entity("b", (Trait("y"),))), (), (Generalization("a", ("b",)),)), "a(*x)\nb(*x -> a, y?)"),
        (Sketch((Entity("a b", (Trait("y"),)),)), '"a b"(*a_b_id, y?)'),
    ],
    ids=["1:n", "0..1:n", "1:1", "m:n", "ternary", "weak", "multivalued", "composite", "generalization", "keyless"],
)
def test_each_step(sketch: Sketch, text: str) -> None:
    wanted = {one.name: one for one in schema(text)}
    found = {one.name: one for one in mapped(sketch).schema}
    assert found == wanted


def test_one_entity_twice_gets_its_roles() -> None:
    manages = Relationship("manages", (Participant("e", ONE, "boss"), Participant("e", MANY, "worker")))
    assert mapped(Sketch((entity("e", "id"),), (manages,))).schema["e"].names == ("id", "worker_id")
    knows = Relationship("knows", (Participant("e", MANY, "one"), Participant("e", MANY, "other")))
    made = mapped(Sketch((entity("e", "id"),), (knows,))).schema["knows"]
    assert (made.names, made.primary_key) == (("one_id", "other_id"), ("one_id", "other_id"))


def test_what_keys_and_references_cannot_say_is_reported() -> None:
    found = mapped(
        Sketch(
            (Entity("a", (Trait("x", key=True), Trait("age", derived=True))), B),
            (
                related("r", ("a", Cardinality(2, 5)), ("b", MANY)),
                related("s", ("a", ONE), ("b", Cardinality(1, None))),
            ),
            (Generalization("a", ("b",), disjoint=True),),
        )
    )
    assert {(loss.subject, loss.feature) for loss in found.losses} == {
        ("a.age", "a derived attribute"),
        ("r", "a takes part (2,5)"),
        ("s", "every b takes part"),
        ("a", "a disjoint generalization"),
    }


def test_a_ring_of_weak_entities_is_mapped_all_the_same() -> None:
    ring = Relationship("r", (Participant("a"), Participant("b")), identifying=True)
    found = mapped(Sketch((Entity("a", weak=True), Entity("b", weak=True)), (ring,)))
    assert len(found.schema) == 2
    assert all(one.keys for one in found.schema)
