package import GateAPI

/// An entry of the plans' stream, parsed. A class, because it is large and passes through every stage.
package final class StreamEntry: Sendable {
    package let id: EntryID
    package let fields: Fields
    package let parsed: ParsedEntry
    /// The symbol of an entry that the gates judge.
    package let symbol: Symbol?
    /// The place of the plan id in ``fields``; empty for an entry that counts under no plan id.
    package let planID: Range<Int>
    /// A hash of the plan id of an entry that the gates judge. Equal ids have equal hashes.
    let planHash: UInt64?

    package init(id: EntryID, fields: Fields, _ symbols: SymbolMap = SymbolMap()) {
        self.id = id
        self.fields = fields
        parsed = Intent.parse(id: id, fields: fields, symbols)
        switch parsed {
        case .execute(let intent):
            symbol = intent.symbol
            planID = intent.planIDRange
            planHash = fields.reading(planID, PlanHash.ofPlanID)
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

    /// Whether it names a source other than this one. An entry that names none belongs to its stream's.
    func names(sourceOtherThan source: String) -> Bool {
        var isOther = false
        fields.withEachPair { _, name, value in
            if name.span.spells("source"), !value.elementsEqual(source.utf8) { isOther = true }
        }
        return isOther
    }
}
