/// The first difference between an entry's text and what `EntryField.text` writes.
struct EntryTextError: Error, Equatable {
    /// Within the entry's text, from 0.
    let line: Int
    let message: String
}
