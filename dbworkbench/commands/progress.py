"""What a command is doing, said on standard error."""

import sys
import time


class Progress:
    """What is being done, on standard error: one line a stage, and its share within a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.live = quiet, sys.stderr.isatty()
        self.stage, self.since = "", 0.0

    def begin(self, stage: str) -> None:
        """Say that a stage begins; the one before it has ended."""
        self.end()
        self.stage, self.since = stage, time.monotonic()
        if self.live and not self.quiet:
            print(f"  … {stage}", end="", file=sys.stderr, flush=True)

    def share(self, what: str, share: float) -> None:
        """Say how much of the stage is done, where somebody watches."""
        if self.live and not self.quiet:
            print(f"\r\x1b[K  … {self.stage}: {what[:50]} {share:4.0%}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Say how long the stage took."""
        if self.stage and not self.quiet:
            clear = "\r\x1b[K" if self.live else ""
            print(f"{clear}  ✓ {self.stage} ({time.monotonic() - self.since:.1f} s)", file=sys.stderr, flush=True)
        self.stage = ""
