import Deployment
import GateAPI
import Logging
import Platform
import Redis

/// Decides entries that a session left pending: this consumer's own, and those that it claims from dead ones.
///
/// An entry may itself have ended every host that read it. Entries that were delivered often are judged alone, and
/// after too many deliveries they go to the dead letters.
struct PendingRecovery {
    let session: Session
    let context: IntakeContext
    let stop: StopSignal

    private var reader: StreamReader { session.reader }

    /// Decides all pending entries of this consumer.
    ///
    /// - Parameter counting: whether this counts as a delivery. A process's first session counts, and one after a lost
    ///   read: lost connections alone are no fault of the entries.
    /// - Returns: whether there were any.
    func decideOwnPending(counting: Bool) throws(RedisError) -> Bool {
        var suspects: [PendingEntry] = []
        var last: EntryID?
        while !stop.isStopping {
            let pending = try reader.pending(session.connection, after: last)
            guard let end = pending.last?.id else { break }
            last = end
            context.logger.info("deciding this consumer's pending entries", metadata: ["entries": "\(pending.count)"])
            let counted = counting ? pending.map(\.deliveredAgain) : pending
            suspects += counted.filter(\.isSuspect)
            for deliveries in 0..<PendingEntry.suspectDeliveries {
                var ids = counted.filter { $0.deliveries == deliveries }.map(\.id)[...]
                while !ids.isEmpty { try session.process(try take(&ids, counting: counting)) }
            }
        }
        for suspect in suspects where !stop.isStopping {
            // One read more than entries may have that can be read: this one's reads are lost, the last one too.
            if suspect.deliveries > context.configuration.containment.maxDeliveries + 1 {
                try bury(suspect)
            } else {
                var ids = [suspect.id][...]
                try decideAlone(try take(&ids, counting: counting), suspect.deliveries)
            }
        }
        return last != nil
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

    /// Decides claimed entries: the suspects alone, after all others together.
    func decideClaimed(_ batch: StreamBatch) throws(RedisError) {
        let deliveries = try reader.deliveries(of: batch, session.connection)
        func isSuspect(_ entry: StreamEntry) -> Bool {
            (deliveries[entry.id] ?? 0) >= PendingEntry.suspectDeliveries
        }
        var others = batch
        others.entries.removeAll(where: isSuspect)
        try session.process(others)
        for suspect in batch.entries where isSuspect(suspect) {
            try decideAlone(StreamBatch(entries: [suspect]), deliveries[suspect.id] ?? 0)
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
