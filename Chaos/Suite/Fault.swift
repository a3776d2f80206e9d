/// A fault, its expected effect, and the code that causes it.
struct Fault: Sendable {
    let name: String
    let summary: String
    let expected: String
    /// Causes the fault and returns the observation. Throws ``Failure`` if the effect is not the expected one, and
    /// ``Skip`` if this machine does not allow the fault.
    let run: @Sendable (Trial) throws -> String

    init(_ name: String, _ summary: String, expected: String, run: @escaping @Sendable (Trial) throws -> String) {
        self.name = name
        self.summary = summary
        self.expected = expected
        self.run = run
    }
}

/// An unexpected effect.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The reason why this machine does not allow a fault.
struct Skip: Error {
    let reason: String
}
