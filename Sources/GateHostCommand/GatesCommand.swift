import ArgumentParser
import Deployment
import GateAPI
import GateHost
import Platform

struct GatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gates",
        abstract: "Lists the gates that this host is built with: settings, records they read, reasons they give.")

    @Flag(name: .long, help: "Print the configuration reference as Markdown.")
    var markdown = false

    func run() throws {
        let registry = try Registered.gates
        Console.print(
            markdown
                ? ConfigurationReference(registry).markdown
                : registry.descriptions.map(Self.text).joined(separator: "\n\n"))
    }

    private static func text(_ gate: GateDescription) -> String {
        var lines = ["\(gate.name): \(gate.summary)"]
        if let variable = gate.modeVariable { lines.append("  mode may be overridden by \(variable)") }
        lines.append("  settings:" + (gate.settings.isEmpty ? " none" : ""))
        for setting in gate.settings {
            lines.append("    \(setting.key): \(describe(setting))")
            lines.append("      \(setting.summary)")
        }
        lines.append("  reads: " + gate.records.joined(separator: ", "))
        lines.append("  reasons:")
        for reason in gate.reasons { lines.append("    \(reason.code): \(reason.summary)") }
        return lines.joined(separator: "\n")
    }

    private static func describe(_ setting: SettingInfo) -> String {
        var parts = [setting.type + (setting.unit.map { " (\($0))" } ?? "")]
        if let range = setting.range { parts.append(range) }
        parts.append("default \(setting.defaultText)")
        if let variable = setting.variable { parts.append("environment \(variable)") }
        return parts.joined(separator: ", ")
    }
}
