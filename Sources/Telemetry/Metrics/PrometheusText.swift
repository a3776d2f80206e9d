/// The rules of Prometheus' text format, version 0.0.4.
package enum PrometheusText {
    /// The media type to serve an exposition with.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func isMetricName(_ name: String) -> Bool {
        isIdentifier(name) { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":") }
    }

    /// Names from `__` on belong to Prometheus itself.
    static func isLabelName(_ name: String) -> Bool {
        isIdentifier(name) { $0 == UInt8(ascii: "_") } && !name.hasPrefix("__")
    }

    /// Labels sorted by name and escaped, without braces.
    static func labels(_ pairs: [(name: String, value: String)]) -> String {
        pairs.sorted { $0.name < $1.name }.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(
            separator: ",")
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func appendHeader(of shape: MetricShape, to output: inout [UInt8]) {
        output.append(contentsOf: "# HELP \(shape.name) \(escaped(shape.help, quotes: false))\n".utf8)
        output.append(contentsOf: "# TYPE \(shape.name) \(shape.kind.rawValue)\n".utf8)
    }

    static func appendSample(_ name: String, labels: String, value: String, to output: inout [UInt8]) {
        output.append(contentsOf: labels.isEmpty ? "\(name) \(value)\n".utf8 : "\(name){\(labels)} \(value)\n".utf8)
    }

    private static func isIdentifier(_ name: String, _ isPunctuation: (UInt8) -> Bool) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || isPunctuation(byte)
        }
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }

    /// Label values are quoted, help texts are not: there a quote stands as it is.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: #"\\"#.unicodeScalars)
            case "\n": result.append(contentsOf: #"\n"#.unicodeScalars)
            case "\"" where quotes: result.append(contentsOf: #"\""#.unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
