/// What a round is made of.
struct Scenario: Codable {
    var plans: Int
    /// Most plans read and decided at once.
    var batch = 128
    var symbols = 20
    var gates = 2
    /// Processes of the contender, all in one group.
    var hosts = 1
    /// Entries that the stream holds already and that nobody reads any more.
    var processedBefore = 0
    /// Entries that another, living consumer of the group has read and not acknowledged.
    var pendingElsewhere = 0
    /// Beyond anything that the round writes, unless set, so that the decision stream is never trimmed and can be
    /// counted.
    var decisionsKept: Int?
    /// How long permits, blocks and outcomes live, where not as long as in production.
    var answersTTLSeconds: Int?

    var decisionMaxLength: Int { decisionsKept ?? 2 * plans }
}
