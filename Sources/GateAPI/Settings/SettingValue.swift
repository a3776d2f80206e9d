/// A type that a setting can have.
public protocol SettingValue: Sendable {
    /// What a user may write: `integer`, `decimal`, `duration (5ms, 30s, 2m)`, `one of shadow, enforce`.
    static var settingType: String { get }
    /// The words to choose from, where there are only so many; for "did you mean".
    static var settingChoices: [String] { get }
    /// `nil` where the scalar is not of this type.
    init?(setting: SettingScalar)
    /// The canonical text.
    var settingText: String { get }
}

extension SettingValue {
    public static var settingChoices: [String] { [] }
}

extension Int: SettingValue {
    public static var settingType: String { "integer" }

    public init?(setting: SettingScalar) {
        // Digits as they stand: `010` is refused instead of read as 8 or 10.
        guard !setting.isQuoted, let value = Int(setting.text), String(value) == setting.text else { return nil }
        self = value
    }

    public var settingText: String { String(self) }
}

extension Amount: SettingValue {
    public static var settingType: String { "decimal" }

    public init?(setting: SettingScalar) {
        guard !setting.isQuoted,
            setting.text.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) }),
            let value = try? Amount(setting.text)
        else { return nil }
        let digits = setting.text.drop { $0 == "-" }
        guard !(digits.count > 1 && digits.hasPrefix("0") && !digits.hasPrefix("0.")) else { return nil }
        // More than eight decimals would not be what was written.
        if let point = digits.firstIndex(of: "."), digits[point...].count - 1 > Self.fractionDigits { return nil }
        self = value
    }

    public var settingText: String { description }
}

extension Bool: SettingValue {
    public static var settingType: String { "true or false" }
    public static var settingChoices: [String] { ["true", "false"] }

    public init?(setting: SettingScalar) {
        guard !setting.isQuoted, setting.text == "true" || setting.text == "false" else { return nil }
        self = setting.text == "true"
    }

    public var settingText: String { String(self) }
}

extension String: SettingValue {
    public static var settingType: String { "text" }

    public init?(setting: SettingScalar) {
        guard setting.isQuoted || !["", "~", "null"].contains(setting.text) else { return nil }
        self = setting.text
    }

    public var settingText: String { self }
}

extension Duration: SettingValue {
    public static var settingType: String { "duration (250us, 5ms, 30s, 2m, 24h)" }

    private static let units: [(suffix: String, microseconds: Int64)] = [
        ("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000),
    ]

    public init?(setting: SettingScalar) {
        let number = setting.text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = setting.text.dropFirst(number.count)
        guard let unit = Self.units.first(where: { $0.suffix == suffix }),
            let amount = Amount(setting: SettingScalar(text: String(number))),
            let microseconds = try? amount * Amount(Int(unit.microseconds)), microseconds.units % 100_000_000 == 0,
            let whole = Int64(exactly: microseconds.units / 100_000_000)
        else { return nil }
        self = .microseconds(whole)
    }

    public var settingText: String {
        let (seconds, attoseconds) = components
        let microseconds = Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000)
        let unit =
            Self.units.last { microseconds % Int128($0.microseconds) == 0 && microseconds >= Int128($0.microseconds) }
            ?? ("s", 1_000_000)
        return "\(microseconds / Int128(unit.microseconds))\(unit.suffix)"
    }
}

/// A setting that need not be given.
extension Optional: SettingValue where Wrapped: SettingValue {
    public static var settingType: String { Wrapped.settingType }
    public static var settingChoices: [String] { Wrapped.settingChoices }

    public init?(setting: SettingScalar) {
        guard let value = Wrapped(setting: setting) else { return nil }
        self = .some(value)
    }

    /// Empty where there is no value.
    public var settingText: String { self?.settingText ?? "" }
}

extension SettingValue where Self: RawRepresentable<String> & CaseIterable {
    public static var settingType: String { "one of " + settingChoices.joined(separator: ", ") }
    public static var settingChoices: [String] { allCases.map(\.rawValue) }

    public init?(setting: SettingScalar) {
        self.init(rawValue: setting.text)
    }

    public var settingText: String { rawValue }
}
