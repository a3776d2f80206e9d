import CHiredis
import Glibc

/// Detects a failover while the connection to the old master still works, through messages from the sentinels. After a
/// planned failover or behind a network partition, the old master accepts writes for many seconds; those writes are
/// lost.
///
/// Each check costs one `poll` and does not block unless a sentinel is unreachable. It belongs to the thread that owns
/// the connection.
final class MasterWatch {
    /// Time between two searches while a sentinel is missing. Each search may have to wait for that sentinel.
    static let searchInterval: Duration = .seconds(30)
    /// Lower bound between two searches, however often the sentinels send messages.
    static let shortestInterval: Duration = .milliseconds(100)

    /// The server that the sentinels named.
    let server: RedisConfiguration
    private let discovery: MasterDiscovery
    private var listeners: [RedisConnection] = []
    /// The sockets of `listeners`, in the same order.
    private var sockets: [pollfd] = []
    private var earliestSearch = ContinuousClock.now
    /// When to ask the sentinels again. nil while every sentinel is subscribed: their messages set it.
    private var nextSearch: ContinuousClock.Instant?

    /// nil if the configuration has a fixed address.
    init?(_ configuration: RedisConfiguration) throws(RedisError) {
        guard case .sentinel(let sentinel) = configuration.address else { return nil }
        discovery = MasterDiscovery(sentinel, connectTimeout: configuration.connectTimeout)
        let result = try discovery.findMaster()
        var server = configuration
        server.address = result.master
        self.server = server
        listen(result.listeners)
    }

    /// The new master, if the sentinels now name another server.
    func successor() -> RedisConfiguration? {
        if hasMessage() { nextSearch = min(nextSearch ?? earliestSearch, earliestSearch) }
        guard let nextSearch, ContinuousClock.now >= nextSearch else { return nil }
        // If no sentinel answers, keep the present master.
        let result = try? discovery.findMaster()
        listen(result?.listeners ?? [])
        guard let master = result?.master, master != server.address else { return nil }
        var successor = server
        successor.address = master
        return successor
    }

    private func listen(_ next: [RedisConnection]) {
        listeners = next
        sockets = next.map { pollfd(fd: $0.context?.pointee.fd ?? -1, events: Int16(POLLIN), revents: 0) }
        let now = ContinuousClock.now
        earliestSearch = now + Self.shortestInterval
        nextSearch = next.count < discovery.address.nodes.count ? now + Self.searchInterval : nil
    }

    /// A message may concern another master, and a closed connection looks alike. Either way, ask the sentinels.
    private func hasMessage() -> Bool {
        guard !sockets.isEmpty, poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return false }
        // The next search replaces all listeners; until then their messages add nothing.
        listeners = []
        sockets = []
        return true
    }
}
