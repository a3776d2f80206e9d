import Deployment
import GateAPI
import GateHost
import Logging
import Telemetry

/// The host's pipeline on parsed plans and decoded records: only the decisions are measured.
final class DecidingHost {
    private let pipeline: Pipeline
    private let entries: [StreamEntry]
    private var inputs: Inputs
    private let calls: ContainedCalls?

    /// - Parameter isContained: whether gates' faults are contained, as in the host.
    init(_ gates: [ConfiguredGate], isContained: Bool) throws {
        let pipeline = Pipeline(gates: gates)
        let milliseconds = UInt64(World.now) * 1_000
        entries = World.symbols.indices.map { index in
            StreamEntry(
                id: EntryID(milliseconds: milliseconds, sequence: UInt64(index)), fields: Fields(World.plan(index)))
        }
        var request = InputRequest()
        for entry in entries {
            if case .execute(let intent) = entry.parsed { pipeline.request(for: intent, &request) }
        }
        let records = World.records().mapValues { RawRecord.fields(Fields($0)) }
        inputs =
            InputReader().decode(request.keys, now: Timestamp(seconds: World.now)) { key, _ in records[key] ?? .missing
            }.inputs
        self.pipeline = pipeline
        calls = isContained ? try Self.containedCalls(of: pipeline) : nil
        try check(gates.count)
    }

    /// The gates' calls as the host makes them.
    static func containedCalls(of pipeline: Pipeline) throws -> ContainedCalls {
        let containment = try Containment(
            pipeline: pipeline, configuration: ContainmentConfiguration(), journal: CrashJournal(),
            registry: MetricRegistry(), logger: Logger(label: "bench"))
        guard let calls = ContainedCalls(containment) else {
            throw PipelineBenchError("the crash journal has no room for another thread")
        }
        return calls
    }

    /// Judges that many plans; returns how many were permitted.
    func decide(_ count: Int) -> Int {
        calls?.beginBatch()
        defer { calls?.endBatch() }
        var permits = 0
        var next = 0
        // As the host does it: the memory of the decision before serves again.
        var used: [GateResult] = []
        for _ in 0..<count {
            if let symbol = entries[next].symbol { inputs.focus(on: symbol) }
            var decision =
                if let calls {
                    pipeline.decide(entries[next], inputs, reusing: consume used, contained: calls)
                } else {
                    pipeline.decide(entries[next], inputs, reusing: consume used)
                }
            used = []
            swap(&used, &decision.results)
            if decision.outcome == .permit { permits += 1 }
            next += 1
            if next == entries.count { next = 0 }
        }
        return permits
    }

    /// A gate that abstains or fails open does no work worth measuring.
    private func check(_ gates: Int) throws {
        for entry in entries {
            let decision = pipeline.decide(entry, inputs)
            guard decision.outcome == .permit, decision.results.count == gates else {
                throw PipelineBenchError(
                    "a plan that every gate should pass got \(decision.outcome.rawValue), \(decision.reason)")
            }
            for result in decision.results where result.verdict != .pass {
                throw PipelineBenchError(
                    "gate \(result.gate) should have passed, but said \(result.verdict.rawValue), \(result.reason)")
            }
        }
    }
}
