"""Figures, never timed tests: each beside a limit measured in the same run. ``make bench``."""

import sys
from typing import Final

from rich.console import Console

WIDE: Final = 150  # characters, where no terminal says otherwise


def wide_console() -> Console:
    """For tables that must stay legible in a file."""
    return Console(width=None if sys.stdout.isatty() else WIDE)
