"""A trial under way: rows made and proved, engines loaded, questions asked, answers compared, rounds timed."""

import os
import platform
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import TypeAlias

from dbworkbench.data.read import read_data
from dbworkbench.data.scratch import room, scratch
from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import Counts, Engine, EngineDied, Forgets, Indexes, Session, Timing
from dbworkbench.errors import EngineError, WorkbenchError
from dbworkbench.population.populate import populate
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.translation import translated
from dbworkbench.sql.workload import Query, Workload
from dbworkbench.trials.anomalies import Anomaly, anomalies
from dbworkbench.trials.answering import Answering, Way
from dbworkbench.trials.answers import Unlike, unlike
from dbworkbench.trials.asked import Asked
from dbworkbench.trials.candidate import REFERENCE, Candidate
from dbworkbench.trials.history import LOAD, TOOK
from dbworkbench.trials.lacking import lacks
from dbworkbench.trials.measure import FEWEST, SLOW, WARM, Measurement, Taking, quiet
from dbworkbench.trials.proof import check_reference, parts, unlike_facts
from dbworkbench.trials.record import Difference, Failure, LoadResult, Trial

Progress: TypeAlias = Callable[[str, float], object]
UNDER_WAY = "the trial was ended from outside before it was complete"


@dataclass(slots=True)
class Conduct:
    """A trial under way: what it has, and what it has found so far."""

    candidates: tuple[Candidate, ...]
    engines: tuple[Engine, ...]
    workload: Workload
    reference: Schema
    seed: int
    repeats: int | None
    deadline: float
    budget: float
    tolerance: float
    progress: Progress | None
    cold: int = 0
    keep: Path | None = None
    rows: tuple[tuple[str, int], ...] = ()
    measurements: list[Measurement] = field(default_factory=list)
    loads: list[LoadResult] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    dead: set[tuple[str, str]] = field(default_factory=set)
    chilled: dict[tuple[str, str, str], tuple[Session, Way]] = field(default_factory=dict)  # what is run cold, and how
    touched: set[str] = field(default_factory=set)  # engines whose candidates have answered a query
    taking: list[tuple[tuple[Query, Engine], dict[str, Measurement], Taking]] = field(default_factory=list)

    def result(self, interrupted: str = "") -> Trial:
        """What was found until now."""
        return Trial(
            self.candidates,
            tuple(engine.name for engine in self.engines),
            self.workload,
            self.reference,
            self.rows,
            self.seed,
            tuple(self.measurements),
            tuple(self.loads),
            tuple(self.differences),
            tuple(self.failures),
            tuple(self.settings.items()),
            interrupted,
            tuple(self.anomalies),
        )

    def run(self, data: object, rows: int | Mapping[str, int]) -> None:
        """All of it; whatever ends it, nothing is left open or on disk."""
        if self.keep is not None:
            self.result(UNDER_WAY).save(self.keep)
        started = perf_counter()
        with ExitStack() as stack:
            asked = self.prepare(data, rows, stack)
            ready = perf_counter()
            self._note()
            pairs = [(query, engine) for query in self.workload for engine in self.engines]
            self.settings["budget"] = f"{self.budget:g} s" if self.repeats is None else f"{self.repeats} rounds"
            try:
                for at, (query, engine) in enumerate(pairs):
                    self._say(f"{query.name} on {engine.name}", 0.35 + 0.45 * at / len(pairs))
                    self._ask(query, engine, asked, self.budget / len(pairs))
                    self._note()
                self._go_round()
                self._note()
                self._run_cold()
            finally:
                self._record()
                self.settings[TOOK] = self._took(ready - started, perf_counter() - ready)
                if LOAD in self.settings:
                    self.settings[LOAD] += f", {_load_average()} at the end"
        self._say("done", 1.0)

    def _took(self, loading: float, asking: float) -> str:
        """Where the time went: the budget is for the rounds alone."""
        rounds = sum(taking.elapsed for _, _, taking in self.taking)
        others = "answers, checks and cold runs" if self.cold else "answers and checks"
        parts = (loading, "rows and loading"), (max(0.0, asking - rounds), others), (rounds, "rounds")
        return f"{loading + asking:.1f} s: {', '.join(f'{seconds:.1f} s {what}' for seconds, what in parts)}"

    def finished(self, interrupted: str = "") -> Trial:
        """The result, which is what is kept from now on."""
        found = self.result(interrupted)
        if self.keep is not None:
            found.save(self.keep, overwrite=True)
        return found

    def _note(self) -> None:
        """Keep what is known so far, for whoever comes after a crash."""
        if self.keep is None:
            return
        known = list(self.measurements), list(self.failures)
        self._record()
        self.result(UNDER_WAY).save(self.keep, overwrite=True)
        self.measurements, self.failures = known

    def prepare(self, data: object, rows: int | Mapping[str, int], stack: ExitStack) -> Asked:
        """Rows made, queries checked, candidates proved and loaded; `stack` ends all of it."""
        self.settings |= {
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "python": platform.python_version(),
            "deadline": f"{self.deadline:g} s",
            **({LOAD: f"{load} at the start"} if (load := _load_average()) else {}),
        }
        self._say("rows", 0.0)
        source = self._data(data, rows, stack)
        check_reference(self.reference, source, given=data is not None)
        self.rows = tuple((relation.name, source.rows(relation.name)) for relation in self.reference)
        asked = Asked(source, self.reference, self.workload, self.deadline)
        stack.callback(asked.close)
        for query in self.workload:
            asked.check(query)
        self._load_all(source, stack.enter_context(scratch()), stack)
        return asked

    def answering(self, asked: Asked) -> Answering:
        """How its queries are answered."""
        return Answering(self.workload, asked, self.reference, self._columns(), self.deadline, self.tolerance)

    def _say(self, what: str, share: float) -> None:
        if self.progress is not None:
            self.progress(what, share)

    def _data(self, given: object, rows: int | Mapping[str, int], stack: ExitStack) -> Tables:
        if isinstance(given, Tables):
            return given
        if given is not None:
            name = self.reference.names[0] if len(self.reference) == 1 else None
            return stack.enter_context(read_data(given, name=name))
        single = len(self.reference) == 1 and not isinstance(rows, Mapping)
        design = self.reference.relations[0] if single else self.reference
        return stack.enter_context(populate(design, rows=rows, seed=self.seed))

    def _load_all(self, source: Tables, folder: Path, stack: ExitStack) -> None:
        """Every candidate's rows are made and proved once, and loaded into each engine."""
        for at, one in enumerate(self.candidates):
            self._say(f"rows of {one.name}", 0.05 + 0.3 * at / len(self.candidates))
            with parts(one, source) as made:
                for relation, found in unlike_facts(one, self.reference, made):
                    place = (one.name, "", "", relation.name, REFERENCE)
                    self.differences.append(_difference(place, relation.names, found))
                self.anomalies += anomalies(one, self.reference, made)
                for engine in self.engines:
                    self._say(f"{one.name} into {engine.name}", 0.05 + 0.3 * (at + 0.5) / len(self.candidates))
                    selects = {relation.name: made.select(relation) for relation in one.schema}
                    self._load_one(one, engine, (source, selects), folder, stack)

    def _load_one(
        self, one: Candidate, engine: Engine, rows: tuple[Tables, dict[str, str]], folder: Path, stack: ExitStack
    ) -> None:
        source, selects = rows
        try:
            session = stack.enter_context(engine.session(folder))
        except Exception as error:  # noqa: BLE001  an engine may be anybody's
            self._failed(one.name, engine.name, "", "start", error)
            return
        try:
            spent, started = process_time(), perf_counter()
            session.create(one.schema)
            for group in one.schema.in_reference_order():
                for relation in group:
                    session.load(relation, source, selects[relation.name])
            session.finish()
            took, cpu = perf_counter() - started, process_time() - spent
            for name, text in one.views:
                session.view(name, translated(text, "duckdb", engine.dialect, self._columns()))
            held, size = session.statistics(), session.bytes()
            indexes = session.index_bytes() if isinstance(session, Indexes) else {}
            settings = session.settings
        except Exception as error:  # noqa: BLE001  the same
            self._failed(one.name, engine.name, "", "load", error, hint=room(folder))
            return
        self.sessions[one.name, engine.name] = session
        self.settings |= {f"{engine.name} {name}": value for name, value in settings.items()}
        self.loads.append(LoadResult(one.name, engine.name, _pairs(held), _pairs(size), took, cpu, _pairs(indexes)))

    def _columns(self) -> tuple[Relation, ...]:
        """The relations whose attributes' types a translation may look up."""
        return tuple(relation for one in self.candidates for relation in one.schema) + self.reference.relations

    def _failed(self, one: str, engine: str, query: str, stage: str, error: Exception, *, hint: str = "") -> None:
        if isinstance(error, EngineDied):
            self.dead.add((one, engine))
        message = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
        self.failures.append(Failure(one, engine, query, stage, message + hint))

    def note_late(self, query: Query, asked: Asked) -> None:
        """Tell once that the reference itself gave no answer in time."""
        if query.name in asked.late and not any(
            (one.candidate, one.query) == (REFERENCE, query.name) for one in self.failures
        ):
            self._failed(REFERENCE, "duckdb", query.name, "answer", asked.late[query.name])

    def _ask(self, query: Query, engine: Engine, asked: Asked, budget: float) -> None:
        """One query on one engine: every candidate's answer, then the rounds."""
        ready = [
            (one, self.sessions[one.name, engine.name])
            for one in self.candidates
            if (one.name, engine.name) in self.sessions and (one.name, engine.name) not in self.dead
        ]
        if not ready:
            return
        answering = self.answering(asked)
        if query.kind == "write":
            self._change(query, engine, ready, answering, budget)
            return
        expected = asked.answer(query)
        self.note_late(query, asked)
        runs: dict[str, Callable[[], Timing]] = {}
        found: dict[str, Measurement] = {}
        warm: dict[str, Timing | None] = {}
        against = REFERENCE
        random, known = self._random(query, engine), (len(self.differences), len(self.failures))
        for one, session in ready if expected is None else random.sample(ready, len(ready)):
            place = (one.name, engine.name, query.name)
            try:
                reply = answering.reply(query, session, answering.ways(query, one, engine), expected)
                plan = session.explain(reply.way.sql, plain=reply.way.plain)
                read = _rows_read(session, reply.way, self.deadline)
            except Exception as error:  # noqa: BLE001  the same
                self._failed(*place, "answer", error)
                continue
            way, answer = reply.way, reply.answer
            if reply.seconds > WARM:
                warm[one.name] = reply.timing
            if expected is None:
                expected, against = answer, one.name
            if reply.unlike is not None:
                columns = expected.columns or answer.columns
                self.differences.append(_difference((*place, "", against), columns, reply.unlike, tied=reply.tied))
            found[one.name] = Measurement(
                *place, (), (), reply.rows, way.sql, way.own, reply.agrees, plan, way.rewritten, read=read
            )
            self.chilled[place] = (session, way)
            runs[one.name] = _clock(session, way.sql, self.deadline, plain=way.plain)
        self._in_order(*known)
        first = self._first_round(runs, warm) if engine.name in self.touched else None
        self.touched.add(engine.name)
        self._time((query, engine), found, runs, budget, warm=warm, first=first)

    def _in_order(self, differences: int, failures: int) -> None:
        """What was found since there were so many, by candidate, in whatever order they were asked."""
        names = [one.name for one in self.candidates]
        self.differences[differences:] = sorted(
            self.differences[differences:], key=lambda one: names.index(one.candidate)
        )
        self.failures[failures:] = sorted(self.failures[failures:], key=lambda one: names.index(one.candidate))

    @staticmethod
    def _first_round(runs: Collection[str], warm: Mapping[str, Timing | None]) -> dict[str, Timing] | None:
        """The answers as a round, where all of them were slow enough to need no warming up; their order was random."""
        taken = {name: timing for name, timing in warm.items() if timing is not None and timing.seconds >= SLOW}
        return taken if runs and set(taken) == set(runs) else None

    def _random(self, query: Query, engine: Engine) -> Random:
        return Random(f"{self.seed} {engine.name} {query.name}")  # noqa: S311  an order of runs, no secret

    def _change(
        self,
        query: Query,
        engine: Engine,
        ready: list[tuple[Candidate, Session]],
        answering: Answering,
        budget: float,
    ) -> None:
        """One change on one engine: every candidate's effect, taken back, then the rounds, each taken back."""
        expected = answering.asked.change(query)
        self.note_late(query, answering.asked)
        checks = answering.checks(engine)
        runs: dict[str, Callable[[], Timing]] = {}
        found: dict[str, Measurement] = {}
        for one, session in ready:
            place = (one.name, engine.name, query.name)
            try:
                statements = answering.statements(query, one, engine, session.namespace)
                lacking = lacks(one.name, self.differences, answering, session, engine)
                change = session.change(statements, checks, deadline=self.deadline)
            except Exception as error:  # noqa: BLE001  an engine may be anybody's
                self._failed(*place, "answer", error)
                continue
            agrees = True
            for relation, answer, right in zip(
                self.reference, change.answers, expected[1] if expected else (), strict=False
            ):
                unlikeness = unlike(answer, right, self.tolerance)
                if unlikeness is not None and not (
                    relation.name in lacking
                    and lacking[relation.name].accounts_for(unlikeness, answer, right, self.tolerance)
                ):
                    agrees = False
                    where = (*place, relation.name, REFERENCE)
                    self.differences.append(_difference(where, right.columns, unlikeness))
            own = query.name in dict(one.sql)
            text = ";\n".join(statements)
            found[one.name] = Measurement(
                *place, (), (), change.rows, text, own, agrees, None, not own and text != query.text
            )
            runs[one.name] = _changing(session, statements, self.deadline)
        self._time((query, engine), found, runs, budget)

    def _time(
        self,
        place: tuple[Query, Engine],
        found: dict[str, Measurement],
        runs: dict[str, Callable[[], Timing]],
        budget: float,
        *,
        warm: Collection[str] = (),
        first: Mapping[str, Timing] | None = None,
    ) -> None:
        """The first rounds of one query on one engine, so that something is known whatever happens later."""
        query, engine = place
        ordered = {one.name: runs[one.name] for one in self.candidates if one.name in runs}
        taking = Taking(
            ordered, self._random(query, engine), warm=warm, repeats=self.repeats, budget=budget, first=first
        )
        self.taking.append((place, found, taking))
        with quiet():
            taking.warm_up()
            while taking.counted < FEWEST and taking.goes_on():
                taking.take()

    def _go_round(self) -> None:
        """The other rounds, of one query after another and again: whatever disturbs the machine for a while disturbs
        few rounds of each. What queries leave of their shares of the budget is for those not known well enough yet.
        """
        going = [
            taking
            for (_, engine), found, taking in self.taking
            if not any((name, engine.name) in self.dead for name in found if taking.needs(name))
        ]
        whole, started = len(going), perf_counter()
        with quiet():
            while going:
                share = (perf_counter() - started) / self.budget if self.budget > 0 else 1 - len(going) / whole
                self._say("further rounds", 0.8 + 0.2 * min(1.0, share))
                going = [taking for taking in going if self._goes_on(taking)]
                for taking in going:
                    taking.take()

    def _run_cold(self) -> None:
        """Every query after what engines keep in memory was given up, in random order, where an engine can."""
        for at, ((query, engine), found, taking) in enumerate(self.taking if self.cold else ()):
            self._say(f"{query.name} cold on {engine.name}", 0.95 + 0.05 * at / len(self.taking))
            ready = [name for name in found if taking.needs(name) and (name, engine.name, query.name) in self.chilled]
            random = self._random(query, engine)
            seconds: dict[str, list[float]] = {name: [] for name in ready}
            for _ in range(self.cold):
                for name in random.sample(ready, len(ready)):
                    session, way = self.chilled[name, engine.name, query.name]
                    try:
                        if isinstance(session, Forgets) and session.forget():
                            timing = session.clock(way.sql, deadline=self.deadline, plain=way.plain)
                            seconds[name].append(timing.seconds)
                    except EngineError as error:
                        self._failed(name, engine.name, query.name, "cold", error)
                        ready.remove(name)
            for name, taken in seconds.items():
                found[name] = replace(found[name], cold=tuple(taken))

    def _goes_on(self, taking: Taking) -> bool:
        left = self.budget - sum(other.spent for _, _, other in self.taking)
        return taking.goes_on() or (left > 0 and taking.goes_on(taking.spent + left))

    def _record(self) -> None:
        """What the rounds gave, as measurements and failures."""
        for (query, engine), found, taking in self.taking:
            rounds = taking.whole()
            for name, failure in rounds.failed.items():
                self._failed(name, engine.name, query.name, "measure", failure)
            for name, timings in rounds.timings.items():
                if timings:
                    cpu = tuple(timing.cpu for timing in timings if timing.cpu is not None)
                    seconds = tuple(timing.seconds for timing in timings)
                    stopped = rounds.stopped is not None
                    self.measurements.append(replace(found[name], seconds=seconds, cpu=cpu, stopped=stopped))


