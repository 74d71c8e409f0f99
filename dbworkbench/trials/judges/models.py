"""Models in Python, run as their users run them: `python models.py KIND FILE DATABASE` makes the tables in a SQLite file.

Prints nothing; a file that does not work ends with its exception. Runs in a process of its own, with nothing of this package.
"""

import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def main(kind: str, file: Path, database: Path) -> None:
    """Have the library that a file is written for make its tables."""
    {"sqlalchemy": _sqlalchemy, "alembic": _alembic, "django": _django}[kind](file, database)


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
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
