"""`wb.read` and `wb.write`: what is recognized, what is refused, and how it is said."""

import argparse
import bz2
import gzip
import lzma
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import dbworkbench as wb
from dbworkbench.__main__ import main
from dbworkbench.commands import convert
from dbworkbench.errors import DataError, NotationError, UnknownName, Unsupported
from dbworkbench.formats import packed
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.page.blocks import Table
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Attribute, Key, Relation
from dbworkbench.schema.types import Boolean, Integer, Text
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import Reading
from dbworkbench.views.schema import losses
from tests.formats.samples import told
from tests.sql.designs import SHOP


def test_the_vocabulary_has_both() -> None:
    assert wb.read is read
    assert wb.write is write


def test_sql_comes_with_its_ledger() -> None:
    found = read("CREATE TABLE t (id int PRIMARY KEY);\nSELECT 1;", dialect="mysql")
    assert isinstance(found, Reading)
    assert [entry.fate for entry in found.ledger] == ["understood", "ignored"]
    assert found.dialect == "mysql"
    assert read("CREATE TABLE t (id int)", "mysql").schema == found.schema or found.dialect == "mysql"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_files_of_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "größe.sql"
    path.write_bytes("CREATE TABLE größe (länge int PRIMARY KEY);".encode(encoding))
    for given in (path, str(path), path.read_bytes()):
        found = read(given)
        assert found.schema.names == ("größe",)
        assert found.losses == ()


def test_another_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "old.sql"
    path.write_bytes("-- one\nCREATE TABLE größe (id int);".encode("cp1252"))
    found = read(path)
    assert found.schema.names == ("größe",)
    assert told(found) == ["old.sql, line 2: no UTF-8 — read as Windows-1252"]


def test_two_encodings_in_one_file_are_told_apart() -> None:
    one, other = (
        "CREATE TABLE größe (länge int);\n",
        "CREATE TABLE später (a int, b varchar(20) NOT NULL, c int, d int);\n",
    )
    for mixed in (one.encode() + other.encode("cp1252"), one.encode("cp1252") + other.encode()):
        found = read(mixed, "sql")
        assert found.schema.names == ("größe", "später")
        assert [loss.feature for loss in found.losses] == ["no UTF-8"]
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):  # what a shell appends to it is in the shell's encoding
        found = read(f"-- {'long ' * 20}\n{one}".encode(encoding) + other.encode(), "sql")
        assert found.schema.names == ("größe", "später")
        assert told(found) == ["the text, line 3: no UTF-16 from there on — read as UTF-8"]
    chinese = "CREATE TABLE " + "表" * 200 + " (a int);"
    assert read(chinese.encode("utf-16"), "sql").losses == ()


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".XZ", lzma.compress)])
def test_dumps_are_unpacked(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"größe.sql{ending}"
    path.write_bytes(pack("CREATE TABLE größe (länge int PRIMARY KEY);".encode("utf-16")))
    for given in (path, str(path), path.read_bytes()):
        assert read(given).schema.names == ("größe",)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match="damaged or cut off"):
        read(path)


def test_what_unpacks_to_more_than_memory_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_MOST", 1 << 20)
    read(gzip.compress(b"t(*id: integer)".ljust(1 << 20)))
    with pytest.raises(DataError, match="unpacks to more than"):
        read(gzip.compress(b"t(*id: integer)".ljust((1 << 20) + 1)))


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"PGDMP\x01\x0e\0", "pg_restore -f dump.sql"),
        (b"SQLite format 3\0", "wb.reflect"),
        (bytes(8) + b"DUCK", "wb.reflect"),
        (b"\x28\xb5\x2f\xfd", "zstd -d"),
        (b"PK\x03\x04", "ZIP"),
        (b"toc.dat".ljust(257, b"\0") + b"ustar", "pg_restore -f"),
    ],
)
def test_what_is_no_text_is_told_by_its_first_bytes(tmp_path: Path, head: bytes, says: str) -> None:
    path = tmp_path / "dump.sql"
    path.write_bytes(head.ljust(2000, b"\0"))
    with pytest.raises(Unsupported, match=says):
        read(path)


