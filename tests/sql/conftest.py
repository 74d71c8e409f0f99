"""Statements executed one after another, each named where it is refused."""

from collections.abc import Iterable

import pytest

from tests.packages import CAN_FETCH
from tests.scratch import REFUSED, Run, Scratch

__all__ = ["REFUSED", "Run", "Scratch", "loaded"]

collect_ignore = [] if CAN_FETCH else ["test_debian.py"]


def loaded(run: Run, statements: Iterable[str]) -> None:
    """Execute every statement; an error names the one that was refused."""
    for statement in statements:
        try:
            run(statement)
        except REFUSED as error:
            pytest.fail(f"{error!r} for\n{statement}")
