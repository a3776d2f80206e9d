import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Platform
import PortfolioRisk

struct ModeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mode",
        abstract: "Changes the mode of a running service at once: `mode shadow` is the rollback.",
        discussion: """
            The token is read from P28_ADMIN_TOKEN, the address from LISTEN_HOST and PORT, as the service reads them. \
            The change survives restarts of the service until its P28_MODE changes. Exits with 1 unless Redis has \
            stored the mode and every budget carries it.
            """)

    @Argument(help: "shadow or enforce.")
    var mode: RiskMode

    @Option(name: .long, help: "Address of the service; by default that of the environment.")
    var url: String?

    func run() async throws {
        guard let token = Console.environment["P28_ADMIN_TOKEN"], !token.isEmpty else {
            Console.printError("error: P28_ADMIN_TOKEN is not set")
            throw ExitCode(1)
        }
        let url = try url ?? ServiceEnvironment.loadOrExit().risk.settings.ownURL
        do {
            var request = HTTPClientRequest(url: url + "/mode")
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: #"{"mode":"\#(mode.rawValue)"}"#))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(15))
            let body = String(buffer: try await response.body.collect(upTo: 65_536))
            guard response.status == .ok else {
                Console.printError("error: the service answered \(response.status.code): \(body)")
                throw ExitCode(1)
            }
            Console.print(body)
            guard body.contains(#""applied":true"#) else {
                Console.printError("error: not every budget carries the mode yet; give the command again")
                throw ExitCode(1)
            }
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.printError("error: the request to \(url) failed: \(error)")
            throw ExitCode(1)
        }
    }
}

extension RiskMode: ExpressibleByArgument {}
