from collections.abc import Callable
from pathlib import Path

import pytest

from dbworkbench.errors import DataError
from dbworkbench.trials.files import read_trial
from dbworkbench.trials.record import Trial
from tests.views import trials


@pytest.mark.parametrize("make", [trials.good, trials.bad])
def test_a_trial_is_read_back_as_it_was_saved(make: Callable[[], Trial], tmp_path: Path) -> None:
    trial = make()
    path = trial.save(tmp_path / "a.json")
    again = read_trial(path)
    assert again.save(tmp_path / "b.json").read_bytes() == path.read_bytes()
    assert again.comparisons() == trial.comparisons()
    assert again.measurements == trial.measurements
    assert again.loads == trial.loads
    assert again.reference.names == trial.reference.names


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"a": 1}', "no json", '{"candidates": 7}'])
def test_a_file_that_holds_no_trial_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"x\.json: this is no trial"):
        read_trial(path)
    with pytest.raises(DataError, match="no such file"):
        read_trial(tmp_path / "y.json")
