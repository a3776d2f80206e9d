@testable import Deployment
import Foundation
import GateAPI
import Logging
import Redis
import Telemetry
import Testing

@Suite("A deployment file")
struct HostConfigurationTests {
    static let full = """
        redis: { url: "unix:///run/redis.sock?db=2", connect_timeout: 1s, command_timeout: 5s }
        intake:
          stream: plans
          group: g
          consumer: c
          start: 1795354847562-0
          batch: 1
          block: 1ms
          claim_after: 1m
          claim_interval: 1.5s
        answers:
          permit_ttl: 90s
          block_ttl: 2h
          outcome_ttl: 168h
          decision_stream: d
          decision_max_length: 7
          dead_letter_stream: e
          dead_letter_max_length: 8
          dead_letter_max_bytes: 2000000
          record_inputs: true
        admin: { listen: "[::1]:0" }
        log: { level: trace, style: json }
        first_gate: heat
        gates:
          - gate: heat
            mode: off
            on_failure: deny
          - gate: p28-budget
            mode: enforce
            settings: { max_age: 60s, share: 0.125, strict: true, orders: 3 }
          - { gate: plain, mode: shadow, settings: }
        """

    @Test("sets every option")
    func everyOption() throws {
        let host = try parse(Self.full).get()
        #expect(host.file == "host.yaml")
        #expect(host.redis.address == .unix(path: "/run/redis.sock"))
        #expect(host.redis.database == 2)
        #expect(host.redis.connectTimeout == .seconds(1))
        #expect(host.redis.commandTimeout == .seconds(5))
        #expect(host.intake.stream == "plans")
        #expect(host.intake.group == "g")
        #expect(host.intake.consumer == "c")
        #expect(host.intake.start == .id(EntryID(milliseconds: 1_795_354_847_562, sequence: 0)))
        #expect(host.intake.batch == 1)
        #expect(host.intake.block == .milliseconds(1))
        #expect(host.intake.claimAfter == .seconds(60))
        #expect(host.intake.claimInterval == .milliseconds(1_500))
        #expect(host.answers.permitTTL == .seconds(90))
        #expect(host.answers.blockTTL == .seconds(7_200))
        #expect(host.answers.outcomeTTL == .seconds(604_800))
        #expect(host.answers.decisionStream == "d")
        #expect(host.answers.decisionMaxLength == 7)
        #expect(host.answers.deadLetterStream == "e")
        #expect(host.answers.deadLetterMaxLength == 8)
        #expect(host.answers.deadLetterMaxBytes == 2_000_000)
        #expect(host.answers.recordInputs)
        #expect(host.admin.host == "::1")
        #expect(host.admin.port == 0)
        #expect(host.log.level == .trace)
        #expect(host.log.style == .json)
        #expect(host.firstGate == "heat")
        #expect(host.gates.map(\.name) == ["heat", "p28-budget", "plain"])
        #expect(host.gates.map(\.mode) == [.off, .enforce, .shadow])
        #expect(host.gates.map(\.onFailure) == [.deny, .allow, .allow])
        #expect(host.gates[1].settings.map(\.text) == ["1m", "0.125", "true", "3"])
        #expect(host.gates[1].gate is BudgetGate)
    }

    @Test("needs nothing but a pipeline")
    func defaults() throws {
        let host = try parse("gates: [{ gate: p28-budget, mode: shadow }]").get()
        #expect(host.redis == (try RedisConfiguration(url: "redis://localhost:6379/0")))
        #expect(host.intake.stream == "quantum:stream:apply.plan")
        #expect(host.intake.group == "governor")
        #expect(host.intake.consumer == nil)
        #expect(host.intake.start == .beginning)
        #expect(host.intake.start.streamID == "0")
        #expect(host.intake.batch == 128)
        #expect(host.intake.block == .milliseconds(250))
        #expect(host.intake.claimAfter == .seconds(30))
        #expect(host.intake.claimInterval == .seconds(5))
        #expect(host.answers.permitTTL == .seconds(60))
        #expect(host.answers.blockTTL == .seconds(3_600))
        #expect(host.answers.outcomeTTL == .seconds(86_400))
        #expect(host.answers.decisionStream == "quantum:stream:governor.decision")
        #expect(host.answers.decisionMaxLength == 100_000)
        #expect(host.answers.deadLetterStream == "quantum:stream:apply.plan.dead")
        #expect(host.answers.deadLetterMaxLength == 100_000)
        #expect(host.answers.deadLetterMaxBytes == 536_870_912)
        #expect(!host.answers.recordInputs)
        #expect(host.admin.listen == ListenAddress(host: "127.0.0.1", port: 8_044))
        #expect(host.log.level == .info)
        #expect(host.log.style == .automatic)
        #expect(host.firstGate == "p28-budget")
        #expect(host.effective.allSatisfy { $0.source == .default || $0.path.hasPrefix("gates[0].") })
    }

    @Test("tells where each value comes from")
    func provenance() throws {
        let host = try parse(Self.full, environment: ["P28_MODE": "shadow", "METRICS_PORT": "9"]).get()
        func source(_ path: String) -> EffectiveValue.Source? { host.effective.first { $0.path == path }?.source }
        #expect(source("redis.url") == .file(line: 1, column: 15))
        #expect(source("intake.batch") == .file(line: 7, column: 10))
        #expect(source("first_gate") == .file(line: 23, column: 13))
        #expect(source("gates[0].on_failure") == .file(line: 27, column: 17))
        #expect(source("gates[1].on_failure") == .default)
        #expect(source("gates[1].mode") == .environment("P28_MODE"))
        #expect(source("gates[1].settings.share") == .file(line: 30, column: 38))
        #expect(source("admin.listen") == .environment("METRICS_PORT"))
        #expect(Set(host.effective.map(\.path)).count == host.effective.count)
    }

