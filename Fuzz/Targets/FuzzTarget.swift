import Glibc

/// One part of the project that reads what others wrote.
protocol FuzzTarget: SendableMetatype {
    static var name: String { get }
    init() throws
    /// Reads one input, and demands what must hold of the result. Inputs must not depend on each other.
    mutating func run(_ input: [UInt8])
}

/// Ends the process where something does not hold that must; libFuzzer then keeps the input.
func demand(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    guard !condition() else { return }
    let text = Array("\(file):\(line): demanded and not found: \(message())\n".utf8)
    write(STDERR_FILENO, text, text.count)
    abort()
}

/// The same for two values.
func demandEqual<Value: Equatable>(
    _ found: Value, _ expected: Value, _ what: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    demand(found == expected, "\(what()): found \(found), expected \(expected)", file: file, line: line)
}
