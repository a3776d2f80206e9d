import GateAPI
import Testing

@Suite struct FieldsTests {
    @Test("pairs keep their order, and the first of a name counts")
    func order() {
        let fields = Fields([("b", "1"), ("a", "2"), ("b", "3"), ("", "4")])
        #expect(fields.pairs.map(\.name) == ["b", "a", "b", ""])
        #expect(fields["b"] == "1")
        #expect(fields[""] == "4")
        #expect(fields["c"] == nil)
        #expect((fields.count, fields.byteCount) == (4, 7))
    }

    @Test(
        "a decimal may be given, absent, malformed or non-finite",
        arguments: [
            ("1.5", Reading<Amount>.value(Amount(percent: 150))), ("", .absent), ("x", .malformed),
            ("1e40", .malformed), ("NaN", .nonFinite),
            ("-inf", .nonFinite),
        ])
    func amounts(text: String, reading: Reading<Amount>) {
        let fields: Fields = ["n": text]
        #expect(fields.amount("n") == reading)
        #expect(fields.amount("m") == .absent)
    }

    @Test(
        "flags are read as Python and JSON print them",
        arguments: [
            ("true", Reading<Bool>.value(true)), ("True", .value(true)), ("TRUE", .value(true)), ("1", .value(true)),
            ("false", .value(false)),
            ("False", .value(false)), ("0", .value(false)), ("", .absent), ("yes", .malformed), (" true", .malformed),
            ("true\u{0}", .malformed),
        ])
    func flags(text: String, reading: Reading<Bool>) {
        let fields: Fields = ["f": text]
        #expect(fields.flag("f") == reading)
    }

    @Test("positions beyond the buffer read as empty")
    func outOfBounds() {
        let fields = Fields(
            buffer: [0x61, 0x62], positions: [.init(name: 0..<1, value: 1..<9), .init(name: 5..<9, value: 0..<1)])
        #expect(fields["a"] == "")
        #expect(fields.amount("a") == .malformed)
        #expect(fields.pairs.map(\.name) == ["a", ""])
    }

    @Test("invalid UTF-8 is repaired in text and matches no name")
    func invalidUTF8() {
        let fields = Fields(buffer: [0xFF, 0x31], positions: [.init(name: 0..<1, value: 1..<2)])
        #expect(fields.pairs.map(\.name) == ["\u{FFFD}"])
        #expect(fields.amount("x") == .absent)
    }
}
