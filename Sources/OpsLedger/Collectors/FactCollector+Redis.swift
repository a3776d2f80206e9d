import Platform
import Redis

extension FactCollector {
    static let defaultRedisURL = "redis://localhost:6379/0"

    func collectRedis(_ commands: [String], into facts: inout LedgerFacts) async {
        let commands = commands.compactMap { try? RedisCommandLine($0) }
        guard !commands.isEmpty else { return }
        let url = environment["REDIS_URL"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultRedisURL
        let limit = limit
        let (sections, warnings) = await onBlockingThread(named: "ledger-redis") {
            RedisSnapshot.take(commands, url: url, within: limit)
        }
        facts.redis += sections
        facts.warnings += warnings
    }
}

enum RedisSnapshot {
    static func take(_ commands: [RedisCommandLine], url: String, within limit: Duration) -> (
        [SnapshotSection], warnings: [String]
    ) {
        var sections: [SnapshotSection] = []
        var warnings: [String] = []
        func connect() -> RedisConnection? {
            do {
                var configuration = try RedisConfiguration(url: url)
                configuration.connectTimeout = limit
                configuration.commandTimeout = limit
                return try RedisConnection(configuration)
            } catch {
                warnings.append("REDIS_URL: \(error)")
                return nil
            }
        }
        let connection = connect()
        for command in commands {
            // A lost connection is not opened again: each attempt could take its whole time limit, and there may be
            // many commands.
            guard let connection, connection.isUsable else {
                sections.append(SnapshotSection(title: "redis-cli \(command.text): FAILED", lines: []))
                continue
            }
            do throws(RedisError) {
                var pipeline = RedisPipeline()
                pipeline.add(command.arguments)
                var lines: [String] = []
                if let reply = try connection.send(pipeline).first { append(reply, to: &lines) }
                sections.append(SnapshotSection(title: "redis-cli \(command.text)", lines: lines))
            } catch {
                sections.append(SnapshotSection(title: "redis-cli \(command.text): FAILED", lines: []))
                warnings.append("redis-cli \(visible(redacted(command.text))): \(error)")
            }
        }
        return (sections, warnings)
    }

    /// As redis-cli prints a reply to a pipe: a line for each element, nested ones one after the other. Stops when a
    /// snapshot is full.
    private static func append(_ reply: RedisReply, to lines: inout [String]) {
        guard lines.count <= Snapshot.maximumLines else { return }
        switch reply.kind {
        case .string, .status: lines += splitLines(reply.text ?? "").prefix(Snapshot.maximumLines + 1).map(String.init)
        case .integer: lines.append("\(reply.integer ?? 0)")
        case .null: lines.append("(nil)")
        case .error: lines.append("(error) \(reply.error?.message ?? "")")
        case .array:
            if reply.count == 0 { lines.append("(empty array)") }
            for element in reply.elements {
                guard lines.count <= Snapshot.maximumLines else { return }
                append(element, to: &lines)
            }
        }
    }
}
