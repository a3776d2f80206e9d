/// Replaces the socket and the clock of a connection, for simulations.
///
/// Only the owner of the connection uses it.
package protocol RedisTransport: AnyObject {
    /// The clock of the deadlines.
    var now: ContinuousClock.Instant { get }
    /// Accepts all bytes. If the server is gone, the next `receive` shows it.
    func send(_ bytes: UnsafeRawBufferPointer)
    /// Waits for bytes from the server. Returns their number, 0 if the server closed the connection, or `nil` if the
    /// deadline passed.
    func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant) -> Int?
    func close()
}
