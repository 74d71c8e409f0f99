"""The grammars of SQL dialects that sqlfluff knows: a statement that they take is well-formed, and no more is known."""

import re
from collections.abc import Callable

__all__ = ["parsed_by"]

_GRAMMARS = {
    "bigquery": "bigquery",
    "cockroachdb": "postgres",
    "databricks": "databricks",
    "mysql": "mysql",
    "oracle": "oracle",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "sqlserver": "tsql",
}


def _without_quotes(said: re.Match[str]) -> str:
    """A quoted name without the quotes and backslashes in it, which are no escapes there; a text as it is."""
    text = said[0]
    return text if text[0] == "'" else text[0] + re.sub(r"[`\[\]\\]", "_", text[1:-1]) + text[-1]


_GAPS: dict[str, tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = {
    # a quote that is doubled in a name: MySQL 8.4 Reference Manual, §11.2; Transact-SQL, "Database identifiers"
    "mysql": (
        (re.compile(r"'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`", re.DOTALL), _without_quotes),
        (re.compile(r"\bDEFAULT \("), "DEFAULT LOWER("),  # §13.6, explicit default handling, as that of a function
    ),
    "sqlserver": (
        (re.compile(r"'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]"), _without_quotes),
        (re.compile(r"\bDEFAULT \("), "DEFAULT LOWER("),  # CREATE TABLE, constant_expression, as that of a function
    ),
    # other names of a type: docs.snowflake.com, "Date & time data types"
    "snowflake": (
        (re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL), _without_quotes),
        (re.compile(r"\bTIMESTAMPNTZ\b"), "TIMESTAMP_NTZ"),
        (re.compile(r"\b(START|INCREMENT) -(?=\d)"), r"\1 "),  # CREATE TABLE, AUTOINCREMENT
    ),
    # a name of a foreign key: cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#constraint_definition
    "bigquery": ((re.compile(r"\bCONSTRAINT `(?:[^`]|``)*` (?=FOREIGN KEY)"), ""),),
    # a default is any expression: docs.databricks.com, CREATE TABLE, default_expression; it is parsed as that of a function
    "databricks": ((re.compile(r"\bDEFAULT \("), "DEFAULT LOWER("),),
    # a quote after a backslash, which Redshift reads as PostgreSQL 8.0 did
    "redshift": ((re.compile(r"\\'"), "''"),),
    # Oracle Database 23ai SQL Language Reference: CREATE TABLE, virtual_column_definition and column_definition (an identity
    # is followed by constraints), and CREATE INDEX, index_expr (a column_expression)
    "oracle": (
        (re.compile(r"(?<=\")\s+[A-Z][A-Z0-9_ ]*(?:\([^()]*\))?[A-Z ]*?\s+GENERATED ALWAYS (?=AS \()"), " "),
        (re.compile(r"\) VIRTUAL\b"), ")"),
        # column_definition (a default is any expr, here that of a function), sequence options, and table_partitioning_clauses
        (re.compile(r"\bDEFAULT \("), "DEFAULT LOWER("),
        (re.compile(r"\b(START WITH|INCREMENT BY|MINVALUE|MAXVALUE) -(?=\d)"), r"\1 "),
        (re.compile(r"^\)\nPARTITION BY (?:'[^']*'|\"[^\"]*\"|[^;'\"])*(?=;$)", re.MULTILINE), ")"),
        (re.compile(r"\b(AS IDENTITY(?: \([^()]*\))?)\s+NOT NULL\b"), r"\1"),
        (
            re.compile(r"^(CREATE (?:UNIQUE )?INDEX \"[^\"]*\" ON \"[^\"]*\" \().*\(.*\);$", re.MULTILINE),
            r'\1"expression");',
        ),
    ),
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
    for gap, instead in _GAPS.get(dialect, ()):
        text = gap.sub(instead, text)
    found = Linter(dialect=_GRAMMARS[dialect]).parse_string(text)
    complaints = [" ".join(str(violation).split())[:300] for violation in found.violations]
    return f"sqlfluff's {_GRAMMARS[dialect]} grammar", str(sqlfluff.__version__), complaints[0] if complaints else ""
