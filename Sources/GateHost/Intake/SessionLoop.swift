import Redis

/// Connects, serves and, whatever goes wrong, connects again with backoff until told to stop.
struct SessionLoop {
    let redis: RedisConfiguration
    let control: IntakeControl
    /// Told of every session that ended in an error, and how long it is until the next.
    let onLost: (RedisError, Duration) -> Void

    /// `serve` returns when it is told to stop; it calls `ready` once the session works, which ends the backoff.
    func run(_ serve: (_ connection: RedisConnection, _ ready: () -> Void) throws(RedisError) -> Void) {
        var backoff = Backoff()
        while !control.isStopping {
            do throws(RedisError) {
                let connection = try RedisConnection(redis)
                defer { connection.close() }
                try serve(connection) { backoff.reset() }
            } catch {
                let wait = backoff.next()
                onLost(error, wait)
                control.wait(wait)
            }
        }
    }
}
