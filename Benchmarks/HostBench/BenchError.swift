/// Why a measurement does not count. Any of these ends the bench with exit code 1: a number that nobody checked is not
/// printed.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
