"""DDL in the manner of those who write it by hand: no parentheses, capitals or remarks that nobody asked for."""

import pytest

from dbworkbench.sql.read import read
from dbworkbench.sql.write import write

_FILLED = """CREATE TABLE t (
  a varchar(3) NOT NULL DEFAULT '', b int DEFAULT 0, c smallint DEFAULT 40000, d numeric(4,2) DEFAULT 9.5, e numeric(4,2) DEFAULT 100,
  f boolean DEFAULT true, g text DEFAULT 'x', h jsonb DEFAULT '{}', i date DEFAULT '2020-02-03', j timestamp DEFAULT now(),
  k timestamptz DEFAULT now(), l date DEFAULT current_date
);"""


@pytest.mark.parametrize(("dialect", "long"), [("mysql", "({text})"), ("mariadb", "{text}")])
def test_constants_and_now_need_no_parentheses_where_the_type_has_them(dialect: str, long: str) -> None:
    lines = write(read(_FILLED, "postgresql").schema, dialect).text.splitlines()
    said = {line.split("`")[1]: line.partition(" DEFAULT ")[2].rstrip(",") for line in lines if " DEFAULT " in line}
    assert said == {
        "a": "''",
        "b": "0",
        "c": "(40000)",  # refused with the first row, where the table would be without parentheses
        "d": "9.5",
        "e": "(100)",
        "f": "TRUE",
        "g": long.format(text="'x'"),
        "h": long.format(text="'{}'"),
        "i": "'2020-02-03'",
        "j": "CURRENT_TIMESTAMP(6)",
        "k": "(UTC_TIMESTAMP(6))",  # its column is in UTC
        "l": "(CURRENT_DATE)",
    }
