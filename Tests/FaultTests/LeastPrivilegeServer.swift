import EmbeddedRedis
import Foundation
import Redis
import TestSupport

/// A private Redis whose users come from `config/redis/users.acl`, each with a password.
final class LeastPrivilegeServer {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// All users but `default`, which is switched off.
    static let users = [
        "gatehost", "portfolio-risk-governor", "portfolio-state-updater", "position-publisher", "plan-producer",
        "execution-layer", "operator", "kill-switch", "equity-adjuster",
        "replica", "sentinel", "admin",
    ]

    let redis: EmbeddedRedisServer
    let folder: TemporaryFolder
    /// The ACL file as Redis loads it.
    let rules: String

    init(appendOnly: Bool = false, extraArguments: [String] = []) async throws {
        folder = try TemporaryFolder()
        let passwords = try folder.write(
            Self.users.map { "\($0) \(Self.password(of: $0))\n" }.joined(), to: "passwords")
        let file = folder.path + "/users.acl"
        let result = try await Self.makeRules(passwords, file)
        guard result.status == 0 else { throw FixtureError.timeout("users.acl: \(result.errors)") }
        rules = try String(contentsOfFile: file, encoding: .utf8)
        redis = try EmbeddedRedisServer(appendOnly: appendOnly, extraArguments: ["--aclfile", file] + extraArguments)
    }

    deinit {
        redis.stop()
    }

    static func makeRules(_ passwords: String, _ file: String) async throws -> HostProcess.Result {
        let script = root.appending(path: "config/redis/make-acl.sh").path
        return try await HostProcess(executable: URL(filePath: "/bin/sh"), [script, passwords, file]).finish()
    }

    static func password(of user: String) -> String { "password-of-\(user)" }

    /// - Parameter socket: the path of another socket to the server, such as a tunnel's.
    func url(_ user: String, through socket: String? = nil) -> String {
        "unix://\(user):\(Self.password(of: user))@\(socket ?? redis.socketPath)"
    }

    func connect(_ user: String) throws -> LeastPrivilegeClient {
        var configuration = try RedisConfiguration(url: url(user))
        configuration.commandTimeout = .seconds(30)
        return LeastPrivilegeClient(try RedisConnection(configuration))
    }

    /// The refused commands and logins of `ACL LOG`: user, context and object of each.
    func refusals() throws -> [String] {
        try connect("admin")("ACL", "LOG", "128").elements.map { entry in
            let fields = RedisFixture.dictionary(entry)
            return ["username", "reason", "context", "object"].map { fields[$0] ?? "" }.joined(separator: " ")
        }
    }
}

/// A connection that is logged in as one user.
struct LeastPrivilegeClient {
    private let connection: RedisConnection

    init(_ connection: RedisConnection) {
        self.connection = connection
    }

    @discardableResult
    func callAsFunction(_ arguments: String...) throws -> RedisReply {
        try callAsFunction(arguments)
    }

    @discardableResult
    func callAsFunction(_ arguments: [String]) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        guard let reply = try connection.send(pipeline).first else { throw FixtureError.noReply }
        if let error = reply.error { throw error }
        return reply
    }

    /// Publishes the plans in one round trip.
    func publish(_ plans: [Plans.Pairs]) throws {
        var pipeline = RedisPipeline()
        for plan in plans {
            pipeline.add(
                ["XADD", "quantum:stream:apply.plan", "MAXLEN", "~", "10000", "*"]
                    + plan.flatMap { [$0.name, $0.value] })
        }
        for reply in try connection.send(pipeline) {
            if let error = reply.error { throw error }
        }
    }

    func publish(_ plan: Plans.Pairs) throws {
        try publish([plan])
    }

    /// All entries of a stream, oldest first.
    func entries(_ stream: String) throws -> [[String: String]] {
        try self("XRANGE", stream, "-", "+").elements.map { $0.element(1).map(RedisFixture.dictionary) ?? [:] }
    }
}
