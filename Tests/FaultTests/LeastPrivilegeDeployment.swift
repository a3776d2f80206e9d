import Foundation
import FoundationNetworking
import TestSupport

/// The services of a deployment. Each is a process that logs in to Redis as its own user.
final class LeastPrivilegeDeployment {
    static let symbols = ["AUSDT", "BUSDT", "CUSDT", "DUSDT", "EUSDT", "FUSDT"]
    static let token = "token-for-this-run-only"

    let server: LeastPrivilegeServer
    let hostPort: Int
    private let riskPort: Int
    private let configuration: String
    private let hostURL: String
    private var processes: [HostProcess] = []

    /// - Parameter hostURL: the host's way to Redis; `nil` for the server's own socket.
    init(_ server: LeastPrivilegeServer, hostURL: String? = nil) throws {
        self.server = server
        self.hostURL = hostURL ?? server.url("gatehost")
        hostPort = try freePort()
        riskPort = try freePort()
        configuration = try server.folder.write(
            """
            redis: { connect_timeout: 1s, command_timeout: 1s }
            intake: { block: 50ms, claim_after: 1s, claim_interval: 100ms }
            answers: { record_inputs: true }
            log: { level: critical }
            gates:
              - { gate: p28-budget, mode: enforce }
              - { gate: kill-switch, mode: enforce, settings: { global_switch: true } }
              - { gate: heat, mode: enforce }
            """, to: "gatehost.yaml")
    }

    deinit {
        for process in processes where process.isRunning { process.crash() }
    }

    @discardableResult
    func startHost() throws -> HostProcess {
        let host = try HostProcess(
            ["run", "--config", configuration],
            environment: ["REDIS_URL": hostURL, "METRICS_PORT": String(hostPort)])
        return running(host)
    }

    func startStateUpdater() throws {
        running(try risk(["state-updater"], user: "portfolio-state-updater", ["PORTFOLIO_STATE_SOURCE": "ledger"]))
    }

    func startBudgetService(mode: String) throws -> HostProcess {
        running(
            try risk(
                ["run"], user: "portfolio-risk-governor",
                [
                    "PORT": String(riskPort), "P28_MODE": mode, "P28_ADMIN_TOKEN": Self.token,
                    "BUDGET_COMPUTE_INTERVAL_SEC": "0.2",
                    "SYMBOL_UNIVERSE": Self.symbols.joined(separator: ","), "LOG_LEVEL": "error",
                ]))
    }

    func setMode(_ mode: String) async throws -> HostProcess.Result {
        try await risk(
            ["mode", mode, "--url", "http://127.0.0.1:\(riskPort)"], user: "nobody", ["P28_ADMIN_TOKEN": Self.token]
        ).finish()
    }

    /// Judges a plan with `gatehost evaluate` as the operator.
    func evaluate(_ plan: [String]) async throws -> HostProcess.Result {
        try await HostProcess(
            ["evaluate", "--config", configuration] + plan, environment: ["REDIS_URL": server.url("operator")]
        ).finish()
    }

    /// `gatehost kill`, as its user.
    func kill(_ arguments: String...) async throws -> HostProcess.Result {
        try await HostProcess(
            ["kill"] + arguments + ["--config", configuration], environment: ["REDIS_URL": server.url("kill-switch")]
        ).finish()
    }

    func askHost(_ path: String) async throws -> (status: Int, body: String) { try await ask(hostPort, path) }
    func askBudgetService(_ path: String, method: String = "GET") async throws -> (status: Int, body: String) {
        try await ask(riskPort, path, method)
    }

    /// Waits until the host says that it is ready, or that it is not.
    func hostIs(ready: Bool) async throws {
        try await eventually("a host that is \(ready ? "ready" : "not ready")") {
            // The connection is refused until the host listens.
            guard let status = try? await askHost("health/ready").status else { return false }
            return (status == 200) == ready
        }
    }

    private func risk(_ arguments: [String], user: String, _ environment: [String: String]) throws -> HostProcess {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
            path: "portfolio-risk-governor")
        return try HostProcess(
            executable: program, arguments, environment: environment.merging(["REDIS_URL": server.url(user)]) { $1 })
    }

    @discardableResult
    private func running(_ process: HostProcess) -> HostProcess {
        process.discardOutput()
        processes.append(process)
        return process
    }

    private func ask(_ port: Int, _ path: String, _ method: String = "GET") async throws -> (status: Int, body: String)
    {
        guard let url = URL(string: "http://127.0.0.1:\(port)/\(path)") else { throw FixtureError.timeout(path) }
        var request = URLRequest(url: url, timeoutInterval: 10)
        request.httpMethod = method
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
    }
}
