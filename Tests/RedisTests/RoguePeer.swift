import Glibc
import Testing

/// A TCP peer on loopback that answers any input with fixed bytes that no Redis sends, like a wrong port or a broken
/// proxy.
final class RoguePeer: Sendable {
    let port: Int
    private let listener: Int32

    /// - Parameter answer: sent to the first client after its first bytes; nil accepts no client.
    init(answering answer: [UInt8]?, thenHangingUp hangsUp: Bool = false) throws {
        (listener, port) = try boundSocket()
        try #require(listen(listener, 8) == 0)
        guard let answer else { return }
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(listener: listener, answer: answer, hangsUp: hangsUp))
        let status = pthread_create(
            &thread, nil,
            { argument in
                // Safe: this takes over the one retain that `init` made.
                argument.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        if status != 0 { work.release() }
        try #require(status == 0)
        pthread_detach(thread)
    }

    deinit {
        // Ends a waiting `accept`.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private final class Work: Sendable {
        let listener: Int32
        let answer: [UInt8]
        let hangsUp: Bool

        init(listener: Int32, answer: [UInt8], hangsUp: Bool) {
            self.listener = listener
            self.answer = answer
            self.hangsUp = hangsUp
        }

        func run() {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            defer { close(client) }
            var scratch = [UInt8](repeating: 0, count: 4_096)
            guard recv(client, &scratch, scratch.count, 0) > 0 else { return }
            _ = send(client, answer, answer.count, Int32(MSG_NOSIGNAL))
            while !hangsUp, recv(client, &scratch, scratch.count, 0) > 0 {}
        }
    }
}

/// A TCP socket bound to a free loopback port.
func boundSocket() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &size) == 0
        }
    }
    try #require(status)
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
