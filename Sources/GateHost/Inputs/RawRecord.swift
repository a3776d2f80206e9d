package import GateAPI

/// A record as it was read from Redis or from a state file.
package enum RawRecord: Sendable {
    case missing
    case fields(Fields)
    case failed(String)
}

extension RawRecord {
    /// Decodes the newest readable record among the generations of its key. A record from the future counts only if
    /// there is no other. If none is readable, the first one that exists gives the failure.
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
            case .failed("WRONGTYPE") where type is any RevokingRecord.Type:
                isLasting = false
                do throws(InputFailure) { newest = try Record(fields: [:]) } catch { failure = failure ?? error }
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

/// The record that its generations come to.
struct DecodedRecord {
    let box: RecordBox
    /// Whether it stays the same until Redis reports a change. It does not if time alone changes it, or if reading
    /// failed.
    let isLasting: Bool
}
