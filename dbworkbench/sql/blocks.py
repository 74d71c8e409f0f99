"""What a block of a procedural language would have carried out: the statements of DDL that stand in it.

`DO $$ BEGIN CREATE TYPE …; EXCEPTION WHEN duplicate_object THEN NULL; END $$`, PL/SQL's `BEGIN EXECUTE IMMEDIATE '…'; END;`
and T-SQL's `EXEC ('…')` are how migrations say "unless it is there". Nothing is run: conditions are taken as met.
"""

import re
from collections.abc import Iterator

from dbworkbench.sql.tokens import Token

__all__ = ["DEFINES", "commands", "puts_together", "spells_ddl"]

DEFINES = frozenset({"CREATE", "ALTER", "DROP", "COMMENT", "RENAME"})
"""Words that begin a statement of DDL."""
_RUNS = frozenset({"EXECUTE", "EXEC", "IMMEDIATE"})
_PREPARES = _RUNS | {"PREPARE", "SP_EXECUTESQL"}
_SPELLS_DDL = re.compile(r"\b(?:CREATE|ALTER|DROP|RENAME)\s", re.IGNORECASE)
_OPENS = frozenset({"BEGIN", "THEN", "ELSE", "LOOP", "AS", "DECLARE"})


def commands(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """The DDL of a block, statement by statement; a constant text that the block executes is given as that one token.

    >>> from dbworkbench.sql.statement import tokens_in
    >>> block = "BEGIN IF a THEN DROP TABLE t; END IF; EXECUTE 'CREATE TABLE u (x int)'; y := 1; END"
    >>> [[token.value for token in found] for found in commands(tokens_in(block, "postgresql"))]
    [['DROP', 'TABLE', 't'], ["'CREATE TABLE u (x int)'"]]
    """
    for part in _between_semicolons(tokens):
        begin = 0
        for place, token in enumerate(part):
            before = part[place - 1].upper if place else "BEGIN"
            if before not in _OPENS:
                continue
            begin = place
            if token.upper in DEFINES:
                yield part[place:]
                break
            if token.upper in _RUNS:
                yield from _constant(part[begin + 1 :])
                break


def puts_together(tokens: tuple[Token, ...]) -> bool:
    """Whether a block runs DDL that it puts together from texts and values, which nobody knows before it runs.

    >>> from dbworkbench.sql.statement import tokens_in
    >>> [puts_together(tokens_in(f"BEGIN EXECUTE {said}; END", "postgresql")) for said in ("'DROP TABLE t'", "'DROP TABLE ' || t")]
    [False, True]
    """
    for part in _between_semicolons(tokens):
        places = [place for place, token in enumerate(part) if token.upper in _PREPARES]
        if places and not any(_constant(part[place + 1 :]) for place in places):
            said = tokens if len(part) <= _SHORT else part  # of a variable, filled before
            if any(token.kind == "text" and spells_ddl(token.value) for token in said):
                return True
    return False


_SHORT = 6


def spells_ddl(text: str) -> bool:
    """Whether a text speaks of making, changing or dropping something.

    >>> spells_ddl("'ALTER TABLE t DROP COLUMN c'"), spells_ddl("'created'")
    (True, False)
    """
    return _SPELLS_DDL.search(text) is not None


def _between_semicolons(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    begin = 0
    for place, token in enumerate(tokens):
        if token.kind == "sign" and token.value == ";":
            if place > begin:
                yield tokens[begin:place]
            begin = place + 1
    if len(tokens) > begin:
        yield tokens[begin:]


def _constant(tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], ...]:
    """The text that is executed, where it is one constant."""
    rest = [token for token in tokens if token.upper not in {"IMMEDIATE", "(", ")"}]
    return ((rest[0],),) if len(rest) == 1 and rest[0].kind == "text" else ()
