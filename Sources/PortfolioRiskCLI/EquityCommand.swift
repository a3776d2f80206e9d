import ArgumentParser
import GateAPI
import Glibc
import Platform
import PortfolioRisk
import PortfolioStateUpdater
import Redis

struct EquityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "equity", abstract: "What an operator knows about the equity.", subcommands: [Adjust.self])

    struct Adjust: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Announces a deposit or a withdrawal, or starts a new peak, and records who, when and why.",
            discussion: """
                Announce a deposit before it arrives, and a withdrawal once it has left. The peak moves by the amount, so \
                the loss from the peak stays as it is, and a change of the equity by that amount is no jump. Redis is the \
                one of REDIS_URL.
                """)

        @Option(name: .long, help: "USD that come in.")
        var deposit: String?

        @Option(name: .long, help: "USD that have gone out.")
        var withdrawal: String?

        @Flag(name: .long, help: "The next state starts a new peak.")
        var resetPeak = false

        @Option(name: .long, help: "The reason, for the audit trail.")
        var why: String

        func validate() throws {
            _ = try kind()
            guard !why.allSatisfy(\.isWhitespace) else { throw ValidationError("--why must give a reason") }
        }

        func run() throws {
            let redis = try ServiceEnvironment.loadOrExit().risk.redis
            do {
                let connection = try RedisConnection(redis)
                defer { connection.close() }
                let outcome = try EquityAdjustment(kind(), origin: Self.origin, why: why).apply(connection)
                Console.print("peak: \(Self.text(outcome.before)) -> \(Self.text(outcome.after))")
            } catch {
                Console.printError("error: \(redis.redactedURL): \(error)")
                throw ExitCode(1)
            }
        }

        private func kind() throws -> EquityAdjustment.Kind {
            switch (deposit, withdrawal, resetPeak) {
            case (let text?, nil, false): return .deposit(try Self.amount(text))
            case (nil, let text?, false): return .withdrawal(try Self.amount(text))
            case (nil, nil, true): return .resetPeak
            default: throw ValidationError("give one of --deposit, --withdrawal and --reset-peak")
            }
        }

        private static func amount(_ text: String) throws -> Amount {
            guard let amount = try? Amount(text), amount.isPositive else {
                throw ValidationError("'\(text)' is not a positive number of USD")
            }
            return amount
        }

        private static func text(_ peak: Amount?) -> String { peak.map { "\($0) USD" } ?? "none" }

        /// The person and the machine, as the environment tells them.
        private static var origin: String {
            let environment = Console.environment
            let user = environment["SUDO_USER"] ?? environment["USER"] ?? "uid \(getuid())"
            return "\(user)@\(HostName.current() ?? "unknown")"
        }
    }
}
