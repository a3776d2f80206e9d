package import GateAPI

/// A record as Redis, or a state file, gave it.
package enum RawRecord: Sendable {
    case missing
    case fields(Fields)
    case failed(String)
}

extension RawRecord {
    /// The newest readable record among the generations of its key; one from the future counts only if there is no
    /// other. Where none is readable, the first one that is there tells why.
    static func decode(_ type: any StateRecord.Type, _ generations: [RawRecord], now: Timestamp) -> DecodedRecord {
        decode(opened: type, generations, now: now)
    }

    private static func decode<Record: StateRecord>(
        opened type: Record.Type, _ generations: [RawRecord], now: Timestamp
    ) -> DecodedRecord {
        func isFuture(_ record: Record) -> Bool {
            record.timestamp.map { $0.since(now) > Inputs.clockSkewTolerance } ?? false
        }
        var newest: Record?
        var failure: InputFailure?
        var isLasting = true
        for generation in generations {
            switch generation {
            case .missing: continue
            case .failed(let detail):
                failure = failure ?? .unavailable(detail: detail)
                isLasting = false
            case .fields(let fields):
                do throws(InputFailure) {
                    let record = try Record(fields: fields)
                    if isFuture(record) { isLasting = false }
                    if let current = newest, let currentTime = current.timestamp, let time = record.timestamp {
                        guard isFuture(current) == isFuture(record) ? time > currentTime : isFuture(current) else {
                            continue
                        }
                    }
                    newest = record
                } catch {
                    failure = failure ?? error
                }
            }
        }
        return DecodedRecord(box: newest.map(RecordBox.of) ?? .failed(type, failure ?? .missing), isLasting: isLasting)
    }
}

/// What the generations of a record came to.
struct DecodedRecord {
    let box: RecordBox
    /// Whether it stays so until Redis says that it has changed: not where time alone changes it, nor where reading it
    /// failed.
    let isLasting: Bool
}
