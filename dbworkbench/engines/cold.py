"""Files as they are after a restart: what the operating system keeps of them in memory is given up."""

import os
from collections.abc import Iterable
from pathlib import Path


def forgotten(paths: Iterable[Path]) -> bool:
    """Write files out and let the system forget what it keeps of them; False where there is no way to ask for it.

    No process may have them open or mapped. A file system that lies in memory forgets nothing.
    """
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return False
    for path in paths:
        if path.exists():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True
