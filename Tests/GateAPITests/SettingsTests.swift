import GateAPI
import Testing

private enum Venue: String, SettingValue, CaseIterable {
    case spot, futures
}

extension SettingRule where Value == Int {
    fileprivate static var even: Self { Self("even", complaint: "is not even") { $0.isMultiple(of: 2) } }
}

private struct Sample: GateSettings {
    @Setting("Widest spread", unit: "bps", in: 1...1_000, default: 50, variable: "MAX_SPREAD") var maxSpread: Int
    @Setting("Any integer", default: -1) var anyInteger: Int
    @Setting("Pairs", .even, default: 2) var pairs: Int
    @Setting("A ratio", in: Amount(percent: 1)...1, default: Amount(percent: 25)) var ratio: Amount
    @Setting("Oldest", in: .seconds(1) ... .seconds(86_400), default: .seconds(300)) var maxAge: Duration
    @Setting("A switch", default: false) var isOn: Bool
    @Setting("A name", default: "none") var name: String
    @Setting("Where", default: .spot) var venue: Venue
    @Setting("Not needed", default: nil) var permitTTL: Int?

    init() {}
}

@Suite struct SettingsTests {
    private func issue(_ key: String, _ text: String, quoted: Bool = false) -> SettingIssue? {
        var schema = SettingsSchema<Sample>()
        do {
            try schema.set(key, SettingScalar(text: text, isQuoted: quoted))
            return nil
        } catch {
            return error
        }
    }

