import Glibc
import Testing
import TestSupport

/// Transactions in the model against those of a real server: random courses of two clients with interleaved commands.
@Suite("Model of transactions", .serialized)
struct TransactionTests {
    @Test("random transactions have the same replies and leave the same keys")
    func transactions() throws {
        let pair = try ServerPair()
        var replies: [String: Int] = [:]
        for round in 0..<60 {
            var random = SeededGenerator(seed: UInt64(round))
            try pair.begin(clients: 3)
            try pair.both("XGROUP", "CREATE", "plans", "g", "0", "MKSTREAM")
            try pair.both("SET", "commits", "s0.1.1", "EX", "600")
            var clock = 1_795_000_000_000 + Int.random(in: 0..<1_000, using: &random)
            try pair.setClock(clock)
            var courses = Courses()
            var left: [ArraySlice<[String]>] = [[], []]
            var client = 0
            for _ in 0..<600 {
                // Switches rarely, so that some transactions succeed.
                if Int.random(in: 0..<8, using: &random) == 0 { client = 1 - client }
                if Int.random(in: 0..<20, using: &random) == 0 {
                    clock += Int.random(in: 0...4_000, using: &random)
                    try pair.setClock(clock)
                }
                while left[client].isEmpty {
                    left[client] = try courses.next(client, pair, clock: clock, &random)[...]
                }
                try perform(left[client].removeFirst(), client, pair, &replies)
            }
            for client in 0...1 { for command in left[client] { try perform(command, client, pair, &replies) } }
            try pair.compare("round \(round)")
        }
        for reply in [
            "EVAL 1", "EVAL 0", "EVAL with accounts 1", "EVAL with accounts 0", "EVAL of reports", "EXEC executed",
            "EXEC refused",
        ] {
            #expect(replies[reply, default: 0] > 200, "\(reply): \(replies)")
        }
    }

    private func perform(_ command: [String], _ client: Int, _ pair: ServerPair, _ replies: inout [String: Int]) throws
    {
        let reply = try pair.both(client: client, command)
        switch command[0] {
        case "EVAL" where reply.kind == .integer: replies["EVAL \(reply.integer ?? -1)", default: 0] += 1
        case "EVAL" where reply.count == 2: replies["EVAL of reports", default: 0] += 1
        case "EVAL": replies["EVAL with accounts \(reply.element(0)?.integer ?? -1)", default: 0] += 1
        case "EXEC": replies["EXEC \(reply.isNull ? "refused" : "executed")", default: 0] += 1
        // Sleeps past the expiry by the clocks of both. Polling would delete the expired key.
        case "PEXPIRE" where command[2] == "1": usleep(4_000)
        default: break
        }
    }
}
