/// Replies of a stream server, as bytes.
enum ReplyText {
    /// A reply to `XREADGROUP`: one stream with these entries.
    static func entries(_ entries: [(id: String, pairs: [FuzzSections.Pair])]) -> [UInt8] {
        var bytes = Array("*1\r\n*2\r\n$1\r\ns\r\n*\(entries.count)\r\n".utf8)
        for entry in entries {
            bytes += Array("*2\r\n".utf8)
            append(Array(entry.id.utf8), to: &bytes)
            bytes += Array("*\(entry.pairs.count * 2)\r\n".utf8)
            for pair in entry.pairs {
                append(pair.name, to: &bytes)
                append(pair.value, to: &bytes)
            }
        }
        return bytes
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes += Array("$\(text.count)\r\n".utf8) + text + [0x0D, 0x0A]
    }
}
