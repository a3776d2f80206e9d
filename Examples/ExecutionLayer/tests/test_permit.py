"""Taking the permit, or giving it up for good."""

from concurrent.futures import ThreadPoolExecutor

from redis.exceptions import NoPermissionError

from execution_layer.executor import Executor
from execution_layer.governor_keys import PERMIT, PLANS, GovernorKeys, Taken, connect
from execution_layer.plan import Plan
from tests.desk import QUICK, DeskTestCase


class PermitTests(DeskTestCase):
    def test_a_permit_is_taken_and_its_order_reported(self) -> None:
        report = self.execute("p-1")
        self.assert_report(report, "True", filled_qty="0.002")
        self.assertEqual(report["error"], "")
        self.assertFalse(self.has_permit("p-1"))
        self.assertEqual(self.pending(), 0)

    def test_two_consumers_that_ask_at_once_take_a_permit_once(self) -> None:
        desks = [GovernorKeys(connect(self.server.url()), QUICK) for _ in range(2)]
        with ThreadPoolExecutor(max_workers=2) as threads:
            for number in range(200):
                plan = Plan(plan_id=f"p-{number}", symbol="BTCUSDT", side=None)
                self.permit(plan.plan_id)
                answers = list(threads.map(lambda desk: desk.take(plan), desks))
                self.assertEqual(sum(isinstance(answer, Taken) for answer in answers), 1, answers)

    def test_a_second_executor_without_the_permit_places_nothing(self) -> None:
        self.publish("p-1")
        self.publish("p-1")
        self.permit("p-1")
        self.executor.step()
        self.executor.step()
        self.assertEqual(len(self.exchange.sent), 1)
        self.assertEqual([report["executed"] for report in self.reports()], ["True", "False"])
        self.assertNotIn("exchange_refused", self.reports()[1])

    def test_a_permit_that_comes_after_the_report_is_left_alone(self) -> None:
        self.publish("p-1")
        self.executor.step()
        self.assert_report(self.report("p-1"), "False")
        self.assertEqual(self.report("p-1")["error"], "no permit in time: quantum:permit:p-1")
        self.permit("p-1")
        self.new_executor().recover()
        self.executor.step()
        self.assertTrue(self.has_permit("p-1"))
        self.assertEqual(self.exchange.sent, [])
        self.assertEqual(len(self.reports()), 1)

    def test_a_plan_that_is_published_again_after_such_a_report_is_executed(self) -> None:
        self.publish("p-1")
        self.executor.step()
        self.publish("p-1")
        self.permit("p-1")
        self.executor.step()
        self.assertEqual([report["executed"] for report in self.reports()], ["False", "True"])

    def test_no_permit_is_taken_while_another_one_is_missing(self) -> None:
        executor = self.new_executor(other_permits=("own:permit:",))
        self.publish("p-1")
        self.permit("p-1")
        executor.step()
        self.assert_report(self.report("p-1"), "False")
        self.assertEqual(self.report("p-1")["error"], "no permit in time: own:permit:p-1")
        self.assertTrue(self.has_permit("p-1"), "the host revokes the permit itself when it reads the report")
        self.assertEqual(self.exchange.sent, [])

    def test_all_permits_are_taken_together(self) -> None:
        executor = self.new_executor(other_permits=("own:permit:",))
        self.publish("p-1")
        self.permit("p-1")
        self.redis.set("own:permit:p-1", "yes")
        executor.step()
        self.assert_report(self.report("p-1"), "True", filled_qty="0.002")
        self.assertEqual(self.redis.exists("own:permit:p-1", PERMIT + "p-1"), 0)

    def test_a_block_ends_the_wait_at_once(self) -> None:
        executor = self.new_executor(permit_wait=60)
        self.publish("p-1")
        self.block("p-1", "p28_budget_violation")
        executor.step()
        self.assert_report(self.report("p-1"), "False")
        self.assertEqual(self.report("p-1")["error"], "blocked: p28_budget_violation")

    def test_a_permit_that_grants_nothing_is_neither_taken_nor_followed(self) -> None:
        cases = {"denied": {"granted": False}, "odd": {"granted": "true"}, "foreign": {"symbol": "ETHUSDT"}}
        for plan_id, members in cases.items():
            with self.subTest(plan_id):
                self.assert_report(self.execute(plan_id, permit=members), "False")
                self.assertTrue(self.has_permit(plan_id))
        self.assertEqual(self.exchange.sent, [])

    def test_garbage_in_the_permits_place_ends_the_plan_and_not_the_process(self) -> None:
        self.publish("hash")
        self.redis.hset(PERMIT + "hash", "granted", "true")
        self.publish("text")
        self.redis.set(PERMIT + "text", "granted")
        self.publish("number")
        self.redis.set(PERMIT + "number", "1")
        for _ in range(3):
            self.executor.step()
        self.assertEqual([report["executed"] for report in self.reports()], ["False"] * 3)
        self.assertEqual(self.exchange.sent, [])

    def test_plans_that_no_order_can_be_made_of_are_reported_and_others_skipped(self) -> None:
        self.publish("no-side", side="")
        self.publish("no-leg", positionSide="UP")
        self.publish("hold", decision="SKIP")
        self.redis.xadd(PLANS, {"garbage": b"\xff\xfe"})
        self.publish(b"\xff")
        for _ in range(5):
            self.executor.step()
        self.assertEqual([report["plan_id"] for report in self.reports()], ["no-side", "no-leg", "\udcff"])
        self.assertEqual({report["executed"] for report in self.reports()}, {"False"})
        self.assertEqual(self.pending(), 0)

    def test_a_report_is_not_written_without_its_acknowledgement(self) -> None:
        self.redis.acl_setuser("no-ack", enabled=True, passwords=["+secret"], keys=["*"], commands=["+@all", "-xack"])
        self.addCleanup(self.redis.acl_deluser, "no-ack")
        client = connect(self.server.url("no-ack", "secret"))
        self.addCleanup(client.close)
        self.publish("p-1")
        with self.assertRaises(NoPermissionError):
            Executor(GovernorKeys(client, QUICK), self.exchange, QUICK).step()
        self.assertEqual((self.reports(), self.pending()), ([], 1))

    def test_an_order_that_opens_waits_for_the_extra_cooldown(self) -> None:
        self.execute("first", permit={"extra_cooldown_sec": "60"})
        self.assert_report(self.execute("opens"), "False")
        self.assertEqual(self.report("opens")["error"], "the symbol cools down")
        self.assertTrue(self.has_permit("opens"))
        self.assert_report(self.execute("closes", "SELL", reduceOnly="true"), "True", filled_qty="0.002")
