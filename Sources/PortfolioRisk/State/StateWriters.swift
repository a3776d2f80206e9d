package import GateAPI
import TradingState

/// Finds out whether `quantum:state:portfolio` has more than one writer, from the records as they appear. Pure: the
/// caller passes the time.
package struct StateWriters: Sendable {
    /// Signs older than this are forgotten.
    static let memory: Duration = .seconds(60)
    /// Bounds the records remembered. Writers write every few seconds.
    private static let maximumRecords = 64

    package struct Record: Sendable, Equatable {
        package let equity: Amount
        package let takenAt: Timestamp
        /// The record's `source`; empty if it has none.
        package let source: String

        package init(equity: Amount, takenAt: Timestamp, source: String) {
            self.equity = equity
            self.takenAt = takenAt
            self.source = source
        }

        /// `nil` if the record is unreadable, which is another fault.
        init?(_ fields: Fields) {
            guard let state = try? PortfolioState(fields: fields) else { return nil }
            self.init(equity: state.equity, takenAt: state.takenAt, source: fields["source"] ?? "")
        }

        fileprivate var text: String { "\(equity)" + (source.isEmpty ? "" : " (\(source))") }
    }

    private var records: [(record: Record, seen: Duration)] = []
    private var sign: (text: String, seen: Duration)?

    package init() {}

    /// Takes in the record as it is now, at a time of a steady clock.
    package mutating func observe(_ record: Record, at now: Duration) {
        records.removeAll { now - $0.seen > Self.memory }
        if let seen = sign?.seen, now - seen > Self.memory { sign = nil }
        guard records.last?.record != record else { return }
        if let other = other(than: record) {
            sign = ("two writers of \(PortfolioState.key) alternate: \(other.text) and \(record.text)", now)
        }
        records.append((record, now))
        if records.count > Self.maximumRecords { records.removeFirst() }
    }

    /// The sign of a second writer; `nil` if there was none lately.
    package var disagreement: String? { sign?.text }

    /// The record of another writer than that of the newest one. One writer's time does not go back, and neither its
    /// name nor its equity swings to and fro.
    private func other(than new: Record) -> Record? {
        let known = records.map(\.record)
        guard let last = known.last else { return nil }
        if new.takenAt < last.takenAt { return last }
        if new.source != last.source, known.contains(where: { $0.source == new.source }) { return last }
        guard known.count >= 3 else { return nil }
        let (first, second) = (known[known.count - 3], known[known.count - 2])
        let step = Self.distance(last, new)
        // A swing of half a percent there and back, and twice: no market, but two opinions.
        let isLarge = step.units > max(last.equity.magnitude, new.equity.magnitude).units / 200
        let returns = [(first, last), (second, new)].allSatisfy { Self.distance($0, $1).units <= step.units / 10 }
        return isLarge && returns ? last : nil
    }

    private static func distance(_ one: Record, _ other: Record) -> Amount {
        ((try? one.equity - other.equity) ?? .max).magnitude
    }
}
