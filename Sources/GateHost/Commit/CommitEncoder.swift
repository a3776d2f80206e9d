package import GateAPI
import JSONText
package import Redis
import TradingState

/// Encodes a batch of decisions as the one command that commits them.
package struct CommitEncoder {
    private let intake: IntakeConfiguration
    private let answers: AnswersConfiguration
    private let configurationHash: String
    private let host: String
    private var scratch: [UInt8] = []

    package init(configuration: HostConfiguration, host: String) {
        intake = configuration.intake
        answers = configuration.answers
        configurationHash = configuration.hash
        self.host = host
    }

    /// Appends the `EVALSHA` of the batch. `now` is the moment of all its decisions.
    package mutating func encode(_ batch: [CommitItem], sha: String, now: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.begin()
        pipeline.argument("EVALSHA" as StaticString)
        pipeline.argument(sha)
        pipeline.argument(3)
        for key in [intake.stream, answers.decisionStream, answers.deadLetterStream] { pipeline.argument(key) }
        pipeline.argument(intake.group)
        pipeline.argument(host)
        pipeline.argument(configurationHash)
        pipeline.argument(Int(now.milliseconds))
        pipeline.argument(answers.decisionMaxLength)
        pipeline.argument(answers.deadLetterMaxLength)
        for ttl in [answers.permitTTL, answers.blockTTL, answers.outcomeTTL] { pipeline.argument(Int(ttl.components.seconds)) }
        for prefix in [Permit.keyPrefix, BlockRecord.keyPrefix, GovernorStreams.outcomePrefix] { pipeline.argument(prefix) }
        pipeline.argument(ReservationFields.last)
        // Longer than any reservation counts: an executed one counts for an hour.
        pipeline.argument(Int(answers.reservationTTL.milliseconds + ReservationReleaser.executedLife.milliseconds))
        for item in batch { encode(item, now: now, into: &pipeline) }
        pipeline.end()
    }

    private mutating func encode(_ item: CommitItem, now: Timestamp, into pipeline: inout RedisPipeline) {
        let decision = item.decision
        pipeline.argument(decision.id.description)
        pipeline.argument(item.isTrimmed ? "trimmed" : decision.outcome.rawValue)
        pipeline.argument(decision.planID)
        pipeline.argument(decision.symbol)
        pipeline.argument(decision.gate)
        pipeline.argument(decision.reason)
        scratch.removeAll(keepingCapacity: true)
        DecisionJSON.writeGates(decision.results, to: &scratch)
        pipeline.argument(scratch)
        pipeline.argument(decision.intent.map { BodyHash.of($0.fields) } ?? "")
        scratch.removeAll(keepingCapacity: true)
        switch decision.outcome {
        case .permit: decision.permit?.write(to: &scratch)
        case .block: BlockRecord(reason: decision.reason, timestamp: now, symbol: decision.symbol).write(to: &scratch)
        case .skip, .duplicate, .deadLetter: break
        }
        pipeline.argument(scratch)
        encodeExtras(item, into: &pipeline)
        pipeline.argument(decision.events.count)
        for event in decision.events { encode(event, into: &pipeline) }
        pipeline.argument(decision.reservations.count)
        for pending in decision.reservations { encode(pending, expiry: reservationExpiry(from: now), into: &pipeline) }
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

    /// Dead letters carry the whole entry; intents the fields that only they have.
    private mutating func encodeExtras(_ item: CommitItem, into pipeline: inout RedisPipeline) {
        let decision = item.decision
        guard let intent = decision.intent else {
            guard decision.outcome == .deadLetter else { return pipeline.argument(0) }
            pipeline.argument(decision.fields.count * 2)
            for position in decision.fields.positions {
                pipeline.argument(decision.fields.bytes(position.name))
                pipeline.argument(decision.fields.bytes(position.value))
            }
            return
        }
        let extras = DecisionExtras(decision: decision, intent: intent).pairs
        pipeline.argument(extras.count * 2 + (item.inputs == nil ? 2 : 4))
        for (name, value) in extras {
            pipeline.argument(name)
            pipeline.argument(value)
        }
        pipeline.argument("plan" as StaticString)
        scratch.removeAll(keepingCapacity: true)
        DecisionJSON.write(intent.fields, to: &scratch)
        pipeline.argument(scratch)
        if let inputs = item.inputs {
            pipeline.argument("inputs" as StaticString)
            pipeline.argument(inputs)
        }
    }

    private func encode(_ event: PendingEvent, into pipeline: inout RedisPipeline) {
        let fields = event.event.fields(enforced: event.enforced)
        pipeline.argument(type(of: event.event).stream)
        pipeline.argument(type(of: event.event).maximumLength)
        pipeline.argument(fields.count * 2)
        for field in fields {
            pipeline.argument(field.name)
            pipeline.argument(field.value)
        }
    }
}

/// One decision to commit.
package struct CommitItem: Sendable {
    package let decision: Decision
    /// The server dropped the entry from the pending list on claiming it, so there is nothing left to acknowledge.
    package var isTrimmed = false
    /// The records that the gates read, as JSON, where the deployment wants them recorded.
    package var inputs: [UInt8]?

    package init(decision: Decision, isTrimmed: Bool = false, inputs: [UInt8]? = nil) {
        self.decision = decision
        self.isTrimmed = isTrimmed
        self.inputs = inputs
    }
}
