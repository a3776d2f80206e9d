package import GateAPI
import JSONText

/// The JSON in decision records.
package enum DecisionJSON {
    /// `[{"gate":"p28-budget","mode":"enforce","verdict":"block","effect":"blocked","reason":"…","evidence":{…},"duration_us":1.25}, …]`
    package static func writeGates(_ results: [GateResult], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        for (index, result) in results.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(result, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private static func write(_ result: GateResult, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"gate\":\"".utf8)
        output.append(contentsOf: result.gate.utf8)
        output.append(contentsOf: "\",\"mode\":\"".utf8)
        output.append(contentsOf: result.mode.rawValue.utf8)
        output.append(contentsOf: "\",\"verdict\":\"".utf8)
        output.append(contentsOf: result.verdict.rawValue.utf8)
        output.append(contentsOf: "\",\"effect\":\"".utf8)
        output.append(contentsOf: result.effect.rawValue.utf8)
        output.append(contentsOf: "\",\"reason\":\"".utf8)
        output.append(contentsOf: result.reason.utf8)
        output.append(contentsOf: "\",\"evidence\":".utf8)
        write(result.evidence, to: &output)
        if let detail = result.detail {
            output.append(contentsOf: ",\"detail\":".utf8)
            JSON.write(string: detail, to: &output)
        }
        output.append(contentsOf: ",\"duration_us\":".utf8)
        try? result.duration.seconds.multiplied(by: 1_000_000, rounding: .toNearest).write(to: &output)
        output.append(UInt8(ascii: "}"))
    }

    package static func write(_ evidence: Evidence, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        for index in 0..<evidence.count {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let item = evidence[index]
            output.append(UInt8(ascii: "\""))
            item.name.withUTF8Buffer { output.append(contentsOf: $0) }
            output.append(contentsOf: "\":".utf8)
            item.value.write(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Fields as one object of strings, in wire order.
    package static func write(_ fields: Fields, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        for (index, position) in fields.positions.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            JSON.write(utf8: fields.bytes(position.name), to: &output)
            output.append(UInt8(ascii: ":"))
            JSON.write(utf8: fields.bytes(position.value), to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }
}
