"""The permit: what its consumer may do."""

import json
from dataclasses import dataclass
from decimal import Decimal


class PermitError(Exception):
    """A permit that cannot be read. No order is placed by it."""


@dataclass(frozen=True)
class Permit:
    #: At most this much may be placed, in base asset. 0: the permit names no quantity.
    computed_qty: Decimal
    #: The order must not open anything.
    reduce_only: bool
    #: The part to close of a position whose size the host does not know, in (0, 1].
    close_fraction: Decimal | None
    #: Seconds to wait before the next order that opens in the symbol.
    extra_cooldown_sec: int
    #: The part of the plan that the gates left. `computed_qty` and `close_fraction` contain it already.
    downsize_factor: Decimal

    @classmethod
    def parse(cls, text: str) -> "Permit":
        """Reads every number as an exact decimal: a binary float could round a quantity up."""
        try:
            members = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_reject)
            fraction = members.get("close_fraction")
            permit = cls(
                computed_qty=_number(members["computed_qty"]),
                # Anything but an absent or false member caps the order: capped is the safe side.
                reduce_only=members.get("reduce_only", False) is not False,
                close_fraction=None if fraction is None else _number(fraction),
                extra_cooldown_sec=int(members.get("extra_cooldown_sec", "0")),
                downsize_factor=Decimal(members.get("downsize_factor", "1")),
            )
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise PermitError(f"{type(error).__name__}: {error}") from error
        if permit.computed_qty < 0 or permit.close_fraction is not None and not 0 < permit.close_fraction <= 1:
            raise PermitError("a quantity is out of range")
        return permit


def _number(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"not a number: {value!r}")
    return value


def _reject(name: str) -> Decimal:
    raise ValueError(f"not a number: {name}")
