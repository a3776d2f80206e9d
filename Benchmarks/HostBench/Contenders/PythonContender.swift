/// A typical Python consumer, on redis-py with its C parser.
struct PythonContender: Contender {
    /// The system's Python, because Debian installs redis-py for it.
    static let interpreter = "/usr/bin/python3"

    let name: String
    let script: String
    let batch: Int
    let share: Double

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        // Writes no compiled files beside the sources, on any machine.
        [Self.interpreter, "-B", script] + commonOptions(stage, scenario, consumer: "python-\(number)", batch: batch)
    }
}
