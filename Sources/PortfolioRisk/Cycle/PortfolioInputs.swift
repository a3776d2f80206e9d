import GateAPI
import Redis
import TradingState

/// What a cycle reads first: the portfolio, what is remembered of it, the mode, and which symbols there are.
struct Overview {
    let state: Result<PortfolioState, InputFailure>
    let remembered: PortfolioState?
    let mode: ModeRecord?
    /// Of recent plans, newest first.
    let plans: [Symbol]

    /// One round trip, and one more for each further step through the key space.
    static func read(_ exchange: inout Exchange, scan: inout PositionScan, planLookback: Int) throws(RedisError)
        -> Overview
    {
        var pipeline = RedisPipeline()
        pipeline.add("HGETALL", PortfolioState.key)
        pipeline.add("HGETALL", PortfolioStateMemory.key)
        pipeline.add("HGETALL", ModeRecord.key)
        pipeline.add("XREVRANGE", GovernorStreams.plans, "+", "-", "COUNT", String(planLookback))
        scan.addStep(to: &pipeline)
        let replies = try exchange.send(pipeline)
        guard replies.count == 5 else {
            throw RedisError(code: .replyUnexpected, message: "Redis answered too few commands")
        }
        var isComplete = try scan.take(replies[4])
        var steps = 1
        while !isComplete, steps < PositionScan.stepsPerCycle {
            var step = RedisPipeline()
            scan.addStep(to: &step)
            guard let reply = try exchange.send(step).first else { break }
            isComplete = try scan.take(reply)
            steps += 1
        }
        return Overview(
            state: replies[0].record(PortfolioState.self),
            remembered: try? replies[1].record(PortfolioState.self).get(),
            mode: (try? replies[2].hash.get()).flatMap(ModeRecord.init(fields:)), plans: symbols(of: replies[3]))
    }

    /// A plan without a usable symbol is the gate host's business. A stream that is missing or of the wrong type has no
    /// plans.
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
