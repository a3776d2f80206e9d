import GateHost
import Glibc
import Platform

/// A non-blocking connection to Redis for raw bytes. One thread uses two of them, to send plans and follow decisions.
struct WireSocket: ~Copyable {
    private static let chunk = 256 << 10

    let descriptor: Int32
    /// Bytes to send; append to them, then call `flush`.
    var outgoing: [UInt8] = []
    private var written = 0
    private var buffer = [UInt8](repeating: 0, count: chunk)
    private var filled = 0

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("no socket: \(String(cString: strerror(errno)))") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // Safe: copies only a path that fits.
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { target in
            // One byte stays zero to end the path.
            guard path.utf8.count < target.count else { return false }
            target.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw BenchError("the socket's path is too long: \(path)") }
        // Safe: every socket address begins as a `sockaddr`, and the length gives its true size.
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw BenchError("cannot connect to \(path): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(descriptor)
    }

    var hasUnwritten: Bool { written < outgoing.count }

    /// Writes as much as the socket accepts now.
    mutating func flush() throws {
        while hasUnwritten {
            // Safe: `written` is at most the array's count, and the kernel only reads, during the call.
            let count = outgoing.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                throw BenchError("cannot write to Redis: \(String(cString: strerror(errno)))")
            }
        }
        outgoing.removeAll(keepingCapacity: true)
        written = 0
    }

    /// Reads the bytes that have arrived.
    mutating func receive() throws {
        while true {
            if buffer.count - filled < Self.chunk / 2 {
                buffer.append(contentsOf: repeatElement(0, count: buffer.count))
            }
            let room = buffer.count - filled
            // Safe: `filled + room` is the array's count, and the kernel writes during the call only.
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + filled }, room) }
            if count > 0 {
                filled += count
                if count < room { return }
            } else if count < 0, errno == EAGAIN {
                return
            } else if count == 0 || errno != EINTR {
                throw BenchError("Redis closed the connection")
            }
        }
    }

    /// Gives `body` the received bytes that are not consumed.
    func withIncoming<Result, Failure>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(buffer.span.extracting(first: filled))
    }

    mutating func consume(_ count: Int) {
        let count = min(max(0, count), filled)
        let rest = filled - count
        if rest > 0 {
            // Safe: both ranges lie below `filled`, hence in the array; `memmove` allows them to overlap.
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memmove(base, base + count, rest)
            }
        }
        filled = rest
    }

    /// Waits until a socket has data, unsent bytes can be written, or the time is up. `reading` says whether data of
    /// the first counts. Returns whether the second is ready.
    static func wait(_ first: borrowing WireSocket, reading: Bool, _ second: borrowing WireSocket, nanoseconds: UInt64)
        -> Bool
    {
        var readable = DescriptorSet()
        var writable = DescriptorSet()
        if reading { readable.insert(first.descriptor) }
        readable.insert(second.descriptor)
        if first.hasUnwritten { writable.insert(first.descriptor) }
        if second.hasUnwritten { writable.insert(second.descriptor) }
        var time = Monotonic.timespec(nanoseconds: nanoseconds)
        let highest = max(first.descriptor, second.descriptor) + 1
        let ready = pselect(highest, &readable.raw, &writable.raw, nil, &time, nil)
        return ready > 0 && (readable.contains(second.descriptor) || writable.contains(second.descriptor))
    }

    /// Waits for this socket alone.
    func wait(milliseconds: Int32) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN) | (hasUnwritten ? Int16(POLLOUT) : 0), revents: 0)
        poll(&polled, 1, milliseconds)
    }
}
