"""Delta tables as they lie on disk, told as the DDL that would make them again: from their log, which any engine writes alike.

By the Delta Transaction Log Protocol: `_delta_log` holds one file of JSON lines per commit, and the last `metaData` in
them is the table's schema, its properties and its partitioning.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dbworkbench.sql.dialect import DIALECTS

__all__ = ["delta_definitions"]

_SPOKEN = DIALECTS["databricks"]
_CONSTRAINT = "delta.constraints."
_TYPES = {"integer": "INT", "long": "BIGINT", "short": "SMALLINT", "byte": "TINYINT"}


def delta_definitions(name: str, folder: Path) -> list[str]:
    """The statements, in Databricks' SQL, that make the Delta table in a folder again under a name: the table, and its checks.

    Reads the log from its first commit on; it is there as long as no checkpoint has had it cleaned up, 30 days.
    """
    found: Mapping[str, Any] = {}
    for commit in sorted((folder / "_delta_log").glob("*.json")):
        for line in commit.read_text("utf-8").splitlines():
            found = json.loads(line).get("metaData", found)
    columns = ",\n".join(f"    {_column(field)}" for field in json.loads(found["schemaString"])["fields"])
    parts = ", ".join(map(_SPOKEN.quoted, found["partitionColumns"]))
    settings: Mapping[str, str] = found["configuration"]
    kept = {key: value for key, value in settings.items() if not key.startswith(_CONSTRAINT)}
    said = f"CREATE TABLE {_SPOKEN.quoted(name)} (\n{columns}\n)\nUSING DELTA"
    said += f"\nPARTITIONED BY ({parts})" if parts else ""
    said += f"\nTBLPROPERTIES ({_pairs(kept)})" if kept else ""
    said += f"\nCOMMENT {_SPOKEN.literal(found['description'])}" if found.get("description") else ""
    checks = [
        f"ALTER TABLE {_SPOKEN.quoted(name)} ADD CONSTRAINT {_SPOKEN.quoted(key.removeprefix(_CONSTRAINT))} CHECK ({value})"
        for key, value in settings.items()
        if key.startswith(_CONSTRAINT)
    ]
    return [said, *checks]


def _pairs(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{_SPOKEN.literal(key)} = {_SPOKEN.literal(value)}" for key, value in settings.items())


def _column(field: Mapping[str, Any]) -> str:
    told: Mapping[str, Any] = field["metadata"]
    said = f"{_SPOKEN.quoted(field['name'])} {_type(field['type'])}"
    said += "" if field["nullable"] else " NOT NULL"
    if "delta.generationExpression" in told:
        said += f" GENERATED ALWAYS AS ({told['delta.generationExpression']})"
    if "delta.identity.step" in told:
        how = "BY DEFAULT" if told["delta.identity.allowExplicitInsert"] else "ALWAYS"
        numbers = f"START WITH {told['delta.identity.start']} INCREMENT BY {told['delta.identity.step']}"
        said += f" GENERATED {how} AS IDENTITY ({numbers})"
    said += f" DEFAULT {told['CURRENT_DEFAULT']}" if "CURRENT_DEFAULT" in told else ""
    return said + (f" COMMENT {_SPOKEN.literal(told['comment'])}" if told.get("comment") else "")


def _type(kind: str | Mapping[str, Any]) -> str:
    """A type of the log as SQL says it.

    >>> _type({"type": "array", "elementType": {"type": "map", "keyType": "string", "valueType": "long"}})
    'ARRAY<MAP<STRING, BIGINT>>'
    """
    if isinstance(kind, str):
        return _TYPES.get(kind, kind.upper())
    if kind["type"] == "array":
        return f"ARRAY<{_type(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"MAP<{_type(kind['keyType'])}, {_type(kind['valueType'])}>"
    fields: Sequence[Mapping[str, Any]] = kind["fields"]
    inner = (f"{_SPOKEN.quoted(field['name'])}: {_type(field['type'])}" for field in fields)
    return f"STRUCT<{', '.join(inner)}>"
