import Glibc

/// Why a crash journal cannot be used.
package struct CrashJournalError: Error, CustomStringConvertible {
    package let message: String
    /// Whether the configuration is wrong. Otherwise the operating system refused.
    package let isMistake: Bool
    package var description: String { message }

    init(mistake message: String) {
        self.message = message
        isMistake = true
    }

    init(foreign name: String) {
        self.init(mistake: "\(name) is not a crash journal: give containment.journal a file of its own")
    }

    init(_ message: String, _ cause: Int32) {
        self.message = "\(message): \(String(cString: strerror(cause)))"
        isMistake = false
    }
}
