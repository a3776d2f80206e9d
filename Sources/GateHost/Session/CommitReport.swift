import Deployment
import GateAPI
import Logging

/// The work after a commit: metrics, log lines, the end of exemptions, and the position in the stream.
struct CommitReport {
    let context: IntakeContext
    let status: IntakeStatus
    let streamHash: UInt64

    func committed(_ batch: CommittedBatch) {
        status.tick()
        if batch.items.count >= context.configuration.intake.batch { status.noteFullBatch() }
        let isExempting = !context.containment.exemptions.isEmpty
        var newest: EntryID?
        let items = batch.items.span
        for index in items.indices where batch.results[index] != .conflict {
            let id = items[index].decision.id
            if isExempting { context.containment.exemptions.forget(id, of: streamHash) }
            if batch.results[index] != .alreadyDecided { newest = max(newest ?? id, id) }
        }
        // A new group would begin after the newest decided entry, so no older entry may still be undecided.
        // Nor may it be ahead of the clock: no later entry of a new stream would follow it.
        if let newest, !isAhead(newest), batch.oldestOpen.map({ newest < $0 }) ?? true {
            status.withProgress { if !$0.hasOwnPending { $0.newest = max($0.newest ?? newest, newest) } }
        }
        let now = context.runtime.wallClock()
        context.metrics.record(batch, at: now)
        context.metrics.noteUnknownSymbols(batch, at: now, context.logger)
        context.metrics.noteDamage(batch.damaged, context.logger)
        log(batch)
        context.observer?(batch.decisions)
    }

    private func isAhead(_ id: EntryID) -> Bool {
        StreamLead("", lastID: id, now: context.runtime.wallClock()).isNoteworthy
    }

    private func log(_ batch: CommittedBatch) {
        if let failure = batch.failedEvents.first {
            context.logger.error(
                "events could not be written; their decisions stand",
                metadata: ["first": "\(failure)", "events": "\(batch.failedEvents.count)"])
        }
        if batch.notPending > 0 {
            context.logger.warning(
                "another client acknowledged entries that this host was about to decide; the decisions stand",
                metadata: ["entries": "\(batch.notPending)"])
        }
        if batch.foreignAnswers > 0 {
            context.logger.error(
                """
                another Governor wrote these permits or blocks first; they stand, although the decision records name \
                this host
                """,
                metadata: ["keys": "\(batch.foreignAnswers)"])
        }
    }
}
