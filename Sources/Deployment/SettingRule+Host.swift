import GateAPI

extension SettingRule<String> {
    /// The name of a stream, group or consumer.
    static var name: Self {
        Self("1 to 256 bytes without blanks", complaint: "is not a name of 1 to 256 bytes without blanks") { $0.isName }
    }
}

extension SettingRule<String?> {
    static var name: Self {
        Self("1 to 256 bytes without blanks", complaint: "is not a name of 1 to 256 bytes without blanks") {
            $0?.isName ?? true
        }
    }
}

extension SettingRule<Duration> {
    /// A time to live, which Redis counts in seconds here: 1s to 7 days.
    static var wholeSeconds: Self {
        Self("whole seconds, 1s...168h", complaint: "is not a whole number of seconds in 1s...168h") {
            $0.components.attoseconds == 0 && (1...604_800).contains($0.components.seconds)
        }
    }
}

extension SettingRule<Int?> {
    /// A number of 1 or more, or none.
    static var positive: Self {
        Self("1 or more, or none", complaint: "is less than 1") { $0.map { $0 >= 1 } ?? true }
    }
}

extension String {
    var isName: Bool {
        (1...256).contains(utf8.count)
            && unicodeScalars.allSatisfy {
                $0.value > 0x20 && !(0x7F...0x9F).contains($0.value) && !$0.properties.isWhitespace
            }
    }
}
