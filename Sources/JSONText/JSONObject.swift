/// Writes one JSON object, members in the order given, straight into bytes.
package struct JSONObject {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]
    private let spaced: Bool
    private var isEmpty = true

    /// - Parameter spaced: `", "` and `": "` between members and non-ASCII escaped, as the contract's Python readers
    ///   and writers have it; else compact.
    package init(spaced: Bool = false) {
        self.spaced = spaced
    }

    package mutating func add(_ name: String, _ text: String) {
        begin(name)
        JSON.write(string: text, to: &bytes, asciiOnly: spaced)
    }

    /// A number in plain decimal text, taken as it is.
    package mutating func add(_ name: String, number: String) {
        begin(name)
        bytes.append(contentsOf: number.utf8)
    }

    /// `true`, `false`, `null`, or JSON made elsewhere.
    package mutating func add(_ name: String, literal: String) {
        begin(name)
        bytes.append(contentsOf: literal.utf8)
    }

    package mutating func add(_ name: String, json: [UInt8]) {
        begin(name)
        bytes.append(contentsOf: json)
    }

    private mutating func begin(_ name: String) {
        if !isEmpty { bytes.append(contentsOf: spaced ? [0x2C, 0x20] : [0x2C]) }
        isEmpty = false
        JSON.write(string: name, to: &bytes, asciiOnly: spaced)
        bytes.append(contentsOf: spaced ? [0x3A, 0x20] : [0x3A])
    }

    package func write(to output: inout [UInt8]) {
        output.append(contentsOf: bytes)
        output.append(UInt8(ascii: "}"))
    }

    package var text: String {
        var output: [UInt8] = []
        write(to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
