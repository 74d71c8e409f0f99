"""Data frames of pandas and Polars and tables of Arrow, read as relations by their types; no value is looked at
but whether it is there.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dbworkbench.errors import DataError
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
)

__all__ = ["FRAMES"]

_TYPES: dict[str, Type] = {
    **dict.fromkeys(("bool", "boolean"), Boolean()),
    **dict.fromkeys(("int8", "int16", "uint8"), Integer(16)),
    **dict.fromkeys(("int32", "uint16"), Integer(32)),
    **dict.fromkeys(("int64", "uint32"), Integer(64)),
    "uint64": Decimal(20, 0),
    "int128": Decimal(38, 0),
    **dict.fromkeys(("float16", "float32", "halffloat", "float"), Float(32)),
    **dict.fromkeys(("float64", "double"), Float(64)),
    **dict.fromkeys(
        ("string", "str", "large_string", "string_view", "utf8", "object", "categorical", "category"), Text()
    ),
    **dict.fromkeys(("binary", "large_binary", "binary_view"), Bytes()),
    **dict.fromkeys(("date", "date32", "date64"), Date()),
    **dict.fromkeys(("time", "time32", "time64"), Time()),
    **dict.fromkeys(("duration", "timedelta64", "timedelta", "month_day_nano_interval"), Interval()),
    **dict.fromkeys(("null", "unknown"), Unknown()),
}


def holds_frames(thing: object) -> bool:
    """Whether an object is a frame, or a mapping of names to frames: known by their module, nothing is imported."""
    if isinstance(thing, Mapping):
        return bool(thing) and all(_is_frame(one) for one in thing.values())
    return _is_frame(thing)


def _is_frame(thing: object) -> bool:
    module, name = type(thing).__module__.partition(".")[0], type(thing).__name__
    return (module, name) in {
        ("pandas", "DataFrame"),
        ("polars", "DataFrame"),
        ("polars", "LazyFrame"),
        ("pyarrow", "Table"),
        ("pyarrow", "Schema"),
        ("pyarrow", "RecordBatch"),
    }


def read_frames(source: Source) -> Read:
    """A relation for each frame, named by the mapping's keys, else "data"; nullable is what has missing values.

    Raises DataError for a frame without columns and for columns of the same name.
    """
    given: Any = source.thing
    frames = given if isinstance(given, Mapping) else {"data": given}
    losses: list[Loss] = []
    return Read(Schema(tuple(_relation(str(name), frame, losses) for name, frame in frames.items())), tuple(losses))


def _relation(name: str, frame: Any, losses: list[Loss]) -> Relation:  # noqa: ANN401  pandas, Polars or Arrow
    module = type(frame).__module__.partition(".")[0]
    read = {"pandas": _pandas, "polars": _polars, "pyarrow": _arrow}[module]
    attributes = tuple(read(name, frame, losses))
    names = [attribute.name for attribute in attributes]
    if not names:
        raise DataError(f"the frame {name!r} has no columns")
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise DataError(f"the frame {name!r} has two columns called {twice!r} — rename one")
    return Relation(name, attributes)


def _pandas(name: str, frame: Any, losses: list[Loss]) -> Iterable[Attribute]:  # noqa: ANN401  a pandas frame
    index = [str(level) for level in frame.index.names if level is not None]
    if index:
        losses.append(Loss(name, f"the index ({', '.join(index)})", "not read: use reset_index() to make it columns"))
    for at, column in enumerate(frame.columns):
        values = frame.iloc[:, at]
        own = ", ".join(map(str, column)) if isinstance(column, tuple) else str(column)
        kind = str(values.dtype)
        found = _typed(kind.casefold())
        if (
            kind == "category"
            and all(isinstance(one, str) for one in values.cat.categories)
            and len(values.cat.categories)
        ):
            found = Enumeration(tuple(dict.fromkeys(map(str, values.cat.categories))))
        elif kind == "object":
            found = _objects(values)
        yield Attribute(own, _told(f"{name}.{own}", found, kind, losses), nullable=bool(values.isna().any()))


def _objects(values: Any) -> Type | None:  # noqa: ANN401  a pandas column of Python objects
    """The type of Python objects, by the first thousand that are there."""
    kinds = {type(value).__name__ for value in values.dropna().head(1000)}
    known: dict[str, Type] = {"str": Text(), "bytes": Bytes(), "date": Date(), "time": Time(), "bool": Boolean()}
    known |= {"dict": Json(), "list": Json(), "Decimal": Decimal(38, 10), "int": Integer(64), "float": Float(64)}
    if len(kinds) == 1:
        return known.get(kinds.pop(), Text())
    return Json() if kinds and kinds <= {"dict", "list"} else Text() if kinds else Unknown()


def _polars(name: str, frame: Any, losses: list[Loss]) -> Iterable[Attribute]:  # noqa: ANN401  a Polars frame
    schema = frame.collect_schema()
    lazy = type(frame).__name__ == "LazyFrame"
    if lazy:
        losses.append(Loss(name, "which values are missing", "not computed: read as nullable"))
    for column, dtype in schema.items():
        kind = str(dtype)
        categories = getattr(dtype, "categories", None)
        found = _typed(kind.casefold())
        if kind.startswith("Enum") and categories is not None:
            found = Enumeration(tuple(str(one) for one in categories))
        nullable = True if lazy else frame.get_column(column).null_count() > 0
        yield Attribute(str(column), _told(f"{name}.{column}", found, kind, losses), nullable=nullable)


def _arrow(name: str, frame: Any, losses: list[Loss]) -> Iterable[Attribute]:  # noqa: ANN401  an Arrow table or schema
    schema = getattr(frame, "schema", frame)
    for at, column in enumerate(schema):
        kind = str(column.type)
        found = _typed(kind.casefold())
        if kind.startswith("dictionary<values=string"):
            found = Text()
        nullable = bool(column.nullable)
        if nullable and hasattr(frame, "column"):
            nullable = frame.column(at).null_count > 0
        yield Attribute(str(column.name), _told(f"{name}.{column.name}", found, kind, losses), nullable=nullable)


def _told(what: str, found: Type | None, kind: str, losses: list[Loss]) -> Type:
    if found is not None:
        return found
    nested = re.match(r"(?i)(?:list|large_list|fixed_size_list|struct|map|array|object)", kind)
    if nested:
        losses.append(Loss(what, f"nested values: {kind}", "read as JSON"))
        return Json()
    return Native(kind)


def _typed(kind: str) -> Type | None:
    """A type by its name in any of the three, in small letters."""
    if found := re.match(r"decimal(?:32|64|128|256)?\[?\(?(?:precision=)?(\d+), *(?:scale=)?(\d+)", kind):
        return Decimal(max(1, int(found[1]), int(found[2])), int(found[2]))
    if re.match(r"(?:datetime|timestamp)", kind):
        zone = re.search(r"tz=(?!none)|time_zone='|, ?(?:utc|[a-z]+/[a-z_]+)\]", kind)
        return Timestamp(zone=bool(zone))
    word = re.match(r"[a-z_]+\d*", kind)
    return _TYPES.get(word[0]) if word else None


FRAMES = Format("frames", "data frames", reader=read_frames, takes=holds_frames)
