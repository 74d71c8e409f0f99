"""DDL read as a schema: whatever order it came in, the state that its statements leave.

A file is taken apart by `sql.statement`; what creates, alters, renames and drops is carried out on a catalogue of tables
here; sqlglot reads the expressions in it. Nothing is executed. A ledger accounts for every statement.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from dbworkbench.errors import UnknownName, listed
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.loss import Read
from dbworkbench.sql.alterations import ROW_SECURITY
from dbworkbench.sql.beginning import catalogue_row
from dbworkbench.sql.cursor import Cursor, Puzzled, unquoted
from dbworkbench.sql.definition_text import Called, definer_in, elsewhere_in, plain_text, plain_words
from dbworkbench.sql.definitions import KEPT, SECOND_WORDS
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.programs import Programs
from dbworkbench.sql.renaming import COMMENT
from dbworkbench.sql.spoken import told_in
from dbworkbench.sql.statement import Statement, split
from dbworkbench.sql.tables import Name

__all__ = ["Entry", "Reading", "read"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one statement: "understood", "kept as text" or "ignored", and why; lines count from 1.

    `start` and `end` are its place among the file's characters; between two entries stand blanks, comments and
    delimiters only. What is kept as text (a view, a trigger, a policy) says its own `name` and which relations and views it
    `needs`. Rows that are left aside come in runs of `statements`.
    """

    line: int
    kind: str
    fate: str
    reason: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    name: str = ""
    needs: tuple[str, ...] = ()
    statements: int = 1

    def __str__(self) -> str:
        return f"line {self.line}: {self.kind}: {self.fate}{f' — {self.reason}' if self.reason else ''}"


@dataclass(frozen=True, slots=True)
class Reading(Read):
    """A schema that was read from SQL, with the account of every statement and the dialect it was read as."""

    ledger: tuple[Entry, ...] = ()
    dialect: str = ""
    dialect_told: bool = True
    """Whether the dialect was given, or is told by what few databases have; else the text may be of another one."""

    def kept(self, kind: str = "") -> tuple[Entry, ...]:
        """The statements that are kept as text: all of them, or those of a kind ("view", "trigger", "policy" …).

        >>> [(entry.name, entry.needs) for entry in read("CREATE TABLE t (a int); CREATE VIEW v AS TABLE t").kept("view")]
        [('v', ('t',))]
        """
        wanted = kind.upper()
        return tuple(e for e in self.ledger if e.fate == "kept as text" and (not kind or wanted in e.kind.split()))


def read(text: str, dialect: str = "") -> Reading:
    """The schema that the DDL in `text` leaves when all of it has been carried out, in one dialect or in the likeliest.

    Expressions are carried into the home dialect (DuckDB's). Raises NotationError where a quote or a comment is not
    closed, and UnknownName for a dialect that is not known.

    >>> found = read("CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ADD COLUMN name text; SELECT 1;")
    >>> found.schema["t"].names, [entry.fate for entry in found.ledger]
    (('id', 'name'), ['understood', 'understood', 'ignored'])
    """
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as old systems end lines: places stay as they are
    spoken = DIALECTS.named(dialect)
    if dialect and spoken is None:
        raise UnknownName("dialect", dialect, sorted(DIALECTS))
    told = spoken is not None
    if spoken is None:
        spoken, told = told_in(text)
    reader = _Reader(spoken)
    ledger: list[Entry] = []
    statement = None
    for statement in split(text, spoken):
        ledger.append(reader.account(statement))
    schema = reader.catalogue.schema()
    apart = len({table.home for table in reader.catalogue.tables.values()}) > 1
    for path, kept in reader.placed.items() if apart else ():
        what = f"names in it without a schema, which are of {path}"
        reader.catalogue.lose(listed(tuple(dict.fromkeys(kept)), most=3), what, "kept as it stands")
    if statement and ledger[-1].fate == "understood" and _breaks_off(statement):
        ledger[-1] = replace(ledger[-1], reason="the text ends within it")
        what = f"{ledger[-1].kind}: the text ends within it"
        reader.catalogue.lose(f"line {statement.line}", what, "read as far as it goes")
    for place, names in reader.mentioned.items():
        ledger[place] = replace(ledger[place], needs=reader.catalogue.known(names, ledger[place].name))
    schema = replace(schema, definitions=tuple(reader.definitions(ledger)))
    return Reading(schema, tuple(dict.fromkeys(reader.catalogue.losses)), tuple(ledger), spoken, told)


