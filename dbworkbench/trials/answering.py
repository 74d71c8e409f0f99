"""How a candidate answers a query: the ways there are, and the first whose answer is the reference's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from dbworkbench.data.tables import quoted
from dbworkbench.engines.engine import Answer, DeadlineExceeded, Engine, EngineDied, Session, Timing
from dbworkbench.errors import EngineError, Unsupported
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.rewriting import rewritten
from dbworkbench.sql.translation import held_in, translated
from dbworkbench.sql.workload import Query, Workload, ordered_by, read_workload, unlimited
from dbworkbench.sql.writing import Held, changes
from dbworkbench.trials.answers import Unlike, misordered, unlike
from dbworkbench.trials.asked import Asked
from dbworkbench.trials.candidate import Candidate

_FEW_ROWS = 1000  # so few are turned into Python in no time
_BY_BYTES = ("duckdb", "sqlite")  # the dialects that order texts by their bytes, not by a language's rules


@dataclass(frozen=True, slots=True)
class Way:
    """A text to run for a query; a `plain` one is over the candidate's tables, others over its views.

    `whole` is the same without the query's LIMIT, where it has one; `dialect` is the SQL of the engine that runs it.
    """

    sql: str
    plain: bool = False
    own: bool = False
    rewritten: bool = False
    whole: str = ""
    dialect: str = "duckdb"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, the way it was got, and how it differs from the reference's; `tied` as in `record.Difference`.

    `timing` is of the query, run as its rounds run it; None where its digest was asked for, or its rows are many.
    """

    way: Way
    answer: Answer
    rows: int
    seconds: float
    unlike: Unlike | None = None
    tied: bool = False
    timing: Timing | None = None

    @property
    def agrees(self) -> bool:
        """Whether it is right."""
        return self.unlike is None or self.tied


