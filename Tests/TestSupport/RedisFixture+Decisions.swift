import Redis

extension RedisFixture {
    package static let planStream = "quantum:stream:apply.plan"
    package static let decisionStream = "quantum:stream:governor.decision"

    package func decisionCount() throws -> Int { try command("XLEN", Self.decisionStream).integer ?? 0 }

    /// Waits until there are `count` decision records. Times out if there are more, which no test expects.
    package func waitForDecisions(_ count: Int, within seconds: Double = 30) async throws {
        try await eventually("\(count) decisions", within: seconds) { try decisionCount() == count }
    }

    /// The outcome of each plan's first decision record.
    package func outcomes() throws -> [String: String] {
        Dictionary(try entries(Self.decisionStream).map { ($0["plan_id"] ?? "", $0["outcome"] ?? "") }) { first, _ in
            first
        }
    }
}
