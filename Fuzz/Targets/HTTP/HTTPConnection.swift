import Glibc

/// A server's answer.
struct HTTPAnswer {
    var status = 0
    var headers: [String: String] = [:]
    var body: [UInt8] = []
}

/// A blocking client that sends one request at a time, and keeps the connection as long as the server does.
struct HTTPConnection {
    private let port: Int
    private var socket: CInt = -1
    private var received: [UInt8] = []

    /// A server that is silent for this long hangs.
    private static let patienceMilliseconds: CInt = 10_000

    init(port: Int) {
        self.port = port
    }

    /// Sends a request, and once more if the server has closed the kept connection.
    mutating func send(_ request: FuzzRequest) -> HTTPAnswer {
        for _ in 0..<2 {
            open()
            write(request.bytes)
            if let answer = answer(hasBody: request.method != "HEAD") {
                if answer.headers["connection"]?.lowercased() == "close" { close() }
                return answer
            }
            close()
        }
        demand(false, "an answer")
        return HTTPAnswer()
    }

    /// Sends all bytes, closes the sending side, and returns all answers up to the server's close.
    mutating func exchange(raw bytes: [UInt8]) -> [HTTPAnswer] {
        open()
        defer { close() }
        write(bytes)
        shutdown(socket, CInt(SHUT_WR))
        var answers: [HTTPAnswer] = []
        // Only the server knows how many requests the bytes are. If one may be HEAD, the answers cannot be told apart.
        let isClear = bytes.firstRange(of: "HEAD".utf8) == nil
        while let answer = answer(hasBody: true) {
            if isClear { answers.append(answer) }
        }
        return answers
    }

    private mutating func open() {
        guard socket < 0 else { return }
        received = []
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        demand(connected == 0, "a connection to port \(port)")
        var one: CInt = 1
        setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }

    private mutating func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }

    private func write(_ bytes: [UInt8]) {
        _ = Glibc.send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    /// Reads one answer; `nil` if the connection ends first.
    private mutating func answer(hasBody: Bool) -> HTTPAnswer? {
        var end = 0
        while true {
            if let found = received.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) {
                end = found.upperBound
                break
            }
            guard receive() else { return nil }
        }
        var answer = HTTPAnswer()
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        answer.status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { answer.headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
        }
        let length = hasBody ? answer.headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        while received.count < end + length { guard receive() else { return nil } }
        answer.body = Array(received[end..<end + length])
        received.removeFirst(end + length)
        return answer
    }

    private mutating func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var ready: CInt = -1
        // libFuzzer's alarm interrupts the wait every few seconds.
        repeat { ready = poll(&descriptor, 1, Self.patienceMilliseconds) } while ready < 0 && errno == EINTR
        demand(ready > 0, "an answer within \(Self.patienceMilliseconds) ms")
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        received += chunk[..<count]
        return true
    }
}
