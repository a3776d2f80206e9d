package import GateAPI

/// An entry of the intents' stream, parsed. A class, because it is handed on from stage to stage and is large.
package final class StreamEntry: Sendable {
    package let id: EntryID
    package let fields: Fields
    package let parsed: ParsedEntry
    /// Of an entry that is to be judged.
    package let symbol: Symbol?
    /// Where the plan's id lies in ``fields``; empty where there is none that counts.
    package let planID: Range<Int>
    /// Of the plan id of an entry that is to be judged; equal ids have equal hashes.
    let planHash: UInt64?

    package init(id: EntryID, fields: Fields) {
        self.id = id
        self.fields = fields
        parsed = Intent.parse(id: id, fields: fields)
        switch parsed {
        case .execute(let intent):
            symbol = intent.symbol
            planID = intent.planIDRange
            planHash = fields.reading(planID, BodyHash.secret(of:))
        case .skip:
            symbol = nil
            planID = fields.range(of: "plan_id") ?? 0..<0
            planHash = nil
        case .rejected:
            symbol = nil
            planID = 0..<0
            planHash = nil
        }
    }
}
