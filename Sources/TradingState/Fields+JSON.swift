package import Bytes
package import GateAPI
import JSONText

extension ByteWriter {
    /// The fields as one JSON object of strings, in wire order.
    package mutating func append(json fields: Fields) {
        append("{")
        fields.withEachPair { isFirst, name, value in
            if !isFirst { append(UInt8(ascii: ",")) }
            JSON.write(utf8: name, to: &self)
            append(UInt8(ascii: ":"))
            JSON.write(utf8: value, to: &self)
        }
        append("}")
    }
}
