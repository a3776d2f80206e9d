import GateAPI

/// An entry of the pending entries list: delivered to a consumer, and not decided yet.
struct PendingEntry {
    let id: EntryID
    let deliveries: Int

    /// An entry that was delivered so often may have ended every process that took it. It is judged alone, so that it
    /// cannot take other entries with it.
    static let suspectDeliveries = 3

    var isSuspect: Bool { deliveries >= Self.suspectDeliveries }

    /// The entry, with the delivery that is about to happen counted.
    var deliveredAgain: PendingEntry { PendingEntry(id: id, deliveries: deliveries + 1) }
}
