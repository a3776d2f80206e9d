import Platform
import Synchronization

/// Makes guessing at the token slow: the answer to a wrong one is held back, longer with each. The right token is
/// answered at once, because an attack must not keep an operator from going back to shadow.
final class TokenPatience: Sendable {
    private static let firstWait: Duration = .milliseconds(100)
    /// After this time without a wrong token, waits are short again.
    private static let forgetAfter: UInt64 = 60_000_000_000

    private struct State {
        var wait: Duration = .zero
        var last: UInt64 = 0
    }

    private let longestWait: Duration
    private let state = Mutex(State())

    init(longestWait: Duration = .seconds(2)) {
        self.longestWait = longestWait
    }

    /// Waits, after a wrong token, before the answer.
    func wait() async {
        let now = Monotonic.nanoseconds()
        let wait = state.withLock { state in
            if now &- state.last > Self.forgetAfter { state.wait = .zero }
            state.wait = min(state.wait == .zero ? Self.firstWait : state.wait * 2, longestWait)
            state.last = now
            return state.wait
        }
        try? await Task.sleep(for: wait)
    }
}
