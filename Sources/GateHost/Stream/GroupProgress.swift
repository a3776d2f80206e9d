import GateAPI
import Platform
import Redis
import TradingState

/// How far a consumer group has come, kept beside the group: whoever creates the group again goes on from there.
struct GroupProgress {
    /// Every entry up to this one is decided. Later ones may be.
    let decided: EntryID
    /// The entries that are known to have left the stream before any consumer was given them.
    let lost: Int

    /// A deployment that rests for longer begins like a new one.
    private static let life: Duration = .seconds(30 * 86_400)

    /// `nil` if no host has written the text.
    init?(text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let decided = EntryID(String(parts[0])), let lost = Int(parts[1]) else { return nil }
        self.decided = decided
        self.lost = lost
    }

    /// - Parameter backlog: as it was before the pending entries were asked for. What was delivered then and is not
    ///   pending now is decided.
    init?(_ backlog: Backlog, oldestPending: EntryID?, lost: Int) {
        guard let delivered = backlog.delivered else { return nil }
        self.lost = lost
        decided = oldestPending.map { min($0.predecessor, delivered) } ?? delivered
    }

    static func read(_ connection: RedisConnection, _ group: ConsumerGroup) throws(RedisError) -> GroupProgress? {
        do throws(RedisError) {
            return try connection.command("GET", key(group)).text.flatMap { GroupProgress(text: $0) }
        } catch {
            // A key of another type.
            if error.isConnectionLost { throw error }
            return nil
        }
    }

    func write(_ connection: RedisConnection, _ group: ConsumerGroup) throws(RedisError) {
        _ = try connection.command(
            "SET", Self.key(group), "\(decided) \(lost)", "PX", String(Self.life.milliseconds))
    }

    private static func key(_ group: ConsumerGroup) -> String {
        CommitKeys.progress(stream: group.stream, group: group.group)
    }
}