class _Reader(Programs):
    """Carries out one statement after another."""

    def __init__(self, dialect: str) -> None:
        super().__init__(dialect)
        self.mentioned: dict[int, tuple[Name, ...]] = {}
        self.entries = 0
        self.kept: dict[int, str] = {}
        """The entries that define what a schema keeps as text, and what each defines."""
        self.paths: dict[int, Name] = {}
        """What the entries kept as text are called, part by part: a name may have a dot within it."""
        self.sources: dict[int, Statement] = {}
        self.placed: dict[str, list[str]] = {}
        """What is kept as text where the session has schemas for names that have none, by these."""

    def definitions(self, ledger: Sequence[Entry]) -> Iterator[Definition]:
        """What the schema keeps as text, with the relations and the other definitions that each names."""
        others = (one[0] for one in self.catalogue.others.values())
        called = {".".join(path): path[-1] for path in (*others, *self.paths.values()) if path}
        called |= {".".join(name): said for name, said in self.catalogue.called.items()}
        names = self._called()
        last: dict[tuple[str, str], int] = {}
        for place, kind in self.kept.items():
            if kind in {"view", "materialized view", "sequence"}:
                last[kind, ledger[place].name.casefold()] = place
        for place, kind in self.kept.items():
            entry = ledger[place]
            path = self.paths[place] or ("",)
            name = names.names.get(tuple(part.casefold() for part in path), path[-1])
            if last.get((kind, entry.name.casefold()), place) != place:
                continue  # made again later
            if kind == "sequence" and name.lower() in self.catalogue.counting:
                continue  # it numbers a column, which says so itself
            uses = tuple(dict.fromkeys(called.get(one, one) for one in entry.needs))
            statement = self.sources[place]
            if definer := definer_in(statement.tokens):
                said = statement.source[statement.tokens[definer[0]].start : statement.tokens[definer[1] - 1].end]
                self.catalogue.lose(name, said, "read without: it is of whoever creates it")
            for said in elsewhere_in(statement, self.dialect):
                self.catalogue.lose(name, said, "read without: all lies in one schema")
            yield Definition(kind, name, plain_text(statement, self.dialect, names), self.dialect, uses)

        yield from self._defaults(names)

    def _defaults(self, names: Called) -> Iterator[Definition]:
        """Defaults that only the engine has words for, as the statements that give them to columns."""
        dialect = DIALECTS[self.dialect]
        for path, relation in self.catalogue.called.items():
            table = self.catalogue.tables[path]
            for name, column in table.columns.items():
                text = table.unsaid.get(name, "")
                if not text or column.default is not None or column.generated or name in table.numbers:
                    continue
                if not dialect.default_given:
                    self.catalogue.lose(f"{'.'.join(path)}.{name}", f"the default {text}", "not read")
                    continue
                given = {"table": dialect.quoted(relation), "column": dialect.quoted(name)}
                bare = _within(text) if "({default})" in dialect.default_given else text
                said = dialect.default_given.format(**given, default=plain_words(bare, self.dialect, names))
                yield Definition("default", f"{relation}.{name}", said, self.dialect, (relation,))

    def _called(self) -> Called:
        """What the file's names with a schema before them are called in the design."""
        found = Called(self.dialect)
        for path, said in (*self.catalogue.spelled.items(), *self.catalogue.called.items()):
            found.put(path, said)
        taken = Counter(said.casefold() for said in self.catalogue.called.values())
        paths = {self.paths[place]: kind for place, kind in self.kept.items() if self.paths[place]}
        taken.update(path[-1].casefold() for path, kind in paths.items() if kind in _RELATIONS)
        for path, kind in paths.items():
            twice = kind in _RELATIONS and taken[path[-1].casefold()] > 1
            found.put(path, ".".join(path) if twice else path[-1])
        return found

    def account(self, statement: Statement) -> Entry:
        """Carry out one statement, and say what became of it."""
        place, self.entries = self.entries, self.entries + 1
        if statement.aside:
            kind = " ".join(statement.source[statement.start : min(statement.end, statement.start + 40)].split()[:2])
            place_in = (statement.start, statement.end)
            return Entry(statement.line, kind, "ignored", statement.aside, "", *place_in, statements=statement.many)
        if statement.end - statement.start > _MOST_CHARACTERS:
            said = f"a statement of more than {_MOST_CHARACTERS:,} characters"
            self.catalogue.lose(f"line {statement.line}", said, "not read")
            kind = " ".join(token.upper for token in statement.tokens[:2])
            return Entry(statement.line, kind, "ignored", said, "", statement.start, statement.end)
        cursor, outer = Cursor(statement), statement
        if row := catalogue_row(cursor, self.dialect):
            statement = next(split(unquoted(row, self.dialect), self.dialect))
            cursor = Cursor(statement)
        kind, losses = _kind(cursor), len(self.catalogue.losses)
        self.defined, self.dropped = "", set()
        try:
            fate, reason = self.carried_out(cursor, statement)
        except Puzzled as puzzle:
            fate, reason = "kept as text", str(puzzle)
            self.catalogue.lose(f"line {statement.line}", f"{kind}: {puzzle}", "kept as text")
        kept = fate == "kept as text"
        made = statement.text[:6].upper() == "CREATE" or self.defined in {ROW_SECURITY, COMMENT}
        defines = kept and bool(self.defined) and made
        if kept and not defines and len(self.catalogue.losses) == losses:
            self.catalogue.lose(f"line {statement.line}", f"{kind}: {reason}", "kept as text")
        path: Name = ()
        if kept:
            path, self.mentioned[place] = _named(cursor), _mentions(cursor)
        name = ".".join(path)
        if defines and self.catalogue.path:
            places = ", ".join(self.catalogue.path)
            self.placed.setdefault(places, []).append(name or f"line {statement.line}")
        if defines:
            self.kept[place] = self.defined
            self.sources[place] = statement
            self.paths[place] = path
        elif self.dropped:
            lasting = (
                one for one in self.kept if not self.paths[one] or self.paths[one][-1].casefold() not in self.dropped
            )
            self.kept = {one: self.kept[one] for one in lasting}
        text = plain_text(statement, self.dialect) if kept else ""
        return Entry(outer.line, kind, fate, reason, text, outer.start, outer.end, name)


