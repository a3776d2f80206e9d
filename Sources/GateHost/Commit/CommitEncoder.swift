import Bytes
package import Deployment
package import GateAPI
import Platform
package import Redis
import TradingState

/// Encodes a batch of decisions as the call of ``CommitScript`` or as the commands of ``CommitTransaction``.
package struct CommitEncoder {
    let answers: AnswersConfiguration
    /// The script's keys, and the arguments of its header before and after the batch's moment.
    private let head: EncodedArguments
    private let tail: EncodedArguments
    let transaction: TransactionConstants
    let ledger: LedgerEncoder

    package init(stream: String, configuration: HostConfiguration, host: String) {
        answers = configuration.answers
        head = EncodedArguments([
            "4", stream, answers.decisionStream, answers.deadLetterStream, CommitKeys.commits,
            configuration.intake.group, host, configuration.hash,
        ])
        tail = EncodedArguments(
            [String(answers.decisionMaxLength), String(answers.deadLettersKept)]
                + [answers.permitTTL, answers.blockTTL, answers.outcomeTTL].map { String($0.components.seconds) }
                + [Permit.keyPrefix, BlockRecord.keyPrefix, OutcomeRecord.keyPrefix])
        ledger = LedgerEncoder(answers)
        transaction = TransactionConstants(stream: stream, configuration: configuration, host: host)
    }

    /// Appends the `EVALSHA` of the batch. All its decisions are of the moment `now`.
    package func encode(
        _ batch: [CommitItem], _ accounts: LedgerBatch, _ turn: LedgerTurn, sha: String, now: Timestamp,
        into pipeline: inout RedisPipeline
    ) {
        pipeline.begin(digits: batch.count < 40 ? 3 : 4)
        pipeline.argument("EVALSHA" as StaticString)
        pipeline.argument(sha)
        pipeline.arguments(head)
        pipeline.argument(Int(now.milliseconds))
        pipeline.arguments(tail)
        ledger.encode(accounts, turn, withShares: true, into: &pipeline)
        for index in batch.indices { encode(batch[index], accounts, turn, now: now, into: &pipeline) }
        pipeline.end()
    }

    /// The arguments of one entry, in the order of ``CommitArguments/Entry``.
    private func encode(
        _ item: CommitItem, _ accounts: LedgerBatch, _ turn: LedgerTurn, now: Timestamp,
        into pipeline: inout RedisPipeline
    ) {
        pipeline.argument(digits: 2) { $0.append(item.decision.id) }
        pipeline.argument(item.isTrimmed ? "trimmed" : item.decision.outcome.rawValue)
        encodePlanID(of: item.decision, into: &pipeline)
        pipeline.argument(item.decision.symbol)
        pipeline.argument(item.decision.gate)
        pipeline.argument(item.decision.reason)
        pipeline.argument(digits: 3) { DecisionJSON.writeGates(item.decision.results, to: &$0) }
        if item.decision.isJudged, let intent = item.decision.entry?.parsed.intent {
            encodeOutcome(item.decision, intent, turn.label, into: &pipeline)
            encodeAnswer(item.decision, now: now, into: &pipeline)
            encodeDetails(item.decision, intent, isNamed: false, into: &pipeline)
            encodeRest(item, accounts, turn, into: &pipeline)
        } else if item.decision.outcome == .deadLetter {
            encodeDeadLetter(item.decision, into: &pipeline)
        } else {
            pipeline.argument(0)
        }
    }

    /// Further values of the record, claims and events.
    private func encodeRest(
        _ item: CommitItem, _ accounts: LedgerBatch, _ turn: LedgerTurn, into pipeline: inout RedisPipeline
    ) {
        typealias Claim = CommitArguments.Claim
        typealias Event = CommitArguments.Event
        let extras = DecisionExtras(
            item.decision.results, plan: item.decision.entry?.fields, inputs: item.inputs,
            planMaxBytes: answers.planMaxBytes)
        let events = item.decision.events
        let claims = item.decision.claims
        let hasEffects = !events.isEmpty || !claims.isEmpty
        guard hasEffects || !extras.values.isEmpty else { return pipeline.argument(0) }
        let eventArguments = events.reduce(0) { $0 + Event.count + $1.values.count }
        let effects = hasEffects ? 1 + Claim.count * claims.count + eventArguments : 0
        pipeline.argument(1 + extras.values.count + effects)
        pipeline.argument(extras.values.count)
        for value in extras.values { pipeline.argument(value) }
        guard hasEffects else { return }
        pipeline.argument(claims.count)
        for claim in claims {
            pipeline.argument(1 + turn.places[accounts.index(of: claim)])
            pipeline.argument(claim.lane)
            let amount = LedgerAmount(claim.amount)
            pipeline.argument(Int(amount.units))
            pipeline.argument(Int(amount.whole))
            pipeline.argument(claim.bound?.relation == .moreThan ? 1 : 0)
        }
        for event in events {
            pipeline.argument(event.stream)
            pipeline.argument(event.maximumLength)
            pipeline.argument(event.values.count)
            for value in event.values { pipeline.argument(value) }
        }
    }
}
