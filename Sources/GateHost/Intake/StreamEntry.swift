package import GateAPI

/// An entry of the intents' stream, parsed.
package struct StreamEntry: Sendable {
    package let id: EntryID
    package let fields: Fields
    package let parsed: ParsedEntry

    package init(id: EntryID, fields: Fields) {
        self.id = id
        self.fields = fields
        parsed = Intent.parse(id: id, fields: fields)
    }
}
