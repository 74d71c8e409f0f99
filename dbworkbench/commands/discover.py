"""`dbworkbench discover`: what holds in rows, and the design that it suggests."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dbworkbench.commands.folder import filled, free
from dbworkbench.commands.options import count, csv_options, names, normal_form
from dbworkbench.commands.progress import Progress
from dbworkbench.errors import DataError

if TYPE_CHECKING:
    from dbworkbench.discovery.discovery import Discovery
    from dbworkbench.schema.schema import Schema


_EPILOG = """\
what --out DIR then holds
  discovery.html     what was found and the design proposed, one file, readable without a network
  design.txt         the design proposed, as `dbworkbench design` reads it
  erd.svg            its diagram
  dependencies.txt   every minimal dependency, one to a line, and keys.txt every minimal key
  repairs.csv        the fewest cells to mend, for each rule that some rows break (only with --max-error)

exit status
  0 done · 1 refused · 2 wrong usage · 130 interrupted: the first Ctrl-C ends the search, and what is found so far is printed

examples
  dbworkbench discover deliveries.csv
  dbworkbench discover customers.csv orders.csv --max-error 0.01 --out out
  dbworkbench discover sqlite:///shop.db
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = "Find what holds in CSV or Parquet files, in a folder of them, or in a database behind a URL."
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("sources", metavar="FILE", nargs="+", help="files, one folder, or one database URL")
    parser.add_argument("--out", metavar="DIR", type=Path, help="a folder to write the results to")
    parser.add_argument("--force", action="store_true", help="write over files that are there already")
    parser.add_argument("--to", metavar="FORM", default="3NF", help="the normal form to propose: 3NF (default) or BCNF")
    parser.add_argument(
        "--max-error", type=float, default=0.0, metavar="SHARE", help="also rules that this share of the rows breaks"
    )
    parser.add_argument("--max-determinant", type=count, metavar="N", help="no determinants of more than N columns")
    parser.add_argument(
        "--nulls",
        choices=("equal", "distinct"),
        default="equal",
        help="whether nulls are equal to one another (default: equal)",
    )
    parser.add_argument("--tables", metavar="NAMES", help="only these tables, comma between them")
    parser.add_argument("--budget", type=float, default=60.0, metavar="SECONDS", help="for each table (default: 60)")
    csv_options(parser)
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")


def run(given: argparse.Namespace) -> int:
    """Discover, print, and write what was asked for."""
    from dbworkbench.discovery.discover import discover
    from dbworkbench.discovery.findings import MOST_RESULTS
    from dbworkbench.discovery.interruption import kept_at_interrupt
    from dbworkbench.discovery.search import Budget
    from dbworkbench.schema.notation import to_text

    out: Path | None = given.out
    if out is not None:
        free(out, force=given.force)
    form = normal_form(given.to)
    sources: list[str] = given.sources
    if len(sources) > 1 and len({Path(one).stem for one in sources}) != len(sources):
        raise DataError("two of the files have one name — give a folder, or rename one")
    progress = Progress(quiet=given.quiet)
    progress.begin("discover")
    with kept_at_interrupt() as ended:
        found = discover(
            sources[0] if len(sources) == 1 else {Path(one).stem: one for one in sources},
            header=not given.no_header,
            separator=given.separator,
            encoding=given.encoding,
            max_error=given.max_error,
            max_determinant=given.max_determinant,
            nulls=given.nulls,
            tables=names(given.tables) if given.tables else None,
            budget=Budget(given.budget, MOST_RESULTS, ended),
            progress=lambda now: progress.share(f"{now.found:,} candidates", now.complete / max(1, now.targets)),
        )
    progress.end()
    schema = found.schema(to=form)
    if not given.quiet:
        print(found)
        print(f"\nThe design proposed, in {form}:\n\n{to_text(schema)}")
    if out is not None:
        with filled(out) as made:
            _keep_found(found, schema, made, repairs=given.max_error > 0)
        if not given.quiet:
            print(f"\nthe results are in {out}")
    return 130 if ended.is_set() else 0


def _keep_found(found: "Discovery", schema: "Schema", made: Path, *, repairs: bool) -> None:
    from dbworkbench.diagram.erd import erd
    from dbworkbench.report.document import document
    from dbworkbench.schema.notation import to_text

    diagram = erd(schema)
    diagram.save(made / "erd.svg")
    document(f"Found in {', '.join(found.names[:4])}", found, schema, diagram).save(made / "discovery.html")
    (made / "design.txt").write_text(f"{to_text(schema)}\n", encoding="utf-8")
    several = len(found.tables) > 1
    with (made / "dependencies.txt").open("w", encoding="utf-8") as lines:
        for table in found.tables:
            lines.writelines(f"{table.name}: {fd}\n" if several else f"{fd}\n" for fd in table.fds)
    with (made / "keys.txt").open("w", encoding="utf-8") as lines:
        for table in found.tables:
            lines.writelines(f"{f'{table.name}: ' if several else ''}{', '.join(key)}\n" for key in table.keys.sets)
    if repairs:
        found.repairs().to_csv(made / "repairs.csv", index=False)
