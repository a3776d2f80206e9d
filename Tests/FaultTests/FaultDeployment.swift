import Foundation
import Platform
import TestSupport

/// A deployment file for fault tests, and the hosts that run on it.
struct FaultDeployment {
    private let folder: TemporaryFolder
    private let path: String

    /// - Parameters:
    ///   - redis: the settings of the section `redis`.
    ///   - logLevel: the least important messages that are logged.
    init(redis: String, logLevel: String = "critical") throws {
        folder = try TemporaryFolder()
        // Long lifetimes keep every answer for the count. A short claim_after lets hosts claim a dead host's entries
        // soon.
        path = try folder.write(
            """
            redis: { \(redis) }
            intake: { batch: 32, block: 50ms, claim_after: 1s, claim_interval: 100ms }
            answers: { permit_ttl: 1h, block_ttl: 1h, reservation_ttl: 1h, decision_max_length: 1000000 }
            log: { level: \(logLevel) }
            gates:
              - { gate: p28-budget, mode: enforce, settings: { max_age: 1h, position_max_age: 1h } }
              - { gate: heat, mode: enforce }
            """, to: "gatehost.yaml")
    }

    /// Starts a host whose log nobody reads.
    func startHost(log: Pipe, metricsPort: Int) throws -> HostProcess {
        try HostProcess(["run", "--config", path], environment: ["METRICS_PORT": "\(metricsPort)"], errors: log)
    }

    /// Starts a host that may have so many files open.
    func startHost(descriptors: Int, metricsPort: Int) throws -> HostProcess {
        let host = try HostProcess(
            executable: URL(fileURLWithPath: "/usr/bin/env"),
            ["prlimit", "--nofile=\(descriptors)", HostProcess.gatehost.path, "run", "--config", path],
            environment: ["METRICS_PORT": "\(metricsPort)"])
        host.discardOutput()
        return host
    }

    func startHost() throws -> HostProcess {
        let host = try HostProcess(["run", "--config", path])
        host.discardOutput()
        return host
    }

    /// Plans of 100 to 900 USD.
    static func plans(_ range: Range<Int>) -> [Plans.Pairs] {
        range.map { Plans.open("plan-\($0)", quantity: "0.0\($0 % 20 + 1)", price: "10000") }
    }

    private static var now: String { "\(WallClock.now().milliseconds / 1_000)" }

    /// An HSET of a symbol's enforced budget in USD.
    static func budget(_ symbol: String, _ budget: String) -> [String] {
        [
            "HSET", "quantum:portfolio:budget:\(symbol)", "symbol", symbol, "budget_usd", budget, "mode", "enforce",
            "timestamp", now,
        ]
    }

    /// An HSET of a fresh snapshot without a position: there is nothing to close, so an order over the budget is
    /// blocked.
    static func flat(_ symbol: String) -> [String] {
        ["HSET", "quantum:position:snapshot:\(symbol)", "position_amt", "0", "mark_price", "10000", "ts_epoch", now]
    }
}
