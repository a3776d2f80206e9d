import Bytes
import Deployment
import GateAPI
import JSONText
import Redis
import TradingState

extension CommitEncoder {
    /// The script's stack holds fewer values than an entry may have fields.
    private static let maximumLetterFields = 2_000
    /// The bytes that Redis takes for a field besides its name and value.
    private static let pairBytes = 6

    /// The values of a dead letter behind those that the script writes itself: what is known of the entry, then the
    /// entry.
    func encodeDeadLetter(_ decision: Decision, into pipeline: inout RedisPipeline) {
        typealias Field = DeadLetter.Field
        guard let fields = decision.entry?.fields else { return encode(decision.history, [:], into: &pipeline) }
        var values: [String] = []
        if let planID = fields[named: "plan_id"], Intent.isPlanID(planID) { values += [Field.planID, planID] }
        values += [Field.bytes, String(fields.byteCount)] + decision.history
        let limit = answers.letterEntryBytes
        guard fields.byteCount + Self.pairBytes * fields.count <= limit else {
            return encode(values, [:], into: &pipeline)
        }
        if fields.count <= Self.maximumLetterFields, fields.arePrintable {
            return encode(values, fields, into: &pipeline)
        }
        let json = fields.listJSON
        if json.utf8.count <= limit { values += [Field.entry, json] }
        encode(values, [:], into: &pipeline)
    }

    /// Further values, and the names and values of fields as they are.
    private func encode(_ values: [String], _ fields: Fields, into pipeline: inout RedisPipeline) {
        let count = fields.count * 2 + values.count
        guard count > 0 else { return pipeline.argument(0) }
        pipeline.argument(1 + count)
        pipeline.argument(count)
        for value in values { pipeline.argument(value) }
        for position in fields.positions {
            pipeline.argument(fields.bytes(position.name))
            pipeline.argument(fields.bytes(position.value))
        }
    }
}

extension Fields {
    /// Whether all names and values are printable ASCII, and no name begins like those of a dead letter.
    fileprivate var arePrintable: Bool {
        var arePrintable = true
        withEachPair { _, name, value in
            arePrintable =
                arePrintable && name.first != UInt8(ascii: "_") && ByteWriter.isPrintable(name)
                && ByteWriter.isPrintable(value)
        }
        return arePrintable
    }

    /// A JSON array of all names and values in wire order, in ASCII.
    fileprivate var listJSON: String {
        var writer = ByteWriter()
        writer.append("[")
        withEachPair { isFirst, name, value in
            if !isFirst { writer.append(UInt8(ascii: ",")) }
            JSON.write(utf8: name, to: &writer, asciiOnly: true)
            writer.append(UInt8(ascii: ","))
            JSON.write(utf8: value, to: &writer, asciiOnly: true)
        }
        writer.append("]")
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
