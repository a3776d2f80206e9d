package import GateAPI
package import Redis
import TradingState

/// Money that came in or went out, or a new start of the peak, as an operator announces it. The loss from the peak stays
/// as it is: a deposit raises the peak, a withdrawal lowers it.
package struct EquityAdjustment: Sendable {
    package enum Kind: Sendable, Equatable {
        /// In USD, positive.
        case deposit(Amount)
        /// In USD, positive.
        case withdrawal(Amount)
        case resetPeak
    }

    static let maximumAttempts = 10

    let kind: Kind
    /// The person and the machine.
    let origin: String
    let why: String

    package init(_ kind: Kind, origin: String, why: String) {
        self.kind = kind
        self.origin = origin
        self.why = why
    }

    /// The peak before and after, in USD; `nil` without one.
    package struct Outcome: Sendable, Equatable {
        package let before: Amount?
        package let after: Amount?
    }

    /// Changes the peak and the sum of flows and puts the event on the audit trail, in one transaction.
    package func apply(_ connection: RedisConnection) throws(PortfolioStateFailure) -> Outcome {
        for _ in 0..<Self.maximumAttempts {
            let ledger = try watch(connection)
            let peak = try peak(after: ledger.peak)
            if try commit(ledger, peak, connection) {
                return Outcome(before: ledger.peak?.peak, after: peak?.peak)
            }
        }
        throw PortfolioStateFailure(.conflict, "\(EquityPeak.key) keeps changing: try again")
    }

    private struct Watched {
        let peak: EquityPeak?
        let flows: EquityFlows?
        let now: Timestamp
    }

    private func watch(_ connection: RedisConnection) throws(PortfolioStateFailure) -> Watched {
        var pipeline = RedisPipeline()
        pipeline.add("UNWATCH")
        pipeline.add("WATCH", EquityPeak.key, EquityFlows.key)
        pipeline.add("HGETALL", EquityPeak.key)
        pipeline.add("HGETALL", EquityFlows.key)
        pipeline.add("TIME")
        let replies = Array(try connection.exchange(pipeline))
        guard replies.count == 5 else { throw PortfolioStateFailure(.redis, "Redis sent too few replies") }
        for reply in replies[0...1] {
            if let error = reply.error { throw PortfolioStateFailure(.redis, "\(error)") }
        }
        guard let seconds = replies[4].element(0)?.text.flatMap({ Int64($0) }) else {
            throw PortfolioStateFailure(.redis, "TIME did not answer with a time: \(replies[4].error?.message ?? "")")
        }
        return Watched(
            peak: kind == .resetPeak ? try? record(replies[2], EquityPeak.key) : try record(replies[2], EquityPeak.key),
            flows: try record(replies[3], EquityFlows.key), now: Timestamp(seconds: seconds))
    }

    private func record<Record: StateRecord>(_ reply: RedisReply, _ key: String) throws(PortfolioStateFailure)
        -> Record?
    {
        do throws(InputFailure) {
            return try Fields(hash: reply).map { (fields) throws(InputFailure) in try Record(fields: fields) }
        } catch {
            throw PortfolioStateFailure(error, in: key)
        }
    }

    /// What the flows change by, in USD.
    private func flow() throws(AmountError) -> Amount? {
        switch kind {
        case .deposit(let amount): amount
        case .withdrawal(let amount): try .zero - amount
        case .resetPeak: nil
        }
    }

    /// `nil` if the next state starts a new peak.
    private func peak(after peak: EquityPeak?) throws(PortfolioStateFailure) -> EquityPeak? {
        do throws(AmountError) {
            guard let peak, let flow = try flow() else { return nil }
            let moved = try peak.peak + flow
            return moved.isPositive ? EquityPeak(peak: moved, reachedAt: peak.reachedAt) : nil
        } catch {
            throw PortfolioStateFailure(error, computing: "the peak")
        }
    }

    /// Returns false if a watched key has changed; then nothing was written.
    private func commit(_ ledger: Watched, _ peak: EquityPeak?, _ connection: RedisConnection)
        throws(PortfolioStateFailure) -> Bool
    {
        var pipeline = RedisPipeline()
        pipeline.add("MULTI")
        pipeline.add("DEL", EquityPeak.key)
        if let peak { pipeline.add(["HSET", EquityPeak.key] + peak.fields.flatMap { [$0.name, $0.value] }) }
        do throws(AmountError) {
            if let flow = try flow() {
                let flows = EquityFlows(total: try (ledger.flows?.total ?? .zero) + flow, announcedAt: ledger.now)
                pipeline.add(["HSET", EquityFlows.key] + flows.fields.flatMap { [$0.name, $0.value] })
            }
        } catch {
            throw PortfolioStateFailure(error, computing: "the sum of flows")
        }
        pipeline.add(["XADD", GovernorStreams.events, "*"] + event(ledger, peak).flatMap { [$0.0, $0.1] })
        pipeline.add("EXEC")
        guard let result = try connection.exchange(pipeline).last else {
            throw PortfolioStateFailure(.redis, "Redis did not answer EXEC")
        }
        if result.isNull { return false }
        if let error = result.error ?? result.elements.lazy.compactMap(\.error).first {
            throw PortfolioStateFailure(.redis, "Redis refused the adjustment: \(error)")
        }
        return true
    }

    private func event(_ ledger: Watched, _ peak: EquityPeak?) -> [(String, String)] {
        let (name, amount): (String, Amount?) =
            switch kind {
            case .deposit(let amount): ("deposit", amount)
            case .withdrawal(let amount): ("withdrawal", amount)
            case .resetPeak: ("reset_peak", nil)
            }
        return [
            ("event", "P28_EQUITY_ADJUSTMENT"), ("kind", name), ("amount_usd", amount?.description ?? ""),
            ("peak_before", ledger.peak?.peak.description ?? ""), ("peak_after", peak?.peak.description ?? ""),
            ("timestamp", ledger.now.epochSeconds.description), ("origin", origin), ("why", why),
        ]
    }
}
