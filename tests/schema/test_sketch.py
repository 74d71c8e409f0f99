import pytest

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.sketch import Cardinality, Entity, Generalization, Participant, Relationship, Sketch, Trait


def test_a_sketch_holds_together() -> None:
    sketch = Sketch(
        (Entity("order"), Entity("customer", (Trait("name", key=True),))),
        (Relationship("places", (Participant("customer"), Participant("order", Cardinality(1, 1)))),),
    )
    assert sketch.names == ("order", "customer")
    assert sketch["customer"].attributes[0].key
    with pytest.raises(UnknownName, match="did you mean 'customer'"):
        sketch["custmer"]


def test_cardinalities_read_as_they_are_written() -> None:
    assert [str(Cardinality()), str(Cardinality(1, 1)), str(Cardinality(2, 5))] == ["(0,N)", "(1,1)", "(2,5)"]
    assert Cardinality(1).total
    assert not Cardinality(0, 1).total


@pytest.mark.parametrize(
    ("build", "error"),
    [
        (lambda: Entity(""), DesignError),
        (lambda: Trait(""), DesignError),
        (lambda: Entity("a", (Trait("x"), Trait("x"))), DesignError),
        (lambda: Sketch((Entity("a"), Entity("a"))), DesignError),
        (lambda: Relationship("r", (Participant("a"),)), DesignError),
        (lambda: Generalization("a", ()), DesignError),
        (lambda: Cardinality(3, 2), DesignError),
        (lambda: Cardinality(0, 0), DesignError),
        (lambda: Sketch((Entity("a"),), (Relationship("r", (Participant("a"), Participant("b"))),)), UnknownName),
        (lambda: Sketch((Entity("a"),), (), (Generalization("a", ("c",)),)), UnknownName),
    ],
)
def test_what_contradicts_itself_is_refused(build: object, error: type[Exception]) -> None:
    assert callable(build)
    with pytest.raises(error):
        build()
