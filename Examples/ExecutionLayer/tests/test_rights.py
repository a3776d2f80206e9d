"""The executor with the rights of config/redis/users.acl, and the documents that show its script."""

import subprocess
import unittest
from pathlib import Path

from execution_layer.executor import Executor
from execution_layer.governor_keys import GovernorKeys, connect
from execution_layer.simulated_exchange import SimulatedExchange
from tests.desk import QUICK, DeskTestCase
from tests.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[3]
PASSWORDS = {user: f"password-of-{user}" for user in ("execution-layer", "admin")}


class RightsTests(DeskTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = cls.server.socket.parent
        passwords = folder / "passwords"
        passwords.write_text("".join(f"{user} {password}\n" for user, password in PASSWORDS.items()))
        rules = folder / "users.acl"
        subprocess.run([ROOT / "config/redis/make-acl.sh", passwords, rules], check=True)
        cls.guarded = RedisServer("--aclfile", str(rules))
        cls.addClassCleanup(cls.guarded.stop)

    def setUp(self) -> None:
        self.exchange = SimulatedExchange()
        self.redis = connect(self.guarded.url("admin", PASSWORDS["admin"]))
        self.addCleanup(self.redis.close)
        client = connect(self.guarded.url("execution-layer", PASSWORDS["execution-layer"]))
        self.addCleanup(client.close)
        self.executor = Executor(GovernorKeys(client, QUICK), self.exchange, QUICK)
        self.executor.recover()

    def test_the_execution_layers_user_may_do_all_of_it(self) -> None:
        self.assert_report(self.execute("done"), "True", filled_qty="0.002")
        self.publish("waits")
        self.executor.step()
        self.assert_report(self.report("waits"), "False")
        self.block("blocked", "heat_hot")
        self.publish("blocked")
        self.executor.step()
        self.assertEqual(self.report("blocked")["error"], "blocked: heat_hot")
        self.assertEqual(self.redis.acl_log(), [])


class DocumentTests(unittest.TestCase):
    def test_the_contract_shows_the_script_that_is_run(self) -> None:
        script = (ROOT / "Examples/ExecutionLayer/execution_layer/take.lua").read_text()
        shown = "".join(f"    {line}\n" for line in script.splitlines())
        self.assertTrue(shown in (ROOT / "docs/CONTRACT.md").read_text(), f"docs/CONTRACT.md does not show\n{shown}")
