"""A script for Databricks as Sail takes it: as written, less what Databricks itself keeps as a hint, and what Sail loses."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import type_text
from dbworkbench.sql.statement import tokens_in
from dbworkbench.sql.tokens import Token
from dbworkbench.trials.verification import Probe

__all__ = ["Emulated", "left_out"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HINT = "left out: a hint in Databricks, which Sail does not know"
_UNKEPT = "left out: Sail loses its quotes, or is out of time with so many"
_MOST = 16
"""Checks of a table: with 20 of them, a row takes Sail half a second, and with 22 more than twenty."""
_HINTS = {"a key": ("key", "keys"), "a reference": ("reference", "references")}
_LOST = {
    "an order of rows": (("order", "orders"), "of rows (CLUSTER BY), which it does not know"),
    "a condition": (("condition", "conditions"), "over names that need quotes, which it loses"),
    "a length": (("length", "lengths"), "of CHAR and VARCHAR, which it keeps as STRING"),
    "a check": (("check", "checks"), f"beyond {_MOST} of a table, for which it takes too long"),
}


def left_out(schema: Schema, names: Mapping[tuple[str, ...], str], whole: Schema, taken: Schema) -> Iterator[Probe]:
    """The rules of a script that what was taken of it does not have: none of them was tried."""
    for relation in schema:
        theirs, ours = whole[names[(relation.name,)]], taken[names[(relation.name,)]]
        called = dict(zip(theirs.names, relation.names, strict=True))
        for key in (one for one in theirs.keys if one not in ours.keys):
            rule = f"key ({', '.join(called[name] for name in key.attributes)})"
            yield Probe(relation.name, "key", rule, None, _HINT, expected=False)
        for reference in (one for one in theirs.foreign_keys if one not in ours.foreign_keys):
            rule = f"foreign key ({', '.join(called[name] for name in reference.attributes)}) to {reference.relation}"
            yield Probe(relation.name, "foreign key", rule, None, _HINT, expected=False)
        for mine, full, kept in zip(relation.names, theirs.attributes, ours.attributes, strict=True):
            if full.type != kept.type:  # by a check
                yield Probe(relation.name, "type", f"{mine}: {type_text(full.type)}", None, _UNKEPT)
        for check in (one for one in theirs.checks if one not in ours.checks):
            yield Probe(relation.name, "check", f"check ({check.expression})", None, _UNKEPT)


class Emulated:
    """The statements of one script, one after another, and what of them was left out."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._left: Counter[str] = Counter()
        self._checks: Counter[str] = Counter()

    @property
    def left(self) -> str:
        """What was left out, and why, in words; "" for nothing.

        >>> script = Emulated()
        >>> script.take("CREATE TABLE `t` (`a` INT NOT NULL, PRIMARY KEY (`a`)) USING DELTA")
        'CREATE TABLE `t` (`a` INT NOT NULL) USING DELTA'
        >>> script.left
        'left out for Sail: 1 key, mere hints in Databricks'
        """
        hints = [_counted(self._left[kind], names) for kind, names in _HINTS.items() if self._left[kind]]
        lost = [
            f"{_counted(self._left[kind], names)} {why}" for kind, (names, why) in _LOST.items() if self._left[kind]
        ]
        said = ([f"{' and '.join(hints)}, mere hints in Databricks"] if hints else []) + lost
        return f"left out for Sail: {'; '.join(said)}" if said else ""

    @property
    def script(self) -> str:
        """What was run, as Sail keeps it."""
        return "".join(f"{statement};\n" for statement in self._kept)

    def take(self, statement: str) -> str:
        """The statement less what is left out of it; "" where nothing remains."""
        tokens = tokens_in(statement, "databricks")
        words = [token.upper for token in tokens]
        said = ""
        if words[:2] == ["CREATE", "TABLE"]:
            said = _without(statement, self._cuts(tokens, words))
        elif words[:2] == ["ALTER", "TABLE"] and (kind := _rule(words[4:])):
            self._left[kind] += 1
        elif words[:2] == ["ALTER", "TABLE"] and "CHECK" in words and not _is_kept(tokens[words.index("CHECK") :]):
            self._left["a condition"] += 1
        elif words[:2] == ["ALTER", "TABLE"] and "CHECK" in words and self._checks[tokens[2].value] >= _MOST:
            self._left["a check"] += 1
        else:
            self._checks[tokens[2].value] += words[0] == "ALTER"
            said = statement
        self._kept += [self._as_strings(said)] if said else []
        return said

    def _as_strings(self, statement: str) -> str:
        """CREATE TABLE with STRING for the types of texts that have a length."""
        tokens = tokens_in(statement, "databricks")
        words = [token.upper for token in tokens]
        depth = 0
        cuts: list[tuple[int, int]] = []
        for at, word in enumerate(words[:-1] if words[:2] == ["CREATE", "TABLE"] else ()):
            depth += (word == "(") - (word == ")")
            if depth == 1 and word in {"CHAR", "CHARACTER", "VARCHAR"} and words[at + 1] == "(":
                self._left["a length"] += 1
                cuts.append((tokens[at].start, tokens[_closing(words, at + 1)].end))
        return _without(statement, cuts, "STRING")

    def _cuts(self, tokens: tuple[Token, ...], words: list[str]) -> Iterator[tuple[int, int]]:
        """Where the clauses of CREATE TABLE begin and end that are left out, in their order."""
        depth = 0
        for at, word in enumerate(words):
            depth += (word == "(") - (word == ")")
            if depth == 1 and word == "," and (kind := _rule(words[at + 1 :])):
                self._left[kind] += 1
                yield tokens[at].start, tokens[_last_of_item(words, at + 1)].end
            elif depth == 1 and words[at : at + 4] == ["GENERATED", "ALWAYS", "AS", "("]:
                last = _closing(words, at + 3)
                if not _is_kept(tokens[at:last]):
                    self._left["a condition"] += 1
                    yield tokens[at - 1].end, tokens[last].end
            elif depth == 0 and words[at : at + 3] == ["CLUSTER", "BY", "("]:
                self._left["an order of rows"] += 1
                yield tokens[at - 1].end, tokens[_closing(words, at + 2)].end


