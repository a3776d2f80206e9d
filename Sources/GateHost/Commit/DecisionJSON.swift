package import Bytes
import GateAPI
import JSONText
import Platform
import TradingState

/// The `gates` field of decision records.
package enum DecisionJSON {
    /// An array with one object a gate:
    ///
    ///     {"gate":"p28-budget","mode":"enforce","verdict":"block","effect":"blocked","reason":"…",
    ///      "evidence":{…},"duration_us":1.25}
    package static func writeGates(_ results: [GateResult], to output: inout ByteWriter) {
        output.append("[")
        for index in results.indices {
            if index > 0 { output.append(",") }
            write(results[index], to: &output)
        }
        output.append("]")
    }

    package static func writeGates(_ results: [GateResult], to output: inout [UInt8]) {
        var writer = ByteWriter()
        writeGates(results, to: &writer)
        output.append(contentsOf: writer.bytes)
    }

    private static func write(_ result: GateResult, to output: inout ByteWriter) {
        output.append(result.label.recordHead)
        output.append(result.gateVerdict.kind.rawValue)
        output.append("\",\"effect\":\"")
        output.append(result.effect.rawValue)
        output.append("\",\"reason\":\"")
        if result.gateVerdict.kind != .pass { output.append(result.reason) }
        output.append("\",\"evidence\":{")
        for index in 0..<result.gateVerdict.evidence.count {
            if index > 0 { output.append(",") }
            output.append("\"")
            output.append(result.gateVerdict.evidence.name(index))
            output.append("\":")
            switch result.gateVerdict.evidence.content(index) {
            case .amount(let amount): output.append(amount)
            case .text(let word):
                output.append("\"")
                output.append(word)
                output.append("\"")
            }
        }
        output.append("}")
        if result.gateVerdict.kind != .pass, let detail = result.detail {
            output.append(",\"detail\":")
            JSON.write(string: detail, to: &output)
        }
        output.append(",\"duration_us\":")
        output.append(Amount(units: Int64(clamping: result.nanoseconds), decimals: 3))
        output.append("}")
    }
}
