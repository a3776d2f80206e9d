/// A field of a plan that the host reads, in all its accepted spellings. The table in docs/CONTRACT.md is made of
/// ``all``; every other spelling is refused or ignored, as ``PlanLookalike`` says.
package struct PlanField: Sendable {
    /// The accepted spellings. The first is the one that the documents use.
    package let names: [StaticString]
    /// In Markdown.
    package let meaning: String
    /// Whether a name that is one letter off counts as a slip. Those are the fields that decide what an order does.
    let hasSlips: Bool

    private init(_ names: StaticString..., meaning: String, hasSlips: Bool = false) {
        self.names = names
        self.meaning = meaning
        self.hasSlips = hasSlips
    }

    package static let all = [
        PlanField("plan_id", meaning: "required, see above"),
        PlanField("decision", meaning: "`EXECUTE`, or the plan is skipped"),
        PlanField("symbol", meaning: "required for `EXECUTE`"),
        PlanField("side", meaning: "`BUY`/`LONG`, `SELL`/`SHORT`, `CLOSE`, in any case"),
        PlanField("qty", meaning: "base asset, positive; `0` or empty: not given"),
        PlanField("price", meaning: "quote asset, positive; `0` or empty: `entry_price` counts", hasSlips: true),
        PlanField("entry_price", meaning: "the price, if `price` gives none", hasSlips: true),
        PlanField(
            "reduceOnly", "reduce_only", meaning: "`true`/`1` or `false`/`0`, in any case: the order may only reduce",
            hasSlips: true),
        PlanField(
            "closePosition", "close_position",
            meaning: "the same values: the order closes the whole position, `qty` is not read", hasSlips: true),
        PlanField(
            "positionSide", "position_side", meaning: "the leg in hedge mode: `LONG`, `SHORT` or `BOTH`, in any case",
            hasSlips: true),
        PlanField(
            "action",
            meaning: """
                `FULL_CLOSE_PROPOSED`, `FULL_CLOSE`, `PARTIAL_…`, `UPDATE_SL`, `HOLD`, `ENTRY_PROPOSED`, \
                `OPEN_PROPOSED`, or none
                """),
        PlanField("close_qty", meaning: "base asset that a close means to close", hasSlips: true),
        PlanField("steps", meaning: "JSON; the first `\"pct\"` gives the part of a `PARTIAL_CLOSE_PROPOSED`"),
        PlanField(
            "source",
            meaning: "the strategy or bridge that proposes the plan, at most 128 bytes: kill switches may name it"),
        PlanField("timestamp", meaning: "not judged, and not compared when a plan comes again"),
    ]

    /// The table of the contract.
    package static var markdown: String {
        let rows = all.map { field in
            "| \(field.names.map { "`\($0)`" }.joined(separator: ", ")) | \(field.meaning) |"
        }
        return (["| field | meaning |", "|---|---|"] + rows).joined(separator: "\n")
    }
}
