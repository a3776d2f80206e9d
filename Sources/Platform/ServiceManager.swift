import Glibc

/// The service manager (systemd), which is told that the service runs and that it moves: one datagram a message.
package struct ServiceManager: Sendable {
    private let address: [UInt8]
    /// Without a message that the service moves for this long, the service manager ends it. `nil`: it waits for none.
    package let watchdog: Duration?

    /// `nil` if no service manager listens.
    ///
    /// The variable `WATCHDOG_PID` is not looked at: it names the supervisor, and the host that it starts reports.
    package init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        // An abstract address begins with a zero byte. systemd writes an `@` for it.
        address = path.hasPrefix("@") ? [0] + path.utf8.dropFirst() : Array(path.utf8)
        guard address.count > 1, address.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        watchdog = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { $0 > 0 ? .microseconds($0) : nil }
    }

    /// Sends lines such as `READY=1`. Never waits. Returns the error number if the message was not sent.
    package func send(_ lines: [String]) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        let message = Array(lines.joined(separator: "\n").utf8)
        let sent = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
        return sent == message.count ? nil : errno
    }
}
