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
    /// many permits of the scope it took back.
    package func revoke(
        _ connection: RedisConnection, of scope: RevocationScope = .everything, recent: Duration? = nil
    ) throws(RedisError) -> Int {
        var revoked = 0
        try walk(scope.arguments, connection, recent: recent) { revoked += $0.element(0)?.integer ?? 0 }
        return revoked
    }

    /// The symbols and sources of all live permits that may open a position.
    func live(_ connection: RedisConnection) throws(RedisError) -> RevocationScope {
        var scope = RevocationScope()
        try walk(["look"], connection, recent: nil) { reply in
            var names = reply.element(3)?.elements.map { String($0.text ?? "") }.makeIterator()
            while let symbol = names?.next(), let source = names?.next() { scope.add(symbol: symbol, source: source) }
        }
        return scope
    }

    private func walk(
        _ arguments: [String], _ connection: RedisConnection, recent: Duration?, _ take: (RedisReply) -> Void
    ) throws(RedisError) {
        let sha = try connection.command("SCRIPT", "LOAD", SettlementScript.revocations).text.map { String($0) } ?? ""
        let server = try Self.time(connection)
        let oldest =
            server.milliseconds - min(recent ?? .seconds(604_800), answers.permitTTL + .seconds(1)).milliseconds
        var newest = "+"
        while true {
            var commands = RedisPipeline()
            commands.begin(digits: 4)
            settlement.begin(sha: sha, into: &commands)
            for argument in [answers.decisionStream, newest, String(oldest), String(Self.piece)] + arguments {
                commands.argument(argument)
            }
            commands.end()
            guard let reply = try connection.send(commands).first else { return }
            if let error = reply.error { throw RedisError(error) }
            take(reply)
            guard let last = reply.element(2)?.text, !last.isEmpty else { return }
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
