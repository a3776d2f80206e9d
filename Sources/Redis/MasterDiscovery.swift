/// Finds the server that the sentinels call their master.
///
/// Every sentinel is asked, though one answer would do: one that is cut off from the others goes on naming the old
/// master, and only the lower epoch of its answer tells.
struct MasterDiscovery {
    /// Bounds each of connecting, greeting and asking, for each sentinel. The whole is bounded by their number; only a
    /// sentinel whose machine is gone costs it.
    static let longestWait: Duration = .milliseconds(500)

    struct Sighting {
        let master: RedisConfiguration.Address
        /// Connections to sentinels that will tell of a failover, each subscribed before it could be missed.
        let listeners: [RedisConnection]
    }

    let address: SentinelAddress
    let timeout: Duration

    init(_ address: SentinelAddress, connectTimeout: Duration) {
        self.address = address
        timeout = min(connectTimeout, Self.longestWait)
    }

    func look() throws(RedisError) -> Sighting {
        var newest: Answer?
        var listeners: [RedisConnection] = []
        var failures: [RedisError] = []
        for node in address.nodes {
            do throws(RedisError) {
                let answer = try ask(node)
                if newest.map({ answer.epoch > $0.epoch }) ?? true { newest = answer }
                if let listener = answer.listener { listeners.append(listener) }
            } catch {
                failures.append(error)
            }
        }
        guard let newest else { throw failure(failures) }
        return Sighting(master: newest.master, listeners: listeners)
    }

    private struct Answer {
        let master: RedisConfiguration.Address
        /// Grows with every failover.
        let epoch: Int
        /// nil where the sentinel lets us not listen.
        let listener: RedisConnection?
    }

    private func ask(_ node: SentinelAddress.Node) throws(RedisError) -> Answer {
        let sentinel = RedisConfiguration(
            address: .tcp(host: node.host, port: node.port), username: address.username, password: address.password,
            connectTimeout: timeout,
            commandTimeout: timeout)
        let connection = try RedisConnection(sentinel)
        var questions = RedisPipeline()
        questions.add("SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.master)
        questions.add("SENTINEL", "MASTER", address.master)
        questions.add("SUBSCRIBE", "+switch-master")
        let answers = Array(try connection.send(questions))
        guard answers.count == 3 else {
            throw RedisError(
                code: .replyUnexpected, message: "the sentinel at \(node.host):\(node.port) did not answer")
        }
        return Answer(
            master: try location(answers[0], from: node), epoch: Self.epoch(answers[1]),
            listener: answers[2].kind == .array ? connection : nil)
    }

    private func location(_ reply: RedisReply, from node: SentinelAddress.Node) throws(RedisError)
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
                message: "the sentinel at \(node.host):\(node.port) gave an address that is none")
        }
        return .tcp(host: host, port: port)
    }

    /// A sentinel that does not tell its epoch (a user without `+sentinel|master`) counts least.
    private static func epoch(_ details: RedisReply) -> Int {
        var isNext = false
        for element in details.elements {
            if isNext { return element.text.flatMap { Int($0) } ?? -1 }
            isNext = element.text == "config-epoch"
        }
        return -1
    }

    private func failure(_ failures: [RedisError]) -> RedisError {
        let first = failures.first?.code ?? .connectFailed
        let code = failures.allSatisfy { $0.code == first } ? first : .connectFailed
        let reasons = failures.map(\.message).joined(separator: "; ")
        return RedisError(
            code: code, message: "no sentinel tells where the master '\(address.master)' is: \(reasons)",
            isConnectionLost: true)
    }
}
