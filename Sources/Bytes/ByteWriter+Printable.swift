extension ByteWriter {
    /// Whether all bytes are printable ASCII.
    package static func isPrintable(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Appends text that people read: the first `limit` bytes, with `?` for each that is no printable ASCII. Text from
    /// outside must neither forge a line nor steer a terminal.
    package mutating func append(printable bytes: UnsafeBufferPointer<UInt8>, limit: Int) {
        let text = UnsafeBufferPointer(rebasing: bytes.prefix(limit))
        if Self.isPrintable(text) { return append(text) }
        for byte in text { append((0x20...0x7E).contains(byte) ? byte : UInt8(ascii: "?")) }
    }
}
