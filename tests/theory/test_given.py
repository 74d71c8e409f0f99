"""What a person types is read: texts, pairs, letters, relations; and refused with the place and the fix."""

from typing import Any

import pytest

from dbworkbench import theory
from dbworkbench.errors import DesignError, NotationError, UnknownName
from dbworkbench.schema.notation import relation
from dbworkbench.theory import FD, IND, JD, MVD, Instance, NormalForm

t: Any = theory  # texts are read by those who type them, and not by a type checker
A, B, C = "ABC"


def test_values_are_made_of_whatever_names_the_sides() -> None:
    made = [FD("a, b", "c"), FD(["a", "b"], {"c"}), FD({"b", "a"}, "c"), FD("a, b -> c"), FD(frozenset("ab"), ("c",))]
    assert len(set(made)) == 1
    assert MVD("a", "b") == MVD("a ->> b")
    assert JD(["a b", {"b", "c"}]) == JD("join[ab, bc]")
    with pytest.raises(NotationError, match="one side only"):
        FD(["a"])


@pytest.mark.parametrize(
    "fds",
    [
        ["A -> B", "B -> C"],
        "A -> B; B -> C",
        "A -> B\nB → C",
        [("A", "B"), ({"B"}, ["C"])],
        {"A": "B", "B": "C"},
        (FD("A", "B"), "B -> C"),
        [FD("A", "B"), FD("B", "C")],
    ],
)
def test_dependencies_in_any_shape(fds: object) -> None:
    assert t.closure("A", fds) == {A, B, C}
    assert list(t.candidate_keys("ABC", fds)) == [{A}]
    assert str(t.normal_form("R(A, B, C)", fds)) == "2NF"
    assert t.minimal_cover(fds) == t.canonical_cover(fds) == t.reduced(fds) == (FD("A", "B"), FD("B", "C"))
    assert {part.attributes for part in t.synthesize_3nf(["A", "B", "C"], fds).parts} == {
        frozenset("AB"),
        frozenset("BC"),
    }
    assert t.project(fds, "AC") == (FD("A", "C"),)
    assert t.lossless_join(["AB", "BC"], fds)
    assert t.dependency_preserving("A, B; B, C", fds)
    assert t.implies(fds, FD("A -> C"))
    assert t.is_superkey("A", "ABC", fds)


def test_letters_written_together_are_split_where_the_scheme_says_so() -> None:
    assert list(t.candidate_keys("ABCD", ["AB -> C", "C -> D"])) == [{A, B}]
    assert t.equivalent(["A -> B, C"], ["A -> B", "A -> C"])
    assert list(t.candidate_keys(["AB", "C"], ["AB -> C"])) == [{"AB"}]


def test_names_of_all_kinds() -> None:
    odd = ['"unit price" -> größe', 'größe -> "a ""b"" -> c"', "_x1 -> größe"]
    keys = list(t.candidate_keys(["unit price", "größe", 'a "b" -> c', "_x1"], odd))
    assert keys == [{"_x1", "unit price"}]
    assert t.closure('"unit price"', odd) == {"unit price", "größe", 'a "b" -> c'}
    assert t.closure("order_id", ["order_id -> customer"]) == {"order_id", "customer"}


def test_small_and_empty_schemes() -> None:
    assert list(t.candidate_keys("", [])) == [frozenset()]
    assert list(t.candidate_keys("a", [])) == [{"a"}]
    assert list(t.candidate_keys("a", ["-> a"])) == [frozenset()]
    assert t.normal_form("a", []) is NormalForm.BOYCE_CODD
    assert t.minimal_cover(["a -> a", "a -> b", "a -> b"]) == (FD("a", "b"),)
    assert [part.attributes for part in t.decompose_bcnf("", []).parts] == [frozenset()]
    assert t.closure([], ["-> a", "a -> b"]) == {"a", "b"}


def test_a_relation_brings_its_own_dependencies() -> None:
    sales = relation("sales(order_id key, customer, city)\n customer -> city")
    assert list(t.candidate_keys(sales)) == [{"order_id"}]
    assert t.closure("customer", sales) == {"customer", "city"}
    assert str(t.normal_form(sales)) == "2NF"
    rows = Instance(("id", "zip", "city"), ((1, 9, "Ulm"), (2, 9, "Ulm")))
    assert t.anomalies(rows, ["zip -> city"], rows=rows)[0].kind == "update"


def test_forms_are_read_as_they_are_written() -> None:
    assert NormalForm("bcnf") is NormalForm("BCNF") is NormalForm.BOYCE_CODD
    assert NormalForm("3") is NormalForm("3NF") is NormalForm.THIRD
    assert NormalForm("PJ/NF") is NormalForm.FIFTH
    assert t.violations("ABC", ["A -> B", "B -> C"], "3nf")
    with pytest.raises(UnknownName, match="no normal form called '7NF'"):
        t.violations("ABC", [], "7NF")


