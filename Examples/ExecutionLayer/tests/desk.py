"""What every test needs: a Redis, an exchange, an executor, and the host's part played by hand."""

import json
import unittest
from dataclasses import replace

from execution_layer.executor import Executor
from execution_layer.governor_keys import BLOCK, PERMIT, PLANS, RESULTS, GovernorKeys, connect
from execution_layer.settings import Settings
from execution_layer.simulated_exchange import SimulatedExchange
from tests.redis_server import RedisServer

QUICK = Settings(
    name="executor-1", permit_wait=0.1, permit_poll=0.01, fill_wait=0.1, settle_limit=0.5, look_pause=0.01)


class DeskTestCase(unittest.TestCase):
    server: RedisServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = RedisServer()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self) -> None:
        self.redis = connect(self.server.url())
        self.addCleanup(self.redis.close)
        self.redis.flushall()
        self.exchange = SimulatedExchange()
        self.executor = self.new_executor()
        self.executor.recover()

    def new_executor(self, exchange: object = None, **settings: object) -> Executor:
        used = replace(QUICK, **settings)
        client = connect(self.server.url())
        self.addCleanup(client.close)
        return Executor(GovernorKeys(client, used), exchange or self.exchange, used)

    def publish(self, plan_id: str | bytes, side: str = "BUY", **fields: str) -> None:
        plan = {"plan_id": plan_id, "decision": "EXECUTE", "symbol": "BTCUSDT", "side": side, **fields}
        self.redis.xadd(PLANS, plan)

    def permit(self, plan_id: str, computed_qty: object = 0.002, **members: object) -> None:
        """Writes a permit as the host does."""
        permit = {
            "granted": True, "symbol": "BTCUSDT", "decision": "EXECUTE", "computed_qty": computed_qty,
            "computed_notional": 200, "created_at": 1796031370.644, "consumed": False, "eff_score": "",
            "eff_confidence": "", "eff_stale": "1", "eff_factor": "1.0000", "eff_action": "NONE",
            "eff_reason": "missing_eff", "downsize_factor": "1.0000", "extra_cooldown_sec": "0",
        }
        self.redis.set(PERMIT + plan_id, json.dumps(permit | members), ex=60)

    def block(self, plan_id: str, reason: str) -> None:
        self.redis.set(BLOCK + plan_id, json.dumps({"reason": reason, "symbol": "BTCUSDT"}), ex=3600)

    def has_permit(self, plan_id: str) -> bool:
        return bool(self.redis.exists(PERMIT + plan_id))

    def execute(self, plan_id: str, side: str = "BUY", computed_qty: object = 0.002, permit: dict | None = None,
                **fields: str) -> dict[str, str]:
        """Publishes a plan, permits it, lets the executor handle it, and returns the report."""
        self.publish(plan_id, side, **fields)
        self.permit(plan_id, computed_qty, **(permit or {}))
        self.executor.step()
        return self.report(plan_id)

    def reports(self) -> list[dict[str, str]]:
        return [fields for _, fields in self.redis.xrange(RESULTS)]

    def report(self, plan_id: str) -> dict[str, str]:
        """The plan's only report."""
        own = [report for report in self.reports() if report["plan_id"] == plan_id]
        self.assertEqual(len(own), 1, own)
        return own[0]

    def pending(self) -> int:
        return self.redis.xpending(PLANS, QUICK.group)["pending"]

    def assert_report(self, report: dict[str, str], executed: str, **expected: str) -> None:
        """Compares every field but the time and the words of an error."""
        fields = {"symbol": "BTCUSDT", "executed": executed} | expected
        self.assertEqual({k: v for k, v in report.items() if k not in ("plan_id", "error", "timestamp")}, fields)
        self.assertGreater(float(report["timestamp"]), 1_700_000_000)
