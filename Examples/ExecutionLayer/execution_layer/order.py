"""Orders, and what an exchange says about them."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Side(Enum):
    BUY = "BUY"
    SELL = "SELL"


class Leg(Enum):
    """The exchange's `positionSide`: BOTH in one-way mode, the leg in hedge mode."""

    BOTH = "BOTH"
    LONG = "LONG"
    SHORT = "SHORT"

    @property
    def closing_side(self) -> Side:
        """The side that closes a leg of hedge mode."""
        return Side.BUY if self is Leg.SHORT else Side.SELL


@dataclass(frozen=True)
class Order:
    """A market order. Quantities are in base asset and never negative."""

    client_order_id: str
    symbol: str
    side: Side
    quantity: Decimal
    leg: Leg = Leg.BOTH
    #: The exchange's `reduceOnly`. In hedge mode it stays off: the closing side of a leg is capped by itself.
    reduce_only: bool = False

    @property
    def is_capped(self) -> bool:
        """Whether the order can only reduce the position."""
        return self.reduce_only or (self.leg is not Leg.BOTH and self.side is self.leg.closing_side)


@dataclass(frozen=True)
class OrderState:
    """An order as the exchange sees it. Nothing more can fill once it is final."""

    filled_qty: Decimal
    is_final: bool


def client_order_id(plan_id: str) -> str:
    """The order's name at the exchange: the same for the same plan, also after a restart.

    A plan id has up to 128 bytes of any kind, an exchange often takes 36 of few kinds. So the id is hashed.
    """
    return "gh-" + hashlib.sha256(plan_id.encode(errors="surrogateescape")).hexdigest()[:32]
