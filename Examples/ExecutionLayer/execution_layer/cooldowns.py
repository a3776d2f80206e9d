"""The symbols that cool down after an order."""

import time


class Cooldowns:
    """In memory, for one process. Several executors that share symbols need a shared place for this."""

    def __init__(self) -> None:
        self._ends: dict[str, float] = {}

    def start(self, symbol: str, seconds: int) -> None:
        if seconds > 0:
            self._ends[symbol] = max(self._ends.get(symbol, 0), time.monotonic() + seconds)

    def is_on(self, symbol: str) -> bool:
        if self._ends.get(symbol, 0) > time.monotonic():
            return True
        self._ends.pop(symbol, None)
        return False
