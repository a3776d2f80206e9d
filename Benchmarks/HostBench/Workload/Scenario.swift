/// The parameters of a round.
struct Scenario {
    /// The number of gates in the shipped deployment file.
    static let shippedGates = 3

    var plans: Int
    /// The largest batch.
    var batch = 128
    var symbols = 20
    var gates = Scenario.shippedGates
    /// The number of the contender's processes, all in one group.
    var hosts = 1
    /// The execution layer's part; `nil` if there is none.
    var execution: Execution?
    /// The program of the execution layer.
    var executionProgram = ""
    /// The number of decided entries that the stream already holds.
    var processedBefore = 0
    /// The number of entries pending with another living consumer of the group.
    var pendingElsewhere = 0
    /// The maximum length of the decision stream; `nil` for more than the round writes, so that every decision can be
    /// counted.
    var decisionsKept: Int?
    /// The lifetime of permits, blocks and outcomes; `nil` for that of production.
    var answersTTLSeconds: Int?

    var decisionMaxLength: Int { decisionsKept ?? 2 * plans }
}
