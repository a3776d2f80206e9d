/// A consumer as a Python team would write it, on redis-py with its C parser.
struct PythonContender: Contender {
    /// The system's Python: Debian's packages are its modules.
    static let interpreter = "/usr/bin/python3"

    let name: String
    let script: String
    let batch: Int
    let share: Double

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        // Without compiled files beside the sources, whatever this machine's settings.
        [Self.interpreter, "-B", script] + commonOptions(stage, scenario, consumer: "python-\(number)", batch: batch)
    }
}
