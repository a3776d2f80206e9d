/// Asks the sentinels for the address of the current master.
///
/// The search asks every sentinel. A sentinel that is partitioned from the others goes on naming the old master; only
/// the lower epoch of its answer reveals it.
struct MasterDiscovery {
    /// Bounds connecting, greeting and querying separately, for each sentinel. Only unreachable sentinels cost this
    /// much.
    static let longestWait: Duration = .milliseconds(500)

    struct Result {
        let master: RedisConfiguration.Address
        /// Connections that are subscribed to failover messages. Each subscribed in the same pipeline as its answer, so
        /// no failover falls in between.
        let listeners: [RedisConnection]
    }

    let address: SentinelAddress
    let timeout: Duration

    init(_ address: SentinelAddress, connectTimeout: Duration) {
        self.address = address
        timeout = min(connectTimeout, Self.longestWait)
    }

    func findMaster() throws(RedisError) -> Result {
        var newest: Answer?
        var listeners: [RedisConnection] = []
        var failures: [RedisError] = []
        for node in address.nodes {
            do throws(RedisError) {
                let answer = try query(node)
                if newest.map({ answer.epoch > $0.epoch }) ?? true { newest = answer }
                if let listener = answer.listener { listeners.append(listener) }
            } catch {
                failures.append(error)
            }
        }
        guard let newest else { throw combined(failures) }
        return Result(master: newest.master, listeners: listeners)
    }

    private struct Answer {
        let master: RedisConfiguration.Address
        /// The configuration epoch; it grows with every failover.
        let epoch: Int
        /// nil if the sentinel refused the subscription.
        let listener: RedisConnection?
    }

    private func query(_ node: SentinelAddress.Node) throws(RedisError) -> Answer {
        let sentinel = RedisConfiguration(
            address: .tcp(host: node.host, port: node.port), username: address.username, password: address.password,
            connectTimeout: timeout,
            commandTimeout: timeout)
        let connection = try RedisConnection(sentinel)
        var queries = RedisPipeline()
        queries.add("SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.master)
        queries.add("SENTINEL", "MASTER", address.master)
        queries.add("SUBSCRIBE", "+switch-master")
        let answers = Array(try connection.send(queries))
        guard answers.count == 3 else {
            throw RedisError(
                code: .replyUnexpected, message: "the sentinel at \(node.host):\(node.port) did not answer")
        }
        return Answer(
            master: try masterAddress(answers[0], from: node), epoch: Self.epoch(answers[1]),
            listener: answers[2].kind == .array ? connection : nil)
    }

    private func masterAddress(_ reply: RedisReply, from node: SentinelAddress.Node) throws(RedisError)
        -> RedisConfiguration.Address
    {
        if let error = reply.error {
            throw RedisError(
                code: .server(error), message: "the sentinel at \(node.host):\(node.port) refused to answer: \(error)")
        }
        guard !reply.isNull else {
            throw RedisError(
                code: .replyUnexpected,
                message: "the sentinel at \(node.host):\(node.port) knows no master '\(address.master)'")
        }
        guard let host = reply.element(0)?.text, !host.isEmpty, !host.utf8.contains(0),
            let port = reply.element(1)?.text.flatMap({ Int($0) }),
            (1...65_535).contains(port)
        else {
            throw RedisError(
                code: .replyUnexpected,
                message: "the sentinel at \(node.host):\(node.port) gave an invalid address")
        }
        return .tcp(host: host, port: port)
    }

    /// A sentinel that refuses to tell its epoch (a user without `+sentinel|master`) ranks lowest.
    private static func epoch(_ details: RedisReply) -> Int {
        var isNext = false
        for element in details.elements {
            if isNext { return element.text.flatMap { Int($0) } ?? -1 }
            isNext = element.text == "config-epoch"
        }
        return -1
    }

    private func combined(_ failures: [RedisError]) -> RedisError {
        let first = failures.first?.code ?? .connectFailed
        let code = failures.allSatisfy { $0.code == first } ? first : .connectFailed
        let reasons = failures.map(\.message).joined(separator: "; ")
        return RedisError(
            code: code, message: "no sentinel named the master '\(address.master)': \(reasons)",
            isConnectionLost: true)
    }
}
