import GateAPI

/// How far a stream goes, and how many entries were ever added to it.
struct StreamExtent {
    let added: Int
    /// `nil` if the stream is empty.
    let first: EntryID?
    let last: EntryID
}

extension Backlog {
    /// The entries behind the newest delivered one that are still there. `nil` in the middle of a stream, where Redis
    /// tells only how many were ever added behind it.
    func waiting(_ extent: StreamExtent) -> Int? {
        guard let delivered else { return nil }
        if delivered >= extent.last { return 0 }
        guard let first = extent.first else { return 0 }
        return delivered < first ? length : nil
    }

    /// The entries that left the stream before any consumer was given them, since the group has a place among all that
    /// were ever added. Redis keeps counting them as not read. `nil` if that cannot be told.
    func lost(_ extent: StreamExtent) -> Int? {
        guard let read, let waiting = waiting(extent) else { return nil }
        return max(0, extent.added - read - waiting)
    }
}