def _rule(words: list[str]) -> str:
    """Whether a rule begins here that is a hint, and which; it may have a name."""
    begin = 2 if words[:1] == ["CONSTRAINT"] else 0
    return {"PRIMARY KEY": "a key", "FOREIGN KEY": "a reference"}.get(" ".join(words[begin : begin + 2]), "")


def _closing(words: list[str], opening: int) -> int:
    """Where the parenthesis closes that opens there."""
    depth = 0
    for at in range(opening, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if not depth:
            return at
    return len(words) - 1


def _last_of_item(words: list[str], at: int) -> int:
    """The last token of what stands between commas."""
    while words[at + 1] not in {",", ")"}:
        at = _closing(words, at + 1) if words[at + 1] == "(" else at + 1
    return at


def _is_kept(condition: Iterable[Token]) -> bool:
    """Whether a condition is the same without the quotes around names, which Sail does not keep."""
    return all(_is_name(token.value) for token in condition if token.kind == "name")


@cache
def _is_name(text: str) -> bool:
    """Whether it is a name without quotes, too.

    >>> _is_name("date"), _is_name("e-mail"), _is_name("current_date"), _is_name("select")
    (True, False, False, False)
    """
    if not _PLAIN.fullmatch(text):
        return False
    try:
        found = sqlglot.parse_one(f"SELECT 1 WHERE {text} > 0", read="databricks").find(exp.GT)
    except SqlglotError:
        return False
    return found is not None and isinstance(found.this, exp.Column)


def _without(text: str, cuts: Iterable[tuple[int, int]], instead: str = "") -> str:
    kept, at = "", 0
    for begin, end in cuts:
        kept, at = kept + text[at:begin] + instead, end
    return kept + text[at:]


def _counted(count: int, names: tuple[str, str]) -> str:
    return f"{count:,} {names[count != 1]}"