    @Test("is loaded from disk, and said to be missing where it is")
    func loading() throws {
        let registry = try testRegistry()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("host.yaml").path
        func failure(_ path: String) -> String? {
            do throws(ConfigurationErrors) {
                _ = try HostConfiguration.load(path: path, registry: registry, environment: [:])
                return nil
            } catch {
                return error.description
            }
        }
        #expect(failure(path) == "\(path): error: the file cannot be read: No such file or directory")
        #expect(failure(folder.path) == "\(folder.path): error: the file cannot be read: Is a directory")
        try Data(Self.full.utf8).write(to: URL(fileURLWithPath: path))
        #expect(failure(path) == nil)
        try Data((Self.full + "\n#" + String(repeating: " ", count: HostConfiguration.maximumFileBytes)).utf8).write(
            to: URL(fileURLWithPath: path))
        #expect(failure(path) == "\(path): error: the file is larger than 1048576 bytes")
    }
}

@Suite("The configuration's hash")
struct HashTests {
    static let yaml = """
        first_gate: p28-budget   # comment
        gates:
          - gate: p28-budget
            mode: shadow
            settings:
              share: 0.25
          - gate: heat
            mode: enforce
        answers: { permit_ttl: 60s }
        """
    static let json = """
        {"answers": {"permit_ttl": "1m"}, "intake": {"consumer": "x", "batch": 5}, "admin": {"listen": "0.0.0.0:1"},
         "log": {"level": "error"},
         "redis": {"url": "redis://elsewhere"}, "gates": [
            {"mode": "shadow", "gate": "p28-budget", "settings": {"share": 0.250, "max_age": "5m"},
             "on_failure": "allow"},
            {"gate": "heat", "mode": "enforce"}]}
        """

    @Test("is the same for the same decisions: YAML or JSON, keys in another order, defaults spelt out, another server")
    func same() throws {
        let hash = try parse(Self.yaml).get().hash
        #expect(try parse(Self.json).get().hash == hash)
        #expect(
            try parse(Self.yaml.replacing("shadow", with: "off"), environment: ["P28_MODE": "shadow"]).get().hash
                == hash)
    }

    @Test("is what it was before: on every machine, in every process")
    func pinned() throws {
        let hash = try parse(Self.yaml).get().hash
        #expect(hash == "34e2a1d169dd5a6c")
    }

    @Test(
        "changes with every setting that changes decisions",
        arguments: [
            ("0.25", "0.26"), ("mode: shadow", "mode: off"), ("mode: enforce", "mode: enforce\n    on_failure: deny"),
            ("60s", "61s"),
            ("  - gate: heat\n    mode: enforce\n", ""), ("gate: heat", "gate: plain"),
            ("    settings:\n      share: 0.25\n", ""),
        ])
    func different(_ old: String, _ new: String) throws {
        let changed = Self.yaml.replacing(old, with: new)
        #expect(changed != Self.yaml)
        #expect(try parse(changed).get().hash != parse(Self.yaml).get().hash)
    }

    @Test("changes with the order of gates")
    func order() throws {
        let one = """
            first_gate: heat
            gates: [{gate: heat, mode: off}, {gate: p28-budget, mode: off}, {gate: plain, mode: off}]
            """
        let other = """
            first_gate: heat
            gates: [{gate: heat, mode: off}, {gate: plain, mode: off}, {gate: p28-budget, mode: off}]
            """
        #expect(try parse(one).get().hash != parse(other).get().hash)
    }
}

@Suite("YAML and JSON")
struct NotationTests {
    @Test("give the same configuration")
    func same() throws {
        let json = """
            {"redis": {"url": "unix:///run/redis.sock?db=2", "connect_timeout": "1s", "command_timeout": "5s"},
             "intake": {"stream": "plans", "group": "g", "consumer": "c", "start": "1795354847562-0", "batch": 1,
                        "block": "1ms", "claim_after": "1m", "claim_interval": "1.5s"},
             "answers": {"permit_ttl": "90s", "block_ttl": "2h", "outcome_ttl": "168h",
                         "decision_stream": "d", "decision_max_length": 7,
                         "dead_letter_stream": "e", "dead_letter_max_length": 8,
                         "dead_letter_max_bytes": 2000000, "record_inputs": true},
             "admin": {"listen": "[::1]:0"}, "log": {"level": "trace", "style": "json"}, "first_gate": "heat",
             "gates": [{"gate": "heat", "mode": "off", "on_failure": "deny"},
                       {"gate": "p28-budget", "mode": "enforce",
                        "settings": {"max_age": "60s", "share": 0.125, "strict": true, "orders": 3}},
                       {"gate": "plain", "mode": "shadow", "settings": {}}]}
            """
        let one = try parse(HostConfigurationTests.full).get()
        let other = try parse(json).get()
        #expect(one.effective.map { [$0.path, $0.text] } == other.effective.map { [$0.path, $0.text] })
        #expect(one.hash == other.hash)
        #expect(one.redis == other.redis)
    }
}
