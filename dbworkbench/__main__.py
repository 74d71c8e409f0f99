"""The same verbs on the command line: `dbworkbench design sales.txt --out out`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from dbworkbench import __version__
from dbworkbench.errors import UnknownName, WorkbenchError, interruptible

# a command, and what it is for; its module in `commands` is imported when it is called
_COMMANDS = {
    "design": "analyse, normalize, draw, write, fill and measure a design, and keep it as a document",
    "discover": "find keys, dependencies and references in rows, and print the design they suggest",
    "convert": "read a design in one format and write it in another",
    "verify": "put a design to real engines: created, filled, attacked rule by rule, read back",
    "export": "write a saved notebook as one page that needs no kernel and no network",
    "sheet": "make a sheet of exercises on normalization, with or without its solutions",
    "grade": "grade the notebooks in which a sheet was answered",
    "lab": "open JupyterLab on the tour",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 refused, 2 wrong usage, 3 an answer differed or was not shown, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    called = next((word for word in words if not word.startswith("-")), "")
    if called and called not in _COMMANDS:
        print(f"dbworkbench: {UnknownName('command', called, list(_COMMANDS))}", file=sys.stderr)
        return 2
    parser = _parser(called)
    given = parser.parse_args(words)
    if not hasattr(given, "run"):
        parser.print_help()
        return 2
    try:
        with interruptible():
            return int(given.run(given))
    except WorkbenchError as error:
        print(f"dbworkbench: {_in_options(str(error))}", file=sys.stderr)
        _show_rows(error)
        return 1
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(
            f"dbworkbench: {error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr
        )
        return 1


def _parser(called: str) -> argparse.ArgumentParser:
    """The parser, with the arguments of the command that is called."""
    parser = argparse.ArgumentParser(
        prog="dbworkbench",
        description="Design a database, prove the design, and measure it.",
        epilog="Each command has its own --help. The same verbs are in Python: import dbworkbench as wb.",
    )
    parser.add_argument("--version", action="version", version=f"dbworkbench {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, purpose in _COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if name == called:
            module = import_module(f"dbworkbench.commands.{name}")
            module.arguments(command)
            command.set_defaults(run=module.run)
    return parser


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
        ("pass overwrite=True", "write over it with --force"),
    ):
        message = message.replace(argument, option)
    return message


def _show_rows(error: WorkbenchError) -> None:
    rows = getattr(error, "rows", ())
    if rows:
        from dbworkbench.page.blocks import table  # noqa: PLC0415  only when there are rows to show
        from dbworkbench.page.plain import plain  # noqa: PLC0415  the same

        cells = [["NULL" if cell is None else cell for cell in row.values()] for row in rows]
        print(plain((table(rows[0], cells),)), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
