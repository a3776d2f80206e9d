import GateAPI
import GateTestSupport
import Testing

/// H1 and H2: how a plan says that its order may only reduce, and which leg it changes.
@Suite struct CapsParsingTests {
    private func intent(_ pairs: [(String, String)]) throws -> Intent {
        try #require(Fields.plan(pairs).parsed.intent)
    }

    @Test(
        "H1: a leg is read in any case; BOTH is none; anything else is an unknown one",
        arguments: [
            ("LONG", PositionLeg.long, true), ("long", .long, true), ("Long", .long, true), ("SHORT", .short, true),
            ("short", .short, true), ("sHoRt", .short, true), ("BOTH", nil, false), ("both", nil, false),
            ("", nil, false), ("up", nil, true), ("LONG ", nil, true), ("LONGS", nil, true), ("None", nil, true),
            ("L\u{0}NG", nil, true), ("ＬＯＮＧ", nil, true),
        ] as [(String, PositionLeg?, Bool)])
    func legs(text: String, leg: PositionLeg?, isNamed: Bool) throws {
        for name in ["positionSide", "position_side"] {
            let intent = try intent([(name, text)])
            #expect(intent.leg == leg)
            #expect(intent.namesLeg == isNamed)
            #expect(intent.hasUnknownLeg == (isNamed && leg == nil))
        }
    }

    @Test(
        "H1: two fields may name one leg, not two",
        arguments: [
            ("LONG", "long", PositionLeg.long, false), ("LONG", "BOTH", .long, false), ("", "SHORT", .short, false),
            ("LONG", "SHORT", nil, true), ("LONG", "up", nil, true), ("up", "up", nil, true),
        ] as [(String, String, PositionLeg?, Bool)])
    func twoFields(camel: String, snake: String, leg: PositionLeg?, isUnknown: Bool) throws {
        let intent = try intent([("positionSide", camel), ("position_side", snake)])
        #expect(intent.leg == leg)
        #expect(intent.hasUnknownLeg == isUnknown)
    }

    @Test(
        "H2: a flag is read in any case, and as a digit",
        arguments: [
            ("true", Reading<Bool>.value(true)), ("True", .value(true)), ("TRUE", .value(true)), ("1", .value(true)),
            ("false", .value(false)), ("False", .value(false)), ("0", .value(false)), ("", .absent),
            ("yes", .malformed), ("01", .malformed), ("true ", .malformed), ("tru\u{45}", .value(true)),
            ("T", .malformed),
            ("\u{54}\u{12}UE", .malformed),
        ])
    func flags(text: String, reading: Reading<Bool>) throws {
        for name in ["reduceOnly", "reduce_only", "closePosition", "close_position"] {
            #expect(try intent([(name, text)]).reduceOnly == reading, "\(name)")
        }
    }

    @Test(
        "H2: if any field says that the order may only reduce, it may",
        arguments: [
            ([("reduceOnly", "false"), ("reduce_only", "true")], Reading<Bool>.value(true)),
            ([("reduceOnly", "x"), ("closePosition", "1")], .value(true)),
            ([("reduceOnly", "true"), ("reduce_only", "false")], .value(true)),
            ([("reduceOnly", "false"), ("reduce_only", "x")], .value(false)),
            ([("close_position", "false")], .value(false)), ([], .absent),
        ])
    func anyField(pairs: [(String, String)], reading: Reading<Bool>) throws {
        #expect(try intent(pairs).reduceOnly == reading)
    }

    @Test(
        "H2: an order that closes the position has no quantity of its own",
        arguments: [
            ([("closePosition", "true")], Reading<Amount>.absent), ([("close_position", "True")], .absent),
            ([("closePosition", "false")], .value(5)), ([("closePosition", "x")], .value(5)),
            ([("reduceOnly", "true")], .value(5)),
        ])
    func closePosition(pairs: [(String, String)], quantity: Reading<Amount>) throws {
        #expect(try intent(pairs + [("qty", "5")]).quantity == quantity)
        let malformed = quantity == .absent ? Reading<Amount>.absent : .malformed
        #expect(try intent(pairs + [("qty", "five")]).quantity == malformed)
    }
}
