import Glibc

/// A part of the project that reads input of others.
protocol FuzzTarget: SendableMetatype {
    static var name: String { get }
    init() throws
    /// Reads one input and checks the result. No input may depend on an earlier one.
    mutating func run(_ input: [UInt8])
}

/// Ends the process if the condition is false; libFuzzer then keeps the input.
func demand(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    guard !condition() else { return }
    let text = Array("\(file):\(line): expected \(message())\n".utf8)
    write(STDERR_FILENO, text, text.count)
    abort()
}

/// Ends the process if the values differ.
func demandEqual<Value: Equatable>(
    _ found: Value, _ expected: Value, _ what: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    demand(found == expected, "\(what()): found \(found), expected \(expected)", file: file, line: line)
}
