/// A fault, what must come of it, and how to bring it about.
struct Fault: Sendable {
    let name: String
    let summary: String
    let expected: String
    /// Brings the fault about; gives what was observed. Throws ``Failure`` where that is not what was expected,
    /// ``Skip`` where the fault cannot be had here.
    let run: @Sendable (Trial) throws -> String

    init(_ name: String, _ summary: String, expected: String, run: @escaping @Sendable (Trial) throws -> String) {
        self.name = name
        self.summary = summary
        self.expected = expected
        self.run = run
    }
}

/// Something that must not be.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Why a fault cannot be brought about on this machine.
struct Skip: Error {
    let reason: String
}
