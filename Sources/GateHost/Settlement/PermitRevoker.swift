package import Deployment
package import GateAPI
import Platform
package import Redis
import TradingState

/// Takes back live permits of everything that may open a position: the permit is deleted and its share given back in one
/// step. A permit that was consumed meanwhile stays with its consumer.
package struct PermitRevoker {
    private let answers: AnswersConfiguration
    private let settlement: SettlementEncoder
    /// The number of decision records that one call looks at: so few that no call holds Redis for long.
    private static let piece = 64

    package init(_ configuration: HostConfiguration) {
        let accounts = Pipeline(gates: configuration.gates).accounts
        answers = configuration.answers
        settlement = SettlementEncoder(answers, accounts)
    }

    /// Walks the decision stream backwards as far as a permit can live, or only through the last `recent`. Returns how
    /// many permits it took back.
    package func revoke(_ connection: RedisConnection, recent: Duration? = nil) throws(RedisError) -> Int {
        let sha = try connection.command("SCRIPT", "LOAD", SettlementScript.revocations).text.map { String($0) } ?? ""
        let server = try Self.time(connection)
        let oldest =
            server.milliseconds - min(recent ?? .seconds(604_800), answers.permitTTL + .seconds(1)).milliseconds
        var newest = "+"
        var revoked = 0
        while true {
            var commands = RedisPipeline()
            commands.begin(digits: 2)
            settlement.begin(sha: sha, into: &commands)
            for argument in [answers.decisionStream, newest, String(oldest), String(Self.piece)] {
                commands.argument(argument)
            }
            commands.end()
            guard let reply = try connection.send(commands).first else { return revoked }
            if let error = reply.error { throw RedisError(error) }
            revoked += reply.element(0)?.integer ?? 0
            guard let last = reply.element(2)?.text, !last.isEmpty else { return revoked }
            newest = "(" + last
        }
    }

    private static func time(_ connection: RedisConnection) throws(RedisError) -> Timestamp {
        guard let seconds = try connection.command("TIME").element(0)?.text.flatMap({ Int64($0) }) else {
            throw RedisError(code: .replyUnexpected, message: "TIME did not answer with a time")
        }
        return Timestamp(seconds: seconds)
    }
}
