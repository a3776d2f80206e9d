import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// Decides entries that a session left pending: this consumer's own, and then those that it claims from dead ones. It
/// works in slices of at most a batch, so that new entries are read between them.
///
/// An entry may itself have ended every host that read it. Entries that were delivered often are judged alone, and
/// after too many deliveries they go to the dead letters.
final class PendingRecovery {
    private enum Phase {
        /// Listing this consumer's own entries after this one.
        case own(after: EntryID?)
        /// Claiming from this cursor of the pending entries list.
        case claims(cursor: String)
        case idle
    }

    let session: Session
    private let context: IntakeContext
    /// Whether deciding own entries counts as a delivery.
    private let countsOwn: Bool
    private let onOwnDecided: () -> Void
    private var phase = Phase.own(after: nil)
    /// Whether there were entries of this consumer's own, and all of them are decided.
    private(set) var hasDecidedOwn = false
    /// Entries to be judged alone, after the others of their phase or slice.
    private var suspects: [PendingEntry] = []

    /// The most entries that one slice judges alone: each takes a commit of its own.
    static let suspectsPerSlice = 8

    /// - Parameters:
    ///   - countsOwn: a process's first session counts, and one after a lost read: lost connections alone are no fault
    ///     of the entries.
    ///   - onOwnDecided: called once, when this consumer's own entries are decided.
    init(session: Session, context: IntakeContext, countsOwn: Bool, onOwnDecided: @escaping () -> Void) {
        self.session = session
        self.context = context
        self.countsOwn = countsOwn
        self.onOwnDecided = onOwnDecided
    }

    private var reader: StreamReader { session.reader }

    /// Whether a slice of work is left.
    var hasMore: Bool {
        if case .idle = phase { return !suspects.isEmpty }
        return true
    }

    /// Begins to claim the entries of dead consumers, unless the last search is still under way.
    func startClaiming() {
        if !hasMore { phase = .claims(cursor: "0-0") }
    }

    /// Decides the next slice.
    func decideSlice() throws(RedisError) {
        switch phase {
        case .own(let last): try decideOwn(after: last)
        case .claims(let cursor): try suspects.isEmpty ? claim(from: cursor) : decideSuspects(counting: false)
        case .idle: try decideSuspects(counting: false)
        }
    }

    private func take(_ ids: inout ArraySlice<EntryID>, counting: Bool) throws(RedisError) -> StreamBatch {
        let batch = try session.reading { () throws(RedisError) in
            try reader.take(&ids, counting: counting, session.connection)
        }
        for entry in batch.oversized {
            context.logger.error(
                "an entry is larger than intake.max_entry_bytes and goes to the dead letters unread",
                metadata: ["intent_id": "\(entry.id)", "bytes": "\(entry.bytes)", "plan_id": "\(entry.planID)"])
        }
        return batch
    }

    /// Sends an entry to the dead letters that was never read in full.
    private func bury(_ entry: PendingEntry) throws(RedisError) {
        context.logger.critical(
            "the reads of an entry were lost too often; it goes to the dead letters unread",
            metadata: ["intent_id": "\(entry.id)", "deliveries": "\(entry.deliveries)"])
        try session.processDeadLetter(Decision(unreadable: entry.id, deliveries: entry.deliveries))
    }

    private func decideOwn(after last: EntryID?) throws(RedisError) {
        let pending = try reader.pending(session.connection, after: last)
        guard let end = pending.last?.id else {
            if suspects.isEmpty {
                phase = .claims(cursor: "0-0")
                hasDecidedOwn = last != nil
                return onOwnDecided()
            }
            return try decideSuspects(counting: countsOwn)
        }
        phase = .own(after: end)
        context.logger.info("deciding this consumer's pending entries", metadata: ["entries": "\(pending.count)"])
        let counted = countsOwn ? pending.map(\.deliveredAgain) : pending
        suspects += counted.filter(\.isSuspect)
        for deliveries in 0..<PendingEntry.suspectDeliveries {
            var ids = counted.filter { $0.deliveries == deliveries }.map(\.id)[...]
            while !ids.isEmpty { try session.process(try take(&ids, counting: countsOwn)) }
        }
    }

    /// Claims a batch and decides it: the suspects later, alone.
    private func claim(from cursor: String) throws(RedisError) {
        let (batch, next) = try session.reading { () throws(RedisError) in
            try reader.claim(session.connection, idle: context.configuration.intake.claimAfter, cursor: cursor)
        }
        phase = next.map { .claims(cursor: $0) } ?? .idle
        session.noteClaim()
        guard !batch.isEmpty else { return }
        context.metrics.claimed.increment(by: batch.entries.count)
        context.logger.warning(
            "claimed entries that another consumer left pending", metadata: ["entries": "\(batch.entries.count)"])
        let deliveries = try reader.deliveries(of: batch, session.connection)
        suspects = batch.entries.map { PendingEntry(id: $0.id, deliveries: deliveries[$0.id] ?? 0) }
            .filter(\.isSuspect)
        var others = batch
        others.entries.removeAll { entry in suspects.contains { $0.id == entry.id } }
        try session.process(others)
    }

    private func decideSuspects(counting: Bool) throws(RedisError) {
        for suspect in suspects.prefix(Self.suspectsPerSlice) {
            // One read more than entries may have that can be read: this one's reads are lost, the last one too.
            if case .own = phase, suspect.deliveries > context.configuration.containment.maxDeliveries + 1 {
                try bury(suspect)
            } else {
                var ids = [suspect.id][...]
                try decideAlone(try take(&ids, counting: counting), suspect.deliveries)
            }
            suspects.removeFirst()
        }
    }

    private func decideAlone(_ batch: StreamBatch, _ deliveries: Int) throws(RedisError) {
        guard deliveries > context.configuration.containment.maxDeliveries, let entry = batch.entries.first else {
            return try session.process(batch)
        }
        let failures = context.containment.exemptions.text(of: entry.id, in: StableHash.of(reader.stream))
        context.logger.critical(
            "an entry was delivered too often without a decision and goes to the dead letters",
            metadata: ["intent_id": "\(entry.id)", "deliveries": "\(deliveries)", "failures": "\(failures)"])
        try session.processDeadLetter(Decision(poison: entry, deliveries: deliveries, failures: failures))
    }
}
