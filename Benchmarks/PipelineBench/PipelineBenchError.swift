/// Why a measurement does not count. Ends the bench with exit code 1, without a table.
struct PipelineBenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
