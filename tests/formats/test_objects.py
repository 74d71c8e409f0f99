"""Frames, pictures, notebooks, diagrams and JSON Schema: what each holds is read, what it holds not is said."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dbworkbench as wb
from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.schema import Schema
from tests.formats.samples import SAMPLES, told

ROWS = {
    "id": [1, 2],
    "name": ["a", None],
    "price": [1.5, 2.5],
    "at": pd.to_datetime(["2020-01-01", "2021-01-01"]),
    "paid": [True, False],
}
FRAME = pd.DataFrame(ROWS)


@pytest.mark.parametrize(
    "frame", [FRAME, pl.from_pandas(FRAME), pa.Table.from_pandas(FRAME)], ids=["pandas", "polars", "arrow"]
)
def test_frames_of_three_libraries_are_the_same_relation(frame: Any) -> None:
    for given, name in ((frame, "data"), ({"orders": frame}, "orders")):
        found = read(given)
        assert found.losses == ()
        assert (
            write(found.schema, "notation").text
            == f"{name}(id: bigint, name: text?, price: double, at: timestamp, paid: boolean)\n"
        )


def test_what_frames_hold_beside_columns_is_said() -> None:
    frame = pd.DataFrame({"a": pd.Categorical(["x", "y"]), "b": [{"c": 1}, None]}, index=pd.Index([1, 2], name="key"))
    found = read(frame)
    assert write(found.schema, "notation").text == "data(a: enum('x', 'y'), b: json?)\n"
    assert told(found) == ["data: the index (key) — not read: use reset_index() to make it columns"]
    nested = pl.DataFrame({"a": [[1, 2]], "b": ["x"]}, schema_overrides={"b": pl.Enum(["x", "y"])})
    found = read({"t": nested, "lazy": nested.lazy()})
    assert "t(a: json, b: enum('x', 'y'))" in write(found.schema, "notation").text
    assert {loss.feature for loss in found.losses} == {"nested values: List(Int64)", "which values are missing"}


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame([[1, 2]], columns=["a", "a"]), {"a": 1}, pd.Series([1])]
)
def test_frames_that_are_no_relation_are_refused(frame: object) -> None:
    with pytest.raises(DataError):
        read(frame)


def test_a_picture_and_a_notebook_give_their_design_back(tmp_path: Path) -> None:
    design = wb.schema("a(*id: integer, name: text?) \n b(*id: integer, a_id: integer -> a)")
    other = wb.schema("c(*id: integer)")
    picture = wb.erd(design).save(tmp_path / "picture.svg")
    assert read(picture).schema == design
    assert read(picture.read_text(encoding="utf-8")).schema == design
    drawn = [wb.erd(design).svg, wb.erd(other).svg, "<svg><circle/></svg>"]
    outputs = [
        {"output_type": "display_data", "data": {"image/svg+xml": svg.splitlines(keepends=True)}} for svg in drawn
    ]
    cells = [{"cell_type": "code", "source": "raise SystemExit", "outputs": [one]} for one in outputs]
    path = tmp_path / "saved.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}), encoding="utf-8")
    assert read(path).schema.names == ("a", "b", "c")
    assert read(str(path)).schema["b"] == design["b"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<svg><circle/></svg>", "keeps no design"),
        ("<svg><metadata>{}</metadata></svg>", "no design of ours"),
        ("<svg><metadata>{</metadata></svg>", "no JSON"),
        ('{"cells": 7}', "no notebook"),
        ('{"cells": []}', "no picture"),
        ('{"cells": [', "no JSON"),
        ('{"$defs": {}}', "describes no object"),
    ],
)
def test_what_keeps_no_design_is_refused(text: str, says: str) -> None:
    with pytest.raises((DataError, NotationError), match=says):
        read(text)


@pytest.mark.parametrize("schema", SAMPLES, ids=lambda schema: schema.name)
def test_a_mermaid_diagram_gives_its_entities_and_references_back(schema: Schema) -> None:
    written = write(schema, "mermaid")
    found = read(written.text)
    assert len(found.schema) == len(schema)
    for drawn, relation in zip(found.schema, schema, strict=True):
        assert drawn.primary_key == relation.primary_key
        assert set(drawn.names) == set(relation.names)
        assert {(key.attributes, key.referenced) for key in drawn.foreign_keys} == {
            (key.attributes, key.referenced) for key in relation.foreign_keys
        }
        assert {a.name: a.nullable for a in drawn.attributes} == {a.name: a.nullable for a in relation.attributes}


def test_what_people_draw_with_mermaid_is_read() -> None:
    found = read(
        """# Our data
```mermaid
---
title: Shop
---
erDiagram
    direction LR
    CUSTOMER ||--o{ ORDER : places   %% a remark
    ORDER ||--|{ LINE-ITEM : contains
    CUSTOMER { int id PK
        string name "as on the door"
    }
    ORDER {
        int id PK
        int customer_id FK
    }
    LINE-ITEM["One line"] {
        int order_id PK, FK
        int line PK
        decimal(10,2) price
    }
    PERSON only one to zero or more CAR : owns
```
"""
    )
    assert write(found.schema, "notation").text == (
        "CUSTOMER(*id: integer, name: text note 'as on the door')\n\n"
        "ORDER(*id: integer, customer_id: integer)\n    customer_id -> CUSTOMER(id)\n\n"
        '"LINE-ITEM"(*order_id: integer, *line: integer, price: decimal(10, 2))\n    order_id -> ORDER(id)\n\n'
        "PERSON(*PERSON_id)\n\nCAR(*CAR_id)\n"
    )
    assert found.schema.name == "Shop"
    assert [loss.places for loss in found.losses] == [
        ("LINE-ITEM",),
        ("CAR: the reference to PERSON, line 22",),
        ("PERSON", "CAR"),
    ]


def test_json_schema_of_others_is_read() -> None:
    found = read(
        json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$defs": {
                    "Customer": {
                        "type": "object",
                        "required": ["id", "name"],
                        "properties": {
                            "id": {"type": "integer"},
                            "name": {"type": "string", "maxLength": 80},
                            "kind": {"enum": ["a", "b"]},
                            "born": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                        },
                    },
                    "Order": {
                        "allOf": [{"$ref": "#/$defs/Stamped"}],
                        "type": "object",
                        "required": ["id", "customer"],
                        "properties": {
                            "id": {"type": "string", "format": "uuid"},
                            "customer": {"$ref": "#/$defs/Customer"},
                        },
                    },
                    "Stamped": {"properties": {"at": {"type": "string", "format": "date-time"}}},
                },
            }
        )
    )
    assert write(found.schema, "notation").text == (
        "Customer(*id: bigint, name: text(80), kind: enum('a', 'b')?, born: date?)\n\n"
        "Order(at: timestamptz?, *id: uuid, customer: bigint)\n    customer -> Customer(id)\n\n"
        "Stamped(at: timestamptz?)\n"
    )


def test_a_dictionary_names_everything_and_no_cell_is_a_formula() -> None:
    design = wb.schema("t(*id: integer, amount: integer = -1 note '=cmd()')")
    assert write(design, "csv").text.splitlines()[1:] == ["t,id,integer,no,,PK,,", "t,amount,integer,no,'-1,,,'=cmd()"]
    markdown = write(SAMPLES[0], "markdown").text
    assert all(f"## {relation.name}" in markdown for relation in SAMPLES[0])
    assert "Dependency: city → country" in markdown
