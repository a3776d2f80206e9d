"""Places an order and finds out what became of it."""

import time
from dataclasses import dataclass
from decimal import Decimal

from .exchange import Exchange, Refused, Unclear
from .order import Order, OrderState
from .settings import Settings


@dataclass(frozen=True)
class Settled:
    """The order has ended with this much filled, possibly nothing."""

    filled_qty: Decimal


@dataclass(frozen=True)
class RefusedOrder:
    reason: str


@dataclass(frozen=True)
class NeverArrived:
    """The exchange does not know the order, and it is too late for it to arrive."""


@dataclass(frozen=True)
class Unsettled:
    """The order's end could not be found in time. It may have filled."""

    reason: str


Outcome = Settled | RefusedOrder | NeverArrived | Unsettled


class Placement:
    def __init__(self, exchange: Exchange, settings: Settings) -> None:
        self._exchange = exchange
        self._settings = settings

    def place(self, order: Order) -> Outcome:
        """Sends the order once. An unclear answer is never taken for a refusal: the order is looked up."""
        limit = time.monotonic() + self._settings.settle_limit
        try:
            state = self._exchange.place(order)
        except Refused as refusal:
            return RefusedOrder(str(refusal))
        except Unclear:
            # The order may arrive until its window closes, counted from the end of the call that may have sent it.
            return self._look_up(order.symbol, order.client_order_id, time.monotonic(), limit)
        return self._follow(order.symbol, order.client_order_id, state, limit)

    def look_up(self, symbol: str, client_order_id: str, sent_before: float) -> Outcome:
        """Looks for an order that may have been sent until `sent_before`, a monotonic time."""
        return self._look_up(
            symbol, client_order_id, sent_before, limit=time.monotonic() + self._settings.settle_limit)

    def _look_up(self, symbol: str, client_order_id: str, sent_before: float, limit: float) -> Outcome:
        while True:
            asked_at = time.monotonic()
            try:
                state = self._exchange.find(symbol, client_order_id)
                if state is not None:
                    return self._follow(symbol, client_order_id, state, limit)
                if asked_at >= sent_before + self._exchange.order_window:
                    return NeverArrived()
            except Unclear:
                pass
            if time.monotonic() >= limit:
                return Unsettled("the exchange does not say whether it has the order")
            time.sleep(self._settings.look_pause)

    def _follow(self, symbol: str, client_order_id: str, state: OrderState | None, limit: float) -> Outcome:
        """Waits for the order's end. Cancels the rest of an order that works for too long."""
        cancel_at = time.monotonic() + self._settings.fill_wait
        while state is None or not state.is_final:
            now = time.monotonic()
            if now >= limit:
                return Unsettled("the order has not ended")
            try:
                if now >= cancel_at:
                    self._exchange.cancel(symbol, client_order_id)
                state = self._exchange.find(symbol, client_order_id)
                if state is not None and state.is_final:
                    break
            except Unclear:
                pass
            time.sleep(self._settings.look_pause)
        return Settled(state.filled_qty)
