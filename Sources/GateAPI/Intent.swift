/// One execution intent (plan): what a strategy proposes to do, as read from the intents' stream.
///
/// The values are normalised; everything the publisher sent, known to us or not, is in ``fields``.
public struct Intent: Sendable {
    /// The stream entry that carried it.
    public let id: EntryID
    /// The publisher's id. One plan id gets one outcome.
    public let planID: String
    public let symbol: Symbol
    /// The proposed action, such as `FULL_CLOSE_PROPOSED` or `ENTRY_PROPOSED`.
    public let action: Action
    public let side: Side?
    /// The order's quantity in base asset. Zero on the wire means none was given. An amendment replaces it.
    public internal(set) var quantity: Reading<Amount>
    /// The plan's price in quote asset (`price`, else `entry_price`); only positive prices count.
    public let price: Reading<Amount>
    /// What the publisher claims. Whether the order really reduces the position is ``exposure(from:)``.
    public let reduceOnly: Reading<Bool>
    /// The part of the position that a close action means to close, in (0, 1]; `nil` where neither action nor steps tell. An amendment may lower it.
    public internal(set) var closeFraction: Amount?
    /// The base quantity that a close means to close (`close_qty`), where the publisher says it.
    public let closeQuantity: Amount?
    /// The whole entry in wire order.
    public let fields: Fields

    /// The longest plan id accepted, in bytes.
    public static let maximumPlanIDLength = 128
}

/// The id of a stream entry: milliseconds since the epoch, and a sequence number within the millisecond.
public struct EntryID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let milliseconds: UInt64
    public let sequence: UInt64

    public init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Parses `1795354847562-0`; `nil` where the text is not an entry id.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // The standard library takes a plus sign, Redis does not.
        guard parts.count == 2, !text.utf8.contains(UInt8(ascii: "+")), let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1])
        else { return nil }
        self.init(milliseconds: milliseconds, sequence: sequence)
    }

    public static func < (left: EntryID, right: EntryID) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }

    public var description: String { "\(milliseconds)-\(sequence)" }
}

public enum Side: String, Sendable, Hashable {
    case buy = "BUY"
    case sell = "SELL"
    /// Whatever closes the position.
    case close = "CLOSE"
}

/// What an intent's `action` field asks for.
public enum Action: Sendable, Hashable {
    case fullClose
    case partialClose
    case updateStop
    case hold
    case open
    /// No action field: side and quantity alone say what is meant.
    case none
    case other(String)

    public init(_ text: String) {
        switch text.uppercased() {
        case "": self = .none
        case "FULL_CLOSE_PROPOSED", "FULL_CLOSE": self = .fullClose
        case "UPDATE_SL": self = .updateStop
        case "HOLD": self = .hold
        case "ENTRY_PROPOSED", "OPEN_PROPOSED": self = .open
        case let name where name.hasPrefix("PARTIAL_"): self = .partialClose
        default: self = .other(text)
        }
    }

    public var isClose: Bool { self == .fullClose || self == .partialClose }
}
