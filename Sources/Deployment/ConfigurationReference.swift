import GateAPI

/// The reference of all keys of a deployment file, in Markdown.
package struct ConfigurationReference: Sendable {
    package let registry: GateRegistry

    package init(_ registry: GateRegistry) {
        self.registry = registry
    }

    package var markdown: String {
        var blocks = [
            "## Deployment file", "Durations are written `250us`, `5ms`, `30s`, `2m`, `24h`.",
            Self.table(SettingsSchema<RootSection>().infos),
        ]
        blocks += ["### `gates`", "A list, in the order of evaluation. Each entry:"]
        blocks.append(
            Self.table(
                SettingsSchema<GateEntry>().infos, required: GateEntry.required,
                more: ["| `settings` | map | the gate's | | The gate's own settings, below |"]))
        let sections = [
            ("redis", SettingsSchema<RedisSection>().infos), ("intake", SettingsSchema<IntakeConfiguration>().infos),
            ("plans", SettingsSchema<PlansConfiguration>().infos),
            ("answers", SettingsSchema<AnswersConfiguration>().infos),
            ("containment", SettingsSchema<ContainmentConfiguration>().infos),
            ("admin", SettingsSchema<AdminConfiguration>().infos),
            ("log", SettingsSchema<LogConfiguration>().infos),
        ]
        for (name, infos) in sections {
            let more =
                name == "plans"
                ? ["| `symbols` | map | none |  | Other spellings of symbols, each with the symbol that it means |"]
                : []
            blocks += ["### `\(name)`", Self.table(infos, more: more)]
        }
        blocks.append("## Gates")
        for gate in registry.descriptions { blocks += Self.blocks(gate) }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private static func blocks(_ gate: GateDescription) -> [String] {
        var blocks = ["### `\(gate.name)`", gate.summary]
        if let variable = gate.modeVariable { blocks.append("Mode variable: `\(variable)`.") }
        if !gate.records.isEmpty {
            blocks.append("Reads " + gate.records.map { "`\($0)`" }.joined(separator: ", ") + ".")
        }
        blocks.append(gate.settings.isEmpty ? "No settings." : table(gate.settings))
        if !gate.reasons.isEmpty {
            let rows = gate.reasons.map { "| `\($0.code)` | \(cell($0.summary)) |" }
            blocks.append((["| reason | when |", "|---|---|"] + rows).joined(separator: "\n"))
        }
        return blocks
    }

    private static func table(_ infos: [SettingInfo], required: Set<String> = [], more: [String] = []) -> String {
        let rows = infos.map { info in
            // The examples behind a type's name are for error messages.
            let type = String(info.type.prefix(upTo: info.type.firstRange(of: " (")?.lowerBound ?? info.type.endIndex))
            let limits = [type, info.unit, info.range].compactMap { $0 }.joined(separator: ", ")
            let initial =
                required.contains(info.key) ? "required" : info.defaultText.isEmpty ? "none" : "`\(info.defaultText)`"
            let variable = info.variable.map { "`\($0)`" } ?? ""
            return "| `\(info.key)` | \(cell(limits)) | \(cell(initial)) | \(variable) | \(cell(info.summary)) |"
        }
        return (["| key | type | default | variable | what it is |", "|---|---|---|---|---|"] + rows + more).joined(
            separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
