import Bytes
import Deployment
package import GateAPI
package import Redis
import TradingState

extension CommitEncoder {
    /// Appends the commands of ``CommitTransaction`` for items that fit. `mark` is the claims mark that was there
    /// before the entries were read.
    ///
    /// Returns the number of commands that add shares. They come first in the transaction.
    @discardableResult
    package func encodeTransaction(
        _ batch: [CommitItem], _ accounts: LedgerBatch, _ turn: LedgerTurn, mark: String, now: Timestamp,
        into pipeline: inout RedisPipeline
    ) -> Int {
        if !accounts.isEmpty { pipeline.add("SET", turn.timely.key, "1", "PX", turn.timely.life) }
        pipeline.begin(digits: 2)
        pipeline.arguments(transaction.watch)
        if !accounts.isEmpty { pipeline.argument(turn.timely.key) }
        pipeline.end()
        encodeCheck(batch, accounts, turn, mark: mark, into: &pipeline)
        pipeline.begin()
        pipeline.argument("MULTI" as StaticString)
        pipeline.end()
        let shares = ledger.encodeShares(accounts, turn, into: &pipeline)
        pipeline.begin(digits: batch.count < 97 ? 2 : 3)
        pipeline.arguments(transaction.acknowledge)
        // A span lends its elements; an array's would be retained.
        let items = batch.span
        for index in items.indices { pipeline.argument(digits: 2) { $0.append(items[index].decision.id) } }
        pipeline.end()
        for index in items.indices { encodeWrites(items[index], turn.label, now: now, into: &pipeline) }
        if accounts.isEmpty {
            pipeline.add("PEXPIRE", CommitKeys.commits, String(CommitKeys.lifeMilliseconds))
        } else {
            pipeline.add(
                "SET", CommitKeys.commits, turn.mark + String(turn.since), "PX", String(CommitKeys.lifeMilliseconds))
        }
        pipeline.begin()
        pipeline.arguments(transaction.trim)
        pipeline.end()
        pipeline.begin()
        pipeline.argument("EXEC" as StaticString)
        pipeline.end()
        return shares
    }

    private func encodeCheck(
        _ batch: [CommitItem], _ accounts: LedgerBatch, _ turn: LedgerTurn, mark: String,
        into pipeline: inout RedisPipeline
    ) {
        pipeline.begin(digits: 3)
        pipeline.arguments(accounts.isEmpty ? transaction.check : transaction.checkWithAccounts)
        pipeline.argument(mark)
        pipeline.argument(batch.count)
        if !accounts.isEmpty { ledger.encode(accounts, turn, withShares: false, into: &pipeline) }
        let items = batch.span
        for index in items.indices where items[index].decision.isJudged {
            encodeKey(OutcomeRecord.keyPrefix, items[index].decision, into: &pipeline)
            encodeKey(answerPrefix(items[index].decision), items[index].decision, into: &pipeline)
        }
        pipeline.end()
    }

    private func encodeWrites(
        _ item: borrowing CommitItem, _ label: String, now: Timestamp, into pipeline: inout RedisPipeline
    ) {
        if item.decision.isJudged, let intent = item.decision.entry?.parsed.intent {
            encodeAnswers(item.decision, intent, label, now: now, into: &pipeline)
            for event in item.decision.events {
                pipeline.add(
                    ["XADD", event.stream, "MAXLEN", "~", String(event.maximumLength), "*"] + event.values)
            }
            beginRecord(item.decision, now: now, into: &pipeline)
            encodeDetails(item.decision, intent, isNamed: true, into: &pipeline)
            let extras = DecisionExtras(
                item.decision.results, plan: intent.fields, inputs: item.inputs, planMaxBytes: answers.planMaxBytes)
            for value in extras.values { pipeline.argument(value) }
        } else {
            beginRecord(item.decision, now: now, into: &pipeline)
        }
        pipeline.end()
    }

    /// Sets the outcome record, and the permit or block.
    private func encodeAnswers(
        _ decision: borrowing Decision, _ intent: Intent, _ label: String, now: Timestamp,
        into pipeline: inout RedisPipeline
    ) {
        pipeline.begin()
        pipeline.argument("SET" as StaticString)
        encodeKey(OutcomeRecord.keyPrefix, decision, into: &pipeline)
        encodeOutcome(decision, intent, label, into: &pipeline)
        pipeline.arguments(transaction.outcomeEnd)
        pipeline.end()
        pipeline.begin()
        pipeline.argument("SET" as StaticString)
        encodeKey(answerPrefix(decision), decision, into: &pipeline)
        encodeAnswer(decision, now: now, into: &pipeline)
        pipeline.arguments(decision.outcome == .permit ? transaction.permitEnd : transaction.blockEnd)
        pipeline.end()
    }

    private func answerPrefix(_ decision: borrowing Decision) -> String {
        decision.outcome == .permit ? Permit.keyPrefix : BlockRecord.keyPrefix
    }

    private func encodeKey(_ prefix: String, _ decision: borrowing Decision, into pipeline: inout RedisPipeline) {
        guard let entry = decision.entry else { return }
        pipeline.argument(digits: 2) { output in
            output.append(prefix)
            entry.fields.reading(entry.planID) { output.append($0) }
        }
    }

    /// Opens the XADD of a decision record, up to the fields that every record has.
    private func beginRecord(_ decision: borrowing Decision, now: Timestamp, into pipeline: inout RedisPipeline) {
        typealias Field = DecisionRecord.Field
        pipeline.begin(digits: 2)
        pipeline.arguments(transaction.record)
        pipeline.argument(digits: 2) { $0.append(decision.id) }
        pipeline.argument(Field.planID)
        encodePlanID(of: decision, into: &pipeline)
        pipeline.argument(Field.symbol)
        pipeline.argument(decision.symbol)
        pipeline.argument(Field.outcome)
        pipeline.argument(decision.outcome.rawValue)
        pipeline.argument(Field.gate)
        pipeline.argument(decision.gate)
        pipeline.argument(Field.reason)
        pipeline.argument(decision.reason)
        pipeline.argument(Field.gates)
        pipeline.argument(digits: 3) { DecisionJSON.writeGates(decision.results, to: &$0) }
        pipeline.arguments(transaction.origin)
        pipeline.argument(Int(now.milliseconds))
    }
}
