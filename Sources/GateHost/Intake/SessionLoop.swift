import Redis

/// Connects, serves and, whatever goes wrong, connects again with backoff until told to stop.
struct SessionLoop {
    let redis: RedisConfiguration
    let control: IntakeControl
    /// Whether nothing more is wanted of this loop, though the host goes on.
    var isGivenUp: () -> Bool = { false }
    var surroundings = Surroundings.real
    /// Told of every session that ended in an error, and how long it is until the next.
    let onLost: (RedisError, Duration) -> Void

    /// `serve` returns when it is told to stop; it calls `ready` once the session works, which ends the backoff.
    func run(_ serve: (_ connection: RedisConnection, _ ready: () -> Void) throws(RedisError) -> Void) {
        var backoff = Backoff()
        while !control.isStopping, !isGivenUp() {
            do throws(RedisError) {
                let connection = try surroundings.connect(redis)
                defer { connection.close() }
                try serve(connection) { backoff.reset() }
            } catch {
                guard !isGivenUp() else { return }
                let wait = backoff.next()
                onLost(error, wait)
                if let pause = surroundings.pause { pause(wait) } else { control.wait(wait) }
            }
        }
    }
}
