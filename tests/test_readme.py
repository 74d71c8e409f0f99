"""What the README shows is true: its code runs, its commands exist, its picture is what the product draws."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dbworkbench as wb

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
(CODE,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_ten_lines_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    script = tmp_path / "readme.py"
    script.write_text(CODE.replace("100_000", "5_000"), encoding="utf-8")
    said = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "shop.html").stat().st_size > 10_000


def test_the_commands_run(tmp_path: Path) -> None:
    commands = [line for line in README.splitlines() if line.startswith("dbworkbench design")]
    assert len(commands) == 2
    for command in commands:
        words = command.replace("100000", "2000").replace("--out out", f"--out {tmp_path}").split()[1:]
        said = subprocess.run(
            [sys.executable, "-m", "dbworkbench", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stderr


def test_the_two_commands_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_picture_is_what_the_product_draws(golden: Callable[[str, str], None]) -> None:
    sales = wb.relation((ROOT / "sample_data" / "sales.txt").read_text(encoding="utf-8"))
    golden("../../notebooks/sales.svg", wb.erd(wb.normalize(sales)).svg)


def test_every_link_leads_to_a_file() -> None:
    for path in ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "sample_data/README.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert (ROOT / path).parent.joinpath(target).exists(), f"{path}: {target}"
