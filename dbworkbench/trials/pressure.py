"""Candidates under many users at once: requests come at their own pace, whether or not earlier ones are done."""

import queue
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import ceil
from random import Random
from time import perf_counter, sleep

from dbworkbench.engines.engine import Engine, Session
from dbworkbench.errors import DesignError, EngineError, Unsupported
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.sql.workload import Query, Source
from dbworkbench.trials.answering import Way
from dbworkbench.trials.conduct import Progress
from dbworkbench.trials.record import Failure
from dbworkbench.trials.trial import conducted


@dataclass(frozen=True, slots=True)
class Flow:
    """What one candidate did on one engine with the requests that came.

    `latencies` are seconds from the moment each request was due to its last row, in order of size: a request that
    waits behind a slow one has waited, and is counted so. `throughput` is requests done per second; below the rate at
    which they came, they pile up. `refused` requests failed or exceeded their deadline.
    """

    candidate: str
    engine: str
    asked: int
    latencies: tuple[float, ...]
    throughput: float
    refused: int = 0

    def percentile(self, share: float) -> float:
        """The latency that a share of the requests stay within, by nearest rank; infinite where none was answered.

        >>> Flow("a", "duckdb", 4, (0.1, 0.2, 0.3, 0.4), 4.0).percentile(0.5)
        0.2
        """
        if not self.latencies:
            return float("inf")
        return self.latencies[max(0, ceil(share * len(self.latencies)) - 1)]


@dataclass(frozen=True, slots=True)
class Pressure(Shown):
    """Candidates under requests that came at `rate` per second for `seconds`, served by `clients` connections."""

    rate: float
    seconds: float
    clients: int
    flows: tuple[Flow, ...]
    failures: tuple[Failure, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


def pressure(
    candidates: Mapping[str, Shown],
    workload: Source,
    *,
    rate: float,
    seconds: float = 5.0,
    clients: int = 4,
    rows: int = 10_000,
    engines: Sequence[str | Engine] = ("duckdb", "sqlite"),
    seed: int = 0,
    data: object = None,
    reference: Relation | Schema | None = None,
    deadline: float = 10.0,
    progress: Progress | None = None,
) -> Pressure:
    """Send requests at `rate` per second, drawn from the workload by its weights, and measure what users would wait.

    An open loop: requests come when they come (exponential gaps from `seed`), and latency counts from then, so that a
    stall is seen by all who wait for it (coordinated omission is what a closed loop does: Tene 2013, "How NOT to
    Measure Latency"). Each candidate is alone on its engine meanwhile. Queries whose answer differs from the
    reference's are left out as failures. Raises what `trial` raises, and Unsupported for queries that write.
    """
    if rate <= 0 or seconds <= 0 or clients < 1:
        raise DesignError("pressure needs a rate, seconds above zero, and at least one client")
    conduct = conducted(
        candidates,
        workload,
        rows=rows,
        engines=engines,
        seed=seed,
        reference=reference,
        deadline=deadline,
        progress=progress,
    )
    if any(query.kind == "write" for query in conduct.workload):
        raise Unsupported("pressure reads only — measure writes with trial()")
    flows: list[Flow] = []
    with ExitStack() as stack:
        answering = conduct.answering(conduct.prepare(data, rows, stack))
        for engine in conduct.engines:
            for one in conduct.candidates:
                session = conduct.sessions.get((one.name, engine.name))
                if session is None:
                    continue
                ways: list[tuple[Query, Way]] = []
                for query in conduct.workload:
                    try:
                        expected = answering.asked.answer(query)
                        conduct.note_late(query, answering.asked)
                        reply = answering.reply(query, session, answering.ways(query, one, engine), expected)
                    except (EngineError, Unsupported) as error:
                        conduct.failures.append(Failure(one.name, engine.name, query.name, "answer", str(error)))
                        continue
                    if reply.agrees:
                        ways.append((query, reply.way))
                    else:
                        conduct.failures.append(
                            Failure(one.name, engine.name, query.name, "answer", "it differs from the reference's")
                        )
                if ways:
                    requests = _requests(ways, rate, seconds, Random(f"{seed} {engine.name}"))  # noqa: S311  a schedule
                    flows.append(_flow((one.name, engine.name), session, requests, clients, deadline))
    return Pressure(rate, seconds, clients, tuple(flows), tuple(conduct.failures), tuple(conduct.settings.items()))


def _requests(
    ways: Sequence[tuple[Query, Way]], rate: float, seconds: float, random: Random
) -> list[tuple[float, Way]]:
    """When requests are due, in seconds from the start, and what they ask."""
    weights = [query.weight for query, _ in ways]
    due, made = random.expovariate(rate), []
    while due < seconds:
        (chosen,) = random.choices(ways, weights)
        made.append((due, chosen[1]))
        due += random.expovariate(rate)
    return made


def _flow(
    place: tuple[str, str], session: Session, requests: list[tuple[float, Way]], clients: int, deadline: float
) -> Flow:
    waiting: queue.SimpleQueue[tuple[float, Way] | None] = queue.SimpleQueue()
    for request in (*requests, *[None] * clients):
        waiting.put(request)
    latencies: list[float] = []
    refused: list[str] = []
    with ExitStack() as stack:
        sessions = [stack.enter_context(session.client()) for _ in range(clients)]
        started = perf_counter()

        def serve(mine: Session) -> None:
            while (request := waiting.get()) is not None:
                due, way = request
                early = due - (perf_counter() - started)
                if early > 0:
                    sleep(early)
                try:
                    mine.clock(way.sql, deadline=deadline, plain=way.plain)
                    latencies.append(perf_counter() - started - due)
                except EngineError as error:
                    refused.append(str(error))

        threads = [threading.Thread(target=serve, args=(mine,), daemon=True) for mine in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = perf_counter() - started
    return Flow(*place, len(requests), tuple(sorted(latencies)), len(latencies) / took, len(refused))
