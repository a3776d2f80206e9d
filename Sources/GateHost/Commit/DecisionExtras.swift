import GateAPI

/// The fields of a decision record that few decisions have: which gates would have done what, and the inputs where they
/// are recorded.
struct DecisionExtras {
    /// Names and values.
    private(set) var values: [String] = []

    init(_ results: [GateResult], inputs: [UInt8]?) {
        add("would_block", results) { $0.wouldBlock }
        add("amended_by", results) { $0 == .amended }
        add("would_amend", results) { $0 == .wouldAmend }
        add("failed_open", results) { $0 == .failedOpen }
        if let inputs { values += ["inputs", String(decoding: inputs, as: UTF8.self)] }
    }

    /// `gate:reason` of every gate with such an effect, joined by commas.
    private mutating func add(_ name: String, _ results: [GateResult], where matches: (GateEffect) -> Bool) {
        guard results.contains(where: { matches($0.effect) }) else { return }
        values += [
            name, results.filter { matches($0.effect) }.map { "\($0.gate):\($0.reason)" }.joined(separator: ","),
        ]
    }
}
