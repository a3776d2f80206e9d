import GateAPI
import Redis

/// Writes one state in one transaction: the record, its stream entry and, if the equity rose above it, the peak.
struct PortfolioStateWriter {
    /// If the peak keeps changing, several updaters are running. The next cycle retries.
    static let maximumAttempts = 3

    let source: String
    /// Whether the peak rises far only once several states agree.
    var confirmsRises = false

    /// Returns the written record. Takes two round trips unless another writer interferes.
    func write(_ reading: PortfolioReading, to connection: RedisConnection) throws(PortfolioStateFailure)
        -> PortfolioStateRecord
    {
        for _ in 0..<Self.maximumAttempts {
            let previous = try watchPeak(connection)
            let peak = EquityPeak.after(
                previous, equity: reading.equity, at: reading.asOf, confirmsRises: confirmsRises)
            let record = PortfolioStateRecord(
                reading: reading, source: source, drawdown: try drawdown(reading.equity, from: peak))
            if try commit(record, newPeak: peak == previous ? nil : peak, connection) { return record }
        }
        throw PortfolioStateFailure(
            .conflict,
            "\(EquityPeak.key) changed during \(Self.maximumAttempts) attempts to write: is another updater running?")
    }

    /// Reads the peak and puts an optimistic lock on it (`WATCH`): if another updater or an operator's reset changes
    /// it, the transaction does nothing.
    func watchPeak(_ connection: RedisConnection) throws(PortfolioStateFailure) -> EquityPeak? {
        var pipeline = RedisPipeline()
        pipeline.add("UNWATCH")
        pipeline.add("WATCH", EquityPeak.key)
        pipeline.add("HGETALL", EquityPeak.key)
        guard let reply = try connection.exchange(pipeline).last else { return nil }
        if let error = reply.error, error.prefix != "WRONGTYPE" {
            throw PortfolioStateFailure(.redis, "\(EquityPeak.key) cannot be read: \(error)")
        }
        do throws(InputFailure) {
            return try Fields(hash: reply).map { (fields) throws(InputFailure) in try EquityPeak(fields: fields) }
        } catch {
            // With an unreadable peak the drawdown is unknown, not zero.
            let cause = PortfolioStateFailure(error, in: EquityPeak.key).message
            throw PortfolioStateFailure(.peakMalformed, "\(cause); delete the key to start a new peak")
        }
    }

    private func drawdown(_ equity: Amount, from peak: EquityPeak?) throws(PortfolioStateFailure) -> Amount {
        do throws(AmountError) {
            return try peak?.drawdown(at: equity) ?? .zero
        } catch {
            throw PortfolioStateFailure(error, computing: "the drawdown")
        }
    }

    /// Returns false if the watched peak has changed; then nothing was written.
    func commit(_ record: PortfolioStateRecord, newPeak: EquityPeak?, _ connection: RedisConnection)
        throws(PortfolioStateFailure) -> Bool
    {
        let fields = record.fields.flatMap { [$0.name, $0.value] }
        var pipeline = RedisPipeline()
        pipeline.add("MULTI")
        if let newPeak {
            pipeline.add("HDEL", EquityPeak.key, "rise_usd", "rise_samples", "rise_timestamp")
            pipeline.add(["HSET", EquityPeak.key] + newPeak.fields.flatMap { [$0.name, $0.value] })
        }
        // Delete first: fields of another writer must not outlive their record, and a key of the wrong type must not
        // block the write.
        pipeline.add("DEL", PortfolioStateRecord.key)
        pipeline.add(["HSET", PortfolioStateRecord.key] + fields)
        pipeline.add("EXPIRE", PortfolioStateRecord.key, String(PortfolioStateRecord.secondsToLive))
        pipeline.add(
            ["XADD", PortfolioStateRecord.stream, "MAXLEN", "~", String(PortfolioStateRecord.streamLength), "*"]
                + fields)
        pipeline.add("EXEC")
        guard let result = try connection.exchange(pipeline).last else {
            throw PortfolioStateFailure(.redis, "Redis did not answer EXEC")
        }
        if result.isNull { return false }
        if let error = result.error ?? result.elements.lazy.compactMap(\.error).first {
            throw PortfolioStateFailure(.redis, "Redis refused to write the state: \(error)")
        }
        return true
    }
}
