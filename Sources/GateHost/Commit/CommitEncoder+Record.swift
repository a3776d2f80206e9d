import Bytes
import Deployment
import GateAPI
import Redis
import TradingState

/// The values that both commit protocols write: outcome, answer and the fields of the decision record.
extension CommitEncoder {
    func encodePlanID(of decision: borrowing Decision, into pipeline: inout RedisPipeline) {
        guard let entry = decision.entry else { return pipeline.argument(decision.planID) }
        entry.fields.reading(entry.planID) { $0.withUnsafeBufferPointer { pipeline.argument($0) } }
    }

    /// Longer actions are cut in the record. The longest known one has 22 bytes.
    private static let longestAction = 64

    /// The fields that only the record of a permit or block has.
    ///
    /// - Parameter isNamed: whether each value comes with its name. The script knows the names.
    func encodeDetails(
        _ decision: borrowing Decision, _ intent: Intent, isNamed: Bool, into pipeline: inout RedisPipeline
    ) {
        typealias Field = DecisionRecord.Field
        if isNamed { pipeline.argument(Field.action) }
        if let action = intent.actionRange {
            pipeline.argument { output in
                intent.fields.reading(action) { bytes in
                    bytes.withUnsafeBufferPointer { output.append(printable: $0, limit: Self.longestAction) }
                }
            }
        } else {
            pipeline.argument("" as StaticString)
        }
        if isNamed { pipeline.argument(Field.side) }
        pipeline.argument(intent.side?.rawValue ?? "")
        if isNamed { pipeline.argument(Field.quantity) }
        pipeline.argument(digits: 1) { if let quantity = intent.quantity.value { $0.append(quantity) } }
        if isNamed { pipeline.argument(Field.plan) }
        if PlanText.fits(intent.fields, within: answers.planMaxBytes) {
            pipeline.argument(digits: 3) { $0.append(json: intent.fields) }
        } else {
            pipeline.argument("" as StaticString)
        }
        guard let permit = decision.permit else { return }
        if isNamed { pipeline.argument(Field.computedQuantity) }
        pipeline.argument(digits: 1) { $0.append(permit.quantity) }
        if isNamed { pipeline.argument(Field.computedNotional) }
        pipeline.argument(digits: 2) { $0.append(permit.notional) }
    }

    /// The outcome record of the plan id, with the grant of a permit.
    func encodeOutcome(
        _ decision: borrowing Decision, _ intent: Intent, _ label: String, into pipeline: inout RedisPipeline
    ) {
        let record = OutcomeRecord(
            bodyHash: PlanHash.ofBody(intent.fields), entry: decision.id, isPermit: decision.outcome == .permit)
        pipeline.argument(digits: 2) { output in
            record.write(to: &output)
            if record.isPermit { ledger.writeGrant(decision.claims, label, to: &output) }
        }
    }

    /// The permit or block as its key holds it.
    func encodeAnswer(_ decision: borrowing Decision, now: Timestamp, into pipeline: inout RedisPipeline) {
        pipeline.argument(digits: 3) { output in
            if let permit = decision.permit {
                permit.write(to: &output)
            } else {
                BlockRecord(reason: decision.reason, timestamp: now, symbol: decision.symbol).write(to: &output)
            }
        }
    }
}
