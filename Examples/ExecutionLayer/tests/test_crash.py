"""Executors that die, by SIGKILL, between two steps."""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from decimal import Decimal
from multiprocessing.managers import BaseManager

from execution_layer.executor import Executor
from execution_layer.governor_keys import PLANS, GovernorKeys, connect
from execution_layer.order import Leg, Order, OrderState
from execution_layer.simulated_exchange import SimulatedExchange
from tests.desk import QUICK, DeskTestCase

ORDER_WINDOW = 0.2


class ExchangeServer(BaseManager):
    """Keeps the exchange in a process of its own, so that it outlives an executor."""


ExchangeServer.register("exchange", SimulatedExchange)


class RemoteExchange:
    """The exchange, seen by a process that may die before or after it places an order."""

    hedge_mode = False
    order_window = ORDER_WINDOW

    def __init__(self, exchange: SimulatedExchange, dies: str = "") -> None:
        self._exchange = exchange
        self._dies = dies

    def quantity_step(self, symbol: str) -> Decimal:
        return self._exchange.quantity_step(symbol)

    def positions(self, symbol: str) -> Mapping[Leg, Decimal]:
        return self._exchange.positions(symbol)

    def place(self, order: Order) -> OrderState:
        if self._dies == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            return self._exchange.place(order)
        finally:
            # Also if the order's answer is unclear.
            if self._dies == "after":
                os.kill(os.getpid(), signal.SIGKILL)

    def find(self, symbol: str, client_order_id: str) -> OrderState | None:
        return self._exchange.find(symbol, client_order_id)

    def cancel(self, symbol: str, client_order_id: str) -> None:
        self._exchange.cancel(symbol, client_order_id)


def execute_and_die(url: str, exchange: SimulatedExchange, dies: str) -> None:
    """The first executor's process."""
    executor = Executor(GovernorKeys(connect(url), QUICK), RemoteExchange(exchange, dies), QUICK)
    executor.recover()
    executor.step()


class CrashTests(DeskTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.fork = multiprocessing.get_context("fork")
        server = ExchangeServer(ctx=self.fork)
        server.start()
        self.addCleanup(server.shutdown)
        self.shared = server.exchange(order_window=ORDER_WINDOW)

    def crash(self, dies: str) -> None:
        """Lets an executor handle the next plan in a process of its own, which kills itself."""
        process = self.fork.Process(target=execute_and_die, args=(self.server.url(), self.shared, dies))
        process.start()
        process.join(20)
        self.assertEqual(process.exitcode, -signal.SIGKILL)
        self.assertEqual(self.reports(), [])
        self.assertEqual(self.pending(), 1)

    def restart(self) -> None:
        """Starts the executor again under its name, and lets it recover."""
        self.new_executor(RemoteExchange(self.shared)).recover()
        self.assertEqual(self.pending(), 0)

    def test_an_order_placed_before_the_crash_is_found_and_reported(self) -> None:
        self.publish("p-1")
        self.permit("p-1")
        self.crash("after")
        self.restart()
        self.assert_report(self.report("p-1"), "True", filled_qty="0.002")
        self.assertEqual(len(self.shared.orders()), 1)

    def test_an_order_that_arrives_after_the_restart_is_waited_for(self) -> None:
        self.shared.tell(silence="late")
        self.publish("p-1")
        self.permit("p-1")
        self.crash("after")
        self.restart()
        self.assert_report(self.report("p-1"), "True", filled_qty="0.002")
        self.assertEqual(len(self.shared.orders()), 1)

    def test_a_permit_consumed_without_an_order_is_reported_once_no_order_can_arrive(self) -> None:
        self.publish("p-1")
        self.permit("p-1")
        self.crash("before")
        self.assertFalse(self.has_permit("p-1"))
        self.restart()
        self.assert_report(self.report("p-1"), "False")
        self.assertEqual(self.shared.orders(), [])

    def test_an_exchange_that_is_away_after_the_crash_leaves_the_order_as_maybe_executed(self) -> None:
        self.publish("p-1")
        self.permit("p-1")
        self.crash("before")
        self.shared.tell(silent_looks=10_000)
        self.restart()
        self.assert_report(self.report("p-1"), "True")

    def test_a_permit_that_was_not_consumed_before_the_crash_is_used(self) -> None:
        self.publish("p-1")
        self.new_executor()._keys.next()
        self.permit("p-1")
        self.restart()
        self.assert_report(self.report("p-1"), "True", filled_qty="0.002")

    def test_a_permit_that_a_failover_brings_back_places_no_second_order(self) -> None:
        self.publish("p-1")
        self.permit("p-1")
        self.executor.step()
        self.publish("p-1")
        self.permit("p-1")
        self.new_executor(redis_may_fail_over=True).step()
        self.assertEqual([report["filled_qty"] for report in self.reports()], ["0.002", "0.002"])
        self.assertEqual(len(self.exchange.sent), 1)

    def test_an_entry_deleted_while_it_was_pending_is_acknowledged_and_logged(self) -> None:
        self.publish("p-1")
        self.permit("p-1")
        self.crash("after")
        self.redis.xtrim(PLANS, maxlen=0, approximate=False)
        with self.assertLogs("execution_layer.executor", "ERROR"):
            self.restart()
        self.assertEqual(self.reports(), [])