def _within(text: str) -> str:
    """An expression without parentheses around all of it."""
    while text[:1] == "(" and text[-1:] == ")":
        depth = list(accumulate((sign == "(") - (sign == ")") for sign in text))
        if 0 in depth[:-1]:
            break
        text = text[1:-1].strip()
    return text


_MOST_CHARACTERS = 4_000_000
"""More than any statement has that is no row: beyond, a text within it would take up gigabytes."""
_GOES_ON_WORDS = "ADD ALTER AND AS CONSTRAINT FOREIGN IS NOT ON OR REFERENCES RENAME SET WHERE , = < > + . :: ||"
_GOES_ON = frozenset(_GOES_ON_WORDS.split())
"""Words and signs after which more must come."""


def _breaks_off(statement: Statement) -> bool:
    """Whether a file seems to have been cut off within its last statement."""
    signs = [token.value for token in statement.tokens if token.kind == "sign"]
    before, last = ("", *(token.upper for token in statement.tokens[-2:]))[-2:]
    unsaid = last == "DEFAULT" and before != "SET"  # ON DELETE SET DEFAULT ends so
    return unsaid or last in _GOES_ON or signs.count("(") > signs.count(")")


_RELATIONS = frozenset({"view", "materialized view", "sequence"})
"""What has its names in one space with the tables."""
_KINDS = KEPT | {"TABLE", "INDEX", "TYPE", "DOMAIN"}
_READS = frozenset({"FROM", "JOIN", "INTO", "UPDATE", "ON", "TABLE", "REFERENCES"})


def _kind(cursor: Cursor) -> str:
    """What a statement does, in two words: CREATE VIEW, ALTER TABLE, INSERT INTO."""
    first, second = cursor.upper(), cursor.upper(1)
    if first in {"CREATE", "ALTER", "DROP"}:
        words = [cursor.upper(ahead) for ahead in range(20 if second in {"ALGORITHM", "DEFINER", "SQL", "OR"} else 8)]
        words = [word for ahead, word in enumerate(words) if not cursor.table_function(ahead)]
        wanted = _KINDS - {"MATERIALIZED", "FOREIGN", "DEFAULT"}
        second = next((word for before, word in pairwise(words) if word in wanted and before != "SQL"), second)
    return " ".join(word for word in (first, second) if word and word not in "()").strip() or "?"


def _named(cursor: Cursor) -> Name:
    """The name of what a statement creates, alters or describes; none where it says none."""
    cursor.at = 0
    of_column = cursor.take("COMMENT", "ON", "COLUMN")
    if not of_column and not cursor.take("COMMENT", "ON", "TABLE"):
        while not cursor.done and (
            cursor.upper() not in _KINDS - {"MATERIALIZED", "FOREIGN"} or cursor.table_function()
        ):
            cursor.at += 2 if cursor.upper() == "SQL" else 1
        kind = cursor.upper()
        cursor.skip()
        if cursor.any(*SECOND_WORDS.get(kind, ())) == "SEARCH":
            cursor.skip()  # CONFIGURATION, DICTIONARY …
        cursor.any("BODY")  # of a package or a type
    cursor.take("IF", "NOT", "EXISTS")
    cursor.any("ONLY")
    try:
        name = cursor.name() if cursor.token() is not None else ()
    except Puzzled:
        return ()
    return name[:-1] if of_column else name


def _mentions(cursor: Cursor) -> tuple[Name, ...]:
    """The names that a statement reads or writes: those after FROM, JOIN, INTO, UPDATE and ON, with what a comma adds."""
    found: list[Name] = []
    cursor.at = 0
    while not cursor.done:
        listed = cursor.upper() in _READS
        cursor.skip()
        while listed and cursor.take("("):
            pass
        while listed and (token := cursor.token()) and (token.kind == "name" or token.upper[:1].isalpha()):
            try:
                found.append(cursor.name())
            except Puzzled:
                break
            if cursor.upper(1) == ",":  # an alias stands between
                cursor.skip()
            listed = cursor.take(",")
    return tuple(dict.fromkeys(found))
