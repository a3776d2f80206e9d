import Deployment
import GateAPI
import GateHost
import HeatGate
import P28Budget
import Platform
import Redis

/// The host's work from a batch's reply to its commit, without Redis: parse the entries, decode the records, decide,
/// encode.
struct BatchHost: ~Copyable {
    static let batch = 128

    private let pipeline: Pipeline
    private let calls: ContainedCalls
    private let records: [String: RawRecord]
    private let reader = InputReader()
    private var encoder: CommitEncoder
    private var commands = RedisPipeline()
    private var session: LedgerSession
    private let now = Timestamp(seconds: World.now)
    /// A batch's bytes as they are after the read. Each batch is a copy with its own plan ids.
    private let bytes: [UInt8]
    private let entries: [ArraySlice<Fields.Position>]

    init(_ gates: [ConfiguredGate]) throws {
        let pipeline = Pipeline(gates: gates)
        let calls = try DecidingHost.containedCalls(of: pipeline)
        let configuration = try Self.configuration()
        self.pipeline = pipeline
        self.calls = calls
        records = World.records().mapValues { RawRecord.fields(Fields($0)) }
        session = LedgerSession(
            configuration.answers, time: Timestamp(seconds: World.now), now: Monotonic.nanoseconds())
        encoder = CommitEncoder(stream: "plans", configuration: configuration, host: "bench:1")
        var bytes: [UInt8] = []
        entries = (0..<Self.batch).map { index in
            let fields = Fields(World.plan(index))
            let start = bytes.count
            bytes += fields.buffer
            return fields.positions.map {
                Fields.Position(name: $0.name.shifted(by: start), value: $0.value.shifted(by: start))
            }[...]
        }
        self.bytes = bytes
    }

    /// Takes one batch from bytes to the encoded commit, and ends a step of the meter after each part.
    mutating func process(_ number: Int, _ meter: inout StepMeter) throws {
        let read = bytes(of: number)
        meter.begin()
        let batch = entries.indices.map { index in
            StreamEntry(
                id: EntryID(milliseconds: UInt64(World.now) * 1_000, sequence: UInt64(index)),
                fields: Fields(buffer: read, positions: entries[index]))
        }
        meter.end(.parse)
        var request = InputRequest()
        for entry in batch {
            if case .execute(let intent) = entry.parsed { pipeline.request(for: intent, &request) }
        }
        let inputs = reader.decode(request.keys, now: now) { key, _ in records[key] ?? .missing }.inputs
        meter.end(.records)
        calls.beginBatch()
        let items = batch.map { CommitItem(decision: pipeline.decide($0, inputs, contained: calls)) }
        calls.endBatch()
        var ledger = LedgerBatch()
        for item in items { ledger.add(item.decision, inputs) }
        meter.end(.decide)
        commands.removeAll()
        let turn = session.turn(ledger, tidiesAll: false, now: Monotonic.nanoseconds())
        encoder.encode(items, ledger, turn, sha: Self.sha, now: now, into: &commands)
        meter.end(.encode)
        guard commands.count == 1, items.allSatisfy({ $0.decision.outcome == .permit }) else {
            throw PipelineBenchError("a batch that every gate should pass was not permitted")
        }
    }

    private static let sha = String(repeating: "0", count: 40)

    /// Plan ids are unique within a run.
    private func bytes(of number: Int) -> [UInt8] {
        var bytes = bytes
        for (index, positions) in entries.enumerated() {
            guard let planID = positions.first?.value else { continue }
            var rest = number * Self.batch + index
            for position in planID.reversed() where rest > 0 {
                bytes[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        }
        return bytes
    }

    private static func configuration() throws -> HostConfiguration {
        try HostConfiguration.parse(
            text: "gates:\n  - { gate: p28-budget, mode: enforce }\n  - { gate: heat, mode: enforce }\n",
            file: "bench.yaml",
            registry: try GateRegistry([P28Budget.self, HeatGate.self]), environment: [:])
    }
}

extension Range<Int> {
    fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
