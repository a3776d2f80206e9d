import Foundation
import TestSupport
import Testing

/// A `portfolio-risk-governor` process of this build.
private struct Command {
    let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    init(_ arguments: [String], _ environment: [String: String] = [:]) throws {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        // The executable has the name of its target, or of its product if the package declares one.
        let names = ["portfolio-risk-governor", "PortfolioRiskCLI"].map { folder.appendingPathComponent($0) }
        process.executableURL = names.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// The output after the process has ended. The texts are far smaller than the buffer of a pipe.
    func finish() async throws -> (status: Int32, output: String, errors: String) {
        try await eventually("the command's end") { !process.isRunning }
        return (
            process.terminationStatus,
            String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        )
    }
}

@Suite("The command")
struct CommandTests {
    @Test("checks the environment: prints the effective settings, or every mistake")
    func check() async throws {
        let good = try await Command(
            ["check"], ["BASE_RISK_PCT": "0.05", "P28_ADMIN_TOKEN": "0123456789abcdef", "P28_MOED": "x"]
        ).finish()
        #expect(good.status == 0)
        #expect(good.output.contains("BASE_RISK_PCT               = 0.05  # environment: "))
        #expect(good.output.contains("P28_MODE                    = shadow  # default: "))
        #expect(!good.output.contains("0123456789abcdef"))
        #expect(good.errors.hasPrefix("environment: warning: P28_MOED: not a variable of this service"))
        let bad = try await Command(["check"], ["P28_MODE": "on", "PORT": "x"]).finish()
        #expect(bad.status == 1)
        #expect(bad.output.isEmpty)
        #expect(
            bad.errors == """
                environment: error: PORT: 'x' is not an integer
                environment: error: P28_MODE: 'on' is not one of shadow, enforce

                """)
    }

    @Test("refuses to start in test mode unless it listens on loopback")
    func testMode() async throws {
        let result = try await Command([], ["P28_TEST_MODE": "1", "LISTEN_HOST": "0.0.0.0"]).finish()
        #expect(result.status == 1)
        #expect(result.errors.contains("LISTEN_HOST must be a loopback address"))
    }

    @Test("rolls a running service back to shadow and reports the change")
    func rollback() async throws {
        let service = try await ServiceFixture(["P28_MODE": "enforce"])
        _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
        let url = "http://127.0.0.1:\(service.port)"
        let done = try await Command(["mode", "shadow", "--url", url], ["P28_ADMIN_TOKEN": ServiceFixture.token])
            .finish()
        #expect(done.status == 0, "\(done.errors)")
        #expect(
            done.output == #"{"success":true,"mode":"shadow","previous":"enforce","changed":true,"applied":true}"#
                + "\n")
        #expect(try service.budget()["mode"] == "shadow")
        let refused = try await Command(["mode", "enforce", "--url", url], ["P28_ADMIN_TOKEN": "wrong-wrong-wrong"])
            .finish()
        #expect(refused.status == 1)
        #expect(refused.errors == "error: the service answered 403: {\"detail\":\"Invalid token\"}\n")
        let without = try await Command(["mode", "shadow"]).finish()
        #expect(without.status == 1)
        #expect(without.errors == "error: P28_ADMIN_TOKEN is not set\n")
        await service.stop()
    }

    @Test("writes budgets at once, runs until SIGTERM and ends cleanly")
    func run() async throws {
        let redis = try RedisFixture()
        let now = Int(Date().timeIntervalSince1970)
        try redis.command("HSET", "quantum:state:portfolio", "equity_usd", "100000", "timestamp", "\(now)")
        let command = try Command(
            ["run"], ["REDIS_URL": redis.server.url, "PORT": "0", "SYMBOL_UNIVERSE": "BTCUSDT", "LOG_STYLE": "json"])
        try await eventually("a budget") { try !redis.hash("quantum:portfolio:budget:BTCUSDT").isEmpty }
        kill(command.process.processIdentifier, SIGTERM)
        let result = try await command.finish()
        #expect(result.status == 0)
        #expect(result.errors.contains(#""message":"service stopped""#))
    }
}
