"""One relation's rows as one SELECT: codes computed level by level from the row's index, then shown as values."""

import re
from collections.abc import Iterable

from dbworkbench.data.tables import quoted

_NAMED = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\blc\d+\.|\b(?:c\d+|i)\b"""
)  # columns, and what only looks like one


class Levels:
    """Columns computed from a row's index, each in the first level where all that it reads is known.

    Every level is a subquery around the one before, so nothing is computed twice and nothing is stored.
    """

    def __init__(self, start: str, columns: Iterable[str]) -> None:
        self._start = start
        self._level = dict.fromkeys(columns, 0)
        self._columns: list[list[tuple[str, str]]] = []
        self._joins: list[list[str]] = []
        self._borrowed: dict[tuple[int, str, str], str | None] = {}

    def _place(self, reads: Iterable[str]) -> tuple[int, str]:
        level = 1 + max((self._level[name] for name in reads), default=0)
        while len(self._columns) < level:
            self._columns.append([])
            self._joins.append([])
        return level, f"c{len(self._level)}"

    def add(self, expression: str, *reads: str) -> str:
        """A column computed from others; returns its name."""
        if expression in reads:
            return expression
        level, name = self._place(reads)
        for known, same in self._columns[level - 1]:
            if same == expression:
                return known
        self._columns[level - 1].append((name, expression))
        self._level[name] = level
        return name

    def look_up(self, table: str, code: str, columns: Iterable[str]) -> dict[str, str]:
        """Columns of the row of `table` whose `j` is `code`: their names there to their names here."""
        level, name = self._place([code])
        alias = f"l{name}"
        self._joins[level - 1].append(f" LEFT JOIN {table} {alias} ON {alias}.j = q.{code}")
        found: dict[str, str] = {}
        for column in columns:
            here = f"c{len(self._level)}"
            self._columns[level - 1].append((here, f"{alias}.{quoted(column)}"))
            self._level[here] = level
            found[column] = here
        return found

    def expression(self, column: str) -> str:
        """What a column is computed by."""
        return next(said for level in self._columns for name, said in level if name == column)

    def borrow(self, other: "Levels", column: str, number: str) -> str | None:
        """A column of the row of another relation that has this `number`, computed again from it; its name here.

        None where it was looked up in a table.
        """
        if column == "i":
            return number
        asked = (id(other), column, number)
        if asked not in self._borrowed:
            self._borrowed[asked] = self._again(other, number, other.expression(column))
        return self._borrowed[asked]

    def _again(self, other: "Levels", number: str, expression: str) -> str | None:
        found = {name for name in _NAMED.findall(expression) if name[0] not in "'\""}
        if any(name.startswith("lc") for name in found):
            return None
        here = {name: self.borrow(other, name, number) for name in sorted(found)}
        known = {name: column for name, column in here.items() if column is not None}
        if len(known) < len(found):
            return None
        return self.add(_NAMED.sub(lambda met: known.get(met[0], met[0]), expression), *known.values())

    @property
    def joined(self) -> bool:
        """Whether rows may come in another order than their index's."""
        return any(self._joins)

    def sql(self, shown: Iterable[str]) -> str:
        """The innermost to the outermost level as one query, with the columns that `shown` or another column reads."""
        needed = {name for text in shown for name in _NAMED.findall(text)}
        levels: list[tuple[str, str]] = []
        for columns, joins in zip(reversed(self._columns), reversed(self._joins), strict=True):
            used = [f"{expression} AS {name}" for name, expression in columns if name in needed]
            if used:
                needed.update(name for text in (*used, *joins) for name in _NAMED.findall(text))
                levels.append((", ".join(used), "".join(joins)))
        query = self._start
        for said, joins_said in reversed(levels):
            query = f"SELECT q.*, {said} FROM ({query}) q{joins_said}"
        return query
