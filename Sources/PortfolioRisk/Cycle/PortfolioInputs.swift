import GateAPI
import Redis
import TradingState

/// The inputs that a cycle reads first: the portfolio state, its last known good copy, the mode and the
/// positions' symbols. With them come Redis' time, which decides all ages, and the evidence for the equity.
struct PortfolioInputs {
    let state: Result<PortfolioState, InputFailure>
    let remembered: PortfolioState?
    /// `nil` if the key has another type.
    let mode: HeldMode?
    let time: Timestamp
    let evidence: EquityEvidence
    /// The drawdown that the state names, a ratio.
    let drawdown: Amount?

    /// Takes one round trip, and one more for each further step of the scan.
    static func read(
        _ connection: inout CycleConnection, scan: inout PositionScan, secondStateKey: String? = nil
    ) throws(RedisError) -> PortfolioInputs {
        var pipeline = RedisPipeline()
        pipeline.add("HGETALL", PortfolioState.key)
        pipeline.add("HGETALL", PortfolioStateMemory.key)
        pipeline.add("HGETALL", ModeRecord.key)
        scan.addStep(to: &pipeline)
        pipeline.add("TIME")
        pipeline.add("HGETALL", EquityFlows.key)
        if let secondStateKey { pipeline.add("HGETALL", secondStateKey) }
        let replies = try connection.send(pipeline)
        guard replies.count == (secondStateKey == nil ? 6 : 7) else {
            throw RedisError(code: .replyUnexpected, message: "Redis sent too few replies")
        }
        var isComplete = try scan.take(replies[3])
        var steps = 1
        while !isComplete, steps < PositionScan.stepsPerCycle {
            var step = RedisPipeline()
            scan.addStep(to: &step)
            guard let reply = try connection.send(step).first else { break }
            isComplete = try scan.take(reply)
            steps += 1
        }
        return PortfolioInputs(
            state: replies[0].record(PortfolioState.self),
            remembered: try? replies[1].record(PortfolioState.self).get(),
            mode: try? HeldMode(replies[2]),
            time: try replies[4].time(),
            evidence: EquityEvidence(
                flows: try? replies[5].record(EquityFlows.self).get(),
                second: secondStateKey.flatMap { _ in try? replies[6].record(PortfolioState.self).get() }),
            drawdown: drawdown(replies[0]))
    }

    private static func drawdown(_ reply: RedisReply) -> Amount? {
        guard case .value(let drawdown)? = try? reply.hash.get().amount("drawdown") else { return nil }
        return drawdown
    }
}
