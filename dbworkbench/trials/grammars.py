"""The grammars of SQL dialects that sqlfluff knows: a statement that they take is well-formed, and no more is known."""

import re

__all__ = ["parsed_by"]

_GRAMMARS = {
    "bigquery": "bigquery",
    "cockroachdb": "postgres",
    "databricks": "databricks",
    "oracle": "oracle",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "sqlserver": "tsql",
}

_GAPS = {
    # a name of a foreign key: cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#constraint_definition
    "bigquery": (re.compile(r"\bCONSTRAINT `(?:[^`]|``)*` (?=FOREIGN KEY)"), ""),
    # a quote after a backslash, which Redshift reads as PostgreSQL 8.0 did
    "redshift": (re.compile(r"\\'"), "''"),
}
"""What the vendor's documents allow and the grammar does not know, and what is parsed in its place."""


def parsed_by(dialect: str, text: str) -> tuple[str, str, str] | None:
    """The tool, its version, and its first complaint about a text ("" for none); None where no grammar is at hand."""
    if dialect not in _GRAMMARS:
        return None
    try:
        import sqlfluff  # noqa: PLC0415  an optional package
        from sqlfluff.core import Linter  # noqa: PLC0415  the same
    except ImportError:
        return None
    if dialect in _GAPS:
        gap, instead = _GAPS[dialect]
        text = gap.sub(instead, text)
    found = Linter(dialect=_GRAMMARS[dialect]).parse_string(text)
    complaints = [" ".join(str(violation).split())[:300] for violation in found.violations]
    return f"sqlfluff's {_GRAMMARS[dialect]} grammar", str(sqlfluff.__version__), complaints[0] if complaints else ""
