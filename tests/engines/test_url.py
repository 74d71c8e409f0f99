"""URLs with a password in them: whatever is wrong, it is said in one error of ours, and the password is nowhere."""

import traceback
from collections.abc import Callable
from urllib.parse import quote

import pytest

import dbworkbench as wb
from dbworkbench.engines.engine import engine
from dbworkbench.engines.mariadb_client import connecting
from dbworkbench.engines.url import address
from dbworkbench.errors import WorkbenchError

SECRET = "s3cr3t"  # noqa: S105  of nobody
HARD = f"p@ss/w:rd?&#%{SECRET}"
URLS = (
    f"postgresql://ann:{quote(HARD, safe='')}@127.0.0.1:1/x",
    f"postgresql://ann:p@{SECRET}@127.0.0.1:1/x",
    f"postgresql://ann:p/@{SECRET}@127.0.0.1:1/x",
    f"postgresql://ann@127.0.0.1:1/x?password={SECRET}",
    f"postgresql://ann:{SECRET}@127.0.0.1:1/x?sslmode=require",
    f"postgresql://ann:{SECRET}@[bad:::/x",
    f"postgresql://ann:{SECRET}@h:notaport/x",
    f"postgres+nosuchdriver://ann:{SECRET}@127.0.0.1:1/x",
    f"mysql://ann:{quote(HARD, safe='')}@127.0.0.1:1/x",
    f"mariadb://127.0.0.1:1/x?password={SECRET}",
    f"mssql+pyodbc://ann:{SECRET}@h/x",
    f"oracle://ann:{SECRET}@h/x",
    f"nosuch://ann:{SECRET}@h/x",
    f"jdbc:postgresql://h/x?password={SECRET}",
    f"clickhouse://ann:{SECRET}@127.0.0.1:1/x",
    f"duckdb:///nowhere.duckdb?password={SECRET}",
    f"sqlite://ann:{SECRET}@/nowhere.db",
)


@pytest.mark.parametrize("verb", [wb.reflect, lambda url: wb.verify("r(*a: integer)", url)], ids=["reflect", "verify"])
@pytest.mark.parametrize("url", URLS)
def test_no_error_tells_a_password(url: str, verb: Callable[[str], object]) -> None:
    with pytest.raises(WorkbenchError) as caught:
        verb(url)
    said = [str(caught.value), repr(caught.value), repr(vars(caught.value))]
    one: BaseException | None = caught.value
    while one is not None:  # what a traceback shows, but for the lines of this file
        said += traceback.format_exception_only(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    assert SECRET not in "\n".join(said)


def test_an_engine_that_is_reached_shows_no_password() -> None:
    for url in (URLS[0], URLS[1], URLS[-10]):
        assert SECRET not in repr(engine(url)) + str(engine(url))
    assert SECRET not in repr(address(URLS[0]))


def test_a_password_is_what_stands_before_the_last_at() -> None:
    assert address(URLS[0]).password == HARD
    assert (address(URLS[1]).password, address(URLS[1]).host) == (f"p@{SECRET}", "127.0.0.1")
    assert address("postgresql://h/x", ()).password is None
    assert connecting("mysql://ann:a%40b@h:3307/x?unix_socket=/run/s")["password"] == "a@b"  # noqa: S105  of nobody
