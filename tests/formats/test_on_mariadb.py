"""Models that were written for Django and SQLAlchemy, made by them on MariaDB: what is found there is what was meant.

MariaDB and not PostgreSQL, whose only drivers that Django takes are under the LGPL; PyMySQL stands in for mysqlclient.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pymysql
import pytest
from sqlalchemy import create_engine

from dbworkbench.engines.mariadb_client import connecting
from dbworkbench.engines.reflect import reflect
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.write import write
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.outline import outline_of, unlike
from tests.formats.samples import RICH, SAMPLES

DESIGNS = (*SAMPLES, RICH)
_DJANGO = """
import sys
import pymysql
pymysql.version_info = (2, 2, 7, "final", 0)  # mysqlclient's, which Django asks for
pymysql.install_as_MySQLdb()
import django
from django.conf import settings
from django.core.management import call_command
sys.path.insert(0, ".")
where = {"ENGINE": "django.db.backends.mysql", "NAME": "written", "USER": "root", "OPTIONS": {"unix_socket": sys.argv[1]}}
settings.configure(DATABASES={"default": where}, INSTALLED_APPS=["written"], USE_TZ=True)
django.setup()
call_command("makemigrations", "written", verbosity=0)
call_command("migrate", verbosity=0)
from django.db import connection
connection.cursor().execute("DROP TABLE django_migrations")
"""


@pytest.fixture
def written(mariadb_url: str) -> Iterator[str]:
    """The URL of an empty database called written."""
    with pymysql.connect(**connecting(mariadb_url), autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS written")
            cursor.execute("CREATE DATABASE written CHARACTER SET utf8mb4")
        parts = urlsplit(mariadb_url)
        yield parts._replace(path="/written").geturl()
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE written")


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_django_migrates_to_its_tables(design: Schema, written: str, tmp_path: Path) -> None:
    app = tmp_path / "written"
    (app / "migrations").mkdir(parents=True)
    for file in ("__init__.py", "migrations/__init__.py"):
        (app / file).touch()
    (app / "models.py").write_text(write(design, "django", dialect="mariadb").text, encoding="utf-8")
    (socket,) = parse_qs(urlsplit(written).query)["unix_socket"]
    program = [sys.executable, "-c", _DJANGO, socket]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    _is_there("django", design, written)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_models_make_their_tables(design: Schema, written: str) -> None:
    space: dict[str, Any] = {}
    exec(compile(write(design, "sqlalchemy", dialect="mariadb").text, "written.py", "exec"), space)  # noqa: S102  ours
    engine = create_engine(written.replace("mariadb://", "mysql+pymysql://"))
    space["Base"].metadata.create_all(engine)
    engine.dispose()
    _is_there("sqlalchemy", design, written)


def _is_there(name: str, design: Schema, written: str) -> None:
    one = FORMATS[name].fidelity
    assert one is not None
    kept = carried(design, one("mariadb")).schema
    found = reflect(written).schema
    assert unlike(outline_of(kept), outline_of(found)) == ()
    for relation in kept:
        there = found[relation.name]
        assert {a.name: a.identity is not None for a in there.attributes} == {
            a.name: a.identity is not None for a in relation.attributes
        }
        assert len(there.checks) >= len(relation.checks)
        assert len(there.keys) == len(relation.keys)
