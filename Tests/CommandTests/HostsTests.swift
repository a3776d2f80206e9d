import Foundation
import TestSupport
import Testing

@Suite("gatehost hosts")
struct HostsTests {
    private static let key = "quantum:governor:hosts:governor"

    @Test("two hosts of one group, one in shadow, one in enforce: both are listed, and the disagreement is told")
    func disagreement() async throws {
        let world = try OperatorWorld("  - { gate: p28-budget, mode: enforce }")
        let first = try await world.host()
        let second = try HostProcess(
            ["run", "--config", world.config, "--unsupervised"], environment: ["P28_MODE": "shadow"])
        second.discardOutput()
        defer {
            first.crash()
            second.crash()
        }
        try await eventually("two hosts") { try world.redis.command("HLEN", Self.key).integer == 2 }
        let text = try await world.run("hosts")
        #expect(text.status == 1)
        #expect(text.errors == "warning: the hosts run 2 configurations\n")
        let lines = text.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.contains { $0.contains("  p28-budget=enforce  up ") })
        #expect(lines.contains { $0.contains("  p28-budget=shadow  up ") })
        let json = try await world.run("hosts", "--json").output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(Set(json.map { $0["config_hash"] as? String }).count == 2)
        #expect(Set(json.map { $0["build"] as? String }).count == 1)
        #expect(Set(json.map { $0["gates"] as? String }) == ["p28-budget=enforce", "p28-budget=shadow"])
    }

    @Test("hosts that agree are listed without a warning; a host that has been silent for 20 seconds is not")
    func agreement() async throws {
        let world = try OperatorWorld("  - { gate: p28-budget, mode: enforce }")
        #expect(try await world.run("hosts").output == "no host of group governor has registered\n")
        let host = try await world.host()
        defer { host.crash() }
        try await eventually("a host") { try world.redis.command("HLEN", Self.key).integer == 1 }
        let now = Int(Date().timeIntervalSince1970) * 1_000
        try world.redis.command("HSET", Self.key, "gone:1", "b c g 1 \(now - 30_000)", "odd:1", "\u{1B}[31m")
        let result = try await world.run("hosts")
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test("K8: a host's record from outside neither forges a line nor steers a terminal")
    func foreignNames() async throws {
        let world = try OperatorWorld("  - { gate: p28-budget, mode: enforce }")
        let now = Int(Date().timeIntervalSince1970) * 1_000
        try world.redis.command("HSET", Self.key, "odd\n\u{9B}2J:1", "b\u{202E} c\n g\u{1B} 1 \(now)")
        let result = try await world.run("hosts")
        #expect(
            result.output.hasPrefix(
                "odd\u{FFFD}\u{FFFD}2J:1  build b\u{FFFD}  configuration c\u{FFFD}  g\u{FFFD}  up"), "\(result.output)")
        #expect(result.output.unicodeScalars.count { $0 == "\n" } == 1)
    }

    @Test("a host that may not start says why and exits with 78, under its supervisor too", arguments: [true, false])
    func refusal(isSupervised: Bool) async throws {
        let world = try OperatorWorld("  - { gate: p28-budget, mode: enforce }")
        try world.redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        let result = try await HostProcess(
            ["run", "--config", world.config] + (isSupervised ? [] : ["--unsupervised"])
        ).finish(within: 30)
        #expect(result.status == 78)
        #expect(result.errors.contains("Redis may evict keys (maxmemory-policy allkeys-lru)"))
    }
}