def test_what_does_not_follow_is_shown_on_two_rows() -> None:
    against = t.derive("B -> A", ["A -> B"])
    assert isinstance(against, Instance)
    assert len(against.rows) == 2
    assert against.satisfies(FD("A", "B"))
    assert not against.satisfies(FD("B", "A"))


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: t.minimal_cover([MVD("a", "b")]), DesignError, "a ↠ b is no functional dependency"),
        (lambda: t.normal_form("ab", [IND.parse("r[a] <= s[b]")]), DesignError, "between relations"),
        (lambda: t.normal_form("ab", [3]), NotationError, "3 is no dependency"),
        (lambda: t.normal_form("ab", None), NotationError, "None is no list of dependencies"),
        (lambda: t.normal_form(3, []), NotationError, "3 names no attributes"),
        (lambda: t.closure(None, []), NotationError, "None names no attributes"),
        (lambda: list(t.candidate_keys("customer_id, qty", ["custmer_id -> qty"])), UnknownName, "did you mean"),
        (lambda: t.is_superkey("x", "ab", []), UnknownName, "no attribute called 'x'"),
        (lambda: t.normal_form("ab", ["a b"]), NotationError, "no arrow"),
    ],
)
def test_what_cannot_be_read_is_refused(call: object, error: type[Exception], said: str) -> None:
    assert callable(call)
    with pytest.raises(error, match=said):
        call()


def test_a_counterexample_has_the_columns_of_the_relation_in_their_order() -> None:
    known = [FD("order_no -> customer")]
    for whole in ("order_no, customer, city", ["order_no", "customer", "city"]):
        against = theory.implies(known, FD("customer -> city"), whole=whole).witness
        assert isinstance(against, Instance)
        assert against.columns == ("order_no", "customer", "city")
    proof = theory.derive(FD("b -> a"), [FD("a -> b")], whole={"z", "b", "a"})
    assert isinstance(proof, Instance)
    assert proof.columns == ("a", "b", "z")


@pytest.mark.parametrize(
    "texts",
    [
        ["AB->C", "C->D", "A->B"],
        "AB -> C; C -> D; A -> B",
        "AB->C, C->D, A->B",
        "{AB->C, C->D, A->B}",
        {"AB": "C", "C": "D", "A": "B"},
        [("AB", "C"), ("C", "D"), ("A", "B")],
        [("A, B", "C"), (["C"], "D"), ({"A"}, {"B"})],
        ["A, B -> C", "{C} -> {D}", "A => B"],
        ["A B --> C", "C → D", "A \\to B"],
        (text for text in ("AB->C", "C->D", "A->B")),
        ["ab->c", "c->d", "a->b", "b->b"],
    ],
)
def test_letters_written_together_are_letters_without_a_list_of_attributes(texts: Any) -> None:
    cover = theory.minimal_cover(texts)
    assert {str(fd).upper() for fd in cover} == {"A → B", "A → C", "C → D"}


@pytest.mark.parametrize(
    "texts",
    [
        ["ID->NAME", "NAME->CITY"],  # no name is one letter
        ["M -> MP", "M, Y -> P", "MP -> C"],  # names are separated where there are several
        ["S -> CITY", "CITY -> STATUS"],  # no letter stands twice in a word of letters
        ["a->name", "name->city"],
        ["id -> a"],
        [FD({"AB"}, {"C"}), FD({"C"}, {"D"})],
    ],
)
def test_words_stay_words(texts: Any) -> None:
    named = {name for fd in theory.minimal_cover(texts) for name in fd.attributes}
    assert any(len(name) > 1 for name in named)
    assert theory.closure(sorted(named), texts) == named


def test_letters_are_told_in_every_question() -> None:
    asked: Any = theory  # as a person calls it
    book = ["A->BC", "CD->E", "B->D", "E->A"]
    assert asked.closure("BC", book) == set("ABCDE") == asked.closure({"C", "B"}, "; ".join(book))
    assert asked.lossless_join(["ABC", "ADE"], book)
    assert not asked.lossless_join([{"A", "B", "C"}, {"C", "D", "E"}], book)
    assert isinstance(asked.derive("AD->E", book), theory.Derivation)
    assert asked.implies(book, "E->BC")
    assert asked.equivalent(["A->C", "AC->D", "E->AD", "E->H"], ["A->CD", "E->AH"])
    keys = asked.candidate_keys("CSJDPQV", ["C->CSJDPQV", "JP->C", "SD->P"])
    assert set(keys) == {frozenset("C"), frozenset("JP"), frozenset("DJS")}


def test_other_notations_of_textbooks() -> None:
    asked: Any = theory
    whole = "course, teacher, text"
    assert asked.normal_form(whole, "course ->> teacher | text") is NormalForm.BOYCE_CODD
    assert asked.decompose_4nf(whole, ["course ->> teacher | text"]).schemes == {
        frozenset({"course", "teacher"}),
        frozenset({"course", "text"}),
    }
    for text in ("*(SP, PJ, JS)", "⋈{SP, PJ, JS}", "join(S P, P J, J S)", "join[SP, PJ, JS]"):
        assert JD(text) == JD(["S P", "P J", "J S"])
