import Bytes
package import Deployment
package import GateAPI
import JSONText
package import Redis
import Platform
import TradingState

/// Encodes a batch of decisions as the command, or the commands, that commit them.
package struct CommitEncoder {
    let answers: AnswersConfiguration
    /// What is the same for every batch, before and after its moment.
    private let head: [UInt8]
    private let tail: [UInt8]
    let constants: TransactionConstants

    package init(stream: String, configuration: HostConfiguration, host: String) {
        let intake = configuration.intake
        answers = configuration.answers
        head = RedisPipeline.encoded([
            "4", stream, answers.decisionStream, answers.deadLetterStream, CommitTransaction.commitsKey, intake.group,
            host, configuration.hash,
        ])
        // Longer than any reservation counts: an executed one counts for an hour.
        let reservationLife = answers.reservationTTL.milliseconds + ReservationReleaser.executedLife.milliseconds
        tail = RedisPipeline.encoded(
            [String(answers.decisionMaxLength), String(answers.deadLetterMaxLength)]
                + [answers.permitTTL, answers.blockTTL, answers.outcomeTTL].map { String($0.components.seconds) }
                + [
                    Permit.keyPrefix, BlockRecord.keyPrefix, GovernorStreams.outcomePrefix, ReservationFields.last,
                    String(reservationLife),
                ])
        constants = TransactionConstants(stream: stream, configuration: configuration, host: host)
    }

    /// Appends the `EVALSHA` of the batch. `now` is the moment of all its decisions.
    package func encode(_ batch: [CommitItem], sha: String, now: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.begin(digits: batch.count < 40 ? 3 : 4)
        pipeline.argument("EVALSHA" as StaticString)
        pipeline.argument(sha)
        pipeline.arguments(encoded: head, count: 8)
        pipeline.argument(Int(now.milliseconds))
        pipeline.arguments(encoded: tail, count: 10)
        for index in batch.indices { encode(batch[index], now: now, into: &pipeline) }
        pipeline.end()
    }

    private func encode(_ item: CommitItem, now: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.argument(digits: 2) { $0.append(item.decision.id) }
        pipeline.argument(item.isTrimmed ? "trimmed" : item.decision.outcome.rawValue)
        Self.encode(planIDOf: item.decision.entry, into: &pipeline)
        pipeline.argument(item.decision.symbol)
        pipeline.argument(item.decision.gate)
        pipeline.argument(item.decision.reason)
        pipeline.argument(digits: 3) { DecisionJSON.writeGates(item.decision.results, to: &$0) }
        guard let entry = item.decision.entry else { return pipeline.argument(0) }
        if item.decision.isJudged, case .execute(let intent) = entry.parsed {
            encodeAnswer(item.decision, intent, now: now, into: &pipeline)
            encodeRest(item, now: now, into: &pipeline)
        } else {
            encodeWhole(
                item.decision.outcome == .deadLetter ? entry.fields : [:], item.decision.history, into: &pipeline)
        }
    }

    private func encodeAnswer(
        _ decision: Decision, _ intent: Intent, now: Timestamp, into pipeline: inout RedisPipeline
    ) {
        encodeOutcome(decision, intent, into: &pipeline)
        encodeAnswerText(decision, now: now, into: &pipeline)
        encodeDetails(decision, intent, isNamed: false, into: &pipeline)
    }

    /// What the record of a permit or block tells besides; the script knows the names.
    func encodeDetails(
        _ decision: borrowing Decision, _ intent: Intent, isNamed: Bool, into pipeline: inout RedisPipeline
    ) {
        if isNamed { pipeline.argument("action" as StaticString) }
        if let action = intent.actionRange {
            intent.fields.reading(action) { $0.withUnsafeBufferPointer { pipeline.argument($0) } }
        } else {
            pipeline.argument("" as StaticString)
        }
        if isNamed { pipeline.argument("side" as StaticString) }
        pipeline.argument(intent.side?.rawValue ?? "")
        if isNamed { pipeline.argument("quantity" as StaticString) }
        pipeline.argument(digits: 1) { if let quantity = intent.quantity.value { $0.append(quantity) } }
        if isNamed { pipeline.argument("plan" as StaticString) }
        pipeline.argument(digits: 3) { DecisionJSON.write(intent.fields, to: &$0) }
        guard let permit = decision.permit else { return }
        if isNamed { pipeline.argument("computed_qty" as StaticString) }
        pipeline.argument(digits: 1) { $0.append(permit.quantity) }
        if isNamed { pipeline.argument("computed_notional" as StaticString) }
        pipeline.argument(digits: 2) { $0.append(permit.notional) }
    }

    /// The value of the plan id's outcome: `body id kind`.
    func encodeOutcome(_ decision: borrowing Decision, _ intent: Intent, into pipeline: inout RedisPipeline) {
        pipeline.argument(digits: 2) { output in
            output.append(hexadecimal: BodyHash.of(intent.fields))
            output.append(" ")
            output.append(decision.id)
            output.append(decision.outcome == .permit ? " permit" : " block")
        }
    }

    /// The permit or block as its key holds it.
    func encodeAnswerText(_ decision: borrowing Decision, now: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.argument(digits: 3) { output in
            if let permit = decision.permit {
                permit.write(to: &output)
            } else {
                BlockRecord(reason: decision.reason, timestamp: now, symbol: decision.symbol).write(to: &output)
            }
        }
    }

    /// What most decisions do not have: further values of the record, reservations and events.
    private func encodeRest(_ item: CommitItem, now: Timestamp, into pipeline: inout RedisPipeline) {
        let extras = DecisionExtras(item.decision.results, inputs: item.inputs)
        let events = item.decision.events
        let reservations = item.decision.reservations
        let hasEffects = !events.isEmpty || !reservations.isEmpty
        guard hasEffects || !extras.values.isEmpty else { return pipeline.argument(0) }
        let effects = hasEffects ? 1 + 4 * reservations.count + events.reduce(0) { $0 + 3 + $1.values.count } : 0
        pipeline.argument(1 + extras.values.count + effects)
        pipeline.argument(extras.values.count)
        for value in extras.values { pipeline.argument(value) }
        guard hasEffects else { return }
        pipeline.argument(reservations.count)
        for pending in reservations { encode(pending, expiry: reservationExpiry(from: now), into: &pipeline) }
        for event in events {
            pipeline.argument(event.stream)
            pipeline.argument(event.maximumLength)
            pipeline.argument(event.values.count)
            for value in event.values { pipeline.argument(value) }
        }
    }

    /// Dead letters carry the whole entry.
    private func encodeWhole(_ fields: Fields, _ history: [String], into pipeline: inout RedisPipeline) {
        let count = fields.count * 2 + history.count
        guard count > 0 else { return pipeline.argument(0) }
        pipeline.argument(1 + count)
        pipeline.argument(count)
        for value in history { pipeline.argument(value) }
        for position in fields.positions {
            pipeline.argument(fields.bytes(position.name))
            pipeline.argument(fields.bytes(position.value))
        }
    }

    static func encode(planIDOf entry: StreamEntry?, into pipeline: inout RedisPipeline) {
        guard let entry else { return pipeline.argument("" as StaticString) }
        entry.fields.reading(entry.planID) { $0.withUnsafeBufferPointer { pipeline.argument($0) } }
    }

    /// Until when a reservation that is decided at `now` counts, if nobody reports its plan.
    package func reservationExpiry(from now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds + answers.reservationTTL.milliseconds)
    }

    private func encode(_ pending: PendingReservation, expiry: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.argument(pending.reservation.redisKey)
        pipeline.argument(pending.reservation.amount.description)
        pipeline.argument(Int(expiry.milliseconds))
        pipeline.argument(pending.expectedLast)
    }
}

extension ByteWriter {
    mutating func append(_ id: EntryID) {
        append(decimal: id.milliseconds)
        append("-")
        append(decimal: id.sequence)
    }

    /// Sixteen digits.
    mutating func append(hexadecimal number: UInt64) {
        let start = reserve(16)
        for position in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 &- position &* 4)) & 0xF
            start[position] = digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ (digit &- 10)
        }
        advance(by: 16)
    }
}
