/// Follows the decision stream with `XREAD BLOCK`, and checks each decision against the workload's outcome.
struct DecisionFollower: ~Copyable {
    private static let page = 1_000
    private static let blockMilliseconds = 1_000

    var socket: WireSocket
    private let workload: Workload
    private var boundary = ReplyBoundary()
    private var last: String

    /// Follows the stream from behind the entry `last`.
    init(_ workload: Workload, socketPath: String, after last: String) throws {
        var socket = try WireSocket(path: socketPath)
        try Self.ask(&socket, after: last)
        self.socket = socket
        self.workload = workload
        self.last = last
    }

    private static func ask(_ socket: inout WireSocket, after last: String) throws {
        let arguments = ["XREAD", "COUNT", "\(page)", "BLOCK", "\(blockMilliseconds)", "STREAMS", Wire.decisions, last]
        socket.outgoing.append(contentsOf: "*\(arguments.count)\r\n".utf8)
        for argument in arguments {
            socket.outgoing.append(contentsOf: "$\(argument.utf8.count)\r\n\(argument)\r\n".utf8)
        }
        try socket.flush()
    }

    /// Calls `body` with the plan of each new decision.
    mutating func read(_ body: (Int) throws -> Void) throws {
        try socket.flush()
        try socket.receive()
        guard let end = socket.withIncoming({ boundary.end($0) }) else { return }
        if let id = try socket.withIncoming({ try Self.decisions($0, workload, body) }) { last = id }
        socket.consume(end)
        boundary = ReplyBoundary()
        try Self.ask(&socket, after: last)
    }

    /// Returns the id of the last entry; `nil` if none came in time.
    private static func decisions(_ bytes: Span<UInt8>, _ workload: Workload, _ body: (Int) throws -> Void) throws
        -> String?
    {
        var cursor = ReplyCursor()
        guard try cursor.array(bytes) == 1, try cursor.array(bytes) == 2 else { return nil }
        _ = try cursor.string(bytes)
        var id = 0..<0
        for _ in 0..<(try cursor.array(bytes)) {
            guard try cursor.array(bytes) == 2 else { throw BenchError("XREAD did not answer with entries") }
            id = try cursor.string(bytes)
            try body(try plan(bytes, &cursor, workload))
        }
        return text(bytes, id)
    }

    private static func plan(_ bytes: Span<UInt8>, _ cursor: inout ReplyCursor, _ workload: Workload) throws -> Int {
        var plan: Int?
        var outcome = 0..<0
        for _ in 0..<(try cursor.array(bytes)) / 2 {
            let name = try cursor.string(bytes)
            let value = try cursor.string(bytes)
            switch name.count {
            case 7 where plan == nil && text(bytes, name) == "plan_id":
                plan = bytes.extracting(value).withUnsafeBufferPointer { PlanID.index($0) }
            case 7 where outcome.isEmpty && text(bytes, name) == "outcome": outcome = value
            default: break
            }
        }
        guard let plan else { throw BenchError("a decision on a plan that was not published") }
        guard text(bytes, outcome) == workload.outcome(plan).rawValue else {
            throw BenchError(
                "plan \(PlanID.text(plan)): \(text(bytes, outcome)) instead of \(workload.outcome(plan).rawValue)")
        }
        return plan
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
