import Platform
import Redis

/// Connects and serves, and after any error connects again with back-off, until told to stop.
struct ReconnectingLoop {
    let redis: RedisConfiguration
    let stop: StopSignal
    /// Ends the loop although the host goes on.
    var isAbandoned: () -> Bool = { false }
    var runtime = HostRuntime.live
    /// Called after each session that ended in an error, with the wait before the next.
    let onLost: (RedisError, Duration) -> Void

    /// - Parameter serve: returns when it is told to stop. It calls `ready` once the session works, which resets the
    ///   back-off.
    func run(_ serve: (_ connection: RedisConnection, _ ready: () -> Void) throws(RedisError) -> Void) {
        var backoff = Backoff()
        while !stop.isStopping, !isAbandoned() {
            do throws(RedisError) {
                let connection = try runtime.connect(redis)
                defer { connection.close() }
                try serve(connection) { backoff.reset() }
            } catch {
                guard !isAbandoned() else { return }
                let wait = backoff.next()
                onLost(error, wait)
                if let pause = runtime.pause { pause(wait) } else { stop.wait(wait) }
            }
        }
    }
}
