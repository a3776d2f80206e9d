import Deployment
import GateHost
import Redis
import Testing
import TestSupport

@Suite("Settings for failover")
struct FailoverSettingsTests {
    private static let url = "sentinel://gate:hunter2@s1,s2:26380/mymaster?db=1&sentinel_password=hunter3"

    @Test("a Sentinel URL is parsed in full, and printed without its passwords")
    func url() throws {
        let configuration = try TestConfiguration.make("  - { gate: alpha, mode: enforce }", url: Self.url)
        let nodes = [SentinelAddress.Node(host: "s1"), SentinelAddress.Node(host: "s2", port: 26_380)]
        #expect(
            configuration.redis.address
                == .sentinel(SentinelAddress(nodes: nodes, master: "mymaster", password: Secret("hunter3"))))
        let shown = configuration.effective.first { $0.path == "redis.url" }?.text
        #expect(shown == "sentinel://gate:***@s1:26379,s2:26380/mymaster?db=1&sentinel_password=***")
        #expect(configuration.redis.replicaWait == nil)
    }

    static let waits: [(settings: String, expected: ReplicaWait?)] = [
        ("wait_replicas: 0, wait_timeout: 1s", nil),
        ("wait_replicas: 1", ReplicaWait(count: 1, timeout: .milliseconds(100))),
        ("wait_replicas: 2, wait_timeout: 250ms", ReplicaWait(count: 2, timeout: .milliseconds(250))),
    ]

    @Test("the configuration says how many replicas a commit waits for, and how long", arguments: waits)
    func wait(settings: String, expected: ReplicaWait?) throws {
        let configuration = try HostConfiguration.parse(
            text: "redis: { \(settings) }\nfirst_gate: alpha\ngates:\n  - { gate: alpha, mode: enforce }\n",
            file: "test.yaml",
            registry: try GateRegistry(scriptedGates), environment: [:])
        #expect(configuration.redis.replicaWait == expected)
    }
}
