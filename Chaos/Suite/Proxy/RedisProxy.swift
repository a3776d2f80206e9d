import Foundation
import Glibc
import Synchronization
import TestSupport

/// A proxy between hosts and Redis, on its own unix socket, that disturbs connections as networks do.
final class RedisProxy: Sendable {
    enum Disturbance: Sendable {
        case faithful
        /// Cuts every connection after a random number of bytes, in one direction or the other.
        case cutting
        /// Delays every piece by up to `milliseconds`, and one piece in `rare` by a time in `rarely`.
        case slow(milliseconds: Int, rarely: ClosedRange<Int>, rare: Int)
        /// Passes on a few bytes at a time.
        case fragmenting
    }

    /// Counts of the disturbances so far.
    struct Counts {
        var connections = 0
        var cutReplies = 0
        var cutCommands = 0
        var delays = 0
        var longDelays = 0
        var fragments = 0
    }

    private struct State {
        var disturbance = Disturbance.faithful
        var generator: SeededGenerator
        var counts = Counts()
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
    var disturbance: Disturbance {
        get { state.withLock { $0.disturbance } }
        set { state.withLock { $0.disturbance = newValue } }
    }
    var counts: Counts { state.withLock { $0.counts } }

    /// Accepts no more connections. The open ones end when their peers close them.
    func close() {
        state.withLock { $0.isOpen = false }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    func count(_ update: (inout Counts) -> Void) {
        state.withLock { update(&$0.counts) }
    }

    /// A random number from 0 to `bound` - 1; `bound` must be positive.
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
            count { $0.connections += 1 }
            let connection = ProxiedConnection(self, client: client, server: server)
            let thread = Thread { connection.run() }
            thread.stackSize = 256 << 10
            thread.start()
        }
    }
}
