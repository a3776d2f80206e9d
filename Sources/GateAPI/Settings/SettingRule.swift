/// A rule that a setting's value must satisfy.
///
///     extension SettingRule where Value == Int {
///         static var even: Self { Self("even", complaint: "is not even") { $0 % 2 == 0 } }
///     }
public struct SettingRule<Value: SettingValue>: Sendable {
    /// The allowed values, for `gatehost gates`: `1...1024`, `not empty`.
    let text: String
    /// The complaint about any other value: `is outside 1...1024`.
    let complaint: String
    let holds: @Sendable (Value) -> Bool

    public init(_ text: String, complaint: String, holds: @escaping @Sendable (Value) -> Bool) {
        self.text = text
        self.complaint = complaint
        self.holds = holds
    }
}

extension SettingRule where Value: Comparable {
    /// Both ends included.
    package static func range(_ range: ClosedRange<Value>) -> Self {
        let text = "\(range.lowerBound.settingText)...\(range.upperBound.settingText)"
        return Self(text, complaint: "is outside \(text)") { range.contains($0) }
    }
}
