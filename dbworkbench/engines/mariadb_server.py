"""A MariaDB server of one's own: `mariadbd`, made in a folder, reached by a socket only, killed when nobody needs it."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from dbworkbench.data.scratch import room, scratch
from dbworkbench.engines.cold import forgotten
from dbworkbench.engines.engine import EngineDied
from dbworkbench.errors import EngineError

__all__ = ["SETTINGS", "Server"]

SETTINGS = {
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "0",
    "innodb-buffer-pool-size": "256M",
    "innodb-log-file-size": "256M",
    "innodb-flush-method": "nosync",
    "innodb-buffer-pool-dump-at-shutdown": "0",
    "innodb-buffer-pool-load-at-startup": "0",
}
"""Durability is off: what is lost in a crash is scrap."""

_SEEN = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/opt/homebrew/bin", "/usr/local/bin")
_TABLES = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
_NEWER = tuple(name.replace("mysql_", "mariadb_", 1) for name in _TABLES)
_PATIENCE = 60.0


class Server:
    """A running server whose data lie in `data`; its user is root, without a password, on `socket` only.

    Making the system tables takes about a quarter of a second and starting half of one. Raises EngineError where there
    is no `mariadbd`, and EngineDied where it does not come up.
    """

    def __init__(self, data: Path) -> None:
        program, share = _found()
        data.mkdir(parents=True)
        self.data, self.starts = data, 0
        self._stack = ExitStack()
        place = self._stack.enter_context(scratch())  # a socket's path has a hundred characters at most
        self.socket = place / "s"
        user = ["--user=root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        base = [program, "--no-defaults", *user, f"--datadir={data}", f"--tmpdir={place}", "--skip-log-bin"]
        base += [f"--{name}={value}" for name, value in SETTINGS.items()]
        self._base, self._log = base, data.parent / f"{data.name}.log"
        try:
            self._make(base, share, self._log)
            self._start()
        except BaseException:
            self.close()
            shutil.rmtree(data, ignore_errors=True)
            raise

    def _start(self) -> None:
        with self._log.open("ab") as said:
            self._process = subprocess.Popen(  # noqa: S603  the program that was found, and paths of ours
                [
                    *self._base,
                    f"--socket={self.socket}",
                    f"--pid-file={self.data / 'mariadbd.pid'}",
                    "--skip-networking",
                    "--skip-name-resolve",
                    "--local-infile=1",
                    "--character-set-server=utf8mb4",
                    "--max-allowed-packet=64M",
                ],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # an interrupt of the notebook is not for the server
            )
        self._wait(self._log)

    def start_again(self) -> bool:
        """End it in good order, let the system forget its files, and start it; connections are lost.

        False where the system forgets nothing. Raises EngineDied where it does not come up.
        """
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise EngineDied("the server does not end", engine="mariadb") from error
        done = forgotten(path for path in self.data.rglob("*") if path.is_file())
        self.socket.unlink(missing_ok=True)
        self._start()
        self.starts += 1
        return done

    def _make(self, base: list[str], share: Path, log: Path) -> None:
        """The system tables, from the statements that come with the program."""
        names = _TABLES if (share / _TABLES[0]).exists() else _NEWER
        with tempfile.TemporaryFile() as statements, log.open("ab") as said:
            statements.write(b"CREATE DATABASE mysql;\nUSE mysql;\n")
            for name in names:
                statements.write((share / name).read_bytes())
            statements.seek(0)
            made = subprocess.run(  # noqa: S603  the same
                [*base, "--bootstrap"], stdin=statements, stdout=said, stderr=said, check=False, timeout=_PATIENCE
            )
        if made.returncode:
            raise EngineDied(f"no server could be made: {_last(log)}{room(log.parent)}", engine="mariadb")

    def _wait(self, log: Path) -> None:
        until = time.monotonic() + _PATIENCE
        while not self.socket.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                raise EngineDied(f"no server could be started: {_last(log)}{room(log.parent)}", engine="mariadb")
            time.sleep(0.01)

    def close(self) -> None:
        """End the server at once: its data are scrap."""
        process = getattr(self, "_process", None)
        if process is not None:
            process.kill()
            process.wait()
        self._stack.close()


def _found() -> tuple[str, Path]:
    """The program, and the folder of the statements that make its system tables."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *_SEEN))
    program = shutil.which("mariadbd", path=path)
    if program is None:
        raise EngineError(
            "there is no mariadbd here — install it (apt-get install mariadb-server-core, dnf install mariadb-server, "
            "brew install mariadb), or give the URL of a server: mysql://user:password@host/",
            engine="mariadb",
        )
    prefix = Path(program).resolve().parent.parent
    for share in (prefix / "share" / "mysql", prefix / "share" / "mariadb", prefix / "share"):
        if any((share / names[0]).exists() for names in (_TABLES, _NEWER)):
            return program, share
    raise EngineError(
        f"{program} has no system tables beside it ({_TABLES[0]}) — give the URL of a server", engine="mariadb"
    )


def _last(log: Path) -> str:
    lines = [
        line
        for line in log.read_text("utf-8", "replace").splitlines()
        if "ERROR" in line and not line.endswith("Aborting")
    ]
    return lines[-1] if lines else f"it says nothing ({log.name})"
