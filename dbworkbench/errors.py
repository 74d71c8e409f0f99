"""One tree of errors; each is also the built-in a Python programmer expects.

WorkbenchError
├── NotationError(ValueError)        a text design that cannot be read: line, column, the fix
├── UnknownName(LookupError)         a name nothing answers to: the nearest known one
│   └── MisspelledName               the same, met in a text design: it is a NotationError too
├── DesignError(ValueError)          a relation or schema that contradicts itself
├── DataError(ValueError)            a data file that cannot be read, or rows that break what was declared
├── WorkloadError(ValueError)        a query that cannot be read: name, line, column
├── Unsatisfiable(ValueError)        a design no rows can satisfy as asked
├── Undecided(TimeoutError)          an exponential question that met its budget: what was left open
├── Unsupported(NotImplementedError) what cannot be done here, and what to do instead
├── MissingPackage(ImportError)      an optional package: how to install it
├── EngineError(RuntimeError)        a database engine that refused or died: engine, statement, its words
├── OutputExists(FileExistsError)    a file that would be overwritten
└── OutputRefused(OSError)           a file or folder that the system does not let be written: path, its words
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

__all__ = [
    "DataError",
    "DesignError",
    "EngineError",
    "MissingPackage",
    "MisspelledName",
    "NotationError",
    "OutputExists",
    "OutputRefused",
    "Undecided",
    "UnknownName",
    "Unsatisfiable",
    "Unsupported",
    "WorkbenchError",
    "WorkloadError",
    "interruptible",
    "is_interruption",
    "kind_of",
    "listed",
]


_WIDEST = 160  # characters of a line that a message shows


def listed(names: Collection[str], *, most: int = 12) -> str:
    """Names for a message, in the order given, cut after `most`.

    >>> listed(["a", "b", "c"], most=2)
    'a, b, … (1 more)'
    """
    shown = ", ".join(list(names)[:most])
    return f"{shown}, … ({len(names) - most} more)" if len(names) > most else shown


def kind_of(value: object) -> str:
    """What kind of thing was met, with its article, for a message.

    >>> kind_of([]), kind_of(5), kind_of(None)
    ('a list', 'an int', 'nothing (None)')
    """
    if value is None:
        return "nothing (None)"
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOaeio' else 'a'} {name}"


class WorkbenchError(Exception):
    """Anything this package refuses; its text says what was met, where, and the fix."""


class NotationError(WorkbenchError, ValueError):
    """A text design that cannot be read; `line` and `column` count from 1, `text` is the line met.

    >>> print(NotationError("no arrow — write 'a -> b'", line=2, column=3, text="  a b"))
    line 2, column 3: no arrow — write 'a -> b'
        a b
        ^
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None, text: str = "") -> None:
        self.message, self.line, self.column, self.text = message, line, column, text
        place = f"line {line}, column {column}: " if line is not None and column is not None else ""
        pointer = ""
        if text and column is not None:
            body = text.expandtabs(1).rstrip()
            cut = len(body) - len(body.lstrip())
            if len(body) - cut > _WIDEST:  # a window of a long line
                cut = max(cut, min(column - 1, len(body)) - _WIDEST // 2)
                body = f"{body[cut : cut + _WIDEST]}…"
                pointer = f"\n    {body}\n    {' ' * max(0, column - 1 - cut)}^"
            else:
                pointer = f"\n    {body.lstrip()}\n    {' ' * max(0, column - 1 - cut)}^"
        Exception.__init__(self, f"{place}{message}{pointer}")


class UnknownName(WorkbenchError, LookupError):
    """A name that nothing in the design answers to; `name` and `nearest` are kept.

    >>> str(UnknownName("attribute", "custmer_id", ["customer_id", "qty"]))
    "no attribute called 'custmer_id' — did you mean 'customer_id'?"
    """

    def __init__(self, kind: str, name: str, known: Collection[str], *, most: int = 12) -> None:
        self.kind, self.name = kind, name
        folded = {k.casefold(): k for k in reversed(list(known))}
        near = get_close_matches(str(name).casefold(), list(folded), n=1)
        self.nearest: str | None = folded[near[0]] if near else None
        if kind == "attribute" and len(str(name)) > 1 and set(str(name)) <= set(known):
            hint = f"did you mean '{', '.join(name)}'?"  # letters written together
        elif self.nearest:
            hint = f"did you mean {self.nearest!r}?"
        else:
            hint = f"known: {listed(known, most=most)}" if known else f"there is no {kind} at all"
        Exception.__init__(self, f"no {kind} called {name!r} — {hint}")


class MisspelledName(NotationError, UnknownName):
    """A name in a text design that nothing answers to: the place, and the nearest known name."""

    def __init__(self, kind: str, name: str, known: Collection[str], *, line: int, column: int, text: str) -> None:
        UnknownName.__init__(self, kind, name, known)
        NotationError.__init__(self, self.args[0], line=line, column=column, text=text)


class DesignError(WorkbenchError, ValueError):
    """A relation or schema that contradicts itself."""


class DataError(WorkbenchError, ValueError):
    """A data file that cannot be read, or rows that break what was declared.

    `rows` holds the offending rows where there are any: a tuple of mappings, attribute to value.
    """

    def __init__(self, message: str, *, rows: tuple[dict[str, object], ...] = ()) -> None:
        self.rows = rows
        super().__init__(message)


class WorkloadError(WorkbenchError, ValueError):
    """A query that cannot be read; `message`, `query`, `line` and `column` are kept (counted from 1)."""

    def __init__(self, message: str, *, query: str = "", line: int | None = None, column: int | None = None) -> None:
        self.message, self.query, self.line, self.column = message, query, line, column
        where = f"query {query!r}" if query else "workload"
        place = f", line {line}" if line is not None else ""
        place += f", column {column}" if column is not None else ""
        super().__init__(f"{where}{place}: {message}")


class Unsatisfiable(WorkbenchError, ValueError):
    """A design that no rows can satisfy as asked, and why; `relation` and how many rows it has at `most` are kept, where
    fewer rows would do.
    """

    def __init__(self, reason: str, *, relation: str = "", most: int = 0) -> None:
        self.relation, self.most = relation, most
        super().__init__(reason)


class Undecided(WorkbenchError, TimeoutError):
    """An exponential question that met its budget; the text says what was left open."""


class Unsupported(WorkbenchError, NotImplementedError):
    """What cannot be done here, and what to do instead."""


class MissingPackage(WorkbenchError, ImportError):
    """An optional package that is not installed, and how to install it."""

    def __init__(self, need: str, package: str, extra: str = "") -> None:
        self.package, self.extra = package, extra
        install = f"pip install 'dbworkbench[{extra}]'" if extra else f"pip install {package}"
        super().__init__(f"{need} needs {package} — {install}")


class EngineError(WorkbenchError, RuntimeError):
    """A database engine that refused a statement or died; `engine` and `statement` are kept."""

    def __init__(self, message: str, *, engine: str = "", statement: str = "") -> None:
        self.engine, self.statement = engine, statement
        said = " ".join(statement.split())
        shown = f" — in: {said[:300]}{'…' if len(said) > 300 else ''}" if said else ""
        super().__init__(f"{engine}: {message}{shown}" if engine else f"{message}{shown}")


class OutputExists(WorkbenchError, FileExistsError):
    """A file that would be overwritten; nothing was written."""

    def __init__(self, path: object, fix: str = "choose another name, or say that it may be overwritten") -> None:
        self.path = path
        super().__init__(f"{path} exists already — {fix}")


class OutputRefused(WorkbenchError, OSError):
    """A file or folder that the system does not let be written; `path` is kept, and the system's own error as `cause`."""

    def __init__(self, path: object, cause: OSError) -> None:
        self.path, self.cause = path, cause
        at = (
            cause.filename
            if cause.filename not in {None, str(path)} and str(path).startswith(str(cause.filename))
            else ""
        )
        words = {
            "NotADirectoryError": f"{at or 'something on the way'} is a file, not a folder",
            "FileExistsError": "it is a file, not a folder",
            "PermissionError": "this place may not be written to",
        }
        said = words.get(type(cause).__name__, cause.strerror or str(cause))
        Exception.__init__(self, f"{path} cannot be written: {said} — choose another place")


def is_interruption(error: RuntimeError) -> bool:
    """Whether an error is what DuckDB makes of Ctrl-C within a query."""
    return str(error) == "Query interrupted"


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it, Ctrl-C raises KeyboardInterrupt also during a query of DuckDB."""
    try:
        yield
    except RuntimeError as error:
        if is_interruption(error):
            raise KeyboardInterrupt from error
        raise
