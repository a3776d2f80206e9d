/// The shared secret that authorizes changes of mode. Never printed.
package struct AdminToken: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// Shorter tokens could be guessed over the network.
    package static let minimumBytes = 16

    private let bytes: [UInt8]

    package init?(_ text: String) {
        guard text.utf8.count >= Self.minimumBytes, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        bytes = Array(text.utf8)
    }

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }

    /// Compares in constant time: it reads every byte of the guess.
    package func matches(_ guess: String) -> Bool {
        var difference = guess.utf8.count ^ bytes.count
        for (offset, byte) in guess.utf8.enumerated() {
            difference |= Int(byte ^ bytes[offset % bytes.count])
        }
        return difference == 0
    }
}
