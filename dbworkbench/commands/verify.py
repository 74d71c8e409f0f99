"""`dbworkbench verify`: a design put to real engines, and what is no SQL to its vendor's tool."""

import argparse
import sys
from pathlib import Path

from dbworkbench.commands.options import count, names

_EPILOG = """\
exit status
  0 all holds · 1 something is broken, or was refused · 2 wrong usage · 130 interrupted
  3 nothing is broken, but not all could be shown (no engine to be had, no rows made, a rule not tried)

examples
  dbworkbench verify shop.txt --dialect postgresql,mariadb
  dbworkbench verify dump.sql --from mysql --dialect duckdb
  dbworkbench verify shop.txt --dialect prisma,dbml,django
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Create a design in a scratch database of each engine, load rows that obey it, offer rows that break "
        "each rule, and compare what the engine holds with what was written. Nothing else is written to."
    )
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("input", metavar="INPUT", type=Path, help="the design to read, in any format")
    parser.add_argument(
        "--dialect",
        default="duckdb,sqlite",
        metavar="NAMES",
        help="dialects or formats, comma between them, or URLs of servers (default: duckdb,sqlite)",
    )
    parser.add_argument("--from", dest="origin", metavar="FORMAT", help="the input's format or dialect, if not found")
    parser.add_argument(
        "--rows", metavar="N", type=count, default=24, help="how many to load into each relation (default: 24)"
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="the same seed makes the same rows")


def run(given: argparse.Namespace) -> int:
    """Verify on each engine."""
    from dbworkbench.formats.read import read
    from dbworkbench.schema.loss import together
    from dbworkbench.trials.verify import verify

    found = read(given.input, given.origin)
    for loss in together(found.losses):
        print(f"lost in reading: {loss}", file=sys.stderr)
    outcomes = set()
    for dialect in names(given.dialect):
        verified = verify(found.schema, dialect, rows=given.rows, seed=given.seed)
        outcomes.add(verified.outcome)
        print(verified)
    return 1 if "broken" in outcomes else 3 if "not shown" in outcomes else 0
