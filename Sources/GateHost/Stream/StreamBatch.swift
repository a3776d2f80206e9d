package import GateAPI

/// The entries that one read or claim brought.
package struct StreamBatch: Sendable {
    package var entries: [StreamEntry] = []
    /// Pending entries whose bodies are gone from the stream. They still have to be acknowledged.
    package var bodiless: [EntryID] = []
    /// Pending entries that are too large to be read.
    package var oversized: [OversizedEntry] = []
    /// Entries whose bodies are gone and that the server took out of the pending entries list itself.
    package var trimmed: [EntryID] = []
    /// The fence that was published behind the read; `nil` if there was none.
    var fence: Int?
    /// The claims mark that was there before the entries were delivered; `nil` if there was none, or if the entries of
    /// several reads had different ones.
    var claimsMark: String?

    package init(entries: [StreamEntry] = []) {
        self.entries = entries
    }

    package var isEmpty: Bool { entries.isEmpty && bodiless.isEmpty && oversized.isEmpty && trimmed.isEmpty }

    /// The ids of the entries that have to be acknowledged.
    var ids: [EntryID] { entries.map(\.id) + bodiless + oversized.map(\.id) }

    mutating func append(_ other: StreamBatch) {
        if isEmpty {
            self = other
        } else {
            entries += other.entries
            bodiless += other.bodiless
            oversized += other.oversized
            trimmed += other.trimmed
            fence = if let fence, let later = other.fence { max(fence, later) } else { nil }
            if claimsMark != other.claimsMark { claimsMark = nil }
        }
    }
}
