import Foundation

/// A command's plain text on standard output and standard error. Much of it comes from Redis: it is made visible.
package enum Console {
    /// Ignores a closed pipe, such as that of `head`.
    package static func print(_ text: String) {
        printStyled(text.visibleLines + "\n")
    }

    /// Text with colours, as it is and without a line end. Nothing in it may come from outside.
    package static func printStyled(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    package static func printError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text.visibleLines + "\n").utf8))
    }

    package static func fail(_ text: String) -> Never {
        printError(text)
        exit(1)
    }

    package static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Whether standard output is a terminal that takes colours (no-color.org).
    package static var hasColour: Bool {
        isatty(1) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }
}
