import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry
import TradingState

/// Settles grants when the execution layer reports their plans on the result stream. docs/EXPOSURE_LEDGER.md says what
/// each report does.
///
/// Plans go first: while more of them wait than a batch holds, settling takes a twentieth of the time at most, and of
/// several hosts only the one that commits settles. A share that is settled later counts for longer, which is the
/// careful side.
final class ReportReader {
    private let context: IntakeContext
    private let status: HostStatus
    private let settlement: SettlementEncoder
    private let reader: StreamReader
    private let group: ConsumerGroup
    private let stop: StopSignal
    private var nextClaim: UInt64 = 0
    private var sha = ""

    /// How many times as long as a settlement the pause behind it is while plans wait.
    private static let pausePerSettlement = 19
    private static let longestPause: Duration = .milliseconds(100)
    private static let pauseInLine: Duration = .milliseconds(5)
    /// So few that no call holds Redis for much longer than a millisecond.
    private static let largestBatch = 64

    init(context: IntakeContext, status: HostStatus, stop: StopSignal) {
        self.context = context
        self.status = status
        settlement = SettlementEncoder(context.configuration.answers, context.pipeline.accounts)
        self.stop = stop
        let intake = context.configuration.intake
        let stream = context.configuration.answers.resultStream
        let name = intake.group + "-reservations"
        let consumer = context.identity.consumer
        reader = StreamReader(
            stream: stream, group: name, consumer: consumer, batch: min(intake.batch, Self.largestBatch),
            longestBlock: intake.block, maxEntryBytes: intake.maxEntryBytes)
        group = ConsumerGroup(stream: stream, group: name, consumer: consumer, start: .beginning)
    }

    /// Returns when it is told to stop.
    func run() {
        let sessions = ReconnectingLoop(
            redis: context.configuration.redis, stop: stop, runtime: context.runtime
        ) { [context] error, wait in
            context.logger.warning(
                "reports are read late",
                metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.run { (connection, ready) throws(RedisError) in
            sha = try connection.command("SCRIPT", "LOAD", SettlementScript.reports).text.map { String($0) } ?? ""
            try group.create(connection)
            try settlePending(connection)
            ready()
            while !stop.isStopping {
                let intake = context.configuration.intake
                if Monotonic.nanoseconds() >= nextClaim {
                    let claimed = try reader.claim(connection, idle: intake.claimAfter, cursor: "0-0")
                    try settle(claimed.batch, connection)
                    nextClaim = Monotonic.nanoseconds() &+ UInt64(intake.claimInterval.milliseconds) &* 1_000_000
                }
                try settle(try reader.readNew(connection, block: intake.block), connection)
            }
            try group.leave(connection)
        }
    }

    /// Handles the reports that an earlier session read and did not acknowledge.
    private func settlePending(_ connection: RedisConnection) throws(RedisError) {
        var last: EntryID?
        while !stop.isStopping {
            let batch = try reader.readPending(connection, after: last)
            guard let end = batch.ids.max() else { return }
            try settle(batch, connection)
            last = end
        }
    }

    private func settle(_ batch: StreamBatch, _ connection: RedisConnection) throws(RedisError) {
        guard !batch.isEmpty else { return }
        while status.isInLine, !stop.isStopping { stop.wait(Self.pauseInLine) }
        var commands = RedisPipeline()
        commands.begin(digits: 3)
        settlement.begin(sha: sha, into: &commands)
        commands.argument(CommitKeys.commits)
        commands.argument(reader.stream)
        commands.argument(reader.group)
        let ids = batch.ids
        context.metrics.unclearReports.increment(by: batch.oversized.count)
        commands.argument(ids.count)
        for id in ids { commands.argument(id.description) }
        for entry in batch.entries { encode(entry, into: &commands) }
        commands.end()
        let begun = Monotonic.nanoseconds()
        guard let reply = try connection.send(commands).first else { return }
        if let error = reply.error { throw RedisError(error) }
        if status.hasBacklog {
            let taken = Duration.nanoseconds(Int64(Monotonic.nanoseconds() &- begun))
            stop.wait(min(taken * Self.pausePerSettlement, Self.longestPause))
        }
        context.metrics.settled.increment(by: reply.element(0)?.integer ?? 0)
        context.metrics.noteDamage(reply.element(1)?.integer ?? 0, context.logger)
    }

    private func encode(_ report: StreamEntry, into commands: inout RedisPipeline) {
        // An unclear report settles nothing. The share ends with its bucket.
        guard let planID = report.fields[named: "plan_id"], Intent.isPlanID(planID),
            let isExecuted = report.fields.flag("executed").value
        else { return context.metrics.unclearReports.increment() }
        commands.argument(planID)
        let isRefused = report.fields.flag("exchange_refused").value == true
        let kind: SettlementScript.Report = isExecuted ? .executed : isRefused ? .refused : .unexecuted
        let filled = report.fields.amount("filled_qty", rounding: .awayFromZero).value.flatMap {
            $0.isNegative ? nil : LedgerAmount($0)
        }
        commands.argument(kind.rawValue + (filled.map { " \($0.units) \($0.whole)" } ?? ""))
    }
}
