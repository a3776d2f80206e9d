"""An exchange in memory, for the example and its tests."""

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

from .exchange import Refused, Unclear
from .order import Leg, Order, OrderState, Side


@dataclass
class _Book:
    """An order at the exchange."""

    order: Order
    filled: Decimal = Decimal(0)
    is_final: bool = False


class SimulatedExchange:
    """Fills an order by one part for each look at it, and misbehaves as it is told to."""

    def __init__(self, hedge_mode: bool = False, order_window: float = 0.2, step: Decimal = Decimal("0.001")) -> None:
        self.hedge_mode = hedge_mode
        self.order_window = order_window
        #: The next parts that fill, in base asset. An order fills whole if there are none.
        self.parts: deque[Decimal] = deque()
        #: Whether an order whose parts are used up stays open until it is cancelled.
        self.rests = False
        #: The reason for which every order is refused.
        self.refusal = ""
        #: "" answers; "lost": the order does not arrive, and nobody is told; "late": it arrives before the third look.
        self.silence = ""
        #: Looks that end in a time-out.
        self.silent_looks = 0
        #: Every order that was sent, in order.
        self.sent: list[Order] = []
        self._step = step
        self._books: dict[str, _Book] = {}
        self._late: Order | None = None
        self._looks = 0
        self._held: dict[tuple[str, Leg], Decimal] = {}

    def hold(self, symbol: str, amount: Decimal, leg: Leg = Leg.BOTH) -> None:
        """Sets a position, short negative."""
        self._held[symbol, leg] = amount

    def tell(self, **behaviour: object) -> None:
        """Sets attributes, for a test that reaches this exchange through a proxy."""
        for name, value in behaviour.items():
            setattr(self, name, value)

    def orders(self) -> list[Order]:
        return list(self.sent)

    # The interface of an exchange.

    def quantity_step(self, symbol: str) -> Decimal:
        return self._step

    def positions(self, symbol: str) -> dict[Leg, Decimal]:
        return {leg: amount for (name, leg), amount in self._held.items() if name == symbol and amount != 0}

    def place(self, order: Order) -> OrderState:
        self.sent.append(order)
        if self.silence == "lost":
            raise Unclear("time-out")
        if self.silence == "late":
            self._late = order
            raise Unclear("time-out")
        return self._accept(order)

    def find(self, symbol: str, client_order_id: str) -> OrderState | None:
        if self.silent_looks > 0:
            self.silent_looks -= 1
            raise Unclear("time-out")
        self._looks += 1
        if self._late is not None and self._looks >= 3:
            late, self._late = self._late, None
            self._accept(late)
        book = self._books.get(client_order_id)
        if book is None:
            return None
        self._fill(book)
        return OrderState(book.filled, book.is_final)

    def cancel(self, symbol: str, client_order_id: str) -> None:
        if client_order_id in self._books:
            self._books[client_order_id].is_final = True

    # Its rules.

    def _accept(self, order: Order) -> OrderState:
        if order.client_order_id in self._books:
            raise Unclear("duplicate client order id")
        if self.refusal:
            raise Refused(self.refusal)
        if order.quantity <= 0 or order.quantity % self._step != 0:
            raise Refused("the quantity is no multiple of the step")
        if self.hedge_mode != (order.leg is not Leg.BOTH):
            raise Refused("the position side does not match the account's mode")
        if self.hedge_mode and order.reduce_only:
            raise Refused("hedge mode takes no reduceOnly")
        if order.is_capped and order.quantity > (room := self._closable(order)) and (self.hedge_mode or room == 0):
            raise Refused("a capped order is larger than the position")
        book = self._books[order.client_order_id] = _Book(order)
        self._fill(book)
        return OrderState(book.filled, book.is_final)

    def _fill(self, book: _Book) -> None:
        """Fills the next part. A capped order never fills beyond the position."""
        if book.is_final:
            return
        order = book.order
        part = self.parts.popleft() if self.parts else None
        if part is None and self.rests:
            return
        open_quantity = order.quantity - book.filled
        quantity = open_quantity if part is None else min(part, open_quantity)
        if order.is_capped:
            quantity = min(quantity, self._closable(order))
        key = (order.symbol, order.leg)
        signed = quantity if order.side is Side.BUY else -quantity
        self._held[key] = self._held.get(key, Decimal(0)) + signed
        book.filled += quantity
        book.is_final = book.filled == order.quantity or (order.is_capped and self._closable(order) == 0)

    def _closable(self, order: Order) -> Decimal:
        held = self._held.get((order.symbol, order.leg), Decimal(0))
        return max(held if order.side is Side.SELL else -held, Decimal(0))
