"""How often one visitor may ask for a session; of this process, and bounded in memory."""

from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil
from typing import Final

MOST_VISITORS: Final = 10_000
WINDOW: Final = timedelta(minutes=1)
MOST_PER_WINDOW: Final = 10


class Rate:
    """A few uses a minute for each visitor."""

    def __init__(self) -> None:
        self._windows: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def use(self, visitor: str, *, now: datetime) -> int | None:
        """None when it may be used; else the seconds to wait."""
        since, count = self._windows.pop(visitor, (now, 0))
        if now - since >= WINDOW:
            since, count = now, 0
        self._windows[visitor] = (since, count + 1)
        if len(self._windows) > MOST_VISITORS:
            self._windows.popitem(last=False)
        if count < MOST_PER_WINDOW:
            return None
        return max(1, ceil((since + WINDOW - now).total_seconds()))
