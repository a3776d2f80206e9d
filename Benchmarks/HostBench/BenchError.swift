/// The reason why a measurement does not count. It ends the bench with exit code 1, because the bench prints no number
/// that it could not check.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