def _load_average() -> str:
    """How many processes ran or wanted to in the last minute; empty where the system does not tell."""
    try:
        return f"{os.getloadavg()[0]:.2f}"
    except (AttributeError, OSError):  # Windows has none
        return ""


def _clock(session: Session, sql: str, deadline: float, *, plain: bool) -> Callable[[], Timing]:
    def run() -> Timing:
        try:
            return session.clock(sql, deadline=deadline, plain=plain)
        except EngineError:
            raise
        except Exception as error:  # an engine may be anybody's
            raise EngineError(f"{type(error).__name__}: {error}", statement=sql) from error

    return run


def _changing(session: Session, statements: tuple[str, ...], deadline: float) -> Callable[[], Timing]:
    def run() -> Timing:
        try:
            return session.change(statements, deadline=deadline).timing
        except EngineError:
            raise
        except Exception as error:  # an engine may be anybody's
            raise EngineError(f"{type(error).__name__}: {error}", statement="; ".join(statements)) from error

    return run


def _pairs(told: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(told.items())


def _rows_read(session: Session, way: Way, deadline: float) -> int | None:
    """The rows that an engine says it reads, where it says so; that it does not is no failure of the query."""
    if not isinstance(session, Counts):
        return None
    try:
        return session.rows_read(way.sql, deadline=deadline, plain=way.plain)
    except EngineDied:
        raise
    except EngineError:
        return None


def _difference(
    place: tuple[str, str, str, str, str], columns: tuple[str, ...], found: Unlike, *, tied: bool = False
) -> Difference:
    rows = (found.missing_rows, found.extra_rows)
    return Difference(*place, found.missing, found.extra, columns, *rows, tied, found.misplaced)
