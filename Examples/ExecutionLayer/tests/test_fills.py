"""From the exchange's answer to the report."""

from decimal import Decimal

from tests.desk import DeskTestCase


class FillTests(DeskTestCase):
    def test_fills_in_parts_are_reported_as_one_sum(self) -> None:
        self.exchange.parts.extend([Decimal("0.001"), Decimal("0.002"), Decimal("0.007")])
        self.assert_report(self.execute("p-1", computed_qty=0.01), "True", filled_qty="0.010")

    def test_the_rest_of_a_partial_fill_is_cancelled_and_the_part_reported(self) -> None:
        self.exchange.parts.append(Decimal("0.003"))
        self.exchange.rests = True
        self.assert_report(self.execute("p-1", computed_qty=0.01), "True", filled_qty="0.003")

    def test_an_order_of_which_nothing_filled_was_placed_all_the_same(self) -> None:
        self.exchange.rests = True
        self.assert_report(self.execute("p-1"), "True", filled_qty="0")

    def test_a_refusal_is_reported_as_one(self) -> None:
        self.exchange.refusal = "margin is insufficient"
        report = self.execute("p-1")
        self.assert_report(report, "False", exchange_refused="true")
        self.assertEqual(report["error"], "margin is insufficient")
        self.assertFalse(self.has_permit("p-1"))

    def test_a_reduce_only_order_without_a_position_is_refused(self) -> None:
        self.assert_report(self.execute("p-1", "SELL", permit={"reduce_only": True}), "False", exchange_refused="true")

    def test_an_order_that_arrives_after_the_time_out_is_found_and_reported(self) -> None:
        self.exchange.silence = "late"
        self.assert_report(self.execute("p-1"), "True", filled_qty="0.002")
        self.assertEqual(len(self.exchange.sent), 1, "an unclear order is never sent twice")

    def test_an_order_that_never_arrives_is_not_called_refused(self) -> None:
        self.exchange.silence = "lost"
        report = self.execute("p-1")
        self.assert_report(report, "False")
        self.assertEqual(report["error"], "the order never reached the exchange")
        self.assertEqual(len(self.exchange.sent), 1)

    def test_an_order_is_not_given_up_while_it_may_still_arrive(self) -> None:
        self.exchange.silence = "lost"
        self.exchange.order_window = 60
        report = self.execute("p-1")
        self.assert_report(report, "True")
        self.assertEqual(report["error"], "the exchange does not say whether it has the order")

    def test_an_exchange_that_stays_silent_may_have_filled_the_order(self) -> None:
        for plan_id, silence in [("accepted", ""), ("unclear", "late")]:
            with self.subTest(plan_id):
                self.exchange.tell(silence=silence, silent_looks=10_000, rests=True)
                self.assert_report(self.execute(plan_id), "True")
                self.assertNotEqual(self.report(plan_id)["error"], "")

    def test_look_ups_that_time_out_are_repeated(self) -> None:
        self.exchange.tell(silence="late", silent_looks=5)
        self.assert_report(self.execute("p-1"), "True", filled_qty="0.002")
