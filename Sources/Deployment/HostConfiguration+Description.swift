import Platform

extension HostConfiguration {
    /// The effective configuration for `gatehost check --print`: the pipeline in order, then the sections; each setting
    /// with its value and its source (`default`, the place in the file, or an environment variable). Holds no secrets.
    package func described() -> String {
        let first = effective.first { $0.path == "first_gate" }.map { " (first_gate: \($0.text), \(source($0)))" } ?? ""
        var lines = ["\(file): configuration \(hash)", "", "pipeline" + first]
        for (index, gate) in gates.enumerated() {
            let path = "gates[\(index)]."
            lines.append("  \(index + 1). \(gate.name)")
            lines += table(
                effective.filter { $0.path.hasPrefix(path) && $0.path != path + "gate" }.map {
                    (String($0.path.dropFirst(path.count)), $0)
                }, indent: 5)
        }
        for section in RootSection.sections where section != "gates" {
            lines += ["", section]
            lines += table(effective.filter { $0.section == section }.map { ($0.key, $0) }, indent: 2)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func source(_ value: EffectiveValue) -> String {
        guard case .file = value.source else { return "\(value.source)" }
        return "\(file.split(separator: "/").last ?? ""):\(value.source)"
    }

    private func table(_ rows: [(name: String, value: EffectiveValue)], indent: Int) -> [String] {
        let names = rows.map(\.name.count).max() ?? 0
        let texts = rows.map { max($0.value.text.count, "none".count) }.max() ?? 0
        return rows.map { name, value in
            let text =
                value.text.isEmpty ? "none" : value.text.visible
            return String(repeating: " ", count: indent) + Self.padded(name, names) + "  " + Self.padded(text, texts)
                + "  " + source(value)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
