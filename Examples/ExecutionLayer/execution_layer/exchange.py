"""The calls that an execution layer needs from its exchange. Write an adapter for yours."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from .order import Leg, Order, OrderState


class Refused(Exception):
    """The exchange said no: the order does not exist there, and nothing of it can fill."""


class Unclear(Exception):
    """No answer, or one that does not tell: a time-out, a lost connection, an internal error of the exchange.

    An exchange that already has an order with this client order id raises this too, never `Refused`.
    """


class Exchange(Protocol):
    @property
    def hedge_mode(self) -> bool:
        """Whether the account holds a long and a short leg for each symbol, instead of one net position."""

    @property
    def order_window(self) -> float:
        """Seconds after its sending until an order that was accepted can be found for certain.

        That is the time in which the exchange accepts it, such as Binance's `recvWindow`, plus the time until its
        look-ups show it. Only then does "unknown order" mean that the order will never be there.
        """

    def quantity_step(self, symbol: str) -> Decimal:
        """The smallest quantity, of which every quantity is a multiple."""

    def positions(self, symbol: str) -> Mapping[Leg, Decimal]:
        """The signed position of each leg: long positive, short negative. A leg that is flat may be left out."""

    def place(self, order: Order) -> OrderState:
        """Sends the order once, without repeats. Raises `Refused` or `Unclear`."""

    def find(self, symbol: str, client_order_id: str) -> OrderState | None:
        """The order, `None` if the exchange knows none of that name. Raises `Unclear`."""

    def cancel(self, symbol: str, client_order_id: str) -> None:
        """Asks the exchange to cancel the rest, if there is one. Raises `Unclear`."""
