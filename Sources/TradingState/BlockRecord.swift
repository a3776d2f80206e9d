package import Bytes
package import GateAPI
import JSONText

/// `quantum:governor:block:{plan_id}`: the reason why a plan was blocked.
package struct BlockRecord: Sendable, Equatable {
    package static let keyPrefix = "quantum:governor:block:"

    package var reason: String
    package var timestamp: Timestamp
    package var symbol: String

    package init(reason: String, timestamp: Timestamp, symbol: String) {
        self.reason = reason
        self.timestamp = timestamp
        self.symbol = symbol
    }

    package func write(to output: inout [UInt8]) {
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
