"""The writes of both consumers: keys, lifetimes, records."""

import hashlib
import json
import os
import socket
import time

from governor import DEFAULT_SIGMA, HOT, MAX_AGE, WARM, WARM_SCALE

DECISIONS = "quantum:stream:governor.decision"
VIOLATIONS = "quantum:stream:budget.violation"
PERMIT = "quantum:permit:"
BLOCK = "quantum:governor:block:"
OUTCOME = "quantum:governor:outcome:"
PERMIT_TTL, BLOCK_TTL, OUTCOME_TTL = 60, 3600, 86400
VIOLATIONS_KEPT = 1000

CONFIG_HASH = hashlib.sha256(f"{MAX_AGE} {WARM} {HOT} {WARM_SCALE} {DEFAULT_SIGMA}".encode()).hexdigest()[:16]
HOST = f"{socket.gethostname()}:{os.getpid()}"


def dump(value):
    return json.dumps(value, default=float)


def body_hash(plan):
    """Distinguishes a repeated plan from another plan with the same id; the timestamp does not count."""
    body = "\0".join(f"{name}\0{value}" for name, value in sorted(plan.items()) if name != "timestamp")
    return hashlib.sha1(body.encode()).hexdigest()[:16]


def outcome_value(decision):
    return f"{body_hash(decision.plan)} {decision.entry_id} {decision.outcome}"


def permit_json(decision):
    return dump({
        "granted": True,
        "symbol": decision.plan["symbol"],
        "decision": "EXECUTE",
        "computed_qty": decision.quantity,
        "computed_notional": decision.notional,
        "created_at": decision.now,
        "consumed": False,
        "eff_score": "",
        "eff_confidence": "",
        "eff_stale": "1",
        "eff_factor": "1.0000",
        "eff_action": "NONE",
        "eff_reason": "missing_eff",
        "downsize_factor": "1.0000",
        "extra_cooldown_sec": "0",
    })


def block_json(decision):
    return dump({"reason": decision.reason, "timestamp": decision.now, "symbol": decision.plan["symbol"]})


def decision_record(decision):
    plan = decision.plan
    gates = [
        {
            "gate": f.gate, "mode": "enforce", "verdict": f.verdict, "effect": f.effect, "reason": f.reason,
            "evidence": f.evidence, "duration_us": f.duration_us,
        }
        for f in decision.findings
    ]
    record = {
        "intent_id": decision.entry_id,
        "plan_id": decision.plan_id,
        "symbol": plan["symbol"],
        "outcome": decision.outcome,
        "gate": decision.gate,
        "reason": decision.reason,
        "gates": json.dumps(gates, default=float, separators=(",", ":")),
        "config_hash": CONFIG_HASH,
        "host": HOST,
        "decided_at_ms": int(decision.now * 1000),
        "action": plan.get("action", ""),
        "side": plan["side"],
        "quantity": plan["qty"],
    }
    if decision.outcome == "permit":
        record |= {"computed_qty": str(decision.quantity), "computed_notional": str(decision.notional)}
    record["plan"] = json.dumps(plan, separators=(",", ":"))
    return record


def duplicate(entry_id, plan, first):
    """The decision record of a plan whose id already has an outcome."""
    body, first_id, _ = first.split(" ")
    same = body == body_hash(plan)
    return {
        "intent_id": entry_id,
        "plan_id": plan["plan_id"],
        "symbol": plan["symbol"],
        "outcome": "duplicate" if same else "block",
        "reason": "plan_already_decided" if same else "plan_id_reused",
        "first_intent_id": first_id,
        "config_hash": CONFIG_HASH,
        "host": HOST,
        "decided_at_ms": int(time.time() * 1000),
        "plan": json.dumps(plan, separators=(",", ":")),
    }
