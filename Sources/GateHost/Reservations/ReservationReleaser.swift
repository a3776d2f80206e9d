import Deployment
import GateAPI
import Logging
import Redis
import Platform
import Telemetry
import TradingState

/// Gives reservations back when the execution layer reports their plans on the result stream.
///
/// A plan that was not executed gives its share back at once. An executed one keeps it until the records that the gate
/// reads are newer than the execution, so that there is no moment at which neither shows it. What nobody reports
/// expires.
final class ReservationReleaser {
    private let configuration: HostConfiguration
    private let records: [any ReservationRecord.Type]
    private let reader: StreamReader
    private let group: ConsumerGroup
    private let control: IntakeControl
    private let metrics: HostMetrics
    private let logger: Logger
    private var nextClaim: UInt64 = 0

    init(
        configuration: HostConfiguration, identity: HostIdentity, records: [any ReservationRecord.Type],
        control: IntakeControl, metrics: HostMetrics,
        logger: Logger
    ) {
        self.configuration = configuration
        self.records = records
        let stream = configuration.answers.resultStream
        let name = configuration.intake.group + "-reservations"
        reader = StreamReader(
            stream: stream, group: name, consumer: identity.consumer, batch: configuration.intake.batch,
            longestBlock: configuration.intake.block)
        group = ConsumerGroup(stream: stream, group: name, consumer: identity.consumer, start: .beginning)
        self.control = control
        self.metrics = metrics
        self.logger = logger
    }

    func run() {
        let sessions = SessionLoop(redis: configuration.redis, control: control) { [logger] error, wait in
            logger.warning(
                "reservations are released late", metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.run { (connection, ready) throws(RedisError) in
            try group.create(connection)
            // Reports that an earlier session read and did not finish.
            var last: EntryID?
            while !control.isStopping {
                let batch = try reader.readPending(connection, after: last)
                guard let end = (batch.entries.map(\.id) + batch.bodiless).max() else { break }
                try release(batch, connection)
                last = end
            }
            ready()
            while !control.isStopping {
                if Monotonic.nanoseconds() >= nextClaim {
                    let idle = configuration.intake.claimAfter
                    try release(try reader.claim(connection, idle: idle, cursor: "0-0").batch, connection)
                    nextClaim =
                        Monotonic.nanoseconds() &+ UInt64(configuration.intake.claimInterval.milliseconds) &* 1_000_000
                }
                try release(try reader.readNew(connection, block: configuration.intake.block), connection)
            }
            try group.leave(connection)
        }
    }

    private func release(_ batch: StreamReader.Batch, _ connection: RedisConnection) throws(RedisError) {
        guard !batch.isEmpty else { return }
        var commands = RedisPipeline()
        commands.begin()
        commands.argument("EVAL" as StaticString)
        commands.argument(Self.script)
        commands.argument(1)
        commands.argument(reader.stream)
        commands.argument(reader.group)
        commands.argument(Int(Self.executedLife.milliseconds))
        let ids = batch.entries.map(\.id) + batch.bodiless
        commands.argument(ids.count)
        for id in ids { commands.argument(id.description) }
        for entry in batch.entries {
            // A report that does not say clearly what became of the plan releases nothing; the reservation expires.
            guard let planID = entry.fields["plan_id"], Intent.isPlanID(planID),
                let symbol = entry.fields["symbol"].flatMap({ Symbol($0) }),
                let isExecuted = entry.fields.flag("executed").value
            else {
                metrics.unclearReports.increment()
                continue
            }
            for record in records {
                commands.argument(Reservation.redisKey(of: record, symbol))
                commands.argument(planID)
                commands.argument(isExecuted ? String(entry.id.milliseconds) : "")
            }
        }
        commands.end()
        guard let reply = try connection.send(commands).first else { return }
        if let error = reply.error { throw RedisError(error) }
        metrics.released.increment(by: reply.integer ?? 0)
    }

    /// How long an executed plan's share counts if no newer position snapshot shows it. As long as a snapshot itself
    /// lives.
    static let executedLife: Duration = .seconds(3_600)

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
              redis.call('HSET', key, plan, amount .. ' ' .. string.format('%.0f', tonumber(executed) + life) .. ' ' .. executed)
              if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
            elseif already == '0' then
              -- What was executed stays executed, whatever a later report of the same plan says.
              released = released + 1
              redis.call('HDEL', key, plan)
            end
          end
        end
        for i = 4, 3 + count do redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) end
        return released
        """
}
