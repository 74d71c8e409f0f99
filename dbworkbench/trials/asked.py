"""The reference itself as it is asked: queries checked, and answered, in the DuckDB that holds its rows."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb
from sqlglot import exp

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.engines.duckdb import answered
from dbworkbench.engines.engine import Answer, DeadlineExceeded
from dbworkbench.engines.watch import Watch
from dbworkbench.errors import WorkloadError
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Decimal, Float, Integer
from dbworkbench.sql.translation import translated
from dbworkbench.sql.workload import Query, Workload, check_tables, parsed, spoken_by, trees_of
from dbworkbench.sql.writing import is_upsert

LARGE = 100_000
_WHOLE = 20_000


class Asked:
    """The reference's rows, and the workload that is asked of them; a statement of a query is cancelled after `deadline` seconds.

    `late` holds what became of queries that were: they have no answer.
    """

    def __init__(self, source: Tables, reference: Schema, workload: Workload, deadline: float) -> None:
        self._cursor = source.connection.cursor()
        self._watch, self._deadline = Watch(self._cursor.interrupt), deadline
        self.late: dict[str, DeadlineExceeded] = {}
        self._reference, self._workload = reference, workload
        self._answers: dict[str, Answer | None] = {}
        self._digests: dict[str, Callable[[str], str] | None] = {}
        self._rows = {relation.name: source.rows(relation.name) for relation in reference}

    def close(self) -> None:
        """Ask no more."""
        self._watch.close()
        self._cursor.close()

    def check(self, query: Query) -> None:
        """Raise WorkloadError where a query names what the reference lacks, at its place in the file."""
        dialect = self._workload.dialect
        for tree in trees_of(query.text, dialect, name=query.name, kind=query.kind):
            check_tables(tree, self._reference.names, query=query.name, line=query.line, column=query.column)
        for engine, text in query.own:
            for tree in trees_of(text, spoken_by(engine), name=query.name, kind=query.kind):
                check_tables(tree, self._reference.names, query=query.name, line=query.line)
        if dialect != "duckdb":
            return
        try:
            with self._keyed(query):
                self._cursor.execute(f"EXPLAIN\n{query.text}").fetchall()
        except duckdb.Error as error:
            message, line, column = _placed(query, str(error))
            raise WorkloadError(message, query=query.name, line=line, column=column) from error

    def answer(self, query: Query) -> Answer | None:
        """The answer on the reference, or its digest where it is large; None where DuckDB cannot give it, or not in time."""
        if query.name not in self._answers:
            self._answers[query.name] = None
            try:
                text = self._text(query)
                digest = self._digests[query.name] = self._digest(text)
                self._answers[query.name] = self._answered(digest(text) if digest is not None else text)
            except DeadlineExceeded as error:
                self.late[query.name] = error
        return self._answers[query.name]

    def answer_again(self, query: Query) -> Answer | None:
        """The same, asked once more: a query may have no single answer."""
        text, digest = self._text(query), self._digests.get(query.name)
        return self.answer_to(digest(text) if digest is not None else text)

    def digest(self, query: Query) -> Callable[[str], str] | None:
        """How to ask for the digest of an answer that is too large to compare row by row; else None."""
        return self._digests.get(query.name)

    def _digest(self, text: str) -> Callable[[str], str] | None:
        """Counts, sums and ends of every column, asked in words that every engine knows."""
        try:
            with self._timely():
                (rows,) = self._cursor.execute(f"SELECT count(*) FROM ({text}\n) AS answer").fetchall()[0]
            if rows <= LARGE:
                return None
            kinds = [str(kind) for _, kind, *_ in self._cursor.execute(f"DESCRIBE {text}").fetchall()]
        except duckdb.Error:
            return None
        names = [f"c{at}" for at in range(len(kinds))]
        told = ["count(*)", *(f"count({name})" for name in names)]
        for name, kind in zip(names, kinds, strict=True):
            if kind.endswith("INT") or kind.startswith(("DECIMAL", "DOUBLE", "FLOAT", "INTEGER")):
                told += [f"sum({name})"]
            if kind.endswith("INT") or kind.startswith(("DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "DATE", "TIMESTAMP")):
                told += [f"min({name})", f"max({name})"]
        return lambda said: f"WITH answer({', '.join(names)}) AS ({said}\n) SELECT {', '.join(told)} FROM answer"

    def _text(self, query: Query) -> str:
        own = dict(query.own).get("duckdb")
        return own or translated(query.text, self._workload.dialect, "duckdb", self._reference.relations)

    def change(self, query: Query) -> tuple[int, tuple[Answer, ...]] | None:
        """How many rows of the reference a change writes, and what `checks` then say; it is taken back at once.

        None where DuckDB cannot carry it out, or not in time.
        """
        text = self._text(query)
        try:
            with self._keyed(query), self._timely():
                (rows,) = self._cursor.execute(text).fetchall()[0]
                return int(rows), tuple(answered(self._cursor, check) for check in self.checks)
        except DeadlineExceeded as error:
            self.late[query.name] = error
            return None
        except duckdb.Error:
            return None

    @contextmanager
    def _keyed(self, query: Query) -> Iterator[None]:
        """A transaction that is taken back, in which a relation that rows are upserted into has its keys."""
        relation = self._upserted(query)
        self._cursor.begin()
        try:
            for at, key in enumerate(relation.keys if relation is not None else ()):
                columns = ", ".join(map(quoted, key.attributes))
                name = quoted(f"dbworkbench key {at}")
                self._cursor.execute(f"CREATE UNIQUE INDEX {name} ON {quoted(relation.name)} ({columns})")  # type: ignore[union-attr]  # no keys of no relation
            yield
        finally:
            self._cursor.rollback()

    def _upserted(self, query: Query) -> Relation | None:
        """The relation whose keys decide what an INSERT does; None for anything else."""
        if query.kind != "write":
            return None
        tree = parsed(query, self._workload.dialect)
        target = tree.find(exp.Table) if is_upsert(tree) else None
        named = target.name.casefold() if target is not None else ""
        return next((one for one in self._reference if one.name.casefold() == named), None)

    @property
    def checks(self) -> tuple[str, ...]:
        """Queries in DuckDB's SQL that tell what the reference holds: all of it, or sums where it is large."""
        return tuple(_check(relation, self._rows[relation.name]) for relation in self._reference)

    def sums(self, relation: Relation) -> tuple[int, ...]:
        """The places of a relation's check that add up: its counts and sums; none where the check lists the rows."""
        if self._rows[relation.name] <= _WHOLE:
            return ()
        attributes = len(relation.attributes)
        numbers = sum(isinstance(one.type, Integer | Decimal | Float) for one in relation.attributes)
        counts = range(1, 2 * attributes + 1, 2)
        return (0, *counts, *range(2 * attributes + 1, 2 * attributes + 1 + numbers))

    def answer_to(self, text: str) -> Answer | None:
        """The answer to any query in DuckDB's SQL; None where it cannot give one, or not in time."""
        try:
            return self._answered(text)
        except DeadlineExceeded:
            return None

    def _answered(self, text: str) -> Answer | None:
        try:
            with self._timely():
                return answered(self._cursor, text)
        except duckdb.Error:
            return None

    @contextmanager
    def _timely(self) -> Iterator[None]:
        """Cancel what runs longer than the deadline, and raise DeadlineExceeded then."""
        try:
            with self._watch.within(self._deadline):
                yield
        except duckdb.Error as error:
            if not self._watch.rang:
                raise
            raise DeadlineExceeded(
                f"cancelled after its {self._deadline:g} s over the reference's own rows, which DuckDB holds, so what "
                "candidates say is not compared with it"
            ) from error


