import Foundation
import Glibc
import Redis
import Synchronization

/// A fake Redis server on a private socket. It greets each client, and then sends any bytes it is given as the reply.
final class ReplyServer: Sendable {
    private let path: String
    private let listener: CInt
    /// The server's end of the newest connection; -1 if there is none.
    private let peer = Mutex<CInt>(-1)

    enum Failure: Error { case socket(String, CInt) }

    init() throws {
        path = "/tmp/gatehost-fuzz-\(getpid()).sock"
        listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        unlink(path)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard listener >= 0, isBound == 0, listen(listener, 16) == 0 else { throw Failure.socket(path, errno) }
        let thread = Thread { [self] in greet() }
        thread.start()
    }

    var configuration: RedisConfiguration { RedisConfiguration(address: .unix(path: path)) }

    private func greet() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            let old = peer.withLock { peer in
                defer { peer = client }
                return peer
            }
            if old >= 0 { close(old) }
            write(client, [UInt8]("+PONG\r\n".utf8))
        }
    }

    /// Sends the reply to the client's next command. `isLast` closes the connection behind it, so that the client does
    /// not wait for the rest of a torn reply.
    func say(_ bytes: [UInt8], isLast: Bool) {
        let client = peer.withLock { $0 }
        var sink = [UInt8](repeating: 0, count: 4_096)
        while recv(client, &sink, sink.count, CInt(MSG_DONTWAIT)) > 0 {}
        write(client, bytes)
        if isLast { shutdown(client, CInt(SHUT_WR)) }
    }

    private func write(_ client: CInt, _ bytes: [UInt8]) {
        _ = send(client, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }
}
