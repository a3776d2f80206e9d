import Deployment
import GateAPI
@testable import GateHost
import Logging
import Redis
import Telemetry
import TestSupport
import Testing

@Suite("Session")
struct SessionTests {
    @Test("after a small batch has worked, reads and claims ask for twice as many entries, up to the configured batch")
    func batchSize() throws {
        let redis = try RedisFixture()
        let configuration = try TestConfiguration.make(
            "  - { gate: alpha, mode: enforce }", url: redis.server.url, sections: "intake: { batch: 3 }")
        let pipeline = Pipeline(gates: configuration.gates)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let registry = MetricRegistry()
        let containment = try Containment(
            pipeline: pipeline, configuration: configuration.containment, journal: CrashJournal(), registry: registry,
            logger: logger)
        let context = IntakeContext(
            configuration: configuration, identity: HostIdentity(host: "host:1", consumer: "desk"), pipeline: pipeline,
            containment: containment, metrics: try HostMetrics(registry, pipeline: pipeline, streams: ["s"]),
            logger: logger)
        try redis.command("XGROUP", "CREATE", RedisFixture.planStream, "governor", "0", "MKSTREAM")
        try redis.publish((0..<6).map { Plans.open("plan-\($0)") }, to: RedisFixture.planStream)
        let calls = try #require(ContainedCalls(containment))
        defer { calls.finish() }
        let reader = StreamReader(
            stream: RedisFixture.planStream, group: "governor", consumer: "desk", batch: 1,
            longestBlock: .milliseconds(1))
        var sizes: [Int] = []
        let session = try Session(redis.connection, reader: reader, calls: calls, context: context) {
            sizes.append($0.items.count)
        }
        for _ in 0..<3 {
            try session.process(try session.reader.readNew(redis.connection, block: .milliseconds(1)))
        }
        #expect(sizes == [1, 2, 3])
        #expect(session.reader.batch == 3)
    }
}
