import CHiredis
import Glibc

/// Hears from the sentinels that another master has taken over while the connection to the old one still works: after a
/// planned failover, or beyond a cut in the network, it would for many seconds, and what is written there is lost.
///
/// Costs one `poll` a look, and waits for nothing as long as no sentinel is gone. Belongs to the thread of the
/// connection that it is for.
final class MasterWatch {
    /// Between two searches for sentinels that were not there; each may wait for them.
    static let searchInterval: Duration = .seconds(30)
    /// Between two searches that sentinels ask for, however much they have to say.
    static let shortestInterval: Duration = .milliseconds(100)

    /// The server that the sentinels named.
    let server: RedisConfiguration
    private let discovery: MasterDiscovery
    private var listeners: [RedisConnection] = []
    /// The listeners' sockets, in their order.
    private var sockets: [pollfd] = []
    private var earliest = ContinuousClock.now
    /// When the sentinels are asked again; nil where they will say when.
    private var due: ContinuousClock.Instant?

    /// nil for a server that has its address.
    init?(_ configuration: RedisConfiguration) throws(RedisError) {
        guard case .sentinel(let sentinel) = configuration.address else { return nil }
        discovery = MasterDiscovery(sentinel, connectTimeout: configuration.connectTimeout)
        let sighting = try discovery.look()
        var server = configuration
        server.address = sighting.master
        self.server = server
        listen(sighting.listeners)
    }

    /// The server that the sentinels name by now, if it is another one.
    func successor() -> RedisConfiguration? {
        if hasNews() { due = min(due ?? earliest, earliest) }
        guard let due, ContinuousClock.now >= due else { return nil }
        // Where no sentinel answers, nobody says that this master is not the right one.
        let sighting = try? discovery.look()
        listen(sighting?.listeners ?? [])
        guard let master = sighting?.master, master != server.address else { return nil }
        var successor = server
        successor.address = master
        return successor
    }

    private func listen(_ next: [RedisConnection]) {
        listeners = next
        sockets = next.map { pollfd(fd: $0.context?.pointee.fd ?? -1, events: Int16(POLLIN), revents: 0) }
        let now = ContinuousClock.now
        earliest = now + Self.shortestInterval
        due = next.count < discovery.address.nodes.count ? now + Self.searchInterval : nil
    }

    /// What exactly a sentinel says (it may be about other masters) or that it hung up matters not: asking tells.
    private func hasNews() -> Bool {
        guard !sockets.isEmpty, poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return false }
        // All are replaced after the next look; until then they need not be heard.
        listeners = []
        sockets = []
        return true
    }
}
