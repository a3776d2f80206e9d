"""The three gates in plain Python, money in Decimal."""

import time
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal, InvalidOperation

MAX_AGE = 300
KILL_SWITCH = "quantum:kill"
WARM, HOT, WARM_SCALE, DEFAULT_SIGMA = Decimal("0.25"), Decimal("0.65"), Decimal("0.5"), Decimal("0.01")
CENT_OF_MICRO = Decimal("0.00000001")


class Unusable(Exception):
    """A record that is missing, too old or malformed; the gate that needs it fails open."""


@dataclass
class State:
    """What the gates read about one symbol: hashes, and the kill switch."""

    budget: dict
    snapshot: dict
    position: dict
    reservations: dict
    market: dict
    heat: dict
    kill: str | None

    @staticmethod
    def keys(symbol):
        return (
            f"quantum:portfolio:budget:{symbol}",
            f"quantum:position:snapshot:{symbol}",
            f"quantum:state:positions:{symbol}",
            f"quantum:governor:reserved:position:{symbol}",
            f"quantum:state:market:{symbol}",
            "quantum:portfolio:heat",
        )

    def reserved(self):
        """The quantity permitted to other plans that the position does not show yet.

        The values by plan id are `<quantity> <expiry in ms> …`.
        """
        now = time.time() * 1000
        values = (value.split(" ") for name, value in self.reservations.items() if name != "last entry")
        return sum((Decimal(quantity) for quantity, expires, *_ in values if float(expires) > now), Decimal(0))

    def held(self):
        """The position of the newer record."""
        newest = max((r for r in (self.snapshot, self.position) if r), key=lambda r: int(r["ts_epoch"]), default=None)
        return number(newest, "position_amt") if newest else Decimal(0)


@dataclass
class Finding:
    gate: str
    verdict: str
    effect: str = "none"
    reason: str = ""
    evidence: dict = field(default_factory=dict)
    duration_us: float = 0.0


@dataclass
class Decision:
    entry_id: str
    plan: dict
    outcome: str
    gate: str
    reason: str
    findings: list
    quantity: Decimal
    notional: Decimal
    now: float
    violation: dict | None = None

    @property
    def plan_id(self):
        return self.plan["plan_id"]


def number(record, name):
    try:
        value = Decimal(record[name])
    except (KeyError, InvalidOperation) as error:
        raise Unusable(f"input_malformed:{name}") from error
    if not value.is_finite():
        raise Unusable(f"input_non_finite:{name}")
    return value


def age(record, now):
    if not record:
        raise Unusable("input_missing")
    seconds = now - int(record["timestamp"])
    if seconds > MAX_AGE:
        raise Unusable("input_stale")
    return round(seconds, 6)


def rounded(value):
    return value.quantize(CENT_OF_MICRO, rounding=ROUND_UP).normalize()


def exposure_after(plan, held):
    """The position after the plan, or None if the plan only reduces it."""
    order = number(plan, "qty") * (1 if plan["side"] == "BUY" else -1)
    after = held + order
    if plan.get("reduceOnly") == "true" and held * order < 0:
        after = max(after, Decimal(0)) if held > 0 else min(after, Decimal(0))
    reduces = abs(after) <= abs(held) and held * after >= 0
    return None if reduces else after


def budget_gate(plan, state, now):
    after = exposure_after(plan, state.held())
    if after is None:
        return Finding("p28-budget", "pass"), None
    seconds, budget = age(state.budget, now), number(state.budget, "budget_usd")
    price = number(plan, "entry_price")
    reserved = state.reserved()
    notional = rounded(abs(after + reserved) * price)
    evidence = {
        "budget_usd": budget, "position_notional": notional, "reserved_qty": reserved, "budget_age_sec": seconds,
    }
    if notional <= budget:
        return Finding("p28-budget", "pass", evidence=evidence), None
    over = notional - budget
    enforced = state.budget.get("mode") == "enforce"
    evidence |= {"over_budget": over, "position_after": after, "price": price}
    violation = {
        "event_type": "budget.violation",
        "symbol": plan["symbol"],
        "position_notional": notional,
        "budget_usd": budget,
        "over_budget": over,
        "mode": "enforce" if enforced else "shadow",
        "timestamp": int(now),
        "plan_id": plan["plan_id"],
    }
    effect = "blocked" if enforced else "would_block"
    return Finding("p28-budget", "block", effect, "p28_budget_violation", evidence), violation


def heat_gate(plan, state, now):
    held = state.held()
    after = exposure_after(plan, held)
    if after is None:
        return Finding("heat", "pass"), None
    seconds, heat, equity = age(state.heat, now), number(state.heat, "heat"), number(state.heat, "equity_usd")
    sigma = number(state.market, "sigma") if "sigma" in state.market else DEFAULT_SIGMA
    growth = max(Decimal(0), abs(after) - abs(held))
    projected = heat + rounded(growth * number(plan, "entry_price") * sigma / equity)
    evidence = {
        "heat": heat, "projected_heat": projected, "warm": WARM, "hot": HOT, "sigma": sigma, "equity_usd": equity,
        "heat_age_sec": seconds,
    }
    if projected >= HOT:
        return Finding("heat", "block", "blocked", "p26_heat_hot", evidence), None
    if projected >= WARM:
        return Finding("heat", "amend", "amended", "p26_heat_warm", evidence), None
    return Finding("heat", "pass", evidence=evidence), None


def kill_switch(plan, state, now):
    if state.kill == "1" and exposure_after(plan, state.held()) is not None:
        return Finding("kill-switch", "block", "blocked", "kill_switch_active"), None
    return Finding("kill-switch", "pass"), None


GATES = (("p28-budget", budget_gate), ("kill-switch", kill_switch), ("heat", heat_gate))


def decide(entry_id, plan, state):
    now = time.time()
    findings, violation, blocker = [], None, None
    quantity = number(plan, "qty")
    for name, gate in GATES:
        started = time.perf_counter()
        try:
            finding, event = gate(plan, state, now)
        except Unusable as error:
            finding, event = Finding(name, "abstain", "failed_open", str(error)), None
        finding.duration_us = round((time.perf_counter() - started) * 1e6, 3)
        findings.append(finding)
        violation = event or violation
        if finding.effect == "blocked":
            blocker = blocker or finding
        elif finding.effect == "amended":
            quantity *= WARM_SCALE
    return Decision(
        entry_id=entry_id,
        plan=plan,
        outcome="block" if blocker else "permit",
        gate=blocker.gate if blocker else "",
        reason=blocker.reason if blocker else "all_gates_passed",
        findings=findings,
        quantity=quantity,
        notional=rounded(quantity * number(plan, "entry_price")),
        now=now,
        violation=violation,
    )
