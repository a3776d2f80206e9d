import Deployment
import GateAPI
@testable import GateHost
import Logging
import Redis
import Telemetry
import TestSupport
import Testing
import TradingState

/// I11: memory, queues and metric labels are bounded, for any input of producers.
@Suite("Bounds")
struct BoundsTests {
    @Test("I11: the record cache keeps records up to its bound, and drops all of them beyond it")
    func recordCache() throws {
        let redis = try RedisFixture()
        let perKey = InputKey(Position.self, Symbol("S")!).redisKeys.count
        func fill(_ cache: inout InputCache, _ count: Int) throws -> [InputKey] {
            let keys = (0..<count).map { InputKey(Position.self, Symbol("S\($0)")!) }
            let reader = InputReader()
            var commands = RedisPipeline()
            reader.encode(keys, into: &commands)
            let replies = try redis.connection.send(commands)
            cache.store(keys, replies, reader, now: Timestamp(seconds: 1), monotonic: 1)
            return keys
        }
        var cache = InputCache(keepsRaw: false)
        var keys = try fill(&cache, InputCache.maximumKeys / perKey)
        cache.startBatch(monotonic: 2)
        cache.records.inputs.focus(on: Symbol("S0")!)
        #expect(cache.records.inputs.contains(keys[0]))
        keys = try fill(&cache, InputCache.maximumKeys / perKey + 1)
        cache.startBatch(monotonic: 3)
        #expect(!cache.records.inputs.contains(keys[0]))
    }

    @Test("I11: the oldest exemption gives way to one beyond the bound, here and in the crash journal")
    func exemptions() throws {
        let journal = CrashJournal()
        let configuration = try TestConfiguration.make("  - { gate: alpha, mode: enforce }")
        let containment = try Containment(
            pipeline: Pipeline(gates: configuration.gates), configuration: configuration.containment, journal: journal,
            registry: MetricRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let count = JournalLayout.exemptionCapacity + 1
        for id in 0..<count {
            containment.exemptions.add(
                EntryID(milliseconds: UInt64(id), sequence: 0), of: 1, from: containment.gates[0], .crash)
        }
        #expect(containment.exemptions.of(EntryID(milliseconds: 0, sequence: 0), in: 1).isEmpty)
        #expect(containment.exemptions.of(EntryID(milliseconds: UInt64(count - 1), sequence: 0), in: 1).count == 1)
        #expect(journal.exemptions().count == JournalLayout.exemptionCapacity)
    }

    @Test("I11: symbols beyond the bound share the metric label other, and none is lost")
    func symbolLabels() throws {
        let registry = MetricRegistry()
        let pipeline = Pipeline(gates: [])
        let metrics = try HostMetrics(registry, pipeline: pipeline, streams: ["s"])
        var batch = CommittedBatch(
            items: (0..<1_000).map { number in
                let entry = Plans.entry(Plans.open("plan-\(number)", "S\(number)"), id: 1)
                var decision = pipeline.decide(entry, Inputs(now: Timestamp(seconds: 1)))
                decision.hasKnownSymbol = true
                return CommitItem(decision: decision)
            }, LedgerBatch(), .idle)
        batch.results = Array(repeating: .applied, count: 1_000)
        metrics.record(batch, at: Timestamp(seconds: 1))
        let series = String(decoding: registry.exposition(), as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("quantum_govern_allow_total{") }
        #expect(series.count == 201)
        #expect(series.contains(#"quantum_govern_allow_total{symbol="other"} 800"#))
    }

    @Test("I11: after refused transactions the script commits 1, 2, 4 … 64 batches; then a transaction is tried")
    func protocolBackoff() throws {
        var choice = CommitProtocolChoice(smallestTransaction: 1)
        let item = CommitItem(
            decision: Pipeline(gates: []).decide(Plans.entry(Plans.open("a")), Inputs(now: Timestamp(seconds: 1))))
        func scriptedBatches() -> Int {
            var count = 0
            while !choice.usesTransaction(for: [item], hasMark: true), count < 1_000 { count += 1 }
            return count
        }
        #expect(scriptedBatches() == 0)
        var counts: [Int] = []
        for _ in 0..<8 {
            choice.transactionWasRefused()
            counts.append(scriptedBatches())
        }
        #expect(counts == [1, 2, 4, 8, 16, 32, 64, 64])
        choice.transactionWasExecuted()
        choice.transactionWasRefused()
        #expect(scriptedBatches() == 1)
        let withoutMark = choice.usesTransaction(for: [item], hasMark: false)
        #expect(!withoutMark)
    }
}
