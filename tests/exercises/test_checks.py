"""What a wrong answer is answered: on rows, by a proof, by a chase."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.errors import DataError
from dbworkbench.exercises.asked import questions_about
from dbworkbench.exercises.bank import bank, exercise
from dbworkbench.exercises.decompositions import Lost, Spurious, is_lossless, is_preserving
from dbworkbench.exercises.exercise import Exercise, Question, Scheme
from dbworkbench.exercises.generator import SHAPES
from dbworkbench.exercises.grading import grade
from dbworkbench.exercises.grounds import Grounds
from dbworkbench.exercises.sheet import sheet, sheet_notebook
from dbworkbench.exercises.solutions import right_answer
from dbworkbench.page.blocks import Code, Heading
from dbworkbench.page.html import document, fragment
from dbworkbench.page.markdown import markdown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, names_in, parse_dependency, prose, written
from dbworkbench.theory.derivation import Derivation
from dbworkbench.theory.instance import Instance
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import normal_form
from dbworkbench.theory.projection import project
from dbworkbench.theory.verdict import Verdict
from dbworkbench.views.describe import describe
from tests.theory.oracle import schemes


def scheme(attributes: str, *lines: str) -> Scheme:
    return Scheme(tuple(attributes.split()), tuple(parse_dependency(line) for line in lines))


def asked(kind: str, about: Scheme, **more: object) -> Question:
    parts = more.get("parts", ())
    assert isinstance(parts, tuple)
    found = questions_about(
        "test", about, subject=str(more.get("subject", "")).split(), parts=[p.split() for p in parts]
    )
    return next(question for question in found if question.kind == kind)


ZIP = scheme("street city zip", "street, city -> zip", "zip -> city")
CHAIN = scheme("order customer city", "order -> customer", "customer -> city")


def test_a_missed_attribute_is_shown_with_its_derivation() -> None:
    verdict = asked("closure", CHAIN, subject="order").check("order, customer")
    assert not verdict
    assert verdict.claim == "missing is city: it follows from order"
    assert isinstance(verdict.witness, Derivation)


def test_an_attribute_too_many_is_shown_on_two_rows() -> None:
    verdict = asked("closure", CHAIN, subject="customer").check("customer, city, order")
    assert verdict.claim == "it does not hold order: these rows agree on customer and differ on order"
    assert isinstance(verdict.witness, Instance)


def test_a_wrong_key_is_shown_on_two_rows_and_a_superkey_by_what_to_drop() -> None:
    keys = asked("keys", ZIP)
    no_key = keys.check(["street"])
    assert no_key.claim == "not a key: street; two rows can agree on it and differ on city and zip"
    assert isinstance(no_key.witness, Instance)
    assert keys.check(["street city zip"]).claim == (
        "not minimal: city, street and zip is a superkey, but city can be dropped, as it follows from the rest"
    )
    more = keys.check(["street city"])
    assert more.claim == (
        "one right so far; there is one more: street and zip determine the rest and hold no key of yours"
    )
    assert isinstance(more.witness, Derivation)
    assert keys.check([]).claim == "every relation has a key, and here there are two: look within all attributes"


def test_a_cover_is_refused_for_what_is_wrong_with_it() -> None:
    cover = asked("cover", CHAIN)
    assert cover.check("order -> customer; customer -> city")
    assert cover.check("order -> customer").claim.startswith("it loses customer → city")
    assert cover.check("city -> order").claim.startswith("it says too much: city → order")
    assert cover.check("order -> customer, city; customer -> city").claim.startswith("redundant is order → city")
    assert cover.check("order -> customer; customer, order -> city; customer -> city").claim.startswith(
        "in customer, order → city, the attribute customer can be left out"
    )


def test_a_form_too_high_is_refuted_by_a_dependency_and_one_too_low_named_so() -> None:
    form = asked("form", CHAIN)
    assert form.check("2NF")
    high = form.check("3NF")
    assert high.claim.startswith("it is not in 3NF: city depends on customer")
    assert isinstance(high.witness, Instance)  # two orders of one customer say the city twice
    assert all(map(high.witness.satisfies, CHAIN.fds))
    assert high.witness.projected({"customer", "city"}).rows == (("customer 1", "city 1"),)
    assert len(high.witness.projected({"order"}).rows) == 2
    paired = asked("form", scheme("a b c", "a ->> b")).check("4NF").witness
    assert isinstance(paired, Instance)
    assert len(paired.rows) == 4
    low = form.check("1NF")
    assert low.claim == "it is in 1NF, but in a higher form too: nothing keeps it out of 2NF"
    assert isinstance(low.witness, Grounds)
    assert [reason for _, reason in low.witness.reasons] == [
        "customer is not just a part of a key",
        "order is a superkey",
    ]
    assert form.check("5NF").witness


def test_a_lossy_split_is_shown_by_its_spurious_rows() -> None:
    verdict = asked("3nf", CHAIN).check(["order customer", "city"])
    assert isinstance(verdict.witness, Spurious)
    shown = verdict.witness
    assert shown.spurious.rows
    assert not set(shown.spurious.rows) & set(shown.rows.rows)
    assert set(shown.spurious.rows) <= set(shown.rows.rejoined([["order", "customer"], ["city"]]).rows)
    assert asked("3nf", CHAIN).check(["order customer", "customer city"])
    assert (
        asked("3nf", CHAIN)
        .check(["order customer", "customer city", "city"])
        .claim.startswith("the part of city is not")
    )
    assert asked("3nf", CHAIN).check(["order customer"]).claim == "none of the parts holds city"
    assert (
        asked("3nf", CHAIN)
        .check(["order customer city"])
        .claim.startswith("the part of city, customer and order is not")
    )


def test_a_lost_dependency_is_shown_by_rows_that_each_part_accepts() -> None:
    verdict = is_preserving(ZIP, [frozenset({"street", "zip"}), frozenset({"zip", "city"})])
    assert isinstance(verdict.witness, Lost)
    assert not verdict.witness.rows.satisfies(verdict.witness.dependency)
    assert asked("bcnf", ZIP).check(["street zip", "zip city"])


@settings(max_examples=60)
@given(schemes(most=5, rules=5), st.lists(st.frozensets(st.sampled_from("abcde"), min_size=1), min_size=1, max_size=3))
def test_witnesses_of_decompositions_are_really_counterexamples(
    drawn: tuple[str, tuple[FD, ...]], parts: list[frozenset[str]]
) -> None:
    attributes, fds = drawn
    about = Scheme(tuple(attributes), fds)
    inside = [part & frozenset(attributes) for part in parts]
    inside.append(frozenset(attributes).difference(*inside[:1]))
    inside.append(frozenset(attributes).difference(*inside))
    inside = [part for part in inside if part]
    lossless = is_lossless(about, inside)
    if not lossless:
        shown = lossless.witness
        assert isinstance(shown, Spurious)
        assert all(shown.rows.satisfies(fd) for fd in fds)
        assert not set(shown.spurious.rows) & set(shown.rows.rows)
        assert set(shown.spurious.rows) <= set(shown.rows.rejoined(inside).rows)
    preserving = is_preserving(about, inside)
    if not preserving:
        lost = preserving.witness
        assert isinstance(lost, Lost)
        assert not lost.rows.satisfies(lost.dependency)
        for part, rows in zip(inside, lost.parts, strict=True):
            assert all(rows.satisfies(fd) for fd in project(fds, part))


def test_a_fourth_normal_form_answer_is_checked_against_what_follows() -> None:
    question = bank()["course-teacher-text"]["4nf"]
    assert question.check(["course teacher", "course text"])
    verdict = question.check(["course teacher text"])
    assert verdict.claim.endswith("teacher and text are independent of each other.")


def test_hints_go_from_the_idea_to_nearly_the_answer() -> None:
    keys = asked("keys", ZIP)
    assert (
        keys.hint()
        == "A key determines all attributes, and no part of it does. What is on no right side is in every key."
    )
    assert keys.hint(2) == "street is on no right side, and so in every key; that determines street."
    assert keys.hint(3) == "There are two candidate keys; one is city and street."


@pytest.mark.parametrize("name", sorted(bank()))
def test_no_hint_is_the_answer(name: str) -> None:
    about = bank()[name].scheme
    for question in bank()[name].questions:
        hints = [question.hint(level) for level in (1, 2, 3)]
        told = " ".join(hints)
        assert hints[0] == question.hint()
        match question.kind:
            case "closure":
                reached = closure(question.subject, about.fds) - question.subject
                assert not reached or not all(re.search(rf"\b{written(one)}\b", " ".join(hints[:2])) for one in reached)
            case "keys":
                keys = list(candidate_keys(about.attributes, about.fds))
                assert not all(re.search(rf"\b{prose(key)}\b", hints[1]) for key in keys)
                assert not all(f"is {prose(key)}." in told for key in keys)
            case "form":
                assert str(normal_form(about.attributes, about.dependencies)) not in " ".join(hints[:2])
            case "3nf" | "bcnf" | "4nf":
                parts = right_answer(question)
                assert isinstance(parts, list)
                assert not any(f"that of {prose(names_in(part))}." in " ".join(hints[:2]) for part in parts)
                assert not all(f"that of {prose(names_in(part))}." in told for part in parts)
            case "lossless" | "preserving":
                assert not any(word in told for word in ("lossy", "is lost", "it loses", "all dependencies can"))


def sheet_exercises() -> list[Exercise]:
    return [exercise("city-street-zip"), exercise("supplier-parts"), exercise(seed=4)]


def test_a_sheet_is_blocks_with_and_without_solutions() -> None:
    plain, solved = sheet(sheet_exercises(), title="Sheet 1"), sheet(sheet_exercises(), title="Sheet 1", solutions=True)
    assert plain[0] == Heading("Sheet 1", 1)
    assert len(solved) > len(plain)
    asked_in_all = sum(len(one.questions) for one in sheet_exercises())
    assert (
        sum(isinstance(block, Code) and not block.text.strip() for block in plain) == asked_in_all
    )  # room to write in
    assert not any(isinstance(block, Code) for block in solved)
    for written_as in (markdown, document):
        assert "What are all candidate keys?" in written_as(plain)
        assert "answer" not in written_as(plain)


def test_a_sheet_without_solutions_holds_none_anywhere() -> None:
    sheets = [*sheet_exercises(), *(exercise(seed=1, topic=shape, difficulty=1) for shape in SHAPES)]
    text = sheet_notebook(sheets)
    book = json.loads(text)
    assert {cell["cell_type"] for cell in book["cells"]} == {"code", "markdown"}
    assert all(not cell["metadata"] and not cell.get("outputs") for cell in book["cells"])
    assert set(book["metadata"]) == {"kernelspec", "language_info"}
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert all(source.endswith("\nanswer = None") for source in code)
    for one in sheets:
        for question in one.questions:
            right = right_answer(question)
            assert f"answer = {right!r}" not in text
        assert str(normal_form(one.scheme.attributes, one.scheme.dependencies)).lower() not in one.name
    ids = [cell["id"] for cell in book["cells"]]
    assert ids == [cell["id"] for cell in json.loads(sheet_notebook(sheets))["cells"]]


def test_a_solved_notebook_gets_full_marks_and_an_empty_one_none(tmp_path: Path) -> None:
    solved = sheet_notebook(sheet_exercises(), solutions=True)
    assert solved == sheet_notebook(sheet_exercises(), solutions=True)
    nbformat.validate(nbformat.reads(solved, as_version=4))  # type: ignore[no-untyped-call]
    (tmp_path / "ada.ipynb").write_text(solved, encoding="utf-8")
    (tmp_path / "bob.ipynb").write_text(sheet_notebook(sheet_exercises()), encoding="utf-8")
    grades = grade(tmp_path, sheet_exercises())
    asked_in_all = str(sum(len(one.questions) for one in sheet_exercises()))
    assert grades.table().rows == (
        ("ada.ipynb", asked_in_all, asked_in_all, asked_in_all, "100 %"),
        ("bob.ipynb", "0", "0", asked_in_all, "0 %"),
    )
    assert len(grades.details()) == 2
    questions = grades.questions().rows
    assert questions[0] == ("city-street-zip", "closure", "1", "1", "100 %")
    assert len(questions) == int(asked_in_all)


def test_what_a_submitted_notebook_says_is_read_and_never_run(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return text

    book = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    book.cells = [
        nbformat.v4.new_code_cell(cell(text))  # type: ignore[no-untyped-call]
        for text in (
            "# answer city-street-zip closure\nanswer = __import__('os').remove('x')",
            "# answer city-street-zip keys\nanswer = ['street city',",
            "# answer city-street-zip form\nanswer = '1NF'\nanswer = 'EKNF'",
            "# answer city-street-zip lossless, for example True\nanswer = 'maybe'",
            "# answer city-street-zip preserving\n",
            "print('something else')",
        )
    ]
    nbformat.write(book, tmp_path / "eve.ipynb")  # type: ignore[no-untyped-call]
    found = {one.kind: one for one in grade(tmp_path).grades}
    assert "not a plain value" in found["closure"].remark
    assert "not Python" in found["keys"].remark
    assert found["form"].right
    assert "neither yes nor no" in found["lossless"].remark
    assert found["preserving"].remark == "not answered"


def test_a_folder_without_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no notebooks"):
        grade(tmp_path)
    (tmp_path / "empty.ipynb").write_text('{"cells": []}', encoding="utf-8")
    with pytest.raises(DataError, match="give the exercises"):
        grade(tmp_path)


def test_a_broken_notebook_is_graded_beside_the_others(tmp_path: Path) -> None:
    one = exercise("supplier-parts")
    (tmp_path / "ada.ipynb").write_text(sheet_notebook([one], solutions=True), encoding="utf-8")
    broken = [
        '{"cells": [',
        "[1, 2]",
        '{"cells": "none"}',
        '{"cells": [{"cell_type": "code", "source": null}]}',
        "[" * 100_000,
        "{}",
    ]
    for at, text in enumerate(broken):
        (tmp_path / f"broken{at}.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "bytes.ipynb").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.ipynb").write_text('{"cells": []}', encoding="utf-8")
    rows = {row[0]: row[1:] for row in grade(tmp_path).table().rows}
    asked = str(len(one.questions))
    assert [str(cell) for cell in rows["ada.ipynb"]] == [asked, asked, asked, "100 %"]
    assert len(rows) == len(broken) + 3
    assert all(str(row[0]) == "0" for name, row in rows.items() if name != "ada.ipynb")
    remarks = {one.remark for one in grade(tmp_path).grades if one.notebook == "broken4.ipynb"}
    assert remarks == {"this is no notebook that can be read: RecursionError"}


def test_a_hundred_notebooks_are_graded_whatever_was_done_to_them(tmp_path: Path) -> None:
    one = exercise("supplier-parts")
    solved = json.loads(sheet_notebook([one], solutions=True))
    asked = len(one.questions)
    trap = tmp_path / "trap"
    right: dict[str, int] = {}
    for at in range(100):
        book = json.loads(json.dumps(solved))
        name, text = f"{at:02}.ipynb", ""
        match at % 10:
            case 0:
                book["cells"].reverse()
            case 1:  # the cell of a question was deleted
                book["cells"] = [cell for cell in book["cells"] if "keys" not in "".join(cell["source"][:1])]
            case 2:
                name = f"Übung «{at}» <b>.ipynb"
            case 3:
                text = json.dumps(book)[: 200 + at]
            case 4:
                run = f"open({str(trap)!r}, 'w').write('x')"
                book["cells"].insert(0, {"cell_type": "code", "source": f"import os\n{run}\nraise SystemExit"})
                book["cells"].append({"cell_type": "code", "source": f"# answer {one.name} keys\nanswer = {run}"})
            case 5:  # cells that are none, beside those that count
                book["cells"] += [None, 5, {"cell_type": "raw"}, {"cell_type": "code", "source": [1, 2]}]
            case 6:
                book["cells"] = [cell for cell in book["cells"] if cell["cell_type"] == "markdown"]
        (tmp_path / name).write_text(text or json.dumps(book), encoding="utf-8")
        right[name] = {1: asked - 1, 3: 0, 4: asked - 1, 6: 0}.get(at % 10, asked)
    grades = grade(tmp_path, [one])
    assert {str(row[0]): int(str(row[1])) for row in grades.table().rows} == right
    assert not trap.exists()
    shown = fragment(describe(grades)) + fragment(grades.details())
    assert "&lt;b&gt;.ipynb" in shown
    assert "<b>" not in shown
    unread = [row for row in grades.details()[1].rows if row[0] == "03.ipynb"]  # type: ignore[union-attr]
    assert [row[1:4] for row in unread] == [("—", "—", "—")]


@pytest.mark.parametrize(
    ("cell", "remark"),
    [
        ("answer = " + "(" * 1500 + ")" * 1500, "not Python"),
        ("answer = 'a' * 10**9", "not a plain value"),
        (f"answer = {', '.join(map(str, range(9_000)))!r}", "no right answer is so long"),
        ("answer = [1, {2: 3}, None, b'x', 1j, ...]", "no set of attributes"),
        ("answer = '<script>alert(1)</script>'", "where a name should stand"),
    ],
)
def test_a_hostile_answer_is_a_wrong_one(tmp_path: Path, cell: str, remark: str) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": f"# answer supplier-parts keys\n{cell}"}]})
    (tmp_path / "mallory.ipynb").write_text(text, encoding="utf-8")
    found = next(one for one in grade(tmp_path).grades if one.kind == "keys")
    assert found.answered
    assert not found.right
    assert remark in found.remark
    assert len(found.remark) <= 301


def test_a_verdict_is_a_truth_value() -> None:
    assert isinstance(asked("form", CHAIN).check("2NF"), Verdict)