@dataclass(frozen=True, slots=True)
class Answering:
    """One workload's queries on whatever engine; `relations` tell translations the types of attributes."""

    workload: Workload
    asked: Asked
    reference: Schema
    relations: tuple[Relation, ...]
    deadline: float
    tolerance: float

    def ways(self, query: Query, one: Candidate, engine: Engine) -> tuple[Way, ...]:
        """A candidate's own SQL, else the query rewritten to its tables, else the query itself on its views.

        What the workload has for this engine goes before a translation, and a translation before the text as it is.
        """
        return tuple(replace(way, dialect=engine.dialect) for way in self._ways(query, one, engine))

    def _ways(self, query: Query, one: Candidate, engine: Engine) -> tuple[Way, ...]:
        own = dict(one.sql).get(query.name)
        if own is not None:
            return (Way(self._said(own, engine), plain=True, own=True),)
        given = dict(query.own).get(engine.name)
        if given is not None:
            return (Way(given),)
        whole = unlimited(query, self.workload.dialect) or ""
        made = []
        text = self._rewritten(query, one)
        if text is not None:
            rest = self._rewritten(Query(query.name, whole), one) if whole else None
            made.append(
                Way(
                    self._said(text, engine), plain=True, rewritten=True, whole=self._said(rest, engine) if rest else ""
                )
            )
        texts = dict.fromkeys((self._said(query.text, engine), query.text))
        return (*made, *(Way(text, whole=self._said(whole, engine) if whole else "") for text in texts))

    def statements(self, query: Query, one: Candidate, engine: Engine, namespace: str) -> tuple[str, ...]:
        """What a candidate does for a change: its own SQL, else what follows from how it holds the reference.

        Raises Unsupported where nothing follows.
        """
        own = dict(one.sql).get(query.name) or dict(query.own).get(engine.name)
        if own is not None:
            return tuple(
                held_in(self._said(part.text, engine), one.schema.names, namespace, engine.dialect)
                for part in read_workload(own, dialect=self.workload.dialect)
            )
        kept = Schema(tuple(relation for relation in one.schema if relation.name not in one.summaries))
        held = Held(kept, dict(one.load), dict(one.views), self.reference, one.lookups)
        found = changes(query, self.workload.dialect, held, namespace)
        if found is None:
            raise Unsupported(
                f"no way is known to carry out {query.name!r} on {one.name!r} — say it with candidate(…, sql={{{query.name!r}: …}})"
            )
        return (*(self._said(text, engine) for text in found), *self._made_again(one, engine, namespace))

    def checks(self, engine: Engine) -> tuple[str, ...]:
        """Queries that tell what the reference holds after a change, as the engine says them."""
        return tuple(translated(text, "duckdb", engine.dialect, self.relations) for text in self.asked.checks)

    def _made_again(self, one: Candidate, engine: Engine, namespace: str) -> Iterator[str]:
        """What empties and fills the candidate's summaries, from the reference as it is after a change."""
        load = dict(one.load)
        for name in one.summaries:
            columns = ", ".join(map(quoted, one.schema[name].names))
            for text in (
                f"DELETE FROM {quoted(name)}",
                f"INSERT INTO {quoted(name)} ({columns}) SELECT {columns} FROM ({load[name]}) AS made",
            ):
                said = translated(text, "duckdb", engine.dialect, self.relations)
                yield held_in(said, (name,), namespace, engine.dialect)

    def reply(self, query: Query, session: Session, ways: tuple[Way, ...], expected: Answer | None) -> Reply:
        """The first right answer; where none is, the first that was not refused. Raises EngineError where all are.

        A large answer is compared, and returned, as its digest.
        """
        kept: Reply | None = None
        refused: EngineError | None = None
        digest = self.asked.digest(query)
        for way in ways:
            started = perf_counter()
            try:
                answer = session.run(
                    digest(way.sql) if digest is not None else way.sql, deadline=self.deadline, plain=way.plain
                )
            except EngineDied:
                raise
            except EngineError as error:
                if isinstance(error, DeadlineExceeded) and not way.rewritten:
                    raise
                refused = refused or error
                continue
            seconds = perf_counter() - started
            found = self._unlike(query, way, answer, expected) if expected is not None else None
            tied = (
                found is not None
                and not found.misplaced
                and expected is not None
                and self._is_tied(query, session, way, answer, expected)
            )
            rows = int(str(answer.rows[0][0])) if digest is not None else len(answer.rows)
            timing = answer.timing if digest is None and rows <= _FEW_ROWS else None
            reply = Reply(way, answer, rows, seconds, found, tied, timing)
            if reply.agrees:
                return reply
            kept = reply if kept is None or kept.way.rewritten else kept
        if kept is None:
            raise refused or EngineError("there is nothing to run")
        return kept

    def _unlike(self, query: Query, way: Way, found: Answer, expected: Answer) -> Unlike | None:
        """What tells an answer from the expected one: its rows, and their order where the query says one."""
        told = unlike(found, expected, self.tolerance)
        return told if told is not None else self._misordered(query, way, found, expected)

    def _misordered(self, query: Query, way: Way, found: Answer, expected: Answer) -> Unlike | None:
        if self.asked.digest(query) is not None:
            return None
        keys = ordered_by(query, self.workload.dialect, expected.columns)
        return misordered(found, expected, keys, self.tolerance, texts=way.dialect in _BY_BYTES)

    def _rewritten(self, query: Query, one: Candidate) -> str | None:
        return rewritten(query, self.workload.dialect, dict(one.views), one.schema, self.reference)

    def _said(self, text: str, engine: Engine) -> str:
        return translated(text, self.workload.dialect, engine.dialect, self.relations)

    def _is_tied(self, query: Query, session: Session, way: Way, answer: Answer, expected: Answer) -> bool:
        """Whether the query itself leaves its answer open: the reference, asked again, differs from itself, or the
        answers are alike without the query's LIMIT, which cut among rows that its order leaves equal.
        """
        again = self.asked.answer_again(query)
        if again is not None and unlike(again, expected, self.tolerance) is not None:
            return True
        if self._misordered(query, way, answer, expected) is not None:
            return False
        whole = unlimited(query, self.workload.dialect)
        if whole is None or not way.whole:
            return False
        right = self.asked.answer_to(translated(whole, self.workload.dialect, "duckdb", self.relations))
        if right is None:
            return False
        try:
            found = session.run(way.whole, deadline=self.deadline, plain=way.plain)
        except EngineError:
            return False
        return unlike(found, right, self.tolerance) is None
