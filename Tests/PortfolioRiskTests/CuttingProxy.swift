import Glibc
import Platform
import Synchronization

/// A unix socket before a server's own, that ends every connection once clients have sent a number of bytes.
final class CuttingProxy: Sendable {
    private struct Counts {
        var sent = 0
        var left = Int.max
    }

    let url: String
    private let path: String
    private let target: String
    private let listener: Int32
    private let counts = Mutex(Counts())

    init(to target: String, in folder: String) throws {
        self.target = target
        path = folder + "/proxy.sock"
        url = "unix://" + path
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        _ = withUnixAddress(path) { bind(listener, $0, $1) }
        listen(listener, 16)
        startThread(named: "cutting-proxy") { [weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 { self?.serve(client) }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The bytes that clients have sent so far.
    var sent: Int { counts.withLock { $0.sent } }

    func cut(after bytes: Int) {
        counts.withLock { $0.left = bytes }
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        _ = withUnixAddress(target) { connect(server, $0, $1) }
        startThread(named: "cutting-proxy-replies") {
            Self.pump(from: server, to: client) { $0 }
            shutdown(client, Int32(SHUT_RDWR))
            close(client)
        }
        startThread(named: "cutting-proxy-commands") { [self] in
            Self.pump(from: client, to: server) { count in
                counts.withLock { counts in
                    let allowed = min(count, counts.left)
                    counts.sent += allowed
                    counts.left -= counts.left == .max ? 0 : allowed
                    return allowed
                }
            }
            shutdown(client, Int32(SHUT_RDWR))
            // Redis executes what it has received whole, then sees the end.
            shutdown(server, Int32(SHUT_WR))
        }
    }

    /// Passes bytes on until either side ends, or fewer than have come are allowed.
    private static func pump(from source: Int32, to target: Int32, allow: (Int) -> Int) {
        var part = [UInt8](repeating: 0, count: 16_384)
        while case let count = recv(source, &part, part.count, 0), count > 0 {
            let allowed = allow(count)
            var done = 0
            while done < allowed {
                let now = part[done..<allowed].withUnsafeBytes {
                    send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard now > 0 else { return }
                done += now
            }
            guard allowed == count else { return }
        }
    }
}

private func withUnixAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
