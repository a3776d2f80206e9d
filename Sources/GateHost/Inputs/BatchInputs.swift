package import GateAPI
import Platform
import TradingState

/// The records of a batch: decoded for the gates, and raw if the deployment records its inputs.
package struct BatchInputs: Sendable {
    package var inputs: Inputs
    package private(set) var raw: [String: RawRecord] = [:]

    package init(inputs: Inputs) {
        self.inputs = inputs
    }

    mutating func set(_ box: RecordBox, for key: InputKey, _ generations: [RawRecord], isRecorded: Bool) {
        inputs.set(box, for: key)
        guard isRecorded else { return }
        for (name, record) in zip(key.redisKeys, generations) { raw[name] = record.compacted }
    }

    mutating func remove(_ key: InputKey) {
        inputs.remove(key)
        guard !raw.isEmpty else { return }
        for name in key.redisKeys { raw[name] = nil }
    }

    mutating func removeAll() {
        inputs.removeAll()
        raw.removeAll()
    }

    /// Adds a reservation, so that later intents of the batch see it, in their decision records too.
    package mutating func reserve(
        _ reservation: Reservation, planID: String, by entry: EntryID, until expiry: Timestamp, isRecorded: Bool
    ) {
        inputs.reserve(reservation, planID: planID, by: entry, until: expiry)
        guard isRecorded else { return }
        var pairs: [(name: String, value: String)] = []
        if case .fields(let fields) = raw[reservation.redisKey] {
            pairs = fields.pairs.filter { $0.name != ReservationFields.last }
        }
        pairs.append((planID, "\(reservation.amount) \(expiry.milliseconds) 0"))
        pairs.append((ReservationFields.last, entry.description))
        raw[reservation.redisKey] = .fields(Fields(pairs))
    }

    /// The records that one intent's request named, as one JSON object by Redis key; unreadable ones as
    /// `{"error": …}`, missing ones as null.
    package func json(_ request: InputRequest) -> [UInt8] {
        var json = RecordsJSON()
        for name in request.keys.flatMap(\.redisKeys) { json.add(name, raw[name] ?? .missing) }
        return json.bytes
    }
}

extension RawRecord {
    /// The record with bytes of its own, so that keeping it does not keep the whole reply that it came in.
    fileprivate var compacted: RawRecord {
        guard case .fields(let fields) = self, fields.byteCount < fields.buffer.count else { return self }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(fields.byteCount)
        func moved(_ range: Range<Int>) -> Range<Int> {
            let start = buffer.count
            buffer.append(contentsOf: fields.bytes(range))
            return start..<buffer.count
        }
        let positions = fields.positions.map { Fields.Position(name: moved($0.name), value: moved($0.value)) }
        return .fields(Fields(buffer: buffer, positions: positions[...]))
    }
}
