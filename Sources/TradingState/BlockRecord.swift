package import Bytes
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
        var writer = ByteWriter()
        write(to: &writer)
        output.append(contentsOf: writer.bytes)
    }

    package func write(to output: inout ByteWriter) {
        output.append("{\"reason\": ")
        JSON.write(string: reason, to: &output, asciiOnly: true)
        output.append(", \"timestamp\": ")
        output.append(timestamp.epochSeconds)
        output.append(", \"symbol\": ")
        JSON.write(string: symbol, to: &output, asciiOnly: true)
        output.append("}")
    }
}
