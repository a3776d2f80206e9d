"""From a plan and its permit to the order: how much, which side, which leg, and whether it is capped."""

from decimal import Context, Decimal, localcontext

from .exchange import Exchange
from .order import Leg, Order, Side, client_order_id
from .permit import Permit
from .plan import Plan


#: Enough digits for every product and quotient here: none is rounded up.
_EXACT = Context(prec=80)


class Unplaceable(Exception):
    """The permit allows no order at this exchange. Nothing was sent."""


def order_for(plan: Plan, permit: Permit, exchange: Exchange) -> Order:
    """The order that the permit allows. Raises `Unplaceable`, or `Unclear` if the exchange shows no position."""
    if permit.computed_qty == 0 and permit.close_fraction is None:
        raise Unplaceable("the permit grants no quantity")
    capped = plan.is_capped or permit.reduce_only or permit.computed_qty == 0
    # The exchange is asked for its positions only if the order depends on them.
    if plan.side is None or permit.computed_qty == 0 or (capped and exchange.hedge_mode):
        held = {leg: amount for leg, amount in exchange.positions(plan.symbol).items() if amount != 0}
    else:
        held = {}
    leg = _leg(plan, capped, held, exchange.hedge_mode)
    side = plan.side or _closing_side(held.get(leg))
    if capped and leg is not Leg.BOTH and side is not leg.closing_side:
        raise Unplaceable(f"{side.value} does not close the {leg.value} leg")
    quantity = permit.computed_qty
    if quantity == 0:
        with localcontext(_EXACT):
            quantity = _closable(held, leg, side) * permit.close_fraction
    elif capped and exchange.hedge_mode:
        # In hedge mode an exchange may refuse a close that is larger than the leg, instead of capping it.
        quantity = min(quantity, _closable(held, leg, side))
    return Order(
        client_order_id=client_order_id(plan.plan_id),
        symbol=plan.symbol,
        side=side,
        quantity=_round_down(quantity, exchange.quantity_step(plan.symbol)),
        leg=leg,
        reduce_only=capped and not exchange.hedge_mode,
    )


def _leg(plan: Plan, capped: bool, held: dict[Leg, Decimal], hedge_mode: bool) -> Leg:
    if not hedge_mode:
        return Leg.BOTH
    if plan.leg is not None:
        return plan.leg
    if not capped:
        # The host judged the plan by the net position. No leg can be guessed from that.
        raise Unplaceable("the account is in hedge mode, and the plan names no positionSide")
    if plan.side is not None:
        return Leg.LONG if plan.side is Side.SELL else Leg.SHORT
    if len(held) != 1:
        raise Unplaceable(f"the plan names no positionSide, and {len(held)} legs are held")
    return next(iter(held))


def _closing_side(amount: Decimal | None) -> Side:
    if amount is None:
        raise Unplaceable("there is no position to close")
    return Side.SELL if amount > 0 else Side.BUY


def _closable(held: dict[Leg, Decimal], leg: Leg, side: Side) -> Decimal:
    amount = held.get(leg)
    if amount is None or _closing_side(amount) is not side:
        raise Unplaceable("there is no position to close")
    return abs(amount)


def _round_down(quantity: Decimal, step: Decimal) -> Decimal:
    with localcontext(_EXACT):
        rounded = quantity // step * step
    if rounded == 0:
        raise Unplaceable(f"{quantity} is less than the exchange's smallest quantity")
    return rounded
