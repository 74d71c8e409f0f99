"""`dbworkbench convert`: a design in one notation, written in another."""

import argparse
import sys
from pathlib import Path

from dbworkbench.errors import OutputExists, UnknownName, Unsupported
from dbworkbench.output import write_file

_EPILOG = """\
formats
  written:   prisma, drizzle, sqlalchemy, alembic, django, dbml, mermaid, plantuml, json_schema, markdown, csv, notation,
             json, and the SQL of each dialect
  read:      the same but alembic, plantuml, markdown and csv; and svg and notebook, as this program wrote them
  dialects:  postgresql, mysql, mariadb, sqlite, sqlserver, oracle, duckdb, snowflake, bigquery, redshift, databricks,
             clickhouse, cockroachdb

examples
  dbworkbench convert dump.sql --to dbml > shop.dbml
  dbworkbench convert schema.prisma --to postgresql --out shop.sql
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Read a design (SQL of any database, models of an ORM, a diagram's text, our own files) and write it "
        "in another format. What is lost on the way is said on standard error."
    )
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("input", metavar="INPUT", type=Path, help="the file to read")
    parser.add_argument("--to", metavar="FORMAT", help="the format to write (default: what the ending of --out means)")
    parser.add_argument("--for", dest="target", metavar="DIALECT", help="the database that the result is meant for")
    parser.add_argument("--from", dest="origin", metavar="FORMAT", help="the input's format or dialect, if not found")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the file to write (default: standard output)")
    parser.add_argument("--force", action="store_true", help="write over a file that is there already")
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")


def run(given: argparse.Namespace) -> int:
    """Convert, and say what was lost on the way."""
    from dbworkbench.formats.format import FORMATS
    from dbworkbench.formats.read import ending_of, read
    from dbworkbench.formats.write import write
    from dbworkbench.schema.loss import together
    from dbworkbench.sql.dialect import DIALECTS
    from dbworkbench.sql.read import Reading

    out: Path | None = given.out
    if out is not None and out.exists() and not given.force:
        raise OutputExists(out, "name another file, or write over it with --force")
    wanted = given.to or (ending_of(out) if out else "")
    if not wanted and out is None:
        raise Unsupported("into which format? — say --to, for instance --to dbml, or --out with an ending that tells")
    if not wanted:
        raise UnknownName("format", out.suffix if out else "", list(FORMATS))
    found = read(given.input, given.origin)
    written = write(found, wanted, dialect=given.target)
    text = written.text if written.text.endswith("\n") else f"{written.text}\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write_file(out, text, overwrite=given.force)
    if not given.quiet:
        if isinstance(found, Reading) and not found.dialect_told:
            spoken = DIALECTS[found.dialect].title
            print(f"read as the SQL of {spoken}: nothing in it tells — --from names another database", file=sys.stderr)
        if not given.to and not given.target and written.language in DIALECTS:
            spoken = DIALECTS[written.language].title
            print(f"{out} is in the SQL of {spoken} — --for names another database", file=sys.stderr)
        for said, losses in (("lost in reading", found.losses), ("lost in writing", written.losses)):
            for loss in together(losses):
                print(f"{said}: {loss}", file=sys.stderr)
    return 0
