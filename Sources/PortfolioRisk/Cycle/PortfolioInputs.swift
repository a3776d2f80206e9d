import GateAPI
import Redis
import TradingState

/// The inputs that a cycle reads first: the portfolio state, its last known good copy, the mode and the symbols.
struct PortfolioInputs {
    let state: Result<PortfolioState, InputFailure>
    let remembered: PortfolioState?
    let mode: ModeRecord?
    /// Symbols of recent plans, newest first.
    let plans: [Symbol]

    /// Takes one round trip, and one more for each further step of the scan.
    static func read(_ connection: inout CycleConnection, scan: inout PositionScan, planLookback: Int)
        throws(RedisError)
        -> PortfolioInputs
    {
        var pipeline = RedisPipeline()
        pipeline.add("HGETALL", PortfolioState.key)
        pipeline.add("HGETALL", PortfolioStateMemory.key)
        pipeline.add("HGETALL", ModeRecord.key)
        pipeline.add("XREVRANGE", GovernorStreams.plans, "+", "-", "COUNT", String(planLookback))
        scan.addStep(to: &pipeline)
        let replies = try connection.send(pipeline)
        guard replies.count == 5 else {
            throw RedisError(code: .replyUnexpected, message: "Redis sent too few replies")
        }
        var isComplete = try scan.take(replies[4])
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
            mode: (try? replies[2].hash.get()).flatMap(ModeRecord.init(fields:)), plans: symbols(of: replies[3]))
    }

    /// Skips plans without a valid symbol; the gate host reports those. A stream that is missing or of the wrong type
    /// has no plans.
    private static func symbols(of reply: RedisReply) -> [Symbol] {
        reply.elements.compactMap { entry in
            guard let pairs = entry.element(1) else { return nil }
            var isSymbol = false
            var isName = true
            for element in pairs.elements {
                if !isName, isSymbol { return element.text.flatMap { Symbol($0) } }
                if isName { isSymbol = element.text == "symbol" }
                isName.toggle()
            }
            return nil
        }
    }
}
