/// The first difference between an entry's text and the text that `EntryField.text` writes.
struct EntryTextError: Error, Equatable {
    /// The line within the entry's text, from 0.
    let line: Int
    let message: String
}
