"""The same verbs on the command line: `dbworkbench design sales.txt --out out`."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dbworkbench import __version__
from dbworkbench.errors import (
    DataError,
    MissingPackage,
    NotationError,
    OutputExists,
    UnknownName,
    Unsupported,
    WorkbenchError,
)

if TYPE_CHECKING:
    from dbworkbench.data.tables import Tables
    from dbworkbench.discovery.discovery import Discovery
    from dbworkbench.schema.loss import Written
    from dbworkbench.schema.normalization import Normalization
    from dbworkbench.schema.relation import Relation
    from dbworkbench.schema.schema import Schema
    from dbworkbench.trials.trial import Trial

_DATA = {".csv", ".tsv", ".parquet", ".pq"}
_TOUR = {".ipynb", ".svg", ".txt", ".sql", ".csv", ".md"}
_DIALECTS = ("duckdb", "sqlite", "postgresql")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 refused, 2 wrong usage, 3 an answer differed, 130 interrupted."""
    parser = _parser()
    given = parser.parse_args(argv)
    if not hasattr(given, "run"):
        parser.print_help()
        return 2
    try:
        return int(given.run(given))
    except WorkbenchError as error:
        print(f"dbworkbench: {_in_options(str(error))}", file=sys.stderr)
        _show_rows(error)
        return 1
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        if str(error) == "Query interrupted":  # what DuckDB makes of Ctrl-C within a query
            return _interrupted()
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(
            f"dbworkbench: {error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr
        )
        return 1


def _interrupted() -> int:
    print("dbworkbench: interrupted — nothing was left half written", file=sys.stderr)
    return 130


