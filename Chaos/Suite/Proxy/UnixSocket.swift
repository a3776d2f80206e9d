import Glibc

/// Blocking stream sockets, addressed by path.
enum UnixSocket {
    private static let backlog: Int32 = 64

    static func listen(_ path: String) throws -> Int32 {
        let socket = try make()
        unlink(path)
        guard withAddress(of: path, { bind(socket, $0, $1) }) == 0, Glibc.listen(socket, backlog) == 0 else {
            let cause = String(cString: strerror(errno))
            close(socket)
            throw Failure("cannot listen on \(path): \(cause)")
        }
        return socket
    }

    /// Returns `nil` if nothing accepts the connection.
    static func connect(_ path: String) -> Int32? {
        guard let socket = try? make() else { return nil }
        guard withAddress(of: path, { Glibc.connect(socket, $0, $1) }) == 0 else {
            close(socket)
            return nil
        }
        return socket
    }

    /// Returns false if the other side has closed.
    static func sendAll(_ bytes: ArraySlice<UInt8>, to socket: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = send(socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    private static func make() throws -> Int32 {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure("cannot make a socket: \(String(cString: strerror(errno)))") }
        return socket
    }

    private static func withAddress(of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        guard isShort else {
            errno = ENAMETOOLONG
            return -1
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
