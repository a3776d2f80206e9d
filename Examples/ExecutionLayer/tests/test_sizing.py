"""Size, side, leg and cap of the order."""

from decimal import Decimal

from execution_layer.order import Leg, Order, Side
from execution_layer.permit import Permit, PermitError
from tests.desk import DeskTestCase


class SizingTests(DeskTestCase):
    def order(self, plan_id: str, *arguments: object, **fields: object) -> Order:
        """The order that the executor sent for this plan."""
        before = len(self.exchange.sent)
        self.execute(plan_id, *arguments, **fields)
        self.assertEqual(len(self.exchange.sent), before + 1, self.report(plan_id))
        return self.exchange.sent[-1]

    def test_an_order_is_at_most_the_computed_quantity(self) -> None:
        for number, (granted, placed) in enumerate([
            ("0.002", "0.002"), ("0.0029999999", "0.002"), ("1", "1"),
            ("123456789012345.12345678", "123456789012345.123"),
        ]):
            with self.subTest(granted):
                self.publish(f"p-{number}", qty="1000000000000000")
                permit = f'{{"granted": true, "symbol": "BTCUSDT", "computed_qty": {granted}}}'
                self.redis.set(f"quantum:permit:p-{number}", permit)
                self.executor.step()
                self.assertEqual(self.exchange.sent[-1].quantity, Decimal(placed))

    def test_less_than_the_smallest_quantity_is_not_placed(self) -> None:
        self.assert_report(self.execute("p-1", computed_qty=0.0009), "False")
        self.assertEqual(self.exchange.sent, [])

    def test_a_permit_without_a_quantity_places_nothing(self) -> None:
        self.exchange.hold("BTCUSDT", Decimal(1))
        self.assert_report(self.execute("p-1", "SELL", computed_qty=0), "False")
        self.assertEqual(self.exchange.sent, [])

    def test_reduce_only_of_the_permit_reaches_the_exchange(self) -> None:
        self.exchange.hold("BTCUSDT", Decimal("0.5"))
        order = self.order("p-1", "SELL", computed_qty=10, permit={"reduce_only": True})
        self.assertTrue(order.reduce_only)
        self.assert_report(self.report("p-1"), "True", filled_qty="0.5")
        self.assertEqual(self.exchange.positions("BTCUSDT"), {}, "the position is closed and not turned")

    def test_reduce_only_of_the_plan_reaches_the_exchange_too(self) -> None:
        self.exchange.hold("BTCUSDT", Decimal(1))
        for number, field in enumerate(["reduceOnly", "reduce_only", "closePosition", "close_position"]):
            with self.subTest(field):
                self.assertTrue(self.order(f"p-{number}", "SELL", computed_qty=0.01, **{field: "True"}).reduce_only)

    def test_an_order_without_a_cap_is_not_reduce_only(self) -> None:
        self.assertFalse(self.order("p-1").reduce_only)
        self.assertFalse(self.order("p-2", permit={"reduce_only": False}).reduce_only)

    def test_a_position_of_unknown_size_is_closed_by_its_part(self) -> None:
        for number, (held, side, fraction, expected) in enumerate([
            ("0.9", "SELL", 1, (Side.SELL, "0.9")),
            ("0.9", "CLOSE", 0.25, (Side.SELL, "0.225")),
            ("-0.0039", "CLOSE", 0.75, (Side.BUY, "0.002")),
            ("-2", "BUY", 0.5, (Side.BUY, "1")),
        ]):
            with self.subTest(held=held, side=side, fraction=fraction):
                self.exchange.hold("BTCUSDT", Decimal(held))
                order = self.order(f"p-{number}", side, computed_qty=0, permit={"close_fraction": fraction})
                self.assertEqual((order.side, order.quantity), (expected[0], Decimal(expected[1])))
                self.assertTrue(order.reduce_only)

    def test_an_unknown_size_opens_nothing(self) -> None:
        for plan_id, held, side in [("flat", "0", "SELL"), ("short", "-1", "SELL"), ("close-flat", "0", "CLOSE")]:
            with self.subTest(plan_id):
                self.exchange.hold("BTCUSDT", Decimal(held))
                report = self.execute(plan_id, side, computed_qty=0, permit={"close_fraction": 1})
                self.assert_report(report, "False")
                self.assertIn("there is no position to close", report["error"])
        self.assertEqual(self.exchange.sent, [])

    def test_an_action_that_closes_needs_no_side(self) -> None:
        self.exchange.hold("BTCUSDT", Decimal("-1"))
        order = self.order("p-1", "", computed_qty=0.5, action="PARTIAL_50")
        self.assertEqual((order.side, order.reduce_only), (Side.BUY, True))

    def test_numbers_that_are_none_are_refused(self) -> None:
        for text in ["NaN", "Infinity", "-1", '"1"', "true", "null", "[]"]:
            with self.subTest(text), self.assertRaises(PermitError):
                Permit.parse(f'{{"computed_qty": {text}}}')
        for text in ["0", "1.0000001", "-0.5", '"1"', "NaN"]:
            with self.subTest(text), self.assertRaises(PermitError):
                Permit.parse(f'{{"computed_qty": 0, "close_fraction": {text}}}')


