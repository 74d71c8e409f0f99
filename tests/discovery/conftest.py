"""The data sets of the papers, which are not ours to hand on: a folder beside the checkout, or one that is named."""

import os
from pathlib import Path

PUBLISHED = Path(os.environ.get("DBWORKBENCH_PUBLISHED") or Path(__file__).parents[3] / "shared" / "data" / "fd")

collect_ignore = [] if PUBLISHED.exists() else ["test_published_sets.py"]
