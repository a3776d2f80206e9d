/// How the bytes of all dead letters are shared out: however large their entries are, they stay within
/// `dead_letter_max_bytes`.
extension AnswersConfiguration {
    /// The most that a host adds to an entry: its own fields, and the most that they can hold.
    private static let letterHead = 1_024

    /// The dead letters that are kept.
    package var deadLettersKept: Int { min(deadLetterMaxLength, deadLetterMaxBytes / Self.letterHead) }

    /// The most bytes of an entry that its dead letter keeps.
    package var letterEntryBytes: Int {
        min(planMaxBytes, deadLetterMaxBytes / deadLettersKept - Self.letterHead)
    }
}