class HedgeModeTests(DeskTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.exchange.hedge_mode = True
        self.exchange.hold("BTCUSDT", Decimal(1), Leg.LONG)
        self.exchange.hold("BTCUSDT", Decimal(-3), Leg.SHORT)

    def placed(self, plan_id: str, side: str, computed_qty: object, permit: dict | None = None, **fields: str):
        """Side, leg and quantity of the order that the executor sent."""
        before = len(self.exchange.sent)
        self.execute(plan_id, side, computed_qty, permit, **fields)
        self.assertEqual(len(self.exchange.sent), before + 1, self.report(plan_id))
        order = self.exchange.sent[-1]
        self.assertFalse(order.reduce_only, "an exchange in hedge mode refuses reduceOnly")
        self.assertEqual(self.report(plan_id)["executed"], "True")
        return order.side.value, order.leg.value, str(order.quantity)

    def test_a_capped_order_goes_to_the_leg_that_it_closes(self) -> None:
        capped = {"reduce_only": True}
        self.assertEqual(self.placed("sell", "SELL", 0.5, capped), ("SELL", "LONG", "0.500"))
        self.assertEqual(self.placed("buy", "BUY", 2, capped), ("BUY", "SHORT", "2.000"))
        self.assertEqual(self.placed("named", "BUY", 0.5, capped, positionSide="SHORT"), ("BUY", "SHORT", "0.500"))

    def test_a_capped_order_is_at_most_its_leg(self) -> None:
        self.assertEqual(self.placed("p-1", "SELL", 10, {"reduce_only": True}), ("SELL", "LONG", "1.000"))
        self.assertEqual(self.exchange.positions("BTCUSDT"), {Leg.SHORT: Decimal(-3)})

    def test_an_order_that_opens_names_its_leg(self) -> None:
        self.assertEqual(self.placed("p-1", "SELL", 1, position_side="short"), ("SELL", "SHORT", "1.000"))

    def test_an_unknown_size_is_that_of_the_leg(self) -> None:
        part = {"close_fraction": 0.5}
        self.assertEqual(self.placed("p-1", "CLOSE", 0, part, positionSide="SHORT"), ("BUY", "SHORT", "1.500"))

    def test_the_only_leg_needs_no_name(self) -> None:
        self.exchange.hold("BTCUSDT", Decimal(0), Leg.SHORT)
        self.assertEqual(self.placed("p-1", "CLOSE", 0, {"close_fraction": 1}), ("SELL", "LONG", "1.000"))

    def test_no_leg_is_guessed(self) -> None:
        self.assert_report(self.execute("opens", "SELL"), "False")
        self.assertIn("names no positionSide", self.report("opens")["error"])
        self.assert_report(self.execute("which", "CLOSE", 0, {"close_fraction": 1}), "False")
        self.assertIn("2 legs are held", self.report("which")["error"])
        self.assertEqual(self.exchange.sent, [])

    def test_a_capped_order_never_opens_a_leg(self) -> None:
        report = self.execute("p-1", "SELL", 1, {"reduce_only": True}, positionSide="SHORT")
        self.assert_report(report, "False")
        self.assertIn("SELL does not close the SHORT leg", report["error"])
        self.assertEqual(self.exchange.sent, [])
