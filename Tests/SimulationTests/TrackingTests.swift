import GateHost
import Glibc
import Redis
import Testing
import TestSupport

/// Client-side caching in the model against that of a real server.
@Suite("Model of tracking", .serialized)
struct TrackingTests {
    private static let texts = ["text:0", "text:1"]
    private static let hashes = ["hash:0", "hash:1"]

    @Test("caching clients receive the same invalidations in the same order between the same fences")
    func tracking() throws {
        let pair = try ServerPair()
        var told = 0
        for round in 0..<60 {
            var random = SeededGenerator(seed: UInt64(round))
            // Two clients that cache, with a feed each.
            try pair.begin(clients: 4)
            for client in 0...1 { try track(client, pair) }
            for fence in 1...40 {
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let client = Int.random(in: 0...1, using: &random)
                    for command in course(client, &random) {
                        try pair.both(client: client, command)
                        // Sleeps past the expiry by the clocks of both. Polling would delete the expired key.
                        if command[0] == "PEXPIRE", command[2] == "1" { usleep(4_000) }
                    }
                }
                for client in 0...1 {
                    try pair.both(client: client, ["PUBLISH", "fence:\(client)", "\(fence)"])
                    let messages = try pair.each(of: client + 2) {
                        try Self.messages($0, upTo: "['message' 'fence:\(client)' '\(fence)']")
                    }
                    #expect(messages[0] == messages[1], "round \(round), fence \(fence) of \(client)")
                    told += messages[0].count { $0.contains("invalidate") }
                }
            }
        }
        #expect(told > 1_000)
    }

    private func track(_ client: Int, _ pair: ServerPair) throws {
        let feeds = try pair.each(of: client + 2) { feed in
            let number = try feed.command("CLIENT", "ID").integer ?? 0
            var subscription = RedisPipeline()
            subscription.add("SUBSCRIBE", "__redis__:invalidate", "fence:\(client)")
            try feed.post(subscription)
            return (number: number, replies: try feed.receive(2).map { Canonical.text($0) })
        }
        #expect(feeds[0].replies == feeds[1].replies)
        for (connection, feed) in zip(pair.clients[client], feeds) {
            _ = try connection.command("CLIENT", "TRACKING", "ON", "REDIRECT", String(feed.number), "OPTIN")
        }
    }

    private static func messages(_ feed: RedisConnection, upTo fence: String) throws -> [String] {
        var messages: [String] = []
        while messages.last != fence { messages += try feed.receive(1).map { Canonical.text($0) } }
        return messages
    }

    private func course(_ client: Int, _ random: inout SeededGenerator) -> [[String]] {
        let text = Self.texts.randomElement(using: &random) ?? ""
        let hash = Self.hashes.randomElement(using: &random) ?? ""
        let name = Bool.random(using: &random) ? text : hash
        let keep = ["CLIENT", "CACHING", "YES"]
        switch Int.random(in: 0..<16, using: &random) {
        case 0...2: return [keep, ["HGETALL", hash], ["PTTL", hash], ["GET", text]]
        case 3, 4: return [keep, ["GET", text]]
        case 5: return [keep, ["PTTL", name]]
        case 6: return [keep, ["SET", text, "kept", "EX", "600"], ["GET", text]]
        case 7: return [keep, keep, ["MULTI"], ["GET", text], ["HGETALL", hash], ["EXEC"], ["PTTL", text]]
        case 8: return [["SET", text, "set", "EX", "600"]]
        case 9:
            return [
                ["SET", text, "new", "NX", "EX", "600"], ["DEL", text], ["SET", text, "newer", "EX", "600", "NX"],
            ]
        case 10:
            return [
                ["HSET", hash, "field", "value"], ["HDEL", hash, "field"], ["HDEL", hash, "field"],
                ["HSET", hash, "other", "value"],
            ]
        case 11: return [["PEXPIRE", name, "600000"]]
        case 12: return [["PEXPIRE", name, "1"], keep, [name == text ? "GET" : "HGETALL", name]]
        case 13: return [["PEXPIRE", name, "1"], ["EXISTS", text, hash]]
        // A client hears of its own changes only after its whole transaction or script.
        case 14:
            return [
                ["MULTI"], ["DEL", hash], ["PUBLISH", "fence:\(client)", "between"], ["SET", text, "in", "EX", "600"],
                ["DEL", hash], ["EXEC"],
            ]
        default:
            return [["EVAL", CommitTransaction.check, "4", "plans", "decisions", text, "claims", "g", "mark", "1"]]
        }
    }
}
