"""A folder of files of one kind, read as one text: the files of a Prisma schema, the models of several applications."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.format import FORMATS, Format
from dbworkbench.formats.source import Source, decoded_file
from dbworkbench.schema.loss import Loss

__all__ = ["folder_of", "placed"]

_KINDS = ("prisma", "dbml", "drizzle", "django", "sqlalchemy")
"""The formats whose schemas are spread over files, in the order in which a folder is tried on them."""
_PASSED = re.compile(
    r"\..*|node_modules|site-packages|__pycache__|__tests__|tests?|testing|migrations|alembic|venv|env|dist|build|out|target"
)
_CLASSES = frozenset({"django", "sqlalchemy"})
_CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)[ \t]*(?:\(([^()]{0,2000})\))?[ \t]*:", re.MULTILINE)
_MOST_FILES = 5_000
_MOST_CHARACTERS = 50_000_000


def folder_of(path: Path, chosen: str, dialect: str) -> tuple[Source, Format]:
    """The files below a folder that hold a design, as one text, and the format they are in.

    Hidden folders, those of packages, of tests and of migrations are passed over. Links are not followed. Raises DataError
    where there is no such file, and where there are more than can be meant.
    """
    files = list(_below(path))
    if len(files) > _MOST_FILES:
        raise DataError(f"{path}: more than {_MOST_FILES:,} files below it — give the folder that has the schema")
    for name in (chosen,) if chosen else _KINDS:
        form = FORMATS[name]
        opened = [(file, *decoded_file(file)) for file in files if file.suffix.casefold() in form.endings]
        marked = {file for file, text, _ in opened if re.search(form.marks, text)}
        if marked and name in _CLASSES:
            marked = _with_relatives({file: text for file, text, _ in opened}, marked)
        kept = [one for one in opened if one[0] in marked]
        texts = [(str(file.relative_to(path)), text if text.endswith("\n") else f"{text}\n") for file, text, _ in kept]
        losses = [loss for _, _, lost in kept for loss in lost]
        if sum(len(text) for _, text in texts) > _MOST_CHARACTERS:
            raise DataError(f"{path}: more than {_MOST_CHARACTERS:,} characters of {form.title} — give fewer files")
        if texts:
            begins = accumulate((text.count("\n") for _, text in texts), initial=1)
            starts = tuple((line, f"{path.name}/{name}") for line, (name, _) in zip(begins, texts, strict=False))
            whole = "".join(text for _, text in texts)
            return Source(whole, str(path), dialect=dialect, losses=tuple(losses), files=starts), form
    kinds = ", ".join(_KINDS)
    raise DataError(
        f"{path}: a folder without a file of models or of a schema that is known here ({kinds}) — give a file"
    )


def _with_relatives(texts: Mapping[Path, str], marked: Iterable[Path]) -> set[Path]:
    """Files of models, with those that say nothing of the library but have a class that theirs stand on, or the other way round."""
    found = set(marked)
    classes = {
        file: [(one[1], re.findall(r"(?:\w+\.)*(\w+)", one[2] or "")) for one in _CLASS.finditer(text)]
        for file, text in texts.items()
    }
    while True:
        here = {name for file in found for name, _ in classes[file]}
        wanted = {base for file in found for _, bases in classes[file] for base in bases} - here
        more = {
            file
            for file, held in classes.items()
            if file not in found and any(name in wanted or not here.isdisjoint(bases) for name, bases in held)
        }
        if not more:
            return found
        found |= more


def placed(error: NotationError, source: Source) -> NotationError:
    """An error with the file and the line in it where it was met."""
    if error.line is None:
        return error
    name, line = source.at(error.line)
    return NotationError(f"{name}: {error.message}", line=line, column=error.column, text=error.text)


def told(losses: Iterable[Loss], source: Source) -> tuple[Loss, ...]:
    """Losses whose lines are those of the files."""

    def place(found: re.Match[str]) -> str:
        name, line = source.at(int(found[1]))
        return f"{name}, line {line}"

    return tuple(replace(one, subject=re.sub(r"\bline (\d+)\b", place, one.subject)) for one in losses)


def _below(path: Path) -> Iterator[Path]:
    for one in sorted(path.iterdir()):
        if one.is_symlink() or _PASSED.fullmatch(one.name):
            continue
        if one.is_dir():
            yield from _below(one)
        elif one.is_file() and not re.fullmatch(
            r"tests?_.*\.py|.*_test\.py|conftest\.py|.*\.(?:test|spec|config|d)\.[mc]?[tj]s", one.name
        ):
            yield one
