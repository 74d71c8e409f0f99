"""What MySQL and MariaDB say of themselves, as DDL: SHOW CREATE TABLE, and what MariaDB's leaves out of it.

MariaDB writes what it says of types and of constant defaults with the characters of the Basic Multilingual Plane alone, and
a question mark for each other one (measured on 10.11); it keeps them whole, and a query gives them.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from dbworkbench.errors import EngineError
from dbworkbench.schema.loss import Loss
from dbworkbench.sql.cursor import unquoted
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.possessive import compiled

__all__ = ["mysql_definitions"]

Ask = Callable[[str], Sequence[tuple[Any, ...]]]
_SPOKEN = DIALECTS["mysql"]


def mysql_definitions(ask: Ask, schemas: Sequence[str]) -> tuple[list[str], list[Loss]]:
    """The statements that make what lies in some databases, and what no statement says."""
    inside = ", ".join(map(_SPOKEN.literal, schemas))
    found, views = [], []
    losses: list[Loss] = []
    shortens = "MariaDB" in str(ask("SELECT version()")[0][0])
    tables = ask(
        "SELECT table_schema, table_name, table_type FROM information_schema.tables "
        f"WHERE table_schema IN ({inside}) ORDER BY table_type <> 'SEQUENCE', table_schema, table_name"
    )
    for schema, name, kind in tables:
        path = _path(schema, name)
        if "VIEW" in str(kind):
            views.append(f"CREATE VIEW {path} AS {_view(str(ask(f'SHOW CREATE VIEW {path}')[0][1]))}")
            continue
        what = "SEQUENCE" if kind == "SEQUENCE" else "TABLE"
        said = _without_made_indexes(str(ask(f"SHOW CREATE {what} {path}")[0][1]))
        if what == "TABLE" and _NEXT.search(said) and ask(f"SELECT 1 FROM {path} LIMIT 1"):
            said = _without_next(said)
        if what == "TABLE" and shortens and "?" in said:
            said = _in_full(ask, str(schema), str(name), said, losses)
        bare = f"CREATE {what} {_SPOKEN.quoted(str(name))} "
        found.append(said.replace(bare, f"CREATE {what} {path} ", 1) if len(schemas) > 1 else said)
    triggers = ask(
        "SELECT trigger_schema, trigger_name, action_timing, event_manipulation, event_object_table, action_statement "
        f"FROM information_schema.triggers WHERE trigger_schema IN ({inside}) ORDER BY trigger_schema, trigger_name"
    )
    losses += [
        Loss(str(table), f"the trigger {name} ({timing} {event})", "not read")
        for _, name, timing, event, table, _ in triggers
    ]
    return [*found, *views], losses


_NEXT = re.compile(r"(?<=^\) ENGINE=)(\w+) AUTO_INCREMENT=\d+", re.MULTILINE)


def _without_next(said: str) -> str:
    """CREATE TABLE without the next number, which goes on behind rows that are no part of a design."""
    return "\n".join(_NEXT.sub(r"\1", line) for line in _LINE.findall(said))


def _without_made_indexes(said: str) -> str:
    """CREATE TABLE without the indexes that the engine made for foreign keys, which have their names."""
    lines = _LINE.findall(said)
    references = {_called(line) for line in lines if line.startswith("  CONSTRAINT `") and _REFERS.match(line)}
    return "\n".join(line for line in lines if not (line.startswith("  KEY `") and _called(line) in references))


_NAMED = r"`(?:[^`]|``)*+`"
_LINE = compiled(rf"(?:{_NAMED}|'(?:[^'\\]|\\.|'')*+'|[^`'\n])++", re.DOTALL)
"""A line of SHOW CREATE TABLE, whatever stands in quotes."""
_FIRST = compiled(_NAMED)
_REFERS = compiled(rf"  CONSTRAINT {_NAMED} FOREIGN KEY \(")


def _called(line: str) -> str:
    """The first name of a line."""
    found = _FIRST.search(line)
    return found[0] if found else ""


def _view(said: str) -> str:
    """The query of `CREATE ALGORITHM=… VIEW … AS query`."""
    return said.partition(" AS ")[2] or said


_TEXT = r"'(?:[^'\\]|\\.|'')*+'"
_COLUMN = compiled(
    rf"(?P<name>  {_NAMED}) (?:(?P<kind>enum|set)\((?P<listed>{_TEXT}(?:,{_TEXT})*+)\)|(?=(?:var)?char))"
    rf"(?P<options>(?:(?! DEFAULT ')[^'`])*+)(?: DEFAULT (?P<default>{_TEXT}))?+",
    re.DOTALL,
)
"""A column of texts of some length as it begins: its values, if it has a list of them, and its default, if that is a text."""


def _in_full(ask: Ask, schema: str, name: str, said: str, losses: list[Loss]) -> str:
    """CREATE TABLE with the characters that it shows as question marks, as far as they may be asked for."""
    lines = _LINE.findall(said)
    for at, line in enumerate(lines):
        column = _COLUMN.match(line)
        if column is None or "?" not in f"{column['listed']}{column['default']}":
            continue
        try:
            begin, unsaid = _line_in_full(ask, _path(schema, name), column)
            lines[at] = begin + line[column.end() :]
        except EngineError as error:
            unsaid = str(error)
        if unsaid:
            subject = f"{name}.{column['name'].strip()[1:-1].replace('``', '`')}"
            losses.append(Loss(subject, f"what the catalogue shows as ?: {unsaid}", "read as ?"))
    return "\n".join(lines)


def _line_in_full(ask: Ask, table: str, column: re.Match[str]) -> tuple[str, str]:
    """The beginning of a column's line, and why nothing tells its default; "" where it is told."""
    name, kind, unsaid, listed = column["name"].strip(), "", "", list[str]()
    if column["kind"]:
        listed = re.findall(_TEXT, column["listed"], re.DOTALL)
        if "?" in column["listed"]:
            members = _members(ask, table, name, column["kind"], len(listed))
            unsaid = "" if len(members) == len(listed) else "the server counts no further"  # max_recursive_iterations
            listed = listed if unsaid else members
        kind = f"{column['kind']}({','.join(listed)})"
    default = column["default"]
    if default and "?" in default:
        never = "NOT NULL" in column["options"]  # then a row that is not there has no default, either
        place = f"{table} AS t LIMIT 1" if never else _nowhere(table)
        found = _texts(ask, f"SELECT {_OCTETS.format(f'DEFAULT(t.{name})')} FROM {place}")
        found = found or [one for one in listed if _shown(unquoted(one, "mysql")) == unquoted(default, "mysql")]
        default, why = (found[0], "") if len(found) == 1 else (default, "its table has no row to be asked")
        unsaid = unsaid or why
    return f"{column['name']} {kind}{column['options']}{f' DEFAULT {default}' if default else ''}", unsaid


