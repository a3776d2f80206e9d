import Foundation
import Glibc
import Synchronization
import TestSupport

/// Stands between hosts and Redis on a unix socket of its own, and does to their connections what networks do.
final class RedisProxy: Sendable {
    enum Manner: Sendable {
        case faithful
        /// Every connection is cut after so many bytes at most, in one direction or the other.
        case cutting
        /// Every piece takes up to so many milliseconds; one in `rare` takes as many as `rarely` says.
        case slow(milliseconds: Int, rarely: ClosedRange<Int>, rare: Int)
        /// Pieces of a few bytes.
        case crumbling
    }

    /// What has been done so far.
    struct Deeds {
        var connections = 0
        var cutReplies = 0
        var cutCommands = 0
        var delays = 0
        var longDelays = 0
        var crumbs = 0
    }

    private struct State {
        var manner = Manner.faithful
        var generator: SeededGenerator
        var deeds = Deeds()
        var isOpen = true
    }

    let path: String
    private let upstream: String
    private let listener: Int32
    private let state: Mutex<State>

    init(upstream: String, path: String, generator: SeededGenerator) throws {
        self.upstream = upstream
        self.path = path
        state = Mutex(State(generator: generator))
        listener = try UnixSocket.listen(path)
        let thread = Thread { [self] in accept() }
        thread.name = "proxy"
        thread.start()
    }

    var url: String { "unix://\(path)" }
    var manner: Manner {
        get { state.withLock { $0.manner } }
        set { state.withLock { $0.manner = newValue } }
    }
    var deeds: Deeds { state.withLock { $0.deeds } }

    /// Takes no more connections; those that it has end by themselves.
    func close() {
        state.withLock { $0.isOpen = false }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    func note(_ deed: (inout Deeds) -> Void) {
        state.withLock { deed(&$0.deeds) }
    }

    /// A number below `bound`, which is positive.
    func random(_ bound: Int) -> Int {
        state.withLock { Int.random(in: 0..<bound, using: &$0.generator) }
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0, state.withLock({ $0.isOpen }) else {
                if client >= 0 { Glibc.close(client) }
                if state.withLock({ $0.isOpen }), errno == EINTR || errno == ECONNABORTED { continue }
                Glibc.close(listener)
                return
            }
            guard let server = UnixSocket.connect(upstream) else {
                Glibc.close(client)
                continue
            }
            note { $0.connections += 1 }
            let connection = ProxiedConnection(self, client: client, server: server)
            let thread = Thread { connection.run() }
            thread.stackSize = 256 << 10
            thread.start()
        }
    }
}
