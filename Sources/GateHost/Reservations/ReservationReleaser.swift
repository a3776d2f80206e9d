import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry
import TradingState

/// Releases reservations when the execution layer reports their plans on the result stream.
///
/// A plan that was not executed gives its share back at once. An executed plan keeps its share until the position
/// snapshot is newer than the execution, so that the fill is always counted, here or there. A reservation whose plan is
/// never reported expires.
final class ReservationReleaser {
    private let context: IntakeContext
    private let records: [any ReservationRecord.Type]
    private let reader: StreamReader
    private let group: ConsumerGroup
    private let stop: StopSignal
    private var nextClaim: UInt64 = 0

    /// - Parameter records: the pools in which the gates reserve.
    init(context: IntakeContext, records: [any ReservationRecord.Type], stop: StopSignal) {
        self.context = context
        self.records = records
        self.stop = stop
        let intake = context.configuration.intake
        let stream = context.configuration.answers.resultStream
        let name = intake.group + "-reservations"
        let consumer = context.identity.consumer
        reader = StreamReader(
            stream: stream, group: name, consumer: consumer, batch: intake.batch, longestBlock: intake.block)
        group = ConsumerGroup(stream: stream, group: name, consumer: consumer, start: .beginning)
    }

    /// Returns when it is told to stop.
    func run() {
        let sessions = ReconnectingLoop(
            redis: context.configuration.redis, stop: stop, runtime: context.runtime
        ) { [context] error, wait in
            context.logger.warning(
                "reservations are released late",
                metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.run { (connection, ready) throws(RedisError) in
            try group.create(connection)
            try releasePending(connection)
            ready()
            while !stop.isStopping {
                let intake = context.configuration.intake
                if Monotonic.nanoseconds() >= nextClaim {
                    let claimed = try reader.claim(connection, idle: intake.claimAfter, cursor: "0-0")
                    try release(claimed.batch, connection)
                    nextClaim = Monotonic.nanoseconds() &+ UInt64(intake.claimInterval.milliseconds) &* 1_000_000
                }
                try release(try reader.readNew(connection, block: intake.block), connection)
            }
            try group.leave(connection)
        }
    }

    /// Handles the reports that an earlier session read and did not acknowledge.
    private func releasePending(_ connection: RedisConnection) throws(RedisError) {
        var last: EntryID?
        while !stop.isStopping {
            let batch = try reader.readPending(connection, after: last)
            guard let end = (batch.entries.map(\.id) + batch.bodiless).max() else { return }
            try release(batch, connection)
            last = end
        }
    }

    private func release(_ batch: StreamBatch, _ connection: RedisConnection) throws(RedisError) {
        guard !batch.isEmpty else { return }
        var commands = RedisPipeline()
        commands.begin()
        commands.argument("EVAL" as StaticString)
        commands.argument(Self.script)
        commands.argument(1)
        commands.argument(reader.stream)
        commands.argument(reader.group)
        commands.argument(Int(ReservationLife.executed.milliseconds))
        let ids = batch.entries.map(\.id) + batch.bodiless
        commands.argument(ids.count)
        for id in ids { commands.argument(id.description) }
        for entry in batch.entries { encode(entry, into: &commands) }
        commands.end()
        guard let reply = try connection.send(commands).first else { return }
        if let error = reply.error { throw RedisError(error) }
        context.metrics.released.increment(by: reply.integer ?? 0)
    }

    private func encode(_ report: StreamEntry, into commands: inout RedisPipeline) {
        // An unclear report releases nothing. The reservation expires.
        guard let planID = report.fields["plan_id"], Intent.isPlanID(planID),
            let symbol = report.fields["symbol"].flatMap({ Symbol($0) }),
            let isExecuted = report.fields.flag("executed").value
        else { return context.metrics.unclearReports.increment() }
        for record in records {
            commands.argument(Reservation.redisKey(of: record, symbol))
            commands.argument(planID)
            commands.argument(isExecuted ? String(report.id.milliseconds) : "")
        }
    }

    /// Idempotent: a report that is read twice changes nothing the second time.
    private static let script = """
        local life, count = tonumber(ARGV[2]), tonumber(ARGV[3])
        local released = 0
        for i = 4 + count, #ARGV, 3 do
          local key, plan, executed = ARGV[i], ARGV[i + 1], ARGV[i + 2]
          local value = redis.pcall('HGET', key, plan)
          if type(value) == 'string' then
            local amount, already = string.match(value, '^(%S+) %d+ (%d+)$')
            if not amount then
              redis.call('HDEL', key, plan)
            elseif executed ~= '' then
              released = released + 1
              local expiry = string.format('%.0f', tonumber(executed) + life)
              redis.call('HSET', key, plan, amount .. ' ' .. expiry .. ' ' .. executed)
              if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
            elseif already == '0' then
              -- An executed plan stays executed, even if a later report says otherwise.
              released = released + 1
              redis.call('HDEL', key, plan)
            end
          end
        end
        for i = 4, 3 + count do redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) end
        return released
        """
}
