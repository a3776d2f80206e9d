import GateAPI
import GateTestSupport
import SeededRandom
import Testing

@Suite struct AmountTextTests {
    static let wellFormed: [(text: String, printed: String)] = [
        ("0", "0"), ("-0", "0"), ("+0.0", "0"), ("000", "0"), ("0e999999999", "0"), ("1", "1"), ("007", "7"),
        ("1820.93", "1820.93"),
        ("1820.0", "1820"), ("-0.5", "-0.5"), (".5", "0.5"), ("5.", "5"), ("+3", "3"), ("1e-05", "0.00001"),
        ("1E+16", "10000000000000000"),
        ("1e5", "100000"), ("  12.5\t\n", "12.5"), ("\u{0B}\u{0C}\r7 ", "7"), ("0.00000001", "0.00000001"),
        ("-0.00000001", "-0.00000001"),
        // As Python's float() reads it.
        ("1_0", "10"), ("1_000.5_0", "1000.5"), (" -1_0e0_1 ", "-100"), ("1_0.0_1e1", "100.1"),
        // Every digit of a binary float as Python prints it.
        ("1867.9999999999998", "1867.9999999999998"), ("23.80952380952381", "23.80952380952381"),
        ("0.0051020147856388485", "0.0051020147856388485"), ("0.30000000000000004", "0.30000000000000004"),
        ("123456789.12345678", "123456789.12345678"), ("2246.9135598000003", "2246.9135598000003"),
        ("0.00010204029571277697", "0.00010204029571277697"), ("1.2e-9", "0.0000000012"), ("4e-9", "0.000000004"),
        ("1.2345678901234e-07", "0.00000012345678901234"), ("1e+17", "100000000000000000"),
        // Ties go to the even digit, and the smallest digit beyond a tie breaks it.
        ("5e-21", "0"), ("1.5e-20", "0.00000000000000000002"), ("2.5e-20", "0.00000000000000000002"),
        ("-0.000000000000000000015", "-0.00000000000000000002"),
        ("0.0000000000000000000050000000000000000000000000000000000000000000000001", "0.00000000000000000001"),
        ("0.0000000000000000000149999999999999999999999999999999999999999999999999", "0.00000000000000000001"),
        ("0.00000000000000000002500000000000000000000000000000000000000000000000", "0.00000000000000000002"),
        ("5.0000000000000000000000000000000000000001e-21", "0.00000000000000000001"), ("1e-400", "0"), ("9e-22", "0"),
        // The extremes, to the last unit.
        ("1701411834604692317.31687303715884105727", "1701411834604692317.31687303715884105727"),
        ("-1701411834604692317.31687303715884105728", "-1701411834604692317.31687303715884105728"),
        ("1701411834604692317.31687303715884105727499999999999", "1701411834604692317.31687303715884105727"),
        ("170141183460469231731687303715884105727e-20", "1701411834604692317.31687303715884105727"),
        ("1000000000000000000.00000000000000000001", "1000000000000000000.00000000000000000001"),
        ("987654321098765432.109876543210123456785", "987654321098765432.10987654321012345678"),
        ("987654321098765432.1098765432101234567850001", "987654321098765432.10987654321012345679"),
        ("999999999999999999", "999999999999999999"), ("0.99999999999999999999", "0.99999999999999999999"),
        ("10000000000.0000000001", "10000000000.0000000001"), ("0.0000000001", "0.0000000001"),
        ("0.00000000010000000001", "0.00000000010000000001"),
    ]

    @Test("I12: decimal text is read exactly and printed plainly", arguments: wellFormed)
    func parses(text: String, printed: String) throws {
        let amount = try Amount(text)
        #expect(amount.description == printed)
        #expect(try Amount(printed) == amount)
    }

