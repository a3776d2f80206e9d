import Glibc
package import NIOCore
import Platform
import Synchronization

/// The open connections of one endpoint. A connection too many closes the one that has been silent longest, so that
/// connections that lie idle neither keep others out nor take the descriptors that Redis needs.
package final class ConnectionLimit: Sendable {
    /// The most connections, where the process may open enough files.
    package static let most = 64
    /// The share of the process's descriptors that the connections may take: one in this many.
    private static let share = 8

    private struct Entry {
        let channel: any Channel
        var lastRead: UInt64
    }

    package let maximum: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    package init(maximum: Int = ConnectionLimit.forThisProcess) {
        self.maximum = maximum
    }

    package static var forThisProcess: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return most }
        return max(2, min(most, Int(clamping: limit.rlim_cur) / share))
    }

    func opened(_ channel: any Channel) {
        let now = Monotonic.nanoseconds()
        let surplus: (any Channel)? = entries.withLock { entries in
            let silent = entries.min { $0.value.lastRead < $1.value.lastRead }
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, lastRead: now)
            guard entries.count > maximum, let silent else { return nil }
            entries[silent.key] = nil
            return silent.value.channel
        }
        surplus?.close(promise: nil)
    }

    func read(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)]?.lastRead = Monotonic.nanoseconds() }
    }

    func closed(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}
