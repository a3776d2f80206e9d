/// Commands encoded as RESP into one growing buffer, which `removeAll` keeps for the next batch. Binary-safe.
package struct RedisPipeline: Sendable {
    /// How many whole commands there are, hence how many replies will come.
    package private(set) var count = 0
    private var buffer: [UInt8] = []
    /// Where the whole commands end, and an open one starts.
    private var complete = 0
    /// Arguments of the open command; nil between commands.
    private var argumentCount: Int?

    package init() {}

    package mutating func removeAll() {
        buffer.removeAll(keepingCapacity: true)
        count = 0
        complete = 0
        argumentCount = nil
    }

    package mutating func add(_ arguments: String...) {
        add(arguments)
    }

    package mutating func add(_ arguments: [String]) {
        begin()
        for text in arguments { argument(text) }
        end()
    }

    /// Opens a command; one that was never ended is dropped.
    package mutating func begin() {
        buffer.removeSubrange(complete...)
        buffer.append(UInt8(ascii: "*"))
        // One digit is reserved; `end` makes room for more, which costs one move of the command's bytes.
        buffer.append(contentsOf: [UInt8(ascii: "0"), .carriageReturn, .lineFeed])
        argumentCount = 0
    }

    /// Closes the command. One without arguments is dropped: the server would not answer it.
    package mutating func end() {
        precondition(argumentCount != nil, "end() without begin()")
        if let arguments = argumentCount, arguments > 0 {
            replaceLength(at: complete + 1, reserved: 1, with: arguments)
            complete = buffer.count
            count += 1
        } else {
            buffer.removeSubrange(complete...)
        }
        argumentCount = nil
    }

    package mutating func argument(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    package mutating func argument(_ text: Substring) {
        var text = text
        text.withUTF8 { append($0) }
    }

    package mutating func argument(_ text: StaticString) {
        text.withUTF8Buffer { append($0) }
    }

    package mutating func argument(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    package mutating func argument(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    package mutating func argument(_ number: Int) {
        argument { $0.append(decimal: number) }
    }

    /// An argument that `body` writes in place, by appending to the bytes it is given and touching none that are there.
    package mutating func argument(writing body: (inout [UInt8]) -> Void) {
        openArgument()
        buffer.append(UInt8(ascii: "$"))
        let header = buffer.count
        // Most arguments written in place have one or two digits' worth of bytes; others are moved once.
        let reserved = 2
        buffer.append(contentsOf: [UInt8(ascii: "0"), UInt8(ascii: "0"), .carriageReturn, .lineFeed])
        let start = buffer.count
        body(&buffer)
        precondition(buffer.count >= start, "an argument's body may only append")
        replaceLength(at: header, reserved: reserved, with: buffer.count - start)
        buffer.append(contentsOf: [.carriageReturn, .lineFeed])
    }

    /// Lends the whole commands' bytes; an open command is not among them.
    func withBytes<R, E>(_ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R) throws(E) -> R {
        try buffer.withUnsafeBufferPointer { (bytes) throws(E) in try body(UnsafeBufferPointer(rebasing: bytes[..<complete])) }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        openArgument()
        buffer.append(UInt8(ascii: "$"))
        buffer.append(decimal: bytes.count)
        buffer.append(.carriageReturn)
        buffer.append(.lineFeed)
        buffer.append(contentsOf: bytes)
        buffer.append(.carriageReturn)
        buffer.append(.lineFeed)
    }

    private mutating func openArgument() {
        precondition(argumentCount != nil, "argument() without begin()")
        argumentCount? += 1
    }

    /// RESP takes no leading zeros, so a length that needs another width than the reserved one moves what follows.
    private mutating func replaceLength(at position: Int, reserved: Int, with length: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumDecimalBytes) { digits in
            let digits = decimalDigits(of: length, into: digits)
            buffer.replaceSubrange(position..<position + reserved, with: digits)
        }
    }
}
