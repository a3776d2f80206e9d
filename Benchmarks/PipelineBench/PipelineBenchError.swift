/// The reason why a measurement does not count. It ends the bench with exit code 1 and no table.
struct PipelineBenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
