"""Trials read back from the files that `Trial.save` writes, so that they can be compared over time."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from dbworkbench.errors import DataError
from dbworkbench.schema.notation import schema
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.record import Trial

T = TypeVar("T")


def read_trial(path: str | Path) -> Trial:
    """The trial that a file holds; what JSON has no word for (dates, decimals in example rows) stays text.

    Raises DataError where the file is missing or holds something else.
    """
    source = Path(path)
    try:
        told = json.loads(source.read_text("utf-8"))
        return _record(Trial, told)
    except FileNotFoundError as error:
        raise DataError(f"{source}: there is no such file") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{source}: this is no trial as Trial.save writes it — {error}") from error


def _record(kind: type[T], told: object) -> T:
    if not isinstance(told, Mapping):
        raise TypeError(f"a {kind.__name__} is wanted, not {told!r:.60}")
    hints = get_type_hints(kind)
    unknown = set(told) - set(hints)
    if unknown:
        raise KeyError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _value(hints[name], value) for name, value in told.items()})


def _value(kind: Any, told: Any) -> Any:  # noqa: ANN401  a type's own form decides
    """A value of JSON as the type that a field declares."""
    if told is None:
        return None
    if kind is Schema:
        return schema(told)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _value(next(one for one in inner if one is not type(None)), told)
    if origin is tuple:
        kinds = [inner[0]] * len(told) if inner[-1] is Ellipsis else list(inner)
        return tuple(_value(one, part) for one, part in zip(kinds, told, strict=True))
    if isinstance(told, Mapping):
        return _record(kind, told)
    return tuple(map(_frozen, told)) if isinstance(told, list) else told


def _frozen(told: Any) -> Any:  # noqa: ANN401  the same
    return tuple(map(_frozen, told)) if isinstance(told, list) else told
