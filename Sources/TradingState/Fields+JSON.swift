package import Bytes
package import GateAPI
import JSONText

extension ByteWriter {
    /// The fields as one JSON object of strings, in wire order and in ASCII.
    package mutating func append(json fields: Fields) {
        append("{")
        fields.withEachPair { isFirst, name, value in
            if !isFirst { append(UInt8(ascii: ",")) }
            JSON.write(utf8: name, to: &self, asciiOnly: true)
            append(UInt8(ascii: ":"))
            JSON.write(utf8: value, to: &self, asciiOnly: true)
        }
        append("}")
    }
}
