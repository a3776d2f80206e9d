/// Publishes plans without waiting for the replies. It reads the replies now and then, and throws on an error.
struct PlanSender: ~Copyable {
    /// Reads replies only when this many are unread, to save system calls.
    private static let unreadLimit = 512
    private static let publishDepth = 2_000
    private static let timeout: Duration = .seconds(30)

    var socket: WireSocket
    private var writer: PlanWriter
    private var unanswered = 0

    init(_ workload: Workload, socketPath: String) throws {
        socket = try WireSocket(path: socketPath)
        writer = PlanWriter(workload)
    }

    var isReadDue: Bool { unanswered > Self.unreadLimit }

    mutating func send(_ indices: Range<Int>) throws {
        for index in indices { writer.append(index, to: &socket.outgoing) }
        unanswered += indices.count
        try socket.flush()
    }

    /// Reads the replies that have arrived.
    mutating func readAnswers() throws {
        try socket.receive()
        let consumed = try socket.withIncoming { try Self.count(in: $0) }
        socket.consume(consumed.bytes)
        unanswered -= consumed.answers
    }

    /// Waits until every sent plan is in the stream.
    mutating func finish() throws {
        let deadline = MonotonicTime.now() + Self.timeout
        while unanswered > 0 {
            guard MonotonicTime.now() < deadline else {
                throw BenchError("Redis did not answer \(unanswered) XADDs within \(Self.timeout)")
            }
            socket.wait(milliseconds: 100)
            try socket.flush()
            try readAnswers()
        }
    }

    /// Publishes as fast as Redis accepts plans.
    mutating func publish(_ indices: Range<Int>) throws {
        for start in stride(from: indices.lowerBound, to: indices.upperBound, by: Self.publishDepth) {
            try send(start..<min(start + Self.publishDepth, indices.upperBound))
            try finish()
        }
    }

    /// A reply is `$15\r\n1795354847562-0\r\n`: two lines.
    private static func count(in bytes: Span<UInt8>) throws -> (bytes: Int, answers: Int) {
        var answers = 0
        var end = 0
        var lines = 0
        for position in bytes.indices where bytes[position] == UInt8(ascii: "\n") {
            lines += 1
            guard lines.isMultiple(of: 2) else { continue }
            guard bytes[end] == UInt8(ascii: "$") else { throw BenchError("XADD did not answer with an entry id") }
            end = position + 1
            answers += 1
        }
        // An error is one line, and would look like half a reply.
        guard end == bytes.count || bytes[end] == UInt8(ascii: "$") else {
            throw BenchError("XADD answered with an error")
        }
        return (end, answers)
    }
}
