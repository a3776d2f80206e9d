/// Arguments of a command, encoded once for many commands.
package struct EncodedArguments: Sendable {
    fileprivate let bytes: [UInt8]
    package let count: Int

    package init(_ arguments: [String]) {
        bytes = arguments.flatMap { text in
            Array("$\(text.utf8.count)\r\n".utf8) + Array(text.utf8) + [.carriageReturn, .lineFeed]
        }
        count = arguments.count
    }
}

extension RedisPipeline {
    /// Adds arguments that were encoded before to the open command.
    package mutating func arguments(_ encoded: EncodedArguments) {
        append(encoded.bytes, arguments: encoded.count)
    }
}
