/// Flaws that can be planted in the model. The audit must find each of them.
package struct ModelFlaws: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The commit decides entries that are not pending.
    package static let ignoresAcknowledgement = ModelFlaws(rawValue: 1)
    /// The commit does not check the bounds of accounts.
    package static let ignoresBounds = ModelFlaws(rawValue: 2)
    /// The commit ignores earlier outcomes and permits.
    package static let ignoresOutcomes = ModelFlaws(rawValue: 4)
    /// The server sends no invalidations.
    package static let dropsInvalidations = ModelFlaws(rawValue: 8)
    /// A read leaves no entry pending.
    package static let forgetsPending = ModelFlaws(rawValue: 16)
    /// The commit writes no decision records of duplicates.
    package static let losesRecords = ModelFlaws(rawValue: 32)
    /// EXEC succeeds though a watched key changed after the check.
    package static let ignoresWatches = ModelFlaws(rawValue: 64)
    /// The share of a permit that was not given stays in the account.
    package static let keepsLostShares = ModelFlaws(rawValue: 128)
    /// A bucket of given grants is not subtracted, whatever shows it.
    package static let keepsEndedBuckets = ModelFlaws(rawValue: 256)
    /// A decision stands though a newer snapshot than its own has let shares go.
    package static let ignoresNewerSnapshots = ModelFlaws(rawValue: 512)
    /// The share of an executed permit is given back.
    package static let forgetsExecutions = ModelFlaws(rawValue: 1_024)
    /// A commit answers that its accounts are empty. Hosts then judge by less than they have in flight.
    package static let hidesTotals = ModelFlaws(rawValue: 2_048)
    /// A commit takes every mark for that of its own session, and so does not look whether its bounds still hold.
    package static let trustsMarks = ModelFlaws(rawValue: 4_096)
    /// A report that takes a share leaves no mark.
    package static let growsSilently = ModelFlaws(rawValue: 8_192)
    /// A commit is executed however late it comes.
    package static let takesUntimely = ModelFlaws(rawValue: 16_384)

    package static let all: [(name: String, flaw: ModelFlaws)] = [
        ("ignores-acknowledgement", .ignoresAcknowledgement), ("ignores-bounds", .ignoresBounds),
        ("ignores-outcomes", .ignoresOutcomes),
        ("drops-invalidations", .dropsInvalidations), ("forgets-pending", .forgetsPending),
        ("loses-records", .losesRecords),
        ("ignores-watches", .ignoresWatches), ("keeps-lost-shares", .keepsLostShares),
        ("keeps-ended-buckets", .keepsEndedBuckets), ("ignores-newer-snapshots", .ignoresNewerSnapshots),
        ("forgets-executions", .forgetsExecutions), ("hides-totals", .hidesTotals),
        ("trusts-marks", .trustsMarks), ("grows-silently", .growsSilently),
        ("takes-untimely", .takesUntimely),
    ]
}
