import Redis

/// The memory of Redis by class of key.
struct KeyMemory: Codable {
    enum Class: String, Codable, CaseIterable {
        case outcome, permit, ledger, plans, decisions, results, other

        init(key: String) {
            self =
                switch key {
                case Wire.plans: .plans
                case Wire.decisions: .decisions
                case Wire.results: .results
                case _ where key.hasPrefix("quantum:governor:outcome:"): .outcome
                case _ where key.hasPrefix("quantum:permit:"): .permit
                case _ where Self.ledgerPrefixes.contains(where: key.hasPrefix): .ledger
                default: .other
                }
        }

        /// Reservations, and accounts.
        private static let ledgerPrefixes = ["quantum:governor:reserved:", "quantum:governor:account:"]
    }

    struct Share: Codable {
        var keys = 0
        var bytes = 0
    }

    private static let page = 1_000

    private(set) var classes: [Class: Share] = [:]
    /// All that Redis uses, its own bookkeeping included.
    let usedBytes: Int

    /// Asks for every key. To be called while nothing is measured.
    init(_ stage: Stage) throws {
        let lines = try stage.connection.command("INFO", "memory").text?.split(whereSeparator: \.isNewline) ?? []
        usedBytes = lines.first { $0.hasPrefix("used_memory:") }.flatMap { Int($0.dropFirst(12)) } ?? 0
        var cursor = "0"
        repeat {
            let reply = try stage.connection.command("SCAN", cursor, "COUNT", "\(Self.page)")
            guard let next = reply.element(0)?.text, let keys = reply.element(1) else {
                throw BenchError("SCAN did not answer with keys")
            }
            try add(keys.elements.compactMap(\.text), stage)
            cursor = next
        } while cursor != "0"
    }

    subscript(_ class: Class) -> Share { classes[`class`] ?? Share() }

    private mutating func add(_ keys: [String], _ stage: Stage) throws {
        guard !keys.isEmpty else { return }
        var pipeline = RedisPipeline()
        // All elements, not a sample.
        for key in keys { pipeline.add(["MEMORY", "USAGE", key, "SAMPLES", "0"]) }
        for (key, reply) in zip(keys, try stage.connection.send(pipeline)) {
            classes[Class(key: key), default: Share()].keys += 1
            classes[Class(key: key), default: Share()].bytes += reply.integer ?? 0
        }
    }
}
