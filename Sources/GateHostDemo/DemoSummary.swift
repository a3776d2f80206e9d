import Deployment
import GateAPI
import GateHost
import Histogram

/// The counts of one run, and the closing table over all runs.
struct DemoSummary: Sendable {
    let mode: GateMode
    private(set) var decided = 0
    private var outcomes: [Outcome: Int] = [:]
    private var amended = 0
    private var wouldBlock = 0
    private var wouldAmend = 0
    private var failedOpen: [String: Int] = [:]
    private var latencies = Histogram<UInt64>(
        highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .three)
    /// With a readable budget, and without.
    var largestPositions: (budgeted: Amount, unbudgeted: Amount) = (.zero, .zero)

    init(mode: GateMode) {
        self.mode = mode
    }

    mutating func add(_ committed: CommittedDecision, _ outcome: Outcome, latency nanoseconds: UInt64?) {
        decided += 1
        if let nanoseconds { latencies.record(nanoseconds) }
        outcomes[outcome, default: 0] += 1
        guard committed.result == .applied else { return }
        let results = committed.decision.results
        if outcome == .permit, results.contains(where: { $0.effect == .amended }) { amended += 1 }
        if results.contains(where: { $0.effect.wouldBlock }) { wouldBlock += 1 }
        if results.contains(where: { $0.effect == .wouldAmend }) { wouldAmend += 1 }
        for result in results where result.effect == .failedOpen {
            failedOpen["\(result.gate): \(result.reason)", default: 0] += 1
        }
    }

    private func count(_ outcome: Outcome) -> String { String(outcomes[outcome] ?? 0) }

    /// One column a run.
    static func table(_ summaries: [DemoSummary]) -> String {
        var rows: [(String, [String])] = [
            ("", summaries.map(\.mode.rawValue)),
            ("entries decided", summaries.map { String($0.decided) }),
            ("allowed", summaries.map { $0.count(.permit) }),
            ("  of them amended", summaries.map { String($0.amended) }),
            ("would block", summaries.map { String($0.wouldBlock) }),
            ("would amend", summaries.map { String($0.wouldAmend) }),
            ("blocked", summaries.map { $0.count(.block) }),
            ("skipped", summaries.map { $0.count(.skip) }),
            ("duplicates", summaries.map { $0.count(.duplicate) }),
            ("dead-lettered", summaries.map { $0.count(.deadLetter) }),
        ]
        for reason in Set(summaries.flatMap(\.failedOpen.keys)).sorted() {
            rows.append(("failed open, \(reason)", summaries.map { String($0.failedOpen[reason] ?? 0) }))
        }
        rows.append(
            (
                "largest position, budget readable",
                summaries.map { "$" + $0.largestPositions.budgeted.text(decimals: 2) }
            ))
        rows.append(
            (
                "largest position, budget unreadable",
                summaries.map { "$" + $0.largestPositions.unbudgeted.text(decimals: 2) }
            ))
        for (name, percentile) in [("latency p50", 50.0), ("latency p99", 99.0)] {
            rows.append(
                (name, summaries.map { DemoLine.milliseconds($0.latencies.valueAtPercentile(percentile)) + " ms" }))
        }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, values in name.padded(to: width) + values.map { $0.leftPadded(to: 12) }.joined() }
            .joined(separator: "\n")
    }
}
