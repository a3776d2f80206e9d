import Bytes
import GateAPI
import JSONText
import TradingState

/// Records by Redis key as one JSON object: what `answers.record_inputs` writes and a state file for `gatehost
/// evaluate` holds.
struct RecordsJSON {
    private var object = JSONObject()

    /// A larger record is left out: it would swell every decision record of its batch.
    private static let maximumFields = 256

    var bytes: [UInt8] {
        var output: [UInt8] = []
        object.write(to: &output)
        return output
    }

    mutating func add(_ key: String, _ record: RawRecord) {
        switch record {
        case .missing: object.add(key, literal: "null")
        case .failed(let detail):
            var failure = JSONObject()
            failure.add("error", detail)
            object.add(key, literal: failure.text)
        case .fields(let fields) where fields.count > Self.maximumFields:
            add(key, .failed("not recorded: \(fields.count) fields"))
        case .fields(let fields):
            var fieldsJSON = ByteWriter()
            fieldsJSON.append(json: fields)
            object.add(key, json: Array(fieldsJSON.bytes))
        }
    }
}
