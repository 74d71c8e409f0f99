"""What is asked of a database that runs: the protocols `Engine` and `Session`, and the values a session gives."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from dbworkbench.data.tables import Tables
from dbworkbench.errors import EngineError, Unsupported
from dbworkbench.registry import Registry
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.sql.dialect import ALSO_CALLED, Dialect
from dbworkbench.sql.names import names_in

DEADLINE = 60.0


class DeadlineExceeded(EngineError, TimeoutError):
    """A statement that ran longer than it was given; it was cancelled."""


class EngineDied(EngineError):
    """An engine that is no longer there; its session can answer nothing more."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One run of a statement to its last row: wall seconds, and CPU seconds of all threads (None: not measurable)."""

    seconds: float
    cpu: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """All rows of an answer, under the names its columns have in the engine; how long it took, where that was taken."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    timing: Timing | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made and taken back: how long making it took (no commit), the rows written, what checks said."""

    timing: Timing
    rows: int
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of a plan: what it does, its particulars, how many rows the engine expects, and its inputs."""

    operator: str
    detail: str = ""
    expected: int | None = None
    inputs: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Plan(Shown):
    """How an engine means to answer a statement."""

    engine: str
    roots: tuple[Step, ...]


class Asked(Protocol):
    """A scratch database as far as it is asked: made empty, and gone when closed.

    Whatever the engine refuses is raised as EngineError, and what exceeds its `deadline` (in seconds) as
    DeadlineExceeded; the session can be used further.
    """

    @property
    def settings(self) -> Mapping[str, str]:
        """The engine's version and what was set in it, as far as it bears on speed."""

    @property
    def namespace(self) -> str:
        """The schema in which the plain tables lie."""

    def run(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Answer:
        """The whole answer to a query."""


class Session(Asked, Protocol):
    """A scratch database: made, filled, asked, and gone when closed.

    `run`, `clock` and `explain` see the views made by `view` in place of tables of the same name, unless `plain`.
    """

    def create(self, schema: Schema) -> tuple[Loss, ...]:
        """Make the tables, empty; returns what the engine cannot carry."""

    def load(self, relation: Relation, source: Tables, select: str) -> int:
        """Fill a table with the answer to a DuckDB query over `source`; returns how many rows it has, all checked."""

    def finish(self) -> None:
        """What comes after loading: indexes, the engine's own statistics, a checkpoint."""

    def view(self, name: str, select: str) -> None:
        """Make a view over the plain tables, seen by all that is not `plain`; earlier views are not seen in it."""

    def clock(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Timing:
        """How long the whole answer to a query takes, with as little of it turned into Python as can be."""

    def change(self, statements: Sequence[str], checks: Sequence[str] = (), *, deadline: float = DEADLINE) -> Change:
        """Carry out writing statements, ask `checks` of the views, and take everything back.

        Tables to write to are named in full: they lie in `namespace`.
        """

    def client(self) -> AbstractContextManager["Session"]:
        """A further connection to the same database, views included, for another thread to ask."""

    def explain(self, sql: str, *, plain: bool = False) -> Plan:
        """How a query would be answered; raises EngineError where it could not be."""

    def bytes(self) -> Mapping[str, int]:
        """Bytes on disk by relation with its indexes, after a checkpoint; what serves all of them is under ""."""

    def statistics(self) -> Mapping[str, int]:
        """The number of rows of each table."""


@runtime_checkable
class Forgets(Protocol):
    """A session whose engine can be asked as if it had just been started."""

    def forget(self) -> bool:
        """Give up all that is kept in memory of the database, the system's file cache included; False where that cannot be."""


@runtime_checkable
class Counts(Protocol):
    """A session whose engine tells how many rows it reads."""

    def rows_read(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> int:
        """The rows of tables that a query reads on its way to its answer; the query is run for it."""


@runtime_checkable
class Indexes(Protocol):
    """A session whose engine tells the size of each index."""

    def index_bytes(self) -> Mapping[str, int]:
        """Bytes on disk by index, of keys as well; what lies in the order of its table has no bytes of its own."""


class Engine(Protocol):
    """A database that can be started or reached; `dialect` names the SQL it speaks."""

    @property
    def name(self) -> str:
        """What it is called in a trial."""

    @property
    def dialect(self) -> str:
        """The SQL it speaks, as `sql.dialect.DIALECTS` names it."""

    def session(self, folder: Path) -> AbstractContextManager[Session]:
        """A scratch database whose files, if it has any, lie in `folder`."""


def check_names(schema: Schema, dialect: Dialect, engine: str) -> None:
    """Raise EngineError where an engine would have to call a relation or an attribute something else."""
    for place, name in names_in(schema, dialect).items():
        if name != place[-1]:
            raise EngineError(f"{'.'.join(place)!r} cannot be called that here — rename it", engine=engine)


ENGINES: Registry[Engine] = Registry(
    "engine",
    {
        "clickhouse": "dbworkbench.engines.clickhouse:CLICKHOUSE",
        "duckdb": "dbworkbench.engines.duckdb:DUCKDB",
        "mariadb": "dbworkbench.engines.mariadb:MARIADB",
        "mysql": "dbworkbench.engines.mariadb:MYSQL",
        "postgresql": "dbworkbench.engines.postgresql:POSTGRESQL",
        "sqlite": "dbworkbench.engines.sqlite:SQLITE",
    },
    group="dbworkbench.engines",
    also=ALSO_CALLED,
)


def engine(given: str | Engine) -> Engine:
    """An engine by name ("duckdb"), by URL ("postgresql://ann@localhost/shop"), or itself. Raises UnknownName.

    >>> engine("sqlite").dialect
    'sqlite'
    """
    if not isinstance(given, str):
        return given
    scheme, separator, _ = given.partition("://")
    if not separator:
        return ENGINES[given]
    name = scheme.partition("+")[0]
    found = ENGINES[name]
    at = getattr(found, "at", None)
    if at is None:
        raise Unsupported(f"the engine {found.name!r} is reached by no URL — say {found.name!r}")
    reached: Engine = at(given)
    return reached
