import Foundation

/// The deployment file that the project ships, with some values replaced, so that the bench measures what a deployment
/// gets by default.
struct ShippedDeployment {
    private(set) var text: String

    init(text: String) {
        self.text = text
    }

    init(path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw BenchError("there is no deployment file at \(path)")
        }
        self.init(text: text)
    }

    /// Replaces the value of every such key.
    mutating func set(_ key: String, _ value: some CustomStringConvertible) throws {
        var isFound = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let indent = line.prefix { $0 == " " }
            guard line.dropFirst(indent.count).hasPrefix("\(key):") else { return String(line) }
            isFound = true
            return "\(indent)\(key): \(value)"
        }
        guard isFound else { throw BenchError("the shipped deployment file has no key \(key)") }
        text = lines.joined(separator: "\n")
    }

    /// Appends gates to the pipeline, which is the last section of the file.
    mutating func append(gates: [String]) {
        for gate in gates { text += "\n  - gate: \(gate)\n    mode: enforce\n" }
    }
}
