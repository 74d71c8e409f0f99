"""Models in Python, run as their users run them: `python models.py KIND FOLDER…` makes the tables of the file `written.py` of
each folder in a SQLite file `scratch.db` there.

Writes the exception of a file that does not work to `complaint` beside it, and an empty one where it works. Runs in a process
of its own, with nothing of this package; each of several folders in a process forked from it once the library is loaded.
"""

import os
import shutil
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

_LOADED = {
    "sqlalchemy": ("sqlalchemy.orm", "sqlalchemy.dialects.sqlite"),
    "alembic": ("sqlalchemy.dialects.sqlite", "alembic.migration", "alembic.operations"),
    "django": ("django.core.management", "django.db.backends.sqlite3.base", "django.db.models"),
}


def main(kind: str, folders: Sequence[Path]) -> None:
    """Have the library that files are written for make their tables."""
    for name in _LOADED[kind]:
        import_module(name)
    for folder in folders:
        if len(folders) == 1:
            _made(kind, folder)
        elif (child := os.fork()) == 0:
            _made(kind, folder)
            os._exit(0)
        else:
            os.waitpid(child, 0)


def _made(kind: str, folder: Path) -> None:
    os.chdir(folder)
    complaint = ""
    try:
        {"sqlalchemy": _sqlalchemy, "alembic": _alembic, "django": _django}[kind](
            folder / "written.py", folder / "scratch.db"
        )
    except (Exception, SystemExit):  # noqa: BLE001  whatever a file of models raises is told
        complaint = traceback.format_exc()
    (folder / "complaint").write_text(complaint, encoding="utf-8", errors="replace")


def _executed(file: Path) -> ModuleType:
    spec = spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{file} is no module")
    module = module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _sqlalchemy(file: Path, database: Path) -> None:
    from sqlalchemy import create_engine  # noqa: PLC0415  only the library that is asked for is loaded

    models = _executed(file)
    engine = create_engine(f"sqlite:///{database}")
    models.Base.registry.configure()
    models.Base.metadata.create_all(engine)


def _alembic(file: Path, database: Path) -> None:
    """Upgraded, downgraded (which has to leave nothing) and upgraded again."""
    from alembic.migration import MigrationContext  # noqa: PLC0415  the same
    from alembic.operations import Operations  # noqa: PLC0415
    from sqlalchemy import create_engine, inspect  # noqa: PLC0415

    revision = _executed(file)
    with (
        create_engine(f"sqlite:///{database}").begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        revision.upgrade()
        revision.downgrade()
        left = inspect(connection).get_table_names()
        if left:
            raise SystemExit(f"the downgrade leaves {', '.join(left)}")
        revision.upgrade()


def _django(file: Path, database: Path) -> None:
    """An application of these models: checked, its first migration made, found complete and carried out."""
    import django  # noqa: PLC0415  the same
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    app = file.parent / "verified"
    (app / "migrations").mkdir(parents=True)
    for package in (app, app / "migrations"):
        (package / "__init__.py").touch()
    shutil.copy(file, app / "models.py")
    sys.path.insert(0, str(file.parent))
    settings.configure(
        INSTALLED_APPS=["verified"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SILENCED_SYSTEM_CHECKS=["models.W045", "models.W046", "fields.W163"],  # what SQLite has no words for
    )
    django.setup()
    call_command("check", fail_level="WARNING", verbosity=0)
    call_command("makemigrations", "verified", verbosity=0)
    call_command("makemigrations", "verified", check=True, dry_run=True, verbosity=0)
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1], [Path(one) for one in sys.argv[2:]])