    @Test("keys are the property names in snake case, in order, with everything that is declared")
    func infos() throws {
        let infos = SettingsSchema<Sample>().infos
        #expect(
            infos.map(\.key) == [
                "max_spread", "any_integer", "pairs", "ratio", "max_age", "is_on", "name", "venue", "permit_ttl",
            ])
        let spread = try #require(infos.first)
        #expect(spread.summary == "Widest spread")
        #expect((spread.type, spread.unit, spread.range) == ("integer", "bps", "1...1000"))
        #expect((spread.defaultText, spread.variable) == ("50", "MAX_SPREAD"))
        #expect(infos.map(\.range) == ["1...1000", nil, "even", "0.01...1", "1s...24h", nil, nil, nil, nil])
        #expect(infos.map(\.defaultText) == ["50", "-1", "2", "0.25", "5m", "false", "none", "spot", ""])
        #expect(
            infos.map(\.type) == [
                "integer", "integer", "integer", "decimal", "duration (250us, 5ms, 30s, 2m, 24h)", "true or false",
                "text", "one of spot, futures", "integer",
            ])
    }

    @Test("a setting has its default until it is set")
    func makes() throws {
        var schema = SettingsSchema<Sample>()
        let defaults = try schema.make()
        #expect((defaults.maxSpread, defaults.maxAge, defaults.permitTTL) == (50, .seconds(300), nil))
        for (key, text) in [
            ("max_spread", "1000"), ("any_integer", "0"), ("pairs", "4"), ("ratio", "1"), ("max_age", "1.5m"),
            ("is_on", "true"), ("name", "x y"),
            ("venue", "futures"), ("permit_ttl", "60"),
        ] { try schema.set(key, SettingScalar(text: text)) }
        let made = try schema.make()
        #expect(
            (made.maxSpread, made.anyInteger, made.pairs, made.ratio, made.maxAge) == (1_000, 0, 4, 1, .seconds(90)))
        #expect((made.isOn, made.name, made.venue, made.permitTTL) == (true, "x y", .futures, 60))
        #expect(schema.text("max_age") == "90s")
        #expect(schema.text("permit_ttl") == "60")
        #expect(schema.text("absent") == nil)
    }

    static let refused: [(key: String, text: String, message: String)] = [
        ("max_spread", "010", "'010' is not an integer"), ("max_spread", "1:30", "'1:30' is not an integer"),
        ("max_spread", "0x10", "'0x10' is not an integer"),
        ("max_spread", "1_000", "'1_000' is not an integer"), ("max_spread", "+5", "'+5' is not an integer"),
        ("max_spread", "5.0", "'5.0' is not an integer"),
        ("max_spread", "", "'' is not an integer"), ("max_spread", "-0", "'-0' is not an integer"),
        ("max_spread", "99999999999999999999", "'99999999999999999999' is not an integer"),
        ("max_spread", "0", "'0' is outside 1...1000"), ("max_spread", "1001", "'1001' is outside 1...1000"),
        ("pairs", "3", "'3' is not even"),
        ("permit_ttl", "null", "'null' is not an integer"),
        ("ratio", "0.123456789012345678901", "'0.123456789012345678901' is not a decimal"),
        ("ratio", "010", "'010' is not a decimal"),
        ("ratio", "00.5", "'00.5' is not a decimal"),
        ("ratio", "1e-1", "'1e-1' is not a decimal"), ("ratio", ".nan", "'.nan' is not a decimal"),
        ("ratio", "inf", "'inf' is not a decimal"),
        ("ratio", "+0.5", "'+0.5' is not a decimal"), ("ratio", "-", "'-' is not a decimal"),
        ("ratio", "1-2", "'1-2' is not a decimal"),
        ("ratio", " 0.5", "' 0.5' is not a decimal"), ("ratio", "0", "'0' is outside 0.01...1"),
        ("ratio", "1.00000000000000000001", "'1.00000000000000000001' is outside 0.01...1"),
        ("ratio", "-0.5", "'-0.5' is outside 0.01...1"),
        ("max_age", "300", "'300' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "030s", "'030s' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "-5s", "'-5s' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "5 s", "'5 s' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "s", "'s' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "1d", "'1d' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "0.5us", "'0.5us' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "1.2.3s", "'1.2.3s' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "99999999999999h", "'99999999999999h' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
        ("max_age", "999ms", "'999ms' is outside 1s...24h"), ("max_age", "24.1h", "'24.1h' is outside 1s...24h"),
        ("is_on", "yes", "'yes' is not true or false"), ("is_on", "True", "'True' is not true or false"),
        ("is_on", "1", "'1' is not true or false"),
        ("name", "null", "'null' is not text"), ("name", "~", "'~' is not text"), ("name", "", "'' is not text"),
        ("venue", "margin", "'margin' is not one of spot, futures"),
        ("venue", "Spot", "'Spot' is not one of spot, futures"),
        ("max_sprad", "5", "unknown setting 'max_sprad'"),
    ]

    @Test("a value that is not allowed is refused, to the letter", arguments: refused)
    func refuses(key: String, text: String, message: String) {
        #expect(issue(key, text)?.message == message)
    }

    @Test(
        "quoted scalars are text",
        arguments: [
            ("max_spread", "5", #""5" is not an integer"#), ("ratio", "0.5", #""0.5" is not a decimal"#),
            ("is_on", "true", #""true" is not true or false"#),
            ("name", "null", nil), ("name", "", nil), ("venue", "spot", nil), ("max_age", "30s", nil),
        ] as [(String, String, String?)])
    func quoted(key: String, text: String, message: String?) {
        #expect(issue(key, text, quoted: true)?.message == message)
    }

    @Test("a refusal of a word lists all allowed words")
    func choices() {
        #expect(issue("venue", "futurs")?.choices == ["spot", "futures"])
        #expect(issue("is_on", "yes")?.choices == ["true", "false"])
        #expect(issue("max_spread", "x")?.choices == [])
    }

    @Test(
        "durations are read in every unit and printed in the largest whole one",
        arguments: [
            ("250us", Duration.microseconds(250), "250us"), ("5ms", .milliseconds(5), "5ms"),
            ("1500ms", .milliseconds(1_500), "1500ms"),
            ("30s", .seconds(30), "30s"),
            ("60s", .seconds(60), "1m"), ("0.5h", .seconds(1_800), "30m"), ("24h", .seconds(86_400), "24h"),
            ("0s", .zero, "0s"),
            ("0.000001s", .microseconds(1), "1us"),
        ])
    func durations(text: String, duration: Duration, printed: String) {
        #expect(Duration(setting: SettingScalar(text: text)) == duration)
        #expect(duration.settingText == printed)
    }

    @Test(
        "a message repeats a value on one line, cut, and without a URL's credentials",
        arguments: [
            ("a\nb\u{1B}[1m", "'a\u{FFFD}b\u{FFFD}[1m'"), ("redis://user:secret@host:6379", "'redis://***@host:6379'"),
            ("redis://host/a@b", "'redis://***@b'"),
            (String(repeating: "x", count: 61), "'" + String(repeating: "x", count: 60) + "…'"),
            ("user@host", "'user@host'"),
        ])
    func shown(text: String, shown: String) {
        #expect(SettingScalar(text: text).shown == shown)
    }

    @Test("a settings struct with other properties cannot be made")
    func foreignProperties() {
        struct Mixed: GateSettings {
            @Setting("Fine", default: 1) var fine: Int
            var other = 2
            init() {}
        }
        #expect(throws: SettingsError("a settings struct holds @Setting properties only")) {
            try SettingsSchema<Mixed>().make()
        }
    }

    @Test("a settings struct within another adds its keys at its place, and its values are set by these keys")
    func group() throws {
        struct Inner: GateSettings {
            @Setting("Inner", default: 1) var innerLimit: Int
            init() {}
        }
        struct Outer: GateSettings {
            @Setting("First", default: 2) var first: Int
            var inner = Inner()
            @Setting("Last", default: 3) var last: Int
            init() {}
        }
        var schema = SettingsSchema<Outer>()
        #expect(schema.infos.map(\.key) == ["first", "inner_limit", "last"])
        try schema.set("inner_limit", SettingScalar(text: "7"))
        let made = try schema.make()
        #expect((made.first, made.inner.innerLimit, made.last) == (2, 7, 3))
    }

    @Test("a type with a format of its own is a setting")
    func ownFormat() throws {
        struct Ratio: SettingValue, Equatable {
            let halves: Int
            static var settingFormat: SettingFormat<Ratio> {
                SettingFormat(
                    "number of halves", parse: { Int($0).map(Ratio.init) }, text: { String($0.halves) })
            }
        }
        struct Settings: GateSettings {
            @Setting("Ratio", default: Ratio(halves: 1)) var ratio: Ratio
            init() {}
        }
        var schema = SettingsSchema<Settings>()
        #expect(schema.infos.map(\.type) == ["number of halves"])
        try schema.set("ratio", SettingScalar(text: "3"))
        #expect(try schema.make().ratio == Ratio(halves: 3))
        #expect(throws: SettingIssue(message: "'x' is not a number of halves")) {
            try schema.set("ratio", SettingScalar(text: "x"))
        }
    }

    @Test("a settings struct may be empty")
    func empty() throws {
        #expect(SettingsSchema<NoSettings>().infos.isEmpty)
        _ = try SettingsSchema<NoSettings>().make()
    }
}
