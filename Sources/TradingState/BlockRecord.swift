public import GateAPI
import JSONText

/// `quantum:governor:block:{plan_id}`: why a plan was refused.
public struct BlockRecord: Sendable, Equatable {
    public static let keyPrefix = "quantum:governor:block:"

    public var reason: String
    public var timestamp: Timestamp
    public var symbol: String

    public init(reason: String, timestamp: Timestamp, symbol: String) {
        self.reason = reason
        self.timestamp = timestamp
        self.symbol = symbol
    }

    public func write(to output: inout [UInt8]) {
        var json = JSONObject(spaced: true)
        json.add("reason", reason)
        json.add("timestamp", number: timestamp.epochSeconds.description)
        json.add("symbol", symbol)
        json.write(to: &output)
    }
}
