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

    /// Takes from an account, so that later intents of the batch see it, in their decision records too.
    package mutating func take(_ claim: Claim, isRecorded: Bool) {
        inputs.take(claim)
        if isRecorded { record(claim.account, claim.symbol) }
    }

    /// Makes the records that show what an account's orders have done stale if a newer one than they are has let shares
    /// go.
    mutating func refuseSuperseded(by account: any AccountRecord.Type, _ symbol: Symbol) {
        guard inputs.refuseSuperseded(by: account, symbol), !raw.isEmpty else { return }
        for name in account.snapshots.flatMap({ InputKey($0, symbol).redisKeys }) where raw[name] != nil {
            raw[name] = .failed("a newer record has been seen")
        }
    }

    /// Replaces the totals of an account, if it is at hand.
    mutating func setTotals(
        _ totals: LaneTotals, of account: any AccountRecord.Type, _ symbol: Symbol, isRecorded: Bool
    ) {
        inputs.setTotals(totals, of: account, symbol)
        if isRecorded { record(account, symbol) }
    }

    private mutating func record(_ account: any AccountRecord.Type, _ symbol: Symbol) {
        let key = InputKey(account, symbol)
        guard let totals = inputs.box(for: key)?.totals else { return }
        for name in key.redisKeys {
            var pairs = AccountFields.fields(totals)
            if case .fields(let fields)? = raw[name], let held = fields[named: AccountFields.held] {
                pairs.append((AccountFields.held, held))
            }
            raw[name] = .fields(Fields(pairs))
        }
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
