import Bytes
package import Deployment
package import GateAPI
import JSONText
package import Redis
import Platform
import TradingState

/// What is the same in every transaction, encoded once.
struct TransactionConstants {
    fileprivate let watch: [UInt8]
    fileprivate let check: [UInt8]
    fileprivate let acknowledge: [UInt8]
    fileprivate let record: [UInt8]
    fileprivate let origin: [UInt8]
    fileprivate let permitEnd: [UInt8]
    fileprivate let blockEnd: [UInt8]
    fileprivate let outcomeEnd: [UInt8]
    fileprivate let finish: [UInt8]

    init(stream: String, configuration: HostConfiguration, host: String) {
        let answers = configuration.answers
        let group = configuration.intake.group
        let claims = CommitTransaction.claimsKey(stream: stream, group: group)
        func end(_ life: Duration) -> [UInt8] { RedisPipeline.encoded(["EX", String(life.components.seconds), "NX"]) }
        watch = RedisPipeline.encoded(["WATCH", CommitTransaction.commitsKey, claims])
        check = RedisPipeline.encoded([
            "EVAL", CommitTransaction.check, "4", stream, answers.decisionStream, CommitTransaction.commitsKey, claims,
            group,
        ])
        acknowledge = RedisPipeline.encoded(["XACK", stream, group])
        record = RedisPipeline.encoded(["XADD", answers.decisionStream, "*", "intent_id"])
        origin = RedisPipeline.encoded(["config_hash", configuration.hash, "host", host, "decided_at_ms"])
        permitEnd = end(answers.permitTTL)
        blockEnd = end(answers.blockTTL)
        outcomeEnd = end(answers.outcomeTTL)
        finish = RedisPipeline.encoded([
            "XTRIM", answers.decisionStream, "MAXLEN", "~", String(answers.decisionMaxLength),
        ])
    }
}

extension CommitItem {
    /// Whether a transaction can commit this as the script would. A reservation stands on others; a dead letter is
    /// another record.
    var fitsTransaction: Bool {
        guard !isTrimmed, !isDuplicate, decision.entry != nil, decision.reservations.isEmpty else { return false }
        return decision.isJudged || decision.outcome == .skip
    }
}

extension CommitEncoder {
    /// Appends the commands of ``CommitTransaction``, of items that fit. `mark` is the mark of claims that was there
    /// before the entries were read.
    package func encodeTransaction(
        _ batch: [CommitItem], mark: String, now: Timestamp, into pipeline: inout RedisPipeline
    ) {
        pipeline.begin()
        pipeline.arguments(encoded: constants.watch, count: 3)
        pipeline.end()
        encodeCheck(batch, mark: mark, into: &pipeline)
        pipeline.begin()
        pipeline.argument("MULTI" as StaticString)
        pipeline.end()
        pipeline.begin(digits: batch.count < 97 ? 2 : 3)
        pipeline.arguments(encoded: constants.acknowledge, count: 3)
        // A span lends its elements; an array's would be retained.
        let items = batch.span
        for index in items.indices { pipeline.argument(digits: 2) { $0.append(items[index].decision.id) } }
        pipeline.end()
        for index in items.indices { encodeWrites(items[index], now: now, into: &pipeline) }
        pipeline.add("PEXPIRE", CommitTransaction.commitsKey, "86400000")
        pipeline.begin()
        pipeline.arguments(encoded: constants.finish, count: 5)
        pipeline.end()
        pipeline.begin()
        pipeline.argument("EXEC" as StaticString)
        pipeline.end()
    }

    private func encodeCheck(_ batch: [CommitItem], mark: String, into pipeline: inout RedisPipeline) {
        pipeline.begin(digits: 3)
        pipeline.arguments(encoded: constants.check, count: 8)
        pipeline.argument(mark)
        pipeline.argument(batch.count)
        let items = batch.span
        for index in items.indices where items[index].decision.isJudged {
            encodeKeys(items[index].decision, into: &pipeline)
        }
        pipeline.end()
    }

    private func encodeKeys(_ decision: borrowing Decision, into pipeline: inout RedisPipeline) {
        encodeKey(GovernorStreams.outcomePrefix, decision, into: &pipeline)
        encodeKey(decision.outcome == .permit ? Permit.keyPrefix : BlockRecord.keyPrefix, decision, into: &pipeline)
    }

    private func encodeWrites(_ item: borrowing CommitItem, now: Timestamp, into pipeline: inout RedisPipeline) {
        if item.decision.isJudged, let intent = item.decision.entry?.parsed.intent {
            encodeAnswer(item.decision, intent, now: now, into: &pipeline)
            for event in item.decision.events {
                pipeline.add(["XADD", event.stream, "MAXLEN", "~", String(event.maximumLength), "*"] + event.values)
            }
            begin(recording: item.decision, now: now, into: &pipeline)
            encodeDetails(item.decision, intent, isNamed: true, into: &pipeline)
            for value in DecisionExtras(item.decision.results, inputs: item.inputs).values { pipeline.argument(value) }
        } else {
            begin(recording: item.decision, now: now, into: &pipeline)
        }
        pipeline.end()
    }

    private func encodeAnswer(
        _ decision: borrowing Decision, _ intent: Intent, now: Timestamp, into pipeline: inout RedisPipeline
    ) {
        pipeline.begin()
        pipeline.argument("SET" as StaticString)
        encodeKey(GovernorStreams.outcomePrefix, decision, into: &pipeline)
        encodeOutcome(decision, intent, into: &pipeline)
        pipeline.arguments(encoded: constants.outcomeEnd, count: 3)
        pipeline.end()
        let isPermit = decision.outcome == .permit
        pipeline.begin()
        pipeline.argument("SET" as StaticString)
        encodeKey(isPermit ? Permit.keyPrefix : BlockRecord.keyPrefix, decision, into: &pipeline)
        encodeAnswerText(decision, now: now, into: &pipeline)
        pipeline.arguments(encoded: isPermit ? constants.permitEnd : constants.blockEnd, count: 3)
        pipeline.end()
    }

    private func encodeKey(_ prefix: String, _ decision: borrowing Decision, into pipeline: inout RedisPipeline) {
        guard let entry = decision.entry else { return }
        pipeline.argument(digits: 2) { output in
            output.append(prefix)
            entry.fields.reading(entry.planID) { output.append($0) }
        }
    }

    /// What the record of every decision tells.
    private func begin(recording decision: borrowing Decision, now: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.begin(digits: 2)
        pipeline.arguments(encoded: constants.record, count: 4)
        pipeline.argument(digits: 2) { $0.append(decision.id) }
        pipeline.argument("plan_id" as StaticString)
        Self.encode(planIDOf: decision.entry, into: &pipeline)
        pipeline.argument("symbol" as StaticString)
        pipeline.argument(decision.symbol)
        pipeline.argument("outcome" as StaticString)
        pipeline.argument(decision.outcome.rawValue)
        pipeline.argument("gate" as StaticString)
        pipeline.argument(decision.gate)
        pipeline.argument("reason" as StaticString)
        pipeline.argument(decision.reason)
        pipeline.argument("gates" as StaticString)
        pipeline.argument(digits: 3) { DecisionJSON.writeGates(decision.results, to: &$0) }
        pipeline.arguments(encoded: constants.origin, count: 5)
        pipeline.argument(Int(now.milliseconds))
    }
}
