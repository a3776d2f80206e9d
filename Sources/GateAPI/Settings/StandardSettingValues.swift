extension Int: SettingValue {
    /// Digits only: `010` is refused instead of read as 8 or 10.
    public static var settingFormat: SettingFormat<Int> {
        SettingFormat(
            "integer",
            parse: { setting in
                guard !setting.isQuoted, let value = Int(setting.text), String(value) == setting.text else {
                    return nil
                }
                return value
            },
            text: { String($0) })
    }
}

extension Amount: SettingValue {
    public static var settingFormat: SettingFormat<Amount> {
        SettingFormat("decimal", parse: parse, text: \.description)
    }

    @Sendable private static func parse(_ setting: SettingScalar) -> Amount? {
        guard !setting.isQuoted,
            setting.text.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) }),
            let value = try? Amount(setting.text)
        else { return nil }
        let digits = setting.text.drop { $0 == "-" }
        guard !(digits.count > 1 && digits.hasPrefix("0") && !digits.hasPrefix("0.")) else { return nil }
        // More decimals than an amount has would be rounded to another value than the one in the file.
        if let point = digits.firstIndex(of: "."), digits[point...].count - 1 > fractionDigits { return nil }
        return value
    }
}

extension Bool: SettingValue {
    public static var settingFormat: SettingFormat<Bool> {
        SettingFormat(
            "true or false", choices: ["true", "false"],
            parse: { setting in
                guard !setting.isQuoted, setting.text == "true" || setting.text == "false" else { return nil }
                return setting.text == "true"
            },
            text: { String($0) })
    }
}

extension String: SettingValue {
    public static var settingFormat: SettingFormat<String> {
        SettingFormat(
            "text",
            parse: { $0.isQuoted || !["", "~", "null"].contains($0.text) ? $0.text : nil },
            text: { $0 })
    }
}

extension Duration: SettingValue {
    private static let units: [(suffix: String, microseconds: Int64)] = [
        ("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000),
    ]

    public static var settingFormat: SettingFormat<Duration> {
        SettingFormat("duration (250us, 5ms, 30s, 2m, 24h)", parse: parse, text: text)
    }

    @Sendable private static func parse(_ setting: SettingScalar) -> Duration? {
        let number = setting.text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = setting.text.dropFirst(number.count)
        guard let unit = units.first(where: { $0.suffix == suffix }),
            let amount = Amount(setting: SettingScalar(text: String(number))),
            let microseconds = try? amount * Amount(Int(unit.microseconds)),
            microseconds.units.isMultiple(of: Amount.unitsPerOne),
            let whole = Int64(exactly: microseconds.units / Amount.unitsPerOne)
        else { return nil }
        return .microseconds(whole)
    }

    @Sendable private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000)
        let unit =
            units.last { microseconds % Int128($0.microseconds) == 0 && microseconds >= Int128($0.microseconds) }
            ?? ("s", 1_000_000)
        return "\(microseconds / Int128(unit.microseconds))\(unit.suffix)"
    }
}

/// An optional setting. Its canonical text is empty if there is no value.
extension Optional: SettingValue where Wrapped: SettingValue {
    public static var settingFormat: SettingFormat<Self> {
        let format = Wrapped.settingFormat
        return SettingFormat(
            format.type, choices: format.choices, parse: { format.parse($0).map { .some($0) } },
            text: { $0.map(format.text) ?? "" })
    }
}
