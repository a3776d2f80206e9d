import ArgumentParser
import Platform
import PortfolioRisk
import Redis

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows mode, lease, last cycle, portfolio state and budgets as Redis has them, and what is wrong.",
        discussion: "Exits with 0 if nothing is wrong, with 2 if something is, and with 1 if Redis does not answer.")

    @Flag(name: .long, help: "One JSON object instead of text.")
    var json = false

    func run() async throws {
        let configuration = try ServiceEnvironment.loadOrExit().risk
        let status: Result<RiskStatus, RedisError> = await onBlockingThread(named: "status") {
            Result { () throws(RedisError) in
                let connection = try RedisConnection(configuration.redis)
                defer { connection.close() }
                return try RiskStatus.read(connection)
            }
        }
        switch status {
        case .failure(let error):
            Console.printError("error: Redis at \(configuration.redis.redactedURL) does not answer: \(error)")
            throw ExitCode(1)
        case .success(let status):
            Console.print(json ? status.json(configuration.settings) : status.text(configuration.settings))
            guard status.problems(configuration.settings).isEmpty else { throw ExitCode(2) }
        }
    }
}