def _in_options(message: str) -> str:
    """A message with the command line's options for Python's arguments."""
    for argument, option in (
        ("header=False", "--no-header"),
        ("encoding='", "--encoding '"),
        ("separator=", "--separator "),
        ("format= one of", "--from one of"),
        ("discover(…)", "dbworkbench discover"),
        (", read_data(…) reads them", ""),
    ):
        message = message.replace(argument, option)
    return message


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dbworkbench",
        description="Design a database, prove the design, and measure it.",
        epilog="Each command has its own --help. The same verbs are in Python: import dbworkbench as wb.",
    )
    parser.add_argument("--version", action="version", version=f"dbworkbench {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _design_parser(commands)
    _discover_parser(commands)
    _convert_parser(commands)
    _verify_parser(commands)
    export = commands.add_parser(
        "export",
        help="write a saved notebook as one page that needs no kernel and no network",
        description="Write a saved notebook as one HTML page. Boards on it can still be moved and seen in every view, walks "
        "and scoreboards explored; nothing is run, and the page asks no network for anything.",
    )
    export.add_argument("notebook", type=Path, help="a saved .ipynb file")
    export.add_argument("--html", action="store_true", help="as HTML, which is the only form there is")
    export.add_argument("--out", metavar="FILE", type=Path, help="the page to write (default: beside the notebook)")
    export.add_argument("--force", action="store_true", help="write over a page that is there already")
    export.set_defaults(run=_export)
    lab = commands.add_parser(
        "lab",
        help="open JupyterLab on the tour",
        description="Open JupyterLab on the tour. Without a folder, the notebooks and the sample data that come with "
        "dbworkbench are copied to ./dbworkbench-tour (files that are there already are kept).",
    )
    lab.add_argument("folder", nargs="?", type=Path, help="a folder of notebooks to open instead")
    lab.add_argument("--no-browser", action="store_true", help="print the address and open no browser")
    lab.add_argument("--port", type=int, default=8888, help="the port to listen on, on this machine only")
    lab.set_defaults(run=_lab)
    return parser


def _design_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    design = commands.add_parser(
        "design",
        help="analyse, normalize, draw, write, fill and measure a design, and keep it as a document",
        description="Run the main job on a design in text, or on a CSV or Parquet file. The dependencies of rows are "
        "read from a file, or found in the rows: then those that look like rules are believed.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
what --out DIR then holds
  design.html        the whole design document, one file, readable without a network
  design.ipynb       the same as a notebook
  *.svg              the entity-relationship diagram and the dependency graph
  schema.*.sql       the schema for duckdb, sqlite and postgresql
  rows/*.parquet     the rows (only when they were made here)
  trial.json         every measurement (only with --workload)

exit status
  0 done · 1 refused · 2 wrong usage · 3 done, but an answer differed or an engine failed (it is said) · 130 interrupted

examples
  dbworkbench design sales.txt --workload sales.sql --rows 100000 --out out
  dbworkbench design deliveries.csv --out out
  dbworkbench design deliveries.csv --dependencies deliveries.txt --to BCNF --out out
""",
    )
    design.add_argument(
        "input", metavar="INPUT", type=Path, help="a design in text, or a .csv, .tsv or .parquet file of rows"
    )
    design.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder to write to")
    design.add_argument("--force", action="store_true", help="write over files that are there already")
    design.add_argument(
        "--dependencies",
        metavar="FILE",
        type=Path,
        help="for rows: the dependencies and keys, one to a line; found in the rows where there is no file",
    )
    design.add_argument(
        "--to", metavar="FORM", help="the normal form to reach: 3NF (default) or BCNF; for one relation"
    )
    design.add_argument("--workload", metavar="FILE", type=Path, help="SQL questions about the design, to measure with")
    design.add_argument(
        "--engines",
        default="duckdb,sqlite",
        metavar="NAMES",
        help="the engines to measure on, comma between them (default: duckdb,sqlite)",
    )
    design.add_argument("--rows", type=_count, metavar="N", help="rows to make where none are given (default: 10000)")
    design.add_argument("--seed", type=int, default=0, metavar="N", help="another seed makes other rows (default: 0)")
    design.add_argument("--title", metavar="TEXT", help="the document's title (default: the relation's name)")
    design.add_argument("--separator", metavar="CHAR", help="for CSV: the separator, when it is not found right")
    design.add_argument("--encoding", default="utf-8", help="for CSV: the encoding (default: utf-8)")
    design.add_argument("--no-header", action="store_true", help="for CSV: the first line holds values, not names")
    design.add_argument("--quiet", action="store_true", help="say nothing but errors")
    design.set_defaults(run=_design)


def _convert_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    convert = commands.add_parser(
        "convert",
        help="read a design in one format and write it in another",
        description="Read a design (SQL of any database, models of an ORM, a diagram's text, our own files) and write it "
        "in another format. What is lost on the way is said on standard error.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples
  dbworkbench convert dump.sql --to dbml > shop.dbml
  dbworkbench convert schema.prisma --to postgresql --out shop.sql
""",
    )
    convert.add_argument("input", metavar="INPUT", type=Path, help="the file to read")
    convert.add_argument("--to", metavar="FORMAT", help="the format to write (default: what the ending of --out means)")
    convert.add_argument("--for", dest="target", metavar="DIALECT", help="the database that the result is meant for")
    convert.add_argument("--from", dest="origin", metavar="FORMAT", help="the input's format or dialect, if not found")
    convert.add_argument("--out", metavar="FILE", type=Path, help="the file to write (default: standard output)")
    convert.add_argument("--force", action="store_true", help="write over a file that is there already")
    convert.add_argument("--quiet", action="store_true", help="say nothing but errors")
    convert.set_defaults(run=_convert)


def _verify_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = commands.add_parser(
        "verify",
        help="put a design to real engines: created, filled, attacked rule by rule, read back",
        description="Create a design in a scratch database of each engine, load rows that obey it, offer rows that break "
        "each rule, and compare what the engine holds with what was written. Nothing else is written to.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
exit status
  0 all holds · 1 something does not, or was refused · 2 wrong usage · 130 interrupted

examples
  dbworkbench verify shop.txt --dialect postgresql,mariadb
  dbworkbench verify dump.sql --from mysql --dialect duckdb
""",
    )
    verify.add_argument("input", metavar="INPUT", type=Path, help="the design to read, in any format")
    verify.add_argument(
        "--dialect",
        default="duckdb,sqlite",
        metavar="NAMES",
        help="engines, comma between them, or URLs of servers (default: duckdb,sqlite)",
    )
    verify.add_argument("--from", dest="origin", metavar="FORMAT", help="the input's format or dialect, if not found")
    verify.add_argument(
        "--rows", metavar="N", type=_count, default=24, help="how many to load into each relation (default: 24)"
    )
    verify.add_argument("--seed", metavar="N", type=int, default=0, help="the same seed makes the same rows")
    verify.set_defaults(run=_verify)


def _discover_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    found = commands.add_parser(
        "discover",
        help="find keys, dependencies and references in rows, and print the design they suggest",
        description="Find what holds in CSV or Parquet files, in a folder of them, or in a database behind a URL.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
what --out DIR then holds
  discovery.html     what was found and the design proposed, one file, readable without a network
  design.txt         the design proposed, as `dbworkbench design` reads it
  erd.svg            its diagram
  dependencies.txt   every minimal dependency, one to a line, and keys.txt every minimal key
  repairs.csv        the fewest cells to mend, for each rule that some rows break (only with --max-error)

exit status
  0 done · 1 refused · 2 wrong usage · 130 interrupted

examples
  dbworkbench discover deliveries.csv
  dbworkbench discover customers.csv orders.csv --max-error 0.01 --out out
  dbworkbench discover sqlite:///shop.db
""",
    )
    found.add_argument("sources", metavar="FILE", nargs="+", help="files, one folder, or one database URL")
    found.add_argument("--out", metavar="DIR", type=Path, help="a folder to write the results to")
    found.add_argument("--force", action="store_true", help="write over files that are there already")
    found.add_argument("--to", metavar="FORM", default="3NF", help="the normal form to propose: 3NF (default) or BCNF")
    found.add_argument(
        "--max-error", type=float, default=0.0, metavar="SHARE", help="also rules that this share of the rows breaks"
    )
    found.add_argument("--max-determinant", type=_count, metavar="N", help="no determinants of more than N columns")
    found.add_argument(
        "--nulls",
        choices=("equal", "distinct"),
        default="equal",
        help="whether nulls are equal to one another (default: equal)",
    )
    found.add_argument("--tables", metavar="NAMES", help="only these tables, comma between them")
    found.add_argument("--budget", type=float, default=60.0, metavar="SECONDS", help="for each table (default: 60)")
    found.add_argument("--separator", metavar="CHAR", help="for CSV: the separator, when it is not found right")
    found.add_argument("--encoding", default="utf-8", help="for CSV: the encoding (default: utf-8)")
    found.add_argument("--no-header", action="store_true", help="for CSV: the first line holds values, not names")
    found.add_argument("--quiet", action="store_true", help="print nothing but errors")
    found.set_defaults(run=_discover)


def _count(text: str) -> int:
    try:
        number = int(text.replace("_", "").replace(",", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 row is needed")
    return number


def _show_rows(error: WorkbenchError) -> None:
    rows = getattr(error, "rows", ())
    if rows:
        from dbworkbench.page.blocks import table  # noqa: PLC0415  the command line imports what a command needs
        from dbworkbench.page.plain import plain  # noqa: PLC0415

        cells = [["NULL" if cell is None else cell for cell in row.values()] for row in rows]
        print(plain((table(rows[0], cells),)), file=sys.stderr)


# -- design --------------------------------------------------------------------------------------------------------


class _Progress:
    """What is being done, on standard error: one line a stage, and its share within a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.live = quiet, sys.stderr.isatty()
        self.stage, self.since = "", 0.0

    def begin(self, stage: str) -> None:
        self.end()
        self.stage, self.since = stage, time.monotonic()
        if self.live and not self.quiet:
            print(f"  … {stage}", end="", file=sys.stderr, flush=True)

    def share(self, what: str, share: float) -> None:
        if self.live and not self.quiet:
            print(f"\r\x1b[K  … {self.stage}: {what[:50]} {share:4.0%}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.stage and not self.quiet:
            clear = "\r\x1b[K" if self.live else ""
            print(f"{clear}  ✓ {self.stage} ({time.monotonic() - self.since:.1f} s)", file=sys.stderr, flush=True)
        self.stage = ""


def _design(given: argparse.Namespace) -> int:
    out: Path = given.out
    if out.exists() and not out.is_dir():
        raise OutputExists(out, "it is a file: name a folder")
    if out.is_dir() and any(out.iterdir()) and not given.force:
        raise OutputExists(out, "name another folder, or write over it with --force")
    form = _form(given.to or "3NF")
    engines = _engines(given.engines)
    progress = _Progress(quiet=given.quiet)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill cleans up as Ctrl-C does
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        remarks = _run(given, form, engines, made, progress)
        progress.end()
        _move(made, out)
    if not given.quiet:
        for remark in remarks:
            print(remark)
        print(f"the document is {out / 'design.html'}")
    return 3 if any(remark.startswith("!") for remark in remarks) else 0


def _form(said: str) -> str:
    form = said.upper()
    if form not in {"3NF", "BCNF"}:
        raise Unsupported(f"--to {said}: no form to normalize to here — use 3NF or BCNF")
    return form


def _engines(said: str) -> list[str]:
    from dbworkbench.engines.engine import ENGINES  # noqa: PLC0415

    names = [name.strip() for name in said.split(",") if name.strip()]
    for name in names:
        if name not in ENGINES and "://" not in name:
            raise UnknownName("engine", name, sorted(ENGINES))
    return names


def _move(made: Path, out: Path) -> None:
    """Put finished files in place, each at once, and take away those that an earlier design left there."""
    if (out / "design.html").exists():
        for old in (*out.glob("rows/*.parquet"), out / "erd.svg", out / "dependencies.svg", out / "trial.json"):
            old.unlink(missing_ok=True)
    for path in sorted(made.rglob("*")):
        target = out / path.relative_to(made)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _run(given: argparse.Namespace, form: str, engines: list[str], made: Path, progress: _Progress) -> list[str]:
    """The main job; files go to the folder `made`, and what is returned is said at the end ("!": see to it)."""
    from dbworkbench.schema.normalization import normalize  # noqa: PLC0415
    from dbworkbench.schema.relation import Relation  # noqa: PLC0415
    from dbworkbench.sql.workload import read_workload  # noqa: PLC0415

    progress.begin(f"read {given.input}")
    design, data = _read(given, progress)
    workload = read_workload(given.workload) if given.workload else None
    values: list[object] = []
    remarks: list[str] = []
    candidates: dict[str, Relation | Schema | Normalization] = {}
    if isinstance(design, Relation):
        progress.begin("analyse and normalize")
        normalized = normalize(design, to=form)
        schema = normalized.schema
        values += _proofs(design, normalized, made)
        candidates = {"one table": design, form: normalized}
    else:
        schema = design
        values += [design, *_analyses(design, remarks)]
        if given.to:
            remarks.append(
                f"--to {form} was not used: it takes a design of one relation, and this one has {len(design)}"
            )
        candidates = {"as designed": design}
    progress.begin("draw and write")
    diagram, written = _drawn_and_written(schema, made)
    values += [diagram] if isinstance(design, Relation) else [diagram, *written]  # a normalization brings its SQL
    if data is None:
        progress.begin("populate")
        data = _rows_made(given, design, made)
        values.append(data)
    if workload is not None:
        progress.begin("measure")
        from dbworkbench.trials.trial import trial  # noqa: PLC0415

        measured = trial(
            candidates, workload=workload, engines=engines, data=data, seed=given.seed, progress=progress.share
        )
        measured.save(made / "trial.json")
        values.append(measured)
        remarks += _measured_remarks(measured)
    progress.begin("write the document")
    title = given.title or design.name or given.input.stem
    _document(title, values, made)
    remarks += [
        f"{text.language}: {len(text.losses)} things the database cannot carry, listed in schema.{text.language}.sql"
        for text in written
        if text.losses
    ]
    return [f"{title}: {len(values)} parts", *remarks]


def _read(given: argparse.Namespace, progress: _Progress) -> "tuple[Relation | Schema, Tables | None]":
    """The design, and its rows where the input has them."""
    from dbworkbench.schema.notation import schema  # noqa: PLC0415

    path: Path = given.input
    if not path.exists():
        raise DataError(f"{path}: there is no such file")
    if path.suffix.casefold() in _DATA:
        return _read_rows(given, path, progress)
    if given.dependencies:
        known = ", ".join(sorted(_DATA))
        raise DataError(
            f"{path}: --dependencies goes with a file of rows ({known}); a design in text has its dependencies inside"
        )
    found = schema(_text(path))
    return (found.relations[0] if len(found) == 1 else found), None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(f"{path}, line {line}: not UTF-8 text — save the file as UTF-8") from None


def _found_relation(data: "Tables", name: str, progress: _Progress) -> "Relation":
    """The relation of rows, with the key and the dependencies that the rows suggest."""
    from dataclasses import replace  # noqa: PLC0415

    from dbworkbench.data.relation import relation_of  # noqa: PLC0415
    from dbworkbench.discovery.discover import discover  # noqa: PLC0415

    progress.begin("find dependencies")
    found = discover(data, progress=lambda now: progress.share(f"{now.found:,} found", now.complete / now.targets))
    suggested = found.relation(name)
    return replace(relation_of(data, name), keys=suggested.keys, dependencies=suggested.dependencies)


def _read_rows(given: argparse.Namespace, path: Path, progress: _Progress) -> "tuple[Relation, Tables]":
    from dbworkbench.data.obey import Rows, check  # noqa: PLC0415
    from dbworkbench.data.read import read_data  # noqa: PLC0415
    from dbworkbench.data.relation import relation_of  # noqa: PLC0415

    data = read_data(path, header=not given.no_header, separator=given.separator, encoding=given.encoding)
    (name,) = data.names
    if not data.rows(name):
        raise DataError(f"{path} has a header but no rows: there is nothing to check and nothing to measure")
    if given.dependencies is None:
        return _found_relation(data, name, progress), data
    try:
        relation = relation_of(data, name, rules=_text(given.dependencies))
    except (NotationError, UnknownName) as error:
        raise DataError(f"{given.dependencies}, {error}") from None
    obeyed = check(data, relation)
    if not obeyed:
        first = obeyed.broken[0]
        more = f" (and {len(obeyed.broken) - 1} more)" if len(obeyed.broken) > 1 else ""
        rows = first.witness
        raise DataError(
            f"{given.dependencies}: {first.claim}{more} — mend the rows, or take the rule out",
            rows=tuple(dict(zip(rows.columns, row, strict=True)) for row in rows.rows)
            if isinstance(rows, Rows)
            else (),
        )
    return relation, data


def _analyses(schema: "Schema", remarks: list[str]) -> list[object]:
    """An analysis of each relation with dependencies; those in no good form are remarked on."""
    from dbworkbench.schema.analysis import analyze  # noqa: PLC0415

    made = [analyze(relation) for relation in schema if relation.dependencies]
    remarks += [f"{found.relation.name} is only in {found.form}" for found in made if found.violations]
    return list(made)


def _measured_remarks(measured: "Trial") -> list[str]:
    """What of a trial must not be overlooked."""
    wrong = [one for one in measured.differences if not one.tied]
    remarks = [f"! {one.candidate} on {one.engine}: {one.query or one.subject} differs" for one in wrong]
    for one in measured.failures:
        where = f"{one.candidate} on {one.engine}" if one.candidate else one.engine
        remarks.append(f"! {where}: {one.query or one.stage} failed: {one.message}")
    return remarks


def _proofs(relation: "Relation", normalized: "Normalization", made: Path) -> list[object]:
    from dbworkbench.diagram.dependencies import dependency_picture  # noqa: PLC0415
    from dbworkbench.schema.analysis import analyze  # noqa: PLC0415

    picture = dependency_picture(relation.names, relation.fds)
    picture.save(made / "dependencies.svg")
    return [analyze(relation), picture, normalized]


def _drawn_and_written(schema: "Schema", made: Path) -> "tuple[object, list[Written]]":
    from dbworkbench.diagram.erd import erd  # noqa: PLC0415
    from dbworkbench.sql.write import write  # noqa: PLC0415

    diagram = erd(schema)
    diagram.save(made / "erd.svg")
    written = [write(schema, dialect) for dialect in _DIALECTS]
    for dialect, text in zip(_DIALECTS, written, strict=True):
        (made / f"schema.{dialect}.sql").write_text(f"{text}\n", encoding="utf-8")
    return diagram, written


def _rows_made(given: argparse.Namespace, design: "Relation | Schema", made: Path) -> "Tables":
    from dbworkbench.population.populate import populate  # noqa: PLC0415

    data = populate(design, rows=given.rows or 10_000, seed=given.seed)
    data.save(made / "rows")
    return data


def _document(title: str, values: Sequence[object], made: Path) -> None:
    from dbworkbench.report.document import document  # noqa: PLC0415

    whole = document(title, *values)
    whole.save(made / "design.html")
    whole.save(made / "design.ipynb")


# -- convert -------------------------------------------------------------------------------------------------------


def _convert(given: argparse.Namespace) -> int:
    from dbworkbench.formats.format import FORMATS  # noqa: PLC0415
    from dbworkbench.formats.read import ending_of, read  # noqa: PLC0415
    from dbworkbench.formats.write import write  # noqa: PLC0415

    out: Path | None = given.out
    if out is not None and out.exists() and not given.force:
        raise OutputExists(out, "name another file, or write over it with --force")
    wanted = given.to or (ending_of(out) if out else "")
    if not wanted and out is None:
        raise Unsupported("into which format? — say --to, for instance --to dbml, or --out with an ending that tells")
    if not wanted:
        raise UnknownName("format", out.suffix if out else "", list(FORMATS))
    found = read(given.input, given.origin)
    written = write(found.schema, wanted, dialect=given.target)
    text = written.text if written.text.endswith("\n") else f"{written.text}\n"
    if out is None:
        sys.stdout.write(text)
    else:
        beside = out.with_name(f".{out.name}.new")
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(out)
    if not given.quiet:
        for said, losses in (("not read", found.losses), ("not written", written.losses)):
            for loss in losses:
                print(f"{said}: {loss}", file=sys.stderr)
    return 0


# -- verify --------------------------------------------------------------------------------------------------------


def _verify(given: argparse.Namespace) -> int:
    from dbworkbench.formats.read import read  # noqa: PLC0415
    from dbworkbench.trials.verify import verify  # noqa: PLC0415

    found = read(given.input, given.origin)
    for loss in found.losses:
        print(f"not read: {loss}", file=sys.stderr)
    holds = True
    for dialect in [name.strip() for name in given.dialect.split(",") if name.strip()]:
        verified = verify(found.schema, dialect, rows=given.rows, seed=given.seed)
        holds = holds and verified.holds
        print(verified)
    return 0 if holds else 1


# -- export --------------------------------------------------------------------------------------------------------


def _export(given: argparse.Namespace) -> int:
    from dbworkbench.widgets.export import export_html  # noqa: PLC0415  the command line imports what a command needs

    done = export_html(given.notebook, given.out, overwrite=given.force)
    for remark in done.remarks:
        print(remark)
    views = f", {done.live} of its views live" if done.live else ""
    print(f"the page is {done.path}{views}")
    return 0


# -- discover ------------------------------------------------------------------------------------------------------


def _discover(given: argparse.Namespace) -> int:
    from dbworkbench.discovery.discover import discover  # noqa: PLC0415
    from dbworkbench.schema.notation import to_text  # noqa: PLC0415

    out: Path | None = given.out
    if out is not None and out.exists() and (not out.is_dir() or (any(out.iterdir()) and not given.force)):
        raise OutputExists(out, "name another folder, or write over it with --force")
    form = _form(given.to)
    sources: list[str] = given.sources
    if len(sources) > 1 and len({Path(one).stem for one in sources}) != len(sources):
        raise DataError("two of the files have one name — give a folder, or rename one")
    progress = _Progress(quiet=given.quiet)
    progress.begin("discover")
    found = discover(
        sources[0] if len(sources) == 1 else {Path(one).stem: one for one in sources},
        header=not given.no_header,
        separator=given.separator,
        encoding=given.encoding,
        max_error=given.max_error,
        max_determinant=given.max_determinant,
        nulls=given.nulls,
        tables=[one.strip() for one in given.tables.split(",")] if given.tables else None,
        budget=given.budget,
        progress=lambda now: progress.share(f"{now.found:,} found", now.complete / max(1, now.targets)),
    )
    progress.end()
    schema = found.schema(to=form)
    if not given.quiet:
        print(found)
        print(f"\nThe design proposed, in {form}:\n\n{to_text(schema)}")
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            _keep_found(found, schema, made, repairs=given.max_error > 0)
            _move(made, out)
        if not given.quiet:
            print(f"\nthe results are in {out}")
    return 0


def _keep_found(found: "Discovery", schema: "Schema", made: Path, *, repairs: bool) -> None:
    from dbworkbench.diagram.erd import erd  # noqa: PLC0415
    from dbworkbench.report.document import document  # noqa: PLC0415
    from dbworkbench.schema.notation import to_text  # noqa: PLC0415

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


# -- lab -----------------------------------------------------------------------------------------------------------


def _lab(given: argparse.Namespace) -> int:
    try:
        from jupyterlab.labapp import LabApp  # noqa: PLC0415  an extra
    except ImportError:
        raise MissingPackage("dbworkbench lab", "jupyterlab", "lab") from None
    folder = given.folder or _tour(Path.cwd() / "dbworkbench-tour")
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder")
    first = next(iter(sorted(folder.glob("**/00_*.ipynb"))), None)
    page = f"/lab/tree/{first.relative_to(folder).as_posix()}" if first else "/lab"
    LabApp.launch_instance(
        argv=[
            f"--ServerApp.root_dir={folder.resolve()}",
            f"--LabApp.default_url={page}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={given.port}",
            f"--LabApp.app_settings_dir={Path(__file__).resolve().parent / 'lab_settings'}",  # asks nobody for news
            *(["--no-browser"] if given.no_browser else []),
            *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ]
    )
    return 0


def _tour(into: Path) -> Path:
    """A copy of the notebooks and sample data that come with the package; files already there are kept."""
    here = Path(__file__).resolve().parent
    source = here / "tour" if (here / "tour").is_dir() else here.parent
    for part in ("notebooks", "sample_data"):
        for path in sorted((source / part).glob("*")):
            target = into / part / path.name
            if path.suffix in _TOUR and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return into


if __name__ == "__main__":
    sys.exit(main())
