import Redis

/// A connection to the model that answers at once, for the comparison with a real server.
package final class DirectLink: RedisTransport {
    private let server: ModelServer
    private let client: ModelClient

    package init(_ server: ModelServer, client number: Int) {
        self.server = server
        client = ModelClient(number: number)
        server.add(client)
    }

    package var now: ContinuousClock.Instant { .now }

    package func send(_ bytes: UnsafeRawBufferPointer) {
        for command in RESP.commands(in: bytes) { server.execute(command, for: client) }
    }

    /// There is no more to wait for: a command without a reply by now will get none.
    package func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant) -> Int? {
        guard !client.output.isEmpty else { return nil }
        let bytes = client.output.take(buffer.count)
        buffer.copyBytes(from: bytes)
        return bytes.count
    }

    package func close() {
        server.remove(client)
    }
}
