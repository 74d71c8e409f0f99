"""JSON Schema documents, checked by the package jsonschema against the standard's own schema."""

import json
from importlib.metadata import version

from dbworkbench.trials.outline import Table
from dbworkbench.trials.vendors import Missing, Sight

__all__ = ["seen_by_jsonschema"]


def seen_by_jsonschema(text: str) -> Sight | Missing:
    """What the package says of a document: what is wrong with it, or the relations and attributes that it describes."""
    try:
        from jsonschema import Draft202012Validator  # noqa: PLC0415  an optional package
        from jsonschema.exceptions import SchemaError  # noqa: PLC0415  the same
    except ImportError:
        return Missing("pip install jsonschema")
    tool, there = "jsonschema", version("jsonschema")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        return Sight(tool, there, f"no JSON: {error}")
    try:
        Draft202012Validator.check_schema(whole)
    except SchemaError as error:
        return Sight(tool, there, f"{error.json_path}: {error.message}"[:300])
    tables = []
    for name, definition in whole.get("$defs", {}).items():
        columns = tuple(
            (one, Draft202012Validator(rule).is_valid(None)) for one, rule in definition.get("properties", {}).items()
        )
        tables.append(Table(name, columns, None, None))
    return Sight(tool, there, outline=tuple(tables))
