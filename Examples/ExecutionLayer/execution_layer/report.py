"""The report of a plan on the result stream."""

import time
from dataclasses import dataclass
from decimal import Decimal

from .placement import NeverArrived, Outcome, RefusedOrder, Settled, Unsettled


@dataclass(frozen=True)
class Report:
    #: Whether anything of the order may have filled.
    executed: bool
    #: The final filled quantity in base asset; `None`: not known, or nothing was placed.
    filled_qty: Decimal | None = None
    #: The exchange refused the order: nothing can fill, although the permit is consumed.
    exchange_refused: bool = False
    error: str = ""

    @classmethod
    def not_placed(cls, error: str) -> "Report":
        """No order was sent. If the permit is still there, the host revokes it and gives its share back."""
        return cls(executed=False, error=error)

    @classmethod
    def of(cls, outcome: Outcome) -> "Report":
        match outcome:
            case Settled(filled_qty):
                return cls(executed=True, filled_qty=filled_qty)
            case RefusedOrder(reason):
                return cls(executed=False, exchange_refused=True, error=reason)
            case NeverArrived():
                return cls(executed=False, error="the order never reached the exchange")
            case Unsettled(reason):
                # The order may have filled, so this must count as executed. The share stays until a snapshot shows it.
                return cls(executed=True, error=reason)

    def fields(self, plan_id: str, symbol: str) -> dict[str, str]:
        """The fields of the stream entry."""
        fields = {"plan_id": plan_id, "symbol": symbol, "executed": str(self.executed)}
        if self.filled_qty is not None:
            fields["filled_qty"] = format(self.filled_qty, "f")
        if self.exchange_refused:
            fields["exchange_refused"] = "true"
        return fields | {"error": self.error, "timestamp": f"{time.time():.3f}"}
