import ArgumentParser
import Deployment
import GateAPI
import Platform
import Redis

/// The deployment that an operator's command looks at.
struct DeploymentOption: ParsableArguments {
    @Option(name: .long, help: "The deployment file, YAML or JSON.")
    var config = "/etc/gatehost/gatehost.yaml"
}

/// Redis for an operator's command.
enum OperatorConnection {
    /// No connection to Redis: EX_UNAVAILABLE.
    static let unavailable = ExitCode(69)

    /// Runs `body` with a connection. Prints an error of Redis, and exits with 69 if there is no connection and with 1
    /// if Redis refuses a command.
    static func with<Value>(
        _ configuration: HostConfiguration, _ body: (RedisConnection) throws(RedisError) -> Value
    ) throws -> Value {
        do throws(RedisError) {
            let connection = try RedisConnection(configuration.redis)
            defer { connection.close() }
            return try body(connection)
        } catch {
            Console.printError("error: \(configuration.redis.redactedURL): \(error)")
            throw error.isConnectionLost ? unavailable : ExitCode(1)
        }
    }
}

extension RedisConnection {
    /// Redis' own time, to the microsecond: the clock of the ledger.
    func time() throws(RedisError) -> Timestamp {
        let reply = try command("TIME")
        guard let seconds = reply.element(0)?.text.flatMap({ Int64($0) }),
            let microseconds = reply.element(1)?.text.flatMap({ Int64($0) })
        else { throw RedisError(code: .replyUnexpected, message: "TIME did not answer with a time") }
        return Timestamp(microseconds: Timestamp(seconds: seconds).microseconds &+ microseconds)
    }
}
