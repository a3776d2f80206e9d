import JSONText
import Logging
import Platform

extension LogRecord {
    private static let ownKeys: Set<String> = ["time", "level", "label", "message"]
    private static let keyPrefix = "metadata."

    /// One JSON object: time, level, label, message, then the fields at the top level.
    func appendJSON(to line: inout [UInt8]) {
        line.append(contentsOf: #"{"time":""#.utf8)
        time.appendMilliseconds(to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: level.rawValue.utf8)
        line.append(contentsOf: #"","label":"#.utf8)
        JSON.write(string: label, to: &line)
        line.append(contentsOf: #","message":"#.utf8)
        JSON.write(string: message, to: &line)
        for (key, value) in fields {
            line.append(UInt8(ascii: ","))
            // Fields named like the record's own keys get a prefix, so that no key is there twice.
            let isTaken = Self.ownKeys.contains(key) || key.hasPrefix(Self.keyPrefix)
            JSON.write(string: isTaken ? Self.keyPrefix + key : key, to: &line)
            line.append(UInt8(ascii: ":"))
            value.appendJSON(to: &line, depth: 1)
        }
        line.append(UInt8(ascii: "}"))
    }
}

extension Logger.MetadataValue {
    func appendJSON(to line: inout [UInt8], depth: Int) {
        switch self {
        case .string(let text):
            JSON.write(string: text, to: &line)
        case .stringConvertible(let value):
            JSON.write(string: value.description, to: &line)
        case .array, .dictionary:
            guard depth < LogRecord.maxDepth else {
                JSON.write(string: "…", to: &line)
                return
            }
            appendNestedJSON(to: &line, depth: depth + 1)
        }
    }

    private func appendNestedJSON(to line: inout [UInt8], depth: Int) {
        var isFirst = true
        func separate() {
            if !isFirst { line.append(UInt8(ascii: ",")) }
            isFirst = false
        }
        switch self {
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for value in values {
                separate()
                value.appendJSON(to: &line, depth: depth)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            line.append(UInt8(ascii: "{"))
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                separate()
                JSON.write(string: key, to: &line)
                line.append(UInt8(ascii: ":"))
                value.appendJSON(to: &line, depth: depth)
            }
            line.append(UInt8(ascii: "}"))
        case .string, .stringConvertible:
            appendJSON(to: &line, depth: depth)
        }
    }
}