def _members(ask: Ask, table: str, name: str, kind: str, count: int) -> list[str]:
    """The values of a list: a number that is put where one of them is wanted is its place, or a bit, in it."""
    number = "n + 1" if kind == "enum" else "1 << n"
    return _texts(
        ask,
        f"WITH RECURSIVE r AS (SELECT t.{name} AS v, 0 AS n FROM {_nowhere(table)} UNION ALL "
        f"SELECT {number}, n + 1 FROM r WHERE n < {count}) SELECT {_OCTETS.format('v')} FROM r WHERE n > 0 ORDER BY n",
    )


def _nowhere(table: str) -> str:
    """One row that holds no value, and has the table's types."""
    return f"(SELECT 1) AS one LEFT JOIN {table} AS t ON FALSE"


def _shown(text: str) -> str:
    return re.sub(r"[^\0-\uffff]", "?", text)


_OCTETS = "hex(CONVERT({} USING utf8mb4))"


def _texts(ask: Ask, query: str) -> list[str]:
    """The texts that a query gives by their octets, as literals."""
    return [_SPOKEN.literal(bytes.fromhex(str(octets)).decode()) for (octets,) in ask(query)]


def _path(*names: object) -> str:
    return ".".join(_SPOKEN.quoted(str(name)) for name in names)
