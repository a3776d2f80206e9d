import Testing
import TestSupport

@Suite("gatehost check and gates")
struct CheckTests {
    @Test("prints every error of every file with its position, and exits with 1")
    func errors() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            intake: { bach: 12 }
            gates:
              - gate: p28-bugdet
                mode: shadow
              - gate: heat
                mode: enforced
                settings: { warm: 0.7, max_age: 300 }
            """, to: "wrong.yaml")
        let result = try await HostProcess(["check", file]).finish()
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(
            result.errors == """
                \(file):1:11: error: unknown key 'bach' in intake; did you mean 'batch'?
                \(file):3:11: error: gate: 'p28-bugdet' is no gate of this host; did you mean 'p28-budget'?
                \(file):6:11: error: mode: 'enforced' is not one of shadow, enforce, off; did you mean 'enforce'?
                \(file):7:37: error: max_age: '300' is not a duration (250us, 5ms, 30s, 2m, 24h)

                """)
    }

    @Test("I9: run refuses the same file with the same words, before it touches Redis")
    func run() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("gates: []\n", to: "empty.yaml")
        let check = try await HostProcess(["check", file]).finish()
        let run = try await HostProcess(["run", "--config", file]).finish()
        #expect(check.status == 1)
        #expect(run.status == 1)
        #expect(run.errors == check.errors)
    }

    @Test("--print shows where each value comes from")
    func provenance() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("gates:\n  - { gate: p28-budget, mode: shadow }\n", to: "small.yaml")
        let result = try await HostProcess(
            ["check", "--print", file], environment: ["P28_MODE": "enforce", "REDIS_URL": "redis://u:secret@localhost"]
        ).finish()
        #expect(result.output.contains(/mode +enforce +P28_MODE/))
        #expect(result.output.contains(/settings\.max_age +5m +default/))
        #expect(!result.output.contains("secret"))
    }

    @Test("gates lists what this host is built with")
    func gates() async throws {
        let result = try await HostProcess(["gates"]).finish()
        #expect(result.status == 0)
        for text in [
            "p28-budget: ", "heat: ", "p28_budget_violation: ", "p26_heat_hot: ", "quantum:portfolio:budget:{symbol}",
            "quantum:portfolio:heat",
            "warm_scale: decimal (ratio), 0.01...1, default 0.5",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
    }
}
