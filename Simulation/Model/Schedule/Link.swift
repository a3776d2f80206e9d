import Deployment
import Platform
import Redis

/// A host's connection to the model. It holds commands that are not executed yet and replies that are not delivered
/// yet.
final class Link: RedisTransport {
    let client: ModelClient
    let host: SimulatedHost
    unowned let schedule: Schedule
    /// Executed one by one, in order.
    private(set) var posted: ArraySlice<Command> = []
    private var inbox: ArraySlice<UInt8> = []
    /// The host has closed the connection.
    private(set) var isClosed = false
    /// The host sees the end of the connection.
    var isCut = false
    /// Until this time neither commands nor replies move.
    var stalledUntil: Int64 = 0
    private let labels: SessionNames
    /// The number of executed commits whose replies are not delivered.
    var commitReplies = 0

    struct Command {
        let arguments: [String]
        /// Whether the command decides: the script, or the EXEC of a transaction.
        let isCommit: Bool
    }

    init(_ client: ModelClient, _ host: SimulatedHost, _ schedule: Schedule) {
        self.client = client
        self.host = host
        self.schedule = schedule
        labels = SessionNames(session: client.number)
    }

    /// No host reads the replies. The server may still execute the commands.
    var isOrphan: Bool { isClosed || isCut || host.hasCrashed }
    var canExecute: Bool { !posted.isEmpty && client.blocked == nil && stalledUntil <= schedule.server.time }
    var canDeliver: Bool { !client.output.isEmpty && !isOrphan && stalledUntil <= schedule.server.time }
    var hasArrived: Bool { !inbox.isEmpty }
    var postedCommits: Int { posted.count(where: \.isCommit) }

    func next() -> [String]? { posted.popFirst()?.arguments }

    /// Drops the commands from an index on.
    func drop(from index: Int = 0) {
        posted = posted.prefix(index)
    }

    func deliver(_ count: Int) {
        inbox.append(contentsOf: client.output.take(count))
        if client.output.isEmpty { commitReplies = 0 }
    }

    // MARK: RedisTransport

    var now: ContinuousClock.Instant { schedule.instant(at: schedule.server.time) }

    func send(_ bytes: UnsafeRawBufferPointer) {
        guard !isCut, !host.hasCrashed else { return }
        let commands = Self.marked(labels.named(RESP.commands(in: bytes)))
        guard let sent = schedule.sends(commands.count, over: self) else { return }
        posted.append(contentsOf: commands.prefix(sent))
        if sent == commands.count, commands.contains(where: \.isCommit) { schedule.commitPosted(self) }
    }

    /// A transaction without XACK only claims entries, so its EXEC is no commit.
    private static func marked(_ commands: [[String]]) -> [Command] {
        var acknowledges = false
        return commands.map { command in
            if command[0] == "MULTI" { acknowledges = false }
            if command[0] == "XACK" { acknowledges = true }
            return Command(
                arguments: command, isCommit: SessionNames.isCommit(command) || command[0] == "EXEC" && acknowledges)
        }
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant) -> Int? {
        while true {
            if host.hasCrashed { return 0 }
            if hasArrived {
                let count = min(buffer.count, inbox.count)
                buffer.copyBytes(from: inbox.prefix(count))
                inbox = inbox.dropFirst(count)
                return count
            }
            if isCut { return 0 }
            let end = schedule.time(of: deadline)
            if schedule.server.time >= end {
                schedule.timedOut(self)
                return nil
            }
            host.state = .receiving(self, until: end)
            schedule.yield(host)
        }
    }

    func close() {
        isClosed = true
        schedule.closed(self)
    }
}
