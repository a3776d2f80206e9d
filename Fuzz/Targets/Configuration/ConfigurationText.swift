import Deployment
import GateHost

/// Writes the effective configuration as a deployment file, which must parse to the same configuration.
enum ConfigurationText {
    static func file(saying configuration: HostConfiguration) -> String {
        var text = ""
        var section = ""
        for value in configuration.effective where !value.path.hasPrefix("gates[") && !value.text.isEmpty {
            // Skips a redacted URL, which is another URL.
            if value.path == "redis.url" && value.text.contains("***@") { continue }
            let parts = value.path.split(separator: ".").map(String.init)
            if parts.count > 1, parts[0] != section {
                section = parts[0]
                text += "\(section):\n"
            }
            text += (parts.count > 1 ? "  " : "") + "\(value.key): \(scalar(value.text))\n"
        }
        text += "gates:\n"
        for index in configuration.gates.indices { text += gate(configuration.effective, "gates[\(index)].") }
        return text
    }

    private static func gate(_ values: [EffectiveValue], _ path: String) -> String {
        var lines: [String] = []
        var settings: [String] = []
        for value in values where value.path.hasPrefix(path) && !value.text.isEmpty {
            let line = "\(value.key): \(scalar(value.text))"
            if value.path.hasPrefix(path + "settings.") {
                settings.append("      " + line)
            } else {
                lines.append("    " + line)
            }
        }
        if !settings.isEmpty { lines += ["    settings:"] + settings }
        return "  -\n" + lines.map { $0 + "\n" }.joined()
    }

    /// Numbers and words stay unquoted, since quotes would make strings of them. All other values are strings and need
    /// quotes.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "._-".utf8.contains(byte)
        }
        if isPlain, !["~", "null", "-"].contains(text) { return text }
        return "\"" + text.unicodeScalars.map { "\\U" + hexadecimal($0) }.joined() + "\""
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
