import Platform
import Synchronization

/// Makes guessing at the token slow: the answer to a wrong one is held back, longer with each. The right token is
/// answered at once, because an attack must not keep an operator from going back to shadow.
final class TokenPatience: Sendable {
    private static let firstWait: Duration = .milliseconds(100)
    private static let longestWait: Duration = .seconds(2)
    /// After this time without a wrong token, waits are short again.
    private static let forgetAfter: UInt64 = 60_000_000_000

    private struct State {
        var wait: Duration = .zero
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Waits, after a wrong token, before the answer.
    func wait() async {
        let now = Monotonic.nanoseconds()
        let wait = state.withLock { state in
            if now &- state.last > Self.forgetAfter { state.wait = .zero }
            state.wait = state.wait == .zero ? Self.firstWait : min(state.wait * 2, Self.longestWait)
            state.last = now
            return state.wait
        }
        try? await Task.sleep(for: wait)
    }
}
