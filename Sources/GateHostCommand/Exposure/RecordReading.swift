import GateAPI

/// A record as it lies in Redis, and why gates do not use it.
struct RecordReading<Record: StateRecord> {
    /// At any age; `nil` if it is missing or cannot be read.
    let record: Record?
    /// `nil` if gates use the record.
    let failure: InputFailure?
    let age: Duration?

    /// - Parameter read: reads the record if it is not older than a limit, or at any age.
    init(
        within limit: Duration, now: Timestamp, _ read: (_ limit: Duration?) throws(InputFailure) -> Record
    ) {
        record = try? read(nil)
        age = record?.timestamp.map { now.since($0) }
        do throws(InputFailure) {
            _ = try read(limit)
            failure = nil
        } catch {
            failure = error
        }
    }

    var usable: Record? { failure == nil ? record : nil }

    /// `fresh`, or the reason of the failure: `missing`, `stale`, `malformed` and so on.
    var state: String {
        guard let failure else { return "fresh" }
        return failure.reason?.rawValue.replacing("input_", with: "") ?? "unknown"
    }

    /// The field or Redis' error behind a failure.
    var detail: String? {
        switch failure {
        case .malformed(let field), .nonFinite(let field): field
        case .unavailable(let detail): detail
        case .missing, .stale, .futureDated, .notRequested, nil: nil
        }
    }
}