def test_dialects_are_formats_of_their_own() -> None:
    assert write(SHOP, "postgresql").text == wb.ddl(SHOP, "postgresql").text
    assert write(SHOP, "sql", dialect="sqlite").language == "sqlite"
    assert write("t(*id: integer)", "mysql").text.startswith("CREATE TABLE `t`")


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ("nowhere.sql", DataError, "no such file"),
        (Path(__file__).parent / "golden", DataError, "a folder without a file of models"),
        ("", DataError, "is empty"),
        ("?", DataError, "no notation that is known"),
        (7, DataError, "an int holds no design"),
        ("postgresql://me:secret@host/db", Unsupported, r"wb\.reflect"),
        ('{"dbworkbench": 1, "is": "FD", "value": {"determinant": ["a"], "dependent": []}}', DataError, "holds 'FD'"),
        ("r(a, b", NotationError, "line 1, column 7"),
    ],
)
def test_what_is_refused(given: object, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as met:
        read(given)
    assert "secret" not in str(met.value)


def test_misspelled_names_are_answered() -> None:
    with pytest.raises(UnknownName, match="did you mean 'notation'"):
        write(SHOP, "notaton")
    with pytest.raises(UnknownName, match="did you mean 'postgresql'"):
        read("t(a)", dialect="postgrsql")
    with pytest.raises(Unsupported, match="does not speak to mysql"):
        write(SHOP, "json", dialect="mysql")


def test_convert_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "t.sql", tmp_path / "t.json"
    source.write_text("CREATE TABLE t (id serial PRIMARY KEY, name text);", encoding="utf-8")
    assert main(["convert", str(source), "--to", "notation"]) == 0
    said = capsys.readouterr()
    assert said.out == "t(*id: integer identity, name: text?)\n"
    assert main(["convert", str(source), "--out", str(out), "--quiet"]) == 0
    assert read(out).schema.names == ("t",)
    assert main(["convert", str(source), "--out", str(out)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert main(["convert", str(source), "--to", "nothing"]) == 1
    assert "no format called 'nothing'" in capsys.readouterr().err


def test_a_default_beside_a_number_is_said_to_be_left_out() -> None:
    for settings in ("pk, increment, default: 7", "pk, default: 7, increment"):
        found = read(f"Table t {{\n  id int [{settings}]\n}}\n", "dbml")
        assert write(found.schema, "notation").text == "t(*id: integer identity)\n"
        assert told(found) == ["t.id: the default 7 — it is numbered"]


@pytest.mark.parametrize(
    ("name", "dialect", "said"),
    [
        ("prisma", "postgresql", "id BigInt @id @default(autoincrement())"),
        ("drizzle", "postgresql", 'id: bigint("id", { mode: "number" }).primaryKey().generatedByDefaultAsIdentity()'),
        ("django", None, "id = models.BigAutoField(primary_key=True)"),
        ("sqlalchemy", None, "id: Mapped[int] = mapped_column(BigInteger(), Identity(), primary_key=True)"),
        ("alembic", None, 'sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False, autoincrement=True)'),
    ],
)
def test_a_counter_without_a_sign_goes_on_counting(name: str, dialect: str | None, said: str) -> None:
    """MySQL's most common key is numbered in every format that numbers, and what refers to it has its type."""
    design = wb.read(
        "CREATE TABLE p (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY);"
        "CREATE TABLE q (p_id bigint unsigned NOT NULL PRIMARY KEY, FOREIGN KEY (p_id) REFERENCES p (id));",
        dialect="mysql",
    ).schema
    written = wb.write(design, name, dialect=dialect)
    assert said in written.text
    assert told(written) == [
        f"{what}: a whole number of 20 digits — a bigint, which is numbered" for what in ("p.id", "q.p_id")
    ]


def test_no_rule_of_drizzle_is_called_what_javascript_takes_for_something_else() -> None:
    design = wb.read(
        "CREATE TABLE t (id int PRIMARY KEY, up int CONSTRAINT __proto__ REFERENCES t)", dialect="postgresql"
    )
    made = write(design.schema, "drizzle")
    assert "__proto__" not in made.text
    assert any(loss.feature == "its name __proto__, which no rule can have there" for loss in made.losses)


def test_all_formats_and_dialects_are_named_where_one_looks_for_them() -> None:
    read_ones = {name for name in FORMATS if FORMATS[name].reader is not None}
    written_ones = {name for name in FORMATS if FORMATS[name].writer is not None}
    assert {f'"{name}"' for name in (*read_ones, *DIALECTS)} <= set(re.findall(r'"\w+"', wb.read.__doc__ or ""))
    assert {f'"{name}"' for name in written_ones} <= set(re.findall(r'"\w+"', wb.write.__doc__ or ""))
    parser = argparse.ArgumentParser()
    convert.arguments(parser)
    known = {*DIALECTS, *(name for name in FORMATS if name not in {"frames", "sql"})}
    assert known <= set(re.findall(r"\w+", parser.format_help()))
    with pytest.raises(UnknownName) as refused:
        wb.write("t(*id: integer)", "visio")
    assert all(name in str(refused.value) for name in (*FORMATS, *DIALECTS))


def test_what_a_type_said_beyond_its_own_is_told_and_nothing_where_it_said_no_more() -> None:
    design = wb.read(
        "CREATE TABLE t (id int PRIMARY KEY, kind enum('a', 'b'), on_off bit(1), n text, a char(2), b char(7));",
        "mysql",
    )
    said = told(wb.write(design, "mermaid"))
    assert "t.n: at most 65,535 bytes — written as text" in said
    assert "t.a: blanks up to 2 characters — written as text(2)" in said
    together = [str(loss) for loss in wb.write(design, "mermaid").losses]
    assert "t.a, t.b: blanks up to 2, 7 characters — written as text(2), text(7)" in together
    assert not [loss for loss in wb.write(design, "dbml").losses if "kind" in loss.places or "on_off" in str(loss)]


@pytest.mark.parametrize("data", [b"\0" * 5_000, b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20])
def test_binary_data_is_no_design_without_relations(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "dump.sql"
    path.write_bytes(data)
    with pytest.raises(Unsupported, match=r"dump\.sql is no text, but binary data"):
        wb.read(path)


def test_rows_of_bytes_are_no_binary_file(tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    rows = bytes(byte for byte in range(256) if byte not in b"'\\") * 4
    path.write_bytes(
        b"-- MySQL dump 10.13\n" * 40 + b"CREATE TABLE t (a int);\nINSERT INTO t VALUES ('" + rows + b"');\n"
    )
    assert wb.read(path).schema.names == ("t",)


def test_a_path_in_place_of_a_design_is_told_how_it_is_read() -> None:
    with pytest.raises(NotationError, match=r"a file is read with read\(…\)"):
        wb.ddl("dumps/shop.sql", "duckdb")


def test_mermaid_keeps_the_lengths_of_texts() -> None:
    written = wb.write("t(*id: integer, s: text(20), d: decimal(8, 2))", "mermaid")
    assert "text(20) s" in written.text
    assert wb.read(written.text, "mermaid").schema["t"]["s"].type == Text(20)
    assert told(written) == ["t.d: the type decimal(8, 2) — written as decimal(8_2)"]


def test_mermaid_has_no_list_of_values_and_makes_none_up() -> None:
    written = wb.write("t(*id: integer, s: enum('new', 'paid'))", "mermaid")
    assert "text s" in written.text
    assert told(written) == ["t.s: the type enum('new', 'paid') — reads as text"]


def test_what_is_gone_is_told_before_what_is_there_in_another_form() -> None:
    lost = (
        Loss("a.b", "blanks up to 2 characters", "written as TEXT"),
        Loss("a: the index i", "the method gin", "not written"),
        Loss("a.c", "blanks up to 7 characters", "written as TEXT"),
    )
    (table,) = (block for block in losses(lost) if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["the method gin", "blanks up to 2, 7 characters"]
    assert table.rows[1][1] == "a.b, a.c"


MYSQL_TYPES = (
    "tinyint", "tinyint unsigned", "smallint unsigned", "mediumint", "mediumint unsigned", "int unsigned", "bigint unsigned",
    "int unsigned zerofill", "year", "char(7)", "binary(16)", "varbinary(20)", "tinytext", "text", "mediumtext", "tinyblob", "blob",
    "datetime", "datetime(3)", "timestamp", "timestamp(3)", "time", "time(3)", "decimal(10,2) unsigned", "float(4,1)",
)  # fmt: skip
POSTGRESQL_TYPES = (
    "char(7)", "timestamp(3)", "timestamptz(0)", "time(2)", "timetz", "numeric", "json", "name", '"char"', "bpchar",
)  # fmt: skip
NOT_OF_PRISMA = {"int unsigned zerofill", "decimal(10,2) unsigned", "float(4,1)", "numeric", "name", '"char"', "bpchar"}


@pytest.mark.parametrize(("dialect", "kinds"), [("mysql", MYSQL_TYPES), ("postgresql", POSTGRESQL_TYPES)])
def test_drizzle_says_types_as_their_own_engine_does(dialect: str, kinds: tuple[str, ...]) -> None:
    """DDL that is made of what was read from Drizzle has the types that the design was declared with."""
    columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(kinds))
    found = wb.read(f"CREATE TABLE p (id int PRIMARY KEY, {columns});", dialect=dialect)
    written = wb.write(found, "drizzle")
    assert written.losses == ()
    again = wb.read(written.text, "drizzle").schema
    assert again["p"].attributes == found.schema["p"].attributes
    assert wb.ddl(again, dialect).text == wb.ddl(found, dialect).text


@pytest.mark.parametrize(("dialect", "kinds"), [("mysql", MYSQL_TYPES), ("postgresql", POSTGRESQL_TYPES)])
def test_prisma_says_types_as_their_own_engine_does(dialect: str, kinds: tuple[str, ...]) -> None:
    columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(kinds) if kind not in NOT_OF_PRISMA)
    found = wb.read(f"CREATE TABLE p (id int PRIMARY KEY, {columns});", dialect=dialect)
    written = wb.write(found, "prisma", dialect=dialect)
    assert written.losses == ()
    again = wb.read(written.text, "prisma").schema
    assert again["p"].attributes == found.schema["p"].attributes
    assert wb.ddl(again, dialect).text == wb.ddl(found, dialect).text


def test_prisma_relates_numbers_without_a_sign_and_keeps_a_length_in_keys() -> None:
    written = wb.write(
        wb.read(
            "CREATE TABLE p (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, n int unsigned NOT NULL DEFAULT 4000000000);"
            "CREATE TABLE q (p_id bigint unsigned NOT NULL PRIMARY KEY, t text, KEY (t(20)), FOREIGN KEY (p_id) REFERENCES p (id));",
            dialect="mysql",
        ),
        "prisma",
    )
    assert "id BigInt @id @default(autoincrement()) @db.UnsignedBigInt" in written.text
    assert 'n Int @default(dbgenerated("4000000000")) @db.UnsignedInt' in written.text
    assert "p_id BigInt @id @db.UnsignedBigInt" in written.text
    assert "@db.Text" not in written.text
    assert any(str(loss).startswith("q.t: at most 65,535 bytes") for loss in written.losses)


def test_octets_of_a_length_stay_so_in_a_key_of_drizzle() -> None:
    written = wb.write(wb.read("CREATE TABLE t (id binary(16) NOT NULL PRIMARY KEY, b blob) ENGINE=InnoDB;"), "drizzle")
    assert 'id: binary("id", { length: 16 }).primaryKey()' in written.text
    assert written.losses == ()


def test_drizzle_counts_numbers_without_a_sign() -> None:
    written = wb.write(
        wb.read("CREATE TABLE t (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;"), "drizzle"
    )
    assert 'id: bigint("id", { mode: "number", unsigned: true }).primaryKey().autoincrement()' in written.text
    assert written.losses == ()


def test_a_bit_of_sql_server_has_no_condition_for_a_default() -> None:
    flag = Attribute("b", Boolean(), default="NOT true")
    design = Relation("t", (Attribute("id", Integer()), flag), keys=(Key(("id",)),))
    assert "t.b: the default NOT true — left out" in told(wb.write(design, "alembic", dialect="sqlserver"))
    assert "server_default" in wb.write(design, "alembic").text
