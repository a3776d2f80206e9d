package import GateAPI

extension Fields {
    /// Parsed as an entry of the plan stream.
    package var parsed: ParsedEntry {
        Intent.parse(id: EntryID(milliseconds: 1_795_354_847_562, sequence: 0), fields: self)
    }

    /// An executable plan for BTCUSDT with these fields.
    package static func plan(_ pairs: [(String, String)]) -> Fields {
        Fields([("plan_id", "p1"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT")] + pairs)
    }
}
