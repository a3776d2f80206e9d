/// A type that a setting can have: `Int`, ``Amount``, `Bool`, `String`, `Duration`, an optional of these, an enum of
/// words (`enum Venue: String, SettingValue, CaseIterable`), or a type with a format of its own.
public protocol SettingValue: Sendable {
    static var settingFormat: SettingFormat<Self> { get }
}

/// The notation of a type of setting in the configuration file.
public struct SettingFormat<Value>: Sendable {
    /// The notation in words: `integer`, `duration (5ms, 30s, 2m)`, `one of shadow, enforce`.
    let type: String
    /// All allowed words, if the type is a choice of words.
    let choices: [String]
    package let parse: @Sendable (SettingScalar) -> Value?
    let text: @Sendable (Value) -> String

    /// - Parameters:
    ///   - type: the notation in words, for documentation and error messages.
    ///   - parse: returns `nil` if the text in the file is not of this type.
    ///   - text: the canonical text.
    public init(
        _ type: String, parse: @escaping @Sendable (String) -> Value?, text: @escaping @Sendable (Value) -> String
    ) {
        self.init(type, parse: { parse($0.text) }, text: text)
    }

    package init(
        _ type: String, choices: [String] = [], parse: @escaping @Sendable (SettingScalar) -> Value?,
        text: @escaping @Sendable (Value) -> String
    ) {
        self.type = type
        self.choices = choices
        self.parse = parse
        self.text = text
    }
}

extension SettingValue where Self: RawRepresentable<String> & CaseIterable {
    public static var settingFormat: SettingFormat<Self> {
        let words = allCases.map(\.rawValue)
        return SettingFormat(
            "one of " + words.joined(separator: ", "), choices: words, parse: { Self(rawValue: $0.text) },
            text: \.rawValue)
    }
}

extension SettingValue {
    package static var settingType: String { settingFormat.type }
    package static var settingChoices: [String] { settingFormat.choices }

    /// `nil` if the scalar is not of this type.
    package init?(setting: SettingScalar) {
        guard let value = Self.settingFormat.parse(setting) else { return nil }
        self = value
    }

    /// The canonical text.
    package var settingText: String { Self.settingFormat.text(self) }
}
