"""Files that are written: whole or not at all, never over another by accident, in folders that are made where needed."""

import os
from collections.abc import Mapping
from pathlib import Path

from dbworkbench.errors import OutputExists, OutputRefused

__all__ = ["make_folder", "write_file", "write_files"]

_FIX = "choose another name, or pass overwrite=True"


def write_file(path: str | Path, data: str | bytes, *, overwrite: bool = False, fix: str = _FIX) -> Path:
    """Write one file, text as UTF-8 with its line ends as they are; the path is returned.

    Raises OutputExists (with `fix` as what to do about it) where something is there, unless `overwrite` says that a file
    may be replaced; and OutputRefused where the system refuses.
    """
    where = Path(path)
    write_files({where: data}, overwrite=overwrite, fix=fix)
    return where


def write_files(files: Mapping[Path, str | bytes], *, overwrite: bool = False, fix: str = _FIX) -> None:
    """Write several files, after all of them were found to be free; raises what `write_file` does."""
    for where in files:
        if where.is_dir() or (os.path.lexists(where) and not overwrite):
            raise OutputExists(where, fix)
    for where, data in files.items():
        make_folder(where.parent)
        unfinished = where.with_name(f".{where.name[:40]}.{os.getpid()}.unfinished")
        try:
            unfinished.write_bytes(data.encode() if isinstance(data, str) else data)
            unfinished.replace(where.resolve() if where.is_symlink() else where)
        except OSError as error:
            raise OutputRefused(where, error) from None
        finally:
            unfinished.unlink(missing_ok=True)


def make_folder(path: str | Path) -> Path:
    """The folder at that path, made with those above it where they are missing; raises OutputRefused."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputRefused(folder, error) from None
    return folder