    static let refused: [(text: String, error: AmountError)] = [
        ("", .notANumber), (" ", .notANumber), ("+", .notANumber), ("-", .notANumber), (".", .notANumber),
        ("-.", .notANumber), ("e5", .notANumber),
        ("1e", .notANumber), ("1e+", .notANumber), ("1e5.0", .notANumber), ("1.2.3", .notANumber), ("1 2", .notANumber),
        ("--1", .notANumber),
        ("_1", .notANumber), ("1_", .notANumber), ("1__0", .notANumber), ("1_.5", .notANumber), ("1._5", .notANumber),
        ("1e_5", .notANumber), ("1_e5", .notANumber), ("_", .notANumber), ("1,5", .notANumber), ("0x10", .notANumber),
        ("1e-3x", .notANumber),
        ("abc", .notANumber), ("1\u{0}", .notANumber),
        ("١٢", .notANumber), ("1\u{A0}", .notANumber), ("infi", .notANumber), ("nano", .notANumber),
        ("in f", .notANumber),
        ("nan", .nonFinite), ("NaN", .nonFinite), ("-nan", .nonFinite), ("inf", .nonFinite), ("+Inf", .nonFinite),
        ("-Infinity", .nonFinite),
        (" INFINITY ", .nonFinite), ("1701411834604692317.31687303715884105728", .overflow),
        ("-1701411834604692317.31687303715884105729", .overflow),
        ("1701411834604692317.316873037158841057275", .overflow), ("2e18", .overflow), ("-2e18", .overflow),
        ("1e30", .overflow),
        ("1e1000000000000000000000", .overflow),
        ("99999999999999999999999999999999999999999999999999999999999999999999", .overflow),
    ]

    @Test("other text is refused with its reason", arguments: refused)
    func refuses(text: String, error: AmountError) {
        #expect(throws: error) { try Amount(text) }
    }

    @Test("random text of the shapes that publishers print agrees with exact integers")
    func agreesWithOracle() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            let sign = random.pick(["", "-", "+"])
            let whole = random.digits(Int.random(in: 0...random.pick([3, 12, 31, 45]), using: &random))
            let tail = random.pick(["", "5", "50000", "49999999", "5" + String(repeating: "0", count: 40) + "1"])
            let fraction = random.digits(Int.random(in: 0...random.pick([2, 8, 17, 20, 40]), using: &random)) + tail
            guard !(whole + fraction).isEmpty else { continue }
            let exponent = random.pick([
                0, 0, 0, Int.random(in: -60...60, using: &random), Int.random(in: -900...900, using: &random),
            ])
            let mark = random.pick(["e", "E"]) + (exponent >= 0 ? random.pick(["", "+"]) : "")
            let text = sign + whole + "." + fraction + (exponent == 0 ? "" : "\(mark)\(exponent)")
            for rounding in [AmountRounding.toNearest, .awayFromZero, .towardZero] {
                let expected = AmountOracle.parse(
                    sign: sign, whole: whole, fraction: fraction, exponent: exponent, rounding)
                let amount = Result { () throws(AmountError) in
                    try Amount(ascii: Array(text.utf8).span, rounding: rounding)
                }
                #expect(amount == expected, "\(text) \(rounding)")
            }
        }
    }

    @Test("digits around an exact half are rounded as their decimal text says")
    func roundsHalves() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<5_000 {
            let whole = String(Int.random(in: 0...99_999, using: &random))
            let fraction =
                random.digits(20)
                + random.pick(["5", "49999", "50001", "4999999999999999", "5000000000000000000000000000000001"])
            let expected = AmountOracle.parse(sign: "", whole: whole, fraction: fraction, exponent: 0)
            #expect(
                Result { () throws(AmountError) in try Amount("\(whole).\(fraction)") } == expected,
                "\(whole).\(fraction)")
        }
    }

    @Test("what Swift prints of a double is read as that decimal")
    func readsDoubles() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            let double = Double.random(in: -1...1, using: &random) * random.pick([1e-9, 1e-4, 1, 1e5, 1e17])
            let amount = try Amount("\(double)")
            let back = try #require(Double(amount.description))
            let kept = abs(double) >= 1e-4 ? 0 : 0.5e-20 + abs(double) * 1e-15
            #expect(abs(back - double) <= kept, "\(double)")
        }
    }

    @Test("I12: every amount survives printing and parsing")
    func roundTrips() throws {
        var random = SeededGenerator(seed: 4)
        for units in AmountSamples.extremes + (0..<10_000).map({ _ in AmountSamples.random(&random).units }) {
            let amount = Amount(units: units)
            #expect(try Amount(amount.description) == amount, "\(units)")
        }
    }

    @Test("garbage bytes never trap, and an amount parsed from them is a number")
    func garbage() throws {
        var random = SeededGenerator(seed: 5)
        let alphabet = Array("0123456789.eE+-naifINFty \t_,\u{0}".utf8)
        for round in 0..<20_000 {
            let count = Int.random(in: 0...60, using: &random)
            let bytes = round.isMultiple(of: 2) ? random.bytes(count) : (0..<count).map { _ in random.pick(alphabet) }
            if let amount = try? Amount(ascii: bytes.span) {
                #expect(try Amount(amount.description) == amount)
            }
        }
    }
}
