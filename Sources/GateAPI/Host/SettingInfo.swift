/// The description of one setting, without its type.
package struct SettingInfo: Sendable {
    /// The key in the file.
    package let key: String
    package let summary: String
    package let type: String
    package let unit: String?
    package let range: String?
    package let defaultText: String
    package let variable: String?
}

/// Why a scalar is not accepted for a setting.
package struct SettingIssue: Error, Sendable, Equatable {
    package let message: String
    /// All allowed words, if the setting is a choice of words.
    package let choices: [String]

    package init(message: String, choices: [String] = []) {
        self.message = message
        self.choices = choices
    }
}
