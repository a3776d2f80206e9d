package import GateAPI

/// The keys and streams that the host writes or reads, and how long they live.
package struct AnswersConfiguration: GateSettings {
    @Setting("How long a permit waits to be consumed", .wholeSeconds, default: .seconds(60))
    package var permitTTL: Duration
    @Setting("How long a block record stays", .wholeSeconds, default: .seconds(3_600))
    package var blockTTL: Duration
    @Setting(
        "How long a plan's outcome is remembered: a plan published again within it gets no second permit",
        .wholeSeconds, default: .seconds(86_400))
    package var outcomeTTL: Duration
    @Setting(
        "How long a permit's share of a limit counts without a report, and at most three eighths more; not less than permit_ttl",
        .wholeSeconds,
        default: .seconds(120))
    package var reservationTTL: Duration
    @Setting(
        """
        How much later than the report of an execution a position snapshot must be stamped to show it: more than the \
        exporter takes to read the exchange, and than its clock differs from Redis'
        """,
        in: .zero ... .seconds(300), default: .seconds(5))
    package var shownMargin: Duration
    @Setting(
        """
        Whether the execution layer honours `reduce_only` of a permit. If not, an order that may be a close but may also \
        take the position over a limit is blocked instead of granted capped
        """,
        default: .honoured)
    package var reduceOnly: ReduceOnlySupport
    @Setting(
        "Stream of reports on permitted plans; a report settles the permit's share of the limits", .name,
        default: "quantum:stream:apply.result")
    package var resultStream: String
    @Setting("Stream of decision records", .name, default: "quantum:stream:governor.decision")
    package var decisionStream: String
    @Setting("Decision records kept, approximately", in: 1...100_000_000, default: 100_000)
    package var decisionMaxLength: Int
    @Setting(
        "Stream of entries that are no intents, with the reason", .name,
        default: "quantum:stream:apply.plan.dead")
    package var deadLetterStream: String
    @Setting("Dead letters kept, approximately", in: 1...100_000_000, default: 100_000)
    package var deadLetterMaxLength: Int
    @Setting(
        """
        Most bytes of all dead letters together. Of an entry larger than its part of them, a letter keeps the size, and \
        the entry's id refers to the rest
        """, in: 1_048_576...1_099_511_627_776, default: 536_870_912)
    package var deadLetterMaxBytes: Int
    @Setting(
        """
        Most bytes of a plan that its decision record (as JSON) or dead letter keeps; of a larger one they keep the \
        size, and the entry's id refers to the rest
        """, in: 1_024...1_048_576, default: 16_384)
    package var planMaxBytes: Int

    @Setting(
        """
        Start even where Redis may evict keys (maxmemory-policy other than noeviction): a plan whose outcome is \
        evicted gets a second permit
        """,
        default: false)
    package var allowEviction: Bool
    @Setting(
        "Keep the records that gates read in the decision record, so that the decision can be replayed", default: false)
    package var recordInputs: Bool

    package init() {}
}

/// Whether the execution layer honours `reduce_only` of a permit.
package enum ReduceOnlySupport: String, SettingValue, CaseIterable {
    case honoured, ignored
}
