"""JSON keeps every design and edit, and refuses what it does not know."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.errors import DataError, DesignError, NotationError, Unsupported
from dbworkbench.schema.changes import Change, RenameRelation, SetNote
from dbworkbench.schema.json import from_json, to_json
from dbworkbench.schema.notation import schema
from dbworkbench.schema.relation import Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import FD
from tests.schema.edits import dependencies, edits, schemas


@settings(max_examples=40)
@given(schemas())
def test_schemas_come_back(design: Schema) -> None:
    assert from_json(to_json(design)) == design
    for relation in design:
        assert from_json(to_json(relation, indent=1)) == relation


@settings(max_examples=40)
@given(schemas().flatmap(lambda design: st.lists(edits(design), max_size=4)))
def test_edits_come_back(changes: list[Change]) -> None:
    assert from_json(to_json(tuple(changes))) == tuple(changes)
    for change in changes:
        assert from_json(to_json(change)) == change


@given(dependencies(["a", "b", 'q"t', "x y", "join"]))
def test_dependencies_come_back(dependency: FD) -> None:
    assert from_json(to_json(dependency)) == dependency


@settings(max_examples=40)
@given(schemas())
def test_the_text_can_be_written_and_is_the_same_every_time(design: Schema) -> None:
    text = to_json(design)
    assert text.encode()
    assert to_json(from_json(text)) == text


def test_what_a_schema_looks_like() -> None:
    text = to_json(schema("a(*x: integer, y: decimal(3,1)?)\n x -> y"))
    assert json.loads(text) == {
        "dbworkbench": 1,
        "is": "Schema",
        "value": {
            "relations": [
                {
                    "name": "a",
                    "attributes": [
                        {"name": "x", "type": "integer"},
                        {"name": "y", "type": "decimal(3, 1)", "nullable": True},
                    ],
                    "keys": [{"attributes": ["x"]}],
                    "dependencies": ["x → y"],
                }
            ]
        },
    }


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", NotationError, "line 1, column 1"),
        ('{"dbworkbench": 1,\n "is": }', NotationError, "line 2, column 8"),
        ("[1]", DataError, "no design of ours"),
        ('{"name": "x"}', DataError, "no design of ours"),
        ('{"dbworkbench": "1"}', DataError, "no version"),
        ('{"dbworkbench": 5, "is": "Schema", "value": {}}', Unsupported, "newer dbworkbench wrote this .format 5"),
        ('{"dbworkbench": 1, "is": "Query", "value": {}}', DataError, "'Query', which is no kind"),
        ('{"dbworkbench": 1, "is": "Schema", "value": []}', DataError, "value should be an object"),
        ('{"dbworkbench": 1, "is": "Schema", "value": {}}', DataError, "value lacks 'relations'"),
        ('{"dbworkbench": 1, "is": "Schema", "value": {"relations": [{"name": 3}]}}', DataError, r"relations\[0\].name should be str, not 3"),
        ('{"dbworkbench": 1, "is": "Schema", "value": {"relations": [], "color": 1}}', DataError, "'color', which a Schema has not"),
        ('{"dbworkbench": 1, "is": "changes", "value": [{"is": "Explode"}]}', DataError, r"value\[0\]: 'Explode' is none of"),
        ('{"dbworkbench": 1, "is": "Relation", "value": {"name": "r", "attributes": []}}', DesignError, "no attributes"),
        ('{"dbworkbench": 1, "is": "SetNote", "value": {"note": null}}', DataError, "value.note should be str, not null"),
        ("[" * 100_000, DataError, "nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        from_json(text)


def test_documents_of_the_first_version_are_read() -> None:
    index = '{"attributes": ["b", "a"], "unique": true, "where": "a > 0"}'
    attributes = '[{"name": "a"}, {"name": "b"}]'
    text = f'{{"dbworkbench": 1, "is": "Relation", "value": {{"name": "r", "attributes": {attributes}, "indexes": [{index}]}}}}'
    read = from_json(text)
    assert isinstance(read, Relation)
    assert read.indexes == (Index(("b", "a"), unique=True, where="a > 0"),)
    assert to_json(read) == text


@pytest.mark.parametrize(
    ("design", "version"),
    [
        ("r(*a: integer, b: text)\n index b, a", 1),
        ("r(*a: integer identity)", 2),
        ("r(*a: integer, b: integer as (a + 1))", 2),
        ("r(*a: integer, b: text)\n index (b desc)", 2),
        ("r(*a: integer)\n partition by hash (a) into 4", 2),
        ("domain d: integer\nr(*a: d)", 2),
    ],
)
def test_a_document_states_the_oldest_version_that_holds_it(design: str, version: int) -> None:
    assert json.loads(to_json(schema(design)))["dbworkbench"] == version


def test_defaults_are_left_out() -> None:
    assert json.loads(to_json(SetNote("n")))["value"] == {"note": "n"}
    assert json.loads(to_json((RenameRelation("a", "b"),)))["value"] == [
        {"is": "RenameRelation", "name": "a", "to": "b"}
    ]
