"""`dbworkbench design`: the main job, from a design in text or from rows to the finished document."""

import argparse
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dbworkbench.commands.folder import filled, free
from dbworkbench.commands.options import count, csv_options, engine_names, normal_form
from dbworkbench.commands.progress import Progress
from dbworkbench.errors import DataError, NotationError, UnknownName

if TYPE_CHECKING:
    from dbworkbench.data.tables import Tables
    from dbworkbench.schema.loss import Written
    from dbworkbench.schema.normalization import Normalization
    from dbworkbench.schema.relation import Relation
    from dbworkbench.schema.schema import Schema
    from dbworkbench.trials.trial import Trial

_ROWS = {".csv", ".tsv", ".parquet", ".pq"}
_DIALECTS = ("duckdb", "sqlite", "postgresql")


_EPILOG = """\
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
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Run the main job on a design (in text, or in any format that dbworkbench convert reads), or on a CSV or Parquet file. The dependencies of rows are "
        "read from a file, or found in the rows: then those that look like rules are believed."
    )
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "input",
        metavar="INPUT",
        type=Path,
        help="a design in text, SQL or another format that is read, or rows: .csv, .tsv, .parquet",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--force", action="store_true", help="write over files that are there already")
    parser.add_argument(
        "--dependencies",
        metavar="FILE",
        type=Path,
        help="for rows: the dependencies and keys, one to a line; found in the rows where there is no file",
    )
    parser.add_argument(
        "--to", metavar="FORM", help="the normal form to reach: 3NF (default) or BCNF; for one relation"
    )
    parser.add_argument("--from", dest="origin", metavar="FORMAT", help="the design's format or dialect, if not found")
    parser.add_argument("--workload", metavar="FILE", type=Path, help="SQL questions about the design, to measure with")
    parser.add_argument(
        "--engines",
        default="duckdb,sqlite",
        metavar="NAMES",
        help="the engines to measure on, comma between them (default: duckdb,sqlite)",
    )
    parser.add_argument("--rows", type=count, metavar="N", help="rows to make where none are given (default: 10000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed makes other rows (default: 0)")
    parser.add_argument("--title", metavar="TEXT", help="the document's title (default: the relation's name)")
    csv_options(parser)
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")


def run(given: argparse.Namespace) -> int:
    """Do the main job."""
    out: Path = given.out
    free(out, force=given.force)
    form = normal_form(given.to or "3NF")
    engines = engine_names(given.engines)
    progress = Progress(quiet=given.quiet)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill cleans up as Ctrl-C does
    with filled(out) as made:
        remarks = _carried_out(given, form, engines, made, progress)
        progress.end()
    if not given.quiet:
        for remark in remarks:
            print(remark)
        print(f"the document is {out / 'design.html'}")
    return 3 if any(remark.startswith("!") for remark in remarks) else 0


def _carried_out(given: argparse.Namespace, form: str, engines: list[str], made: Path, progress: Progress) -> list[str]:
    """The main job; files go to the folder `made`, and what is returned is said at the end ("!": see to it)."""
    from dbworkbench.schema.normalization import normalize
    from dbworkbench.schema.relation import Relation
    from dbworkbench.sql.workload import read_workload

    progress.begin(f"read {given.input}")
    remarks: list[str] = []
    design, data = _read(given, progress, remarks)
    workload = read_workload(given.workload) if given.workload else None
    values: list[object] = []
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
        from dbworkbench.trials.trial import trial

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
        f"{text.language}: {len(text.losses)} thing{'s' if len(text.losses) > 1 else ''} the database cannot carry, "
        f"listed in schema.{text.language}.sql"
        for text in written
        if text.losses
    ]
    return [f"{title}: {len(values)} parts", *remarks]


def _read(
    given: argparse.Namespace, progress: Progress, remarks: list[str]
) -> "tuple[Relation | Schema, Tables | None]":
    """The design, and its rows where the input has them; what was not read of it is remarked on."""
    from dbworkbench.formats.read import ending_of, read
    from dbworkbench.schema.loss import together
    from dbworkbench.schema.notation import schema

    path: Path = given.input
    if not path.exists():
        raise DataError(f"{path}: there is no such file")
    if path.is_dir():
        raise DataError(f"{path} is a folder — dbworkbench discover {path} finds the design of the files in it")
    if path.suffix.casefold() in _ROWS:
        return _read_rows(given, path, progress)
    if given.dependencies:
        known = ", ".join(sorted(_ROWS))
        raise DataError(
            f"{path}: --dependencies goes with a file of rows ({known}); a design in text has its dependencies inside"
        )
    if given.origin or ending_of(path):  # a notation of another tool
        taken = read(path, given.origin)
        found = taken.schema
        remarks += [f"lost in reading: {loss}" for loss in together(taken.losses)]
    else:
        found = schema(_text(path))
    if not len(found):
        raise DataError(f"{path} holds no relation: there is nothing to design")
    return (found.relations[0] if len(found) == 1 else found), None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(f"{path}, line {line}: not UTF-8 text — save the file as UTF-8") from None


def _found_relation(data: "Tables", name: str, progress: Progress) -> "Relation":
    """The relation of rows, with the key and the dependencies that the rows suggest."""
    from dataclasses import replace

    from dbworkbench.data.relation import relation_of
    from dbworkbench.discovery.discover import discover

    progress.begin("find dependencies")
    found = discover(data, progress=lambda now: progress.share(f"{now.found:,} found", now.complete / now.targets))
    suggested = found.relation(name)
    return replace(relation_of(data, name), keys=suggested.keys, dependencies=suggested.dependencies)


def _read_rows(given: argparse.Namespace, path: Path, progress: Progress) -> "tuple[Relation, Tables]":
    from dbworkbench.data.obey import Rows, check
    from dbworkbench.data.read import read_data
    from dbworkbench.data.relation import relation_of

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
    from dbworkbench.schema.analysis import analyze

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
    from dbworkbench.diagram.dependencies import dependency_picture
    from dbworkbench.schema.analysis import analyze

    picture = dependency_picture(relation.names, relation.fds)
    picture.save(made / "dependencies.svg")
    return [analyze(relation), picture, normalized]


def _drawn_and_written(schema: "Schema", made: Path) -> "tuple[object, list[Written]]":
    from dbworkbench.diagram.erd import erd
    from dbworkbench.sql.write import write

    diagram = erd(schema)
    diagram.save(made / "erd.svg")
    written = [write(schema, dialect) for dialect in _DIALECTS]
    for dialect, text in zip(_DIALECTS, written, strict=True):
        (made / f"schema.{dialect}.sql").write_text(f"{text}\n", encoding="utf-8")
    return diagram, written


def _rows_made(given: argparse.Namespace, design: "Relation | Schema", made: Path) -> "Tables":
    from dbworkbench.population.populate import populate

    data = populate(design, rows=given.rows or 10_000, seed=given.seed)
    data.save(made / "rows")
    return data


def _document(title: str, values: Sequence[object], made: Path) -> None:
    from dbworkbench.report.document import document

    whole = document(title, *values)
    whole.save(made / "design.html")
    whole.save(made / "design.ipynb")
