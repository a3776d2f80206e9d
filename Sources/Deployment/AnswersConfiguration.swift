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
        "How long a permit's reservation counts without a report; not less than permit_ttl",
        .wholeSeconds,
        default: .seconds(120))
    package var reservationTTL: Duration
    @Setting(
        "Stream of reports on permitted plans; a report releases the reservation", .name,
        default: "quantum:stream:apply.result")
    package var resultStream: String
    @Setting("Stream of decision records", .name, default: "quantum:stream:governor.decision")
    package var decisionStream: String
    @Setting("Decision records kept, approximately", in: 1...100_000_000, default: 100_000)
    package var decisionMaxLength: Int
    @Setting(
        "Stream of entries that are no intents, whole, with the reason", .name,
        default: "quantum:stream:apply.plan.dead")
    package var deadLetterStream: String
    @Setting("Dead letters kept, approximately", in: 1...100_000_000, default: 100_000)
    package var deadLetterMaxLength: Int
    @Setting(
        "Keep the records that gates read in the decision record, so that the decision can be replayed", default: false)
    package var recordInputs: Bool

    package init() {}
}
