package import Bytes

/// Commands, encoded as RESP in one growing buffer; `removeAll` keeps its memory for the next batch. Binary-safe.
package struct RedisPipeline: ~Copyable {
    /// The number of complete commands, and so of replies to come.
    package private(set) var count = 0
    private var buffer = ByteWriter()
    /// The end of the complete commands. An open command starts here.
    private var complete = 0
    /// Number of arguments of the open command; -1 between commands.
    private var argumentCount = Self.none
    private static let none = -1
    /// Digits reserved in the open command's header.
    private var reserved = 1

    package init() {}

    package mutating func removeAll() {
        buffer.removeAll()
        count = 0
        complete = 0
        argumentCount = Self.none
    }

    package mutating func add(_ arguments: String...) {
        add(arguments)
    }

    package mutating func add(_ arguments: [String]) {
        begin()
        for text in arguments { argument(text) }
        end()
    }

    /// Opens a command. A command that was not ended is dropped.
    ///
    /// - Parameter digits: expected width of the number of arguments. A wrong guess costs one move of the command's
    ///   bytes.
    package mutating func begin(digits: Int = 1) {
        buffer.removeLast(buffer.count - complete)
        buffer.append("*")
        for _ in 0..<digits { buffer.append(UInt8(ascii: "0")) }
        buffer.append("\r\n")
        reserved = digits
        argumentCount = 0
    }

    /// Closes the command. A command without arguments is dropped: the server would not answer it.
    package mutating func end() {
        precondition(argumentCount != Self.none, "end() without begin()")
        if argumentCount > 0 {
            writeLength(argumentCount, at: complete + 1, reserved: reserved)
            complete = buffer.count
            count += 1
        } else {
            buffer.removeLast(buffer.count - complete)
        }
        argumentCount = Self.none
    }

    package mutating func argument(_ text: String) {
        var text = text
        text.withUTF8 { argument($0) }
    }

    package mutating func argument(_ text: Substring) {
        var text = text
        text.withUTF8 { argument($0) }
    }

    package mutating func argument(_ text: StaticString) {
        text.withUTF8Buffer { argument($0) }
    }

    package mutating func argument(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { argument($0) }
    }

    package mutating func argument(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBufferPointer { argument($0) }
    }

    package mutating func argument(_ bytes: UnsafeBufferPointer<UInt8>) {
        openArgument()
        let start = buffer.reserve(bytes.count + Self.overhead)
        start[0] = UInt8(ascii: "$")
        var position = 1 + ByteWriter.write(decimal: bytes.count, to: start + 1)
        start[position] = .carriageReturn
        start[position + 1] = .lineFeed
        position += 2
        if let source = bytes.baseAddress { (start + position).update(from: source, count: bytes.count) }
        position += bytes.count
        start[position] = .carriageReturn
        start[position + 1] = .lineFeed
        buffer.advance(by: position + 2)
    }

    package mutating func argument(_ number: Int) {
        argument(digits: 2) { $0.append(decimal: number) }
    }

    /// Appends an argument that `body` writes in place. `body` only appends; it must not touch the bytes before.
    ///
    /// - Parameter digits: expected width of the argument's length. A wrong guess costs one move of the argument's
    ///   bytes.
    package mutating func argument(digits: Int = 2, writing body: (inout ByteWriter) -> Void) {
        openArgument()
        buffer.append(UInt8(ascii: "$"))
        let header = buffer.count
        for _ in 0..<digits { buffer.append(UInt8(ascii: "0")) }
        buffer.append("\r\n")
        let start = buffer.count
        body(&buffer)
        precondition(buffer.count >= start, "an argument's body may only append")
        writeLength(buffer.count - start, at: header, reserved: digits)
        buffer.append("\r\n")
    }

    /// Adds bytes that hold this many encoded arguments.
    mutating func append(_ bytes: [UInt8], arguments count: Int) {
        precondition(argumentCount != Self.none, "arguments() without begin()")
        argumentCount += count
        buffer.append(bytes)
    }

    /// Lends the bytes of the complete commands, without an open one.
    borrowing func withBytes<R, E>(_ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R) throws(E) -> R {
        try body(UnsafeBufferPointer(rebasing: buffer.bytes[..<complete]))
    }

    /// `$`, a length and two line ends.
    private static let overhead = 1 + ByteWriter.maximumDecimalBytes + 4

    private mutating func openArgument() {
        precondition(argumentCount != Self.none, "argument() without begin()")
        argumentCount &+= 1
    }

    /// Writes a length over the reserved digits. RESP allows no leading zeros, so another width moves the bytes that
    /// follow.
    private mutating func writeLength(_ length: Int, at position: Int, reserved: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ByteWriter.maximumDecimalBytes) { digits in
            guard let start = digits.baseAddress else { return }
            let count = ByteWriter.write(decimal: length, to: start)
            buffer.replace(position..<position + reserved, with: UnsafeBufferPointer(start: start, count: count))
        }
    }
}

extension UInt8 {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
}
