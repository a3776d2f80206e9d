import GateAPI

/// The reasons of dead letters.
enum DeadLetterReason {
    static let tooManyDeliveries = "too_many_deliveries"
    static let entryTrimmed = "entry_trimmed"

    /// Every reason: those of entries that are no intents, and those of entries that no host can decide.
    static let all = IntentRejection.allCases.map(\.rawValue) + [tooManyDeliveries, entryTrimmed]
}
