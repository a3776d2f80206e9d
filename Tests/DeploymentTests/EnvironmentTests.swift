import Deployment
import GateAPI
import Logging
import Redis
import Testing

private let pipeline = "gates:\n  - { gate: p28-budget, mode: shadow }\n  - { gate: heat, mode: shadow }\n"

@Suite("Environment variables override the file")
struct EnvironmentTests {
    @Test("REDIS_URL gives the server")
    func server() throws {
        let text = pipeline + "redis: { url: redis://a:1, connect_timeout: 5s }\n"
        let redis = try parse(text, environment: ["REDIS_URL": "redis://b:2/3"]).get().redis
        #expect(redis.address == .tcp(host: "b", port: 2))
        #expect(redis.database == 3)
        #expect(redis.connectTimeout == .seconds(5))
    }

    @Test(
        "METRICS_PORT gives the port and leaves the host",
        arguments: [
            ("", "0", "127.0.0.1:0"), ("admin: { listen: '[::1]:1' }\n", "9100", "[::1]:9100"),
            ("admin: { listen: 0.0.0.0:8044 }\n", "", "0.0.0.0:8044"),
        ])
    func port(_ section: String, _ variable: String, _ expected: String) throws {
        let configuration = try parse(pipeline + section, environment: ["METRICS_PORT": variable]).get()
        #expect(configuration.effective.first { $0.path == "admin.listen" }?.text == expected)
        #expect(configuration.admin.listen == ListenAddress(setting: SettingScalar(text: expected)))
    }

    @Test("LOG_LEVEL is taken in any case", arguments: ["debug", "DEBUG", "Debug"])
    func level(_ text: String) throws {
        #expect(try parse(pipeline, environment: ["LOG_LEVEL": text]).get().log.level == .debug)
    }

    @Test("A gate's own variables give its mode and settings")
    func gate() throws {
        let configuration = try parse(pipeline, environment: ["P28_MODE": "enforce", "BUDGET_SHARE": "0.75"]).get()
        #expect(configuration.gates.map(\.mode) == [.enforce, .shadow])
        #expect(configuration.gates[0].settings.first { $0.key == "share" }?.text == "0.75")
        #expect(configuration.gates[0].settings.first { $0.key == "share" }?.source == .environment("BUDGET_SHARE"))
    }

    @Test("An empty variable counts as unset")
    func empty() throws {
        let environment = ["REDIS_URL": "", "METRICS_PORT": "", "LOG_LEVEL": "", "P28_MODE": "", "BUDGET_SHARE": ""]
        #expect(try parse(pipeline, environment: environment).get().effective == (try parse(pipeline).get().effective))
    }

    @Test(
        "A bad variable is an error that names it",
        arguments: [
            (
                ["P28_MODE": "enforced"],
                "environment: error: P28_MODE: 'enforced' is not one of shadow, enforce, off; did you mean 'enforce'?"
            ),
            (
                ["P28_MODE": "ENFORCE"],
                "environment: error: P28_MODE: 'ENFORCE' is not one of shadow, enforce, off; did you mean 'enforce'?"
            ),
            (["METRICS_PORT": "99999"], "environment: error: METRICS_PORT: '99999' is not a port (0...65535)"),
            (["METRICS_PORT": "0x10"], "environment: error: METRICS_PORT: '0x10' is not a port (0...65535)"),
            (
                ["LOG_LEVEL": "inof"],
                """
                environment: error: LOG_LEVEL: 'inof' is not one of trace, debug, info, notice, warning, error, \
                critical; did you mean 'info'?
                """
            ),
            (["BUDGET_SHARE": "3"], "environment: error: BUDGET_SHARE: '3' is outside 0...1"),
            (["HEAT_MIN": "0.7"], "environment: error: HEAT_MIN: gate 'heat': warm (0.7) must be below hot (0.65)"),
            (
                ["REDIS_URL": "http://x"],
                """
                environment: error: REDIS_URL: unknown scheme in the Redis URL: expected redis://, unix:// or \
                sentinel://
                """
            ),
        ])
    func bad(_ environment: [String: String], _ expected: String) throws {
        #expect(try diagnostics(pipeline, environment: environment) == [expected])
    }

    @Test("The mode must stand in the file even where a variable overrides it")
    func modeStaysRequired() throws {
        #expect(
            try diagnostics("gates: [{ gate: p28-budget }]\n", environment: ["P28_MODE": "enforce"])
                == ["host.yaml:1:9: error: gates[0].mode is missing: one of shadow, enforce, off"])
    }
}

@Suite("A password appears nowhere")
struct SecretTests {
    @Test(
        "neither in diagnostics",
        arguments: [
            "redis: { url: redis://u:hunter2@h:x }\n", "redis: redis://u:hunter2@h\n",
            "redis: { redis://u:hunter2@h }\n",
            "redis: { url redis://u:hunter2@h }\n",
            "redis: [redis://u:hunter2@h]\n", "redis://u:hunter2@h: 1\n",
            "redis: { url: redis://u:hunter2@h, url: redis://u:hunter2@h }\n",
            "admin: { listen: redis://u:hunter2@h }\n", "log: { level: 'redis://u:hunter2@h' }\n",
            "redis: { url: \"redis://u:hunter2@h }\n",
            "redis: { url: redis://u:hunter2@h\n",
            "redis://u:hunter2@h: 1\nredis://u:hunter2@h: 2\n", "intake: { stream: \"redis://u:hunter2@h b\" }\n",
        ])
    func diagnostics(_ section: String) throws {
        let all = try DeploymentTests.diagnostics(pipeline + section)
        #expect(!all.isEmpty)
        #expect(all.allSatisfy { !$0.contains("hunter2") })
    }

    @Test("nor in what is in force")
    func effective() throws {
        let configuration = try parse(pipeline, environment: ["REDIS_URL": "redis://u:hunter2@h"]).get()
        #expect(configuration.redis.password == Secret("hunter2"))
        #expect(!configuration.described().contains("hunter2"))
        #expect(!"\(configuration)".contains("hunter2"))
        #expect(configuration.effective.first { $0.path == "redis.url" }?.text == "redis://u:***@h:6379/0")
    }
}
