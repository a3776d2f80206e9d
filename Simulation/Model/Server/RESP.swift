/// Reads commands and writes replies in RESP2. The model works with strings and repairs bytes that are not UTF-8.
enum RESP {
    /// The arguments of each command. Ends the process on malformed bytes, which only a bug can produce.
    static func commands(in bytes: UnsafeRawBufferPointer) -> [[String]] {
        var reader = Reader(bytes: bytes)
        var commands: [[String]] = []
        while reader.offset < bytes.count {
            let count = reader.number(after: UInt8(ascii: "*"))
            var arguments: [String] = []
            arguments.reserveCapacity(count)
            for _ in 0..<count { arguments.append(reader.text(reader.number(after: UInt8(ascii: "$")))) }
            commands.append(arguments)
        }
        return commands
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var offset = 0

        mutating func number(after mark: UInt8) -> Int {
            guard offset < bytes.count, bytes[offset] == mark else { fatalError("not RESP") }
            offset += 1
            var value = 0
            while bytes[offset] != UInt8(ascii: "\r") {
                value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
                offset += 1
            }
            offset += 2
            return value
        }

        mutating func text(_ length: Int) -> String {
            defer { offset += length + 2 }
            return String(decoding: bytes[offset..<offset + length], as: UTF8.self)
        }
    }
}

/// Appends replies to a buffer.
struct ReplyWriter {
    private(set) var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    mutating func integer(_ value: Int) { line(":", value) }
    mutating func array(_ count: Int) { line("*", count) }
    mutating func null() { bytes.append(contentsOf: "$-1\r\n".utf8) }
    mutating func nullArray() { bytes.append(contentsOf: "*-1\r\n".utf8) }
    mutating func ok() { status("OK") }
    mutating func status(_ text: String) { bytes.append(contentsOf: "+\(text)\r\n".utf8) }
    mutating func error(_ text: String) { bytes.append(contentsOf: "-\(text)\r\n".utf8) }

    mutating func text(_ text: String) {
        line("$", text.utf8.count)
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: "\r\n".utf8)
    }

    mutating func append(_ other: ReplyWriter) {
        bytes.append(contentsOf: other.bytes)
    }

    /// Removes and returns the first bytes.
    mutating func take(_ count: Int) -> [UInt8] {
        if count >= bytes.count {
            defer { bytes = [] }
            return bytes
        }
        defer { bytes.removeFirst(count) }
        return Array(bytes[..<count])
    }

    mutating func removeAll() { bytes = [] }

    private mutating func line(_ mark: Unicode.Scalar, _ value: Int) {
        bytes.append(UInt8(ascii: mark))
        bytes.append(contentsOf: String(value).utf8)
        bytes.append(contentsOf: "\r\n".utf8)
    }
}
