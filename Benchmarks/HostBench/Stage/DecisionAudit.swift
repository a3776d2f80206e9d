import Redis
import TradingState

/// Reads back every decision of a round and checks that each plan has exactly one, with the workload's outcome.
struct DecisionAudit {
    private static let page = 1_000

    private(set) var permits = 0
    private(set) var blocks = 0
    /// The bytes of the names and values in all decision records.
    private var bytes = 0
    private let plans: Range<Int>
    /// By the plan's place in ``plans``.
    private var seen: [Bool]
    private var firstMillisecond: Int?
    private var firstCount = 0
    private var lastMillisecond = 0

    var count: Int { permits + blocks }
    var bytesPerDecision: Double { count > 0 ? Double(bytes) / Double(count) : 0 }

    /// - Parameter after: the decision before the first one on these plans.
    init(_ stage: Stage, workload: Workload, plans: Range<Int>, after: String = "0-0") throws {
        self.plans = plans
        seen = Array(repeating: false, count: plans.count)
        var start = "(" + after
        while true {
            let entries = try stage.connection.command("XRANGE", Wire.decisions, start, "+", "COUNT", "\(Self.page)")
                .elements
            guard !entries.isEmpty else { break }
            for entry in entries {
                guard let id = entry.element(0)?.text, let fields = entry.element(1) else {
                    throw BenchError("XRANGE did not answer with entries")
                }
                try add(id: id, Array(fields.elements), workload)
                start = "(" + id
            }
        }
        guard count == plans.count else { throw BenchError("\(count) decisions on \(plans.count) plans") }
    }

    /// Decisions per second by the server's clock, from the first commit to the last. The first commit's own decisions
    /// do not count, because their time began before it.
    func rate() throws -> Double {
        guard let first = firstMillisecond, lastMillisecond > first else {
            throw BenchError("too few plans: all were decided within a millisecond")
        }
        return Double(count - firstCount) * 1_000 / Double(lastMillisecond - first)
    }

    private mutating func add(id: String, _ fields: [RedisReply], _ workload: Workload) throws {
        let record = try AuditedRecord(fields)
        guard let index = PlanID.index(Array(record.planID.utf8)), plans.contains(index) else {
            throw BenchError("a decision on the plan \"\(record.planID)\", which was not published")
        }
        guard !seen[index - plans.lowerBound] else { throw BenchError("two decisions on the plan \(record.planID)") }
        seen[index - plans.lowerBound] = true
        let expected = workload.outcome(index)
        guard record.outcome == expected.rawValue else {
            throw BenchError(
                "plan \(record.planID): \(record.outcome) (\(record.reason)) instead of \(expected.rawValue)")
        }
        switch expected {
        case .permit: permits += 1
        case .block: blocks += 1
        }
        bytes += fields.reduce(0) { $0 + ($1.byteRange?.count ?? 0) }
        guard let millisecond = Int(id.prefix { $0 != "-" }) else { throw BenchError("\(id) is no entry id") }
        if firstMillisecond == nil { firstMillisecond = millisecond }
        if firstMillisecond == millisecond { firstCount += 1 }
        lastMillisecond = millisecond
    }
}

/// The fields of a decision record that the audit checks. The other fields stay where they are: an audit reads millions
/// of records.
private struct AuditedRecord {
    private(set) var planID = ""
    private(set) var outcome = ""
    private(set) var reason = ""

    private static let planIDName = DecisionRecord.Field.planID.description
    private static let outcomeName = DecisionRecord.Field.outcome.description
    private static let reasonName = DecisionRecord.Field.reason.description

    init(_ fields: [RedisReply]) throws {
        guard fields.count.isMultiple(of: 2) else {
            throw BenchError("a decision record with an odd number of fields and values")
        }
        for position in stride(from: 0, to: fields.count, by: 2) {
            switch fields[position].text {
            case Self.planIDName: planID = fields[position + 1].text ?? ""
            case Self.outcomeName: outcome = fields[position + 1].text ?? ""
            case Self.reasonName: reason = fields[position + 1].text ?? ""
            default: break
            }
        }
    }
}
