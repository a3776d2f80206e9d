import Foundation
import Glibc
import TestSupport

/// A stunnel that runs `config/redis/stunnel.conf` with the test's own paths and ports.
final class TLSTunnel {
    static let program = TLSProgram.path("stunnel")

    let socketPath: String
    private let folder: TemporaryFolder
    /// Kept because stunnel reads the files at every start.
    private let certificates: TLSCertificates
    private let configurationPath: String
    private var process: HostProcess?

    /// - Parameter change: edits the configuration, to make it wrong on purpose.
    init(to port: Int, _ certificates: TLSCertificates, change: (String) -> String = { $0 }) throws {
        self.certificates = certificates
        folder = try TemporaryFolder()
        socketPath = folder.path + "/redis.sock"
        let shipped = try String(
            contentsOf: LeastPrivilegeServer.root.appending(path: "config/redis/stunnel.conf"), encoding: .utf8)
        let placed = [
            ("/run/gatehost-redis/redis.sock", socketPath), ("redis.example.internal:6380", "localhost:\(port)"),
            ("redis.example.internal", "localhost"),
            ("syslog = no", "syslog = no\noutput = \(folder.path)/log"),
            ("/run/credentials/gatehost-redis-tls.service/redis-ca.pem", certificates.path("ca.pem")),
            ("/run/credentials/gatehost-redis-tls.service/redis-client.pem", certificates.path("client.pem")),
            ("/run/credentials/gatehost-redis-tls.service/redis-client.key", certificates.path("client.key")),
        ].reduce(shipped) { $0.replacing($1.0, with: $1.1) }
        configurationPath = try folder.write(change(placed), to: "stunnel.conf")
    }

    deinit {
        process?.crash()
    }

    func start() async throws {
        // A killed tunnel leaves its socket behind. The systemd unit removes it too.
        unlink(socketPath)
        let started = try HostProcess(
            executable: URL(filePath: Self.program ?? "/usr/bin/stunnel"), [configurationPath])
        started.discardOutput()
        process = started
        try await eventually("the tunnel's socket") {
            guard started.isRunning else { throw FixtureError.timeout("stunnel ended: \(log)") }
            return access(socketPath, F_OK) == 0
        }
    }

    func kill() {
        process?.crash()
        process = nil
    }

    /// Stops the process as a machine that swaps would: connections stay open, and no byte moves.
    func freeze() { process?.signal(SIGSTOP) }
    func thaw() { process?.signal(SIGCONT) }

    var log: String { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }
}
