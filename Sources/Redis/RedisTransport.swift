/// Carries a connection's bytes in place of a socket, and brings its own time: what a simulation connects with.
///
/// Used by the connection's owner only.
package protocol RedisTransport: AnyObject {
    /// The time that deadlines are kept by.
    var now: ContinuousClock.Instant { get }
    /// Takes all bytes. What becomes of them where the server is gone shows when its replies are waited for.
    func send(_ bytes: UnsafeRawBufferPointer)
    /// Waits for bytes of the server. Returns how many came; 0 where it has hung up, `nil` where the deadline has
    /// passed first.
    func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant) -> Int?
    func close()
}