def _check(relation: Relation, rows: int) -> str:
    columns = [(quoted(attribute.name), attribute) for attribute in relation.attributes]
    if rows <= _WHOLE:
        return f"SELECT {', '.join(name for name, _ in columns)} FROM {quoted(relation.name)}"
    told = [f"count({name}), count(DISTINCT {name})" for name, _ in columns]
    told += [f"sum({name})" for name, one in columns if isinstance(one.type, Integer | Decimal | Float)]
    return f"SELECT count(*), {', '.join(told)} FROM {quoted(relation.name)}"


def _placed(query: Query, said: str) -> tuple[str, int, int | None]:
    """DuckDB's words about a query, and the place in the workload's file that they point to."""
    body, _, pointed = said.partition("\n\nLINE ")
    message = _in_words(" ".join(body.split()))
    found = re.match(r"(\d+): (.*)\n( *)\^", pointed)
    if found is None:
        return message, *_named(query, message)
    number, shown = int(found[1]) - 1, found[2]  # the first line is EXPLAIN's
    lines = query.text.split("\n")
    if not 1 <= number <= len(lines):
        return message, query.line, None
    caret = len(found[3]) - len(found[1]) - len(": ") - len("LINE ")
    if shown.startswith("..."):
        at = lines[number - 1].find(shown[3:].removesuffix("..."))
        column = at + caret - 3 + 1 if at >= 0 else None
    else:
        column = caret + 1
    if column is not None and number == 1:
        column += query.column - 1
    return message, query.line + number - 1, column


def _named(query: Query, message: str) -> tuple[int, int | None]:
    """The place of the column that a message names without pointing to it; the query's line where it names none."""
    told = re.search(r"column (\w+) not found", message)
    found = re.search(rf"\b{told[1]}\b", query.text) if told is not None else None
    if found is None:
        return query.line, None
    before = query.text[: found.start()]
    column = len(before) - (before.rfind("\n") + 1) + 1
    return query.line + before.count("\n"), column + (query.column - 1 if "\n" not in before else 0)


def _in_words(said: str) -> str:
    """DuckDB's words on one line, with what it would rather have as a question."""
    message = re.sub(r"^(?:Binder|Catalog|Parser) Error: ", "", said)
    found = re.fullmatch(
        r'(.*?)[!.]? (?:Candidate (?:bindings|tables):(?: :)?|Did you mean) ((?:"[^"]*"(?:, )?)+)\??', message
    )
    if found is None:
        return message
    *names, last = found[2].split(", ")
    nearest = f"{', '.join(names)} or {last}" if names else last
    return f"{found[1]} — did you mean {nearest}?"
