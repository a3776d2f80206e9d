package import GateAPI

/// A record as Redis, or a state file, gave it.
package enum RawRecord: Sendable {
    case missing
    case fields(Fields)
    case failed(String)
}

extension RawRecord {
    /// The newest readable record among the generations of its key; one from the future counts only if there is no other. Where none is readable, the
    /// first one that is there tells why.
    static func decode(_ type: any StateRecord.Type, _ generations: [RawRecord], now: Timestamp) -> Result<any StateRecord, InputFailure> {
        func isFuture(_ record: any StateRecord) -> Bool {
            record.timestamp.map { $0.since(now) > Inputs.clockSkewTolerance } ?? false
        }
        var newest: (any StateRecord)?
        var failure: InputFailure?
        for generation in generations {
            switch generation {
            case .missing: continue
            case .failed(let detail): failure = failure ?? .unavailable(detail: detail)
            case .fields(let fields):
                do throws(InputFailure) {
                    let record = try type.init(fields: fields)
                    if let current = newest, let currentTime = current.timestamp, let time = record.timestamp {
                        guard isFuture(current) == isFuture(record) ? time > currentTime : isFuture(current) else { continue }
                    }
                    newest = record
                } catch {
                    failure = failure ?? error
                }
            }
        }
        if let newest { return .success(newest) }
        return .failure(failure ?? .missing)
    }
}
