"""The part of a plan that an execution layer acts on."""

from collections.abc import Mapping
from dataclasses import dataclass

from .order import Leg, Side

_SIDES = {"BUY": Side.BUY, "LONG": Side.BUY, "SELL": Side.SELL, "SHORT": Side.SELL}
_LEGS = {"LONG": Leg.LONG, "SHORT": Leg.SHORT}


class PlanError(Exception):
    """A plan that no order can be made of."""


@dataclass(frozen=True)
class Plan:
    plan_id: str
    symbol: str
    #: `None`: the side that closes the position.
    side: Side | None
    #: The leg that the plan names, for hedge mode.
    leg: Leg | None = None
    #: The plan itself says that it can only reduce.
    is_capped: bool = False

    @staticmethod
    def wants_execution(fields: Mapping[str, str]) -> bool:
        """Whether the entry asks for an order. Other entries get no permit."""
        return fields.get("decision") == "EXECUTE" and bool(fields.get("plan_id")) and bool(fields.get("symbol"))

    @classmethod
    def parse(cls, fields: Mapping[str, str]) -> "Plan":
        """Reads an entry that wants execution, with the spellings that the host accepts."""
        side = fields.get("side", "").strip().upper()
        closes = side == "CLOSE" or (side == "" and _is_close(fields.get("action", "")))
        if side not in _SIDES and not closes:
            raise PlanError(f"the plan has no side: {side!r}")
        leg = (fields.get("positionSide") or fields.get("position_side") or "").strip().upper()
        if leg not in _LEGS and leg not in ("", "BOTH"):
            raise PlanError(f"positionSide is neither LONG nor SHORT: {leg!r}")
        flags = ("reduceOnly", "reduce_only", "closePosition", "close_position")
        return cls(
            plan_id=fields["plan_id"],
            symbol=fields["symbol"].upper(),
            side=_SIDES.get(side),
            leg=_LEGS.get(leg),
            is_capped=closes or any(_is_true(fields.get(flag, "")) for flag in flags),
        )


def _is_close(action: str) -> bool:
    return action.upper() in ("FULL_CLOSE", "FULL_CLOSE_PROPOSED") or action.upper().startswith("PARTIAL_")


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "1")
