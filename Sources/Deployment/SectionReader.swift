import GateAPI

/// The keys that a section may hold besides the settings that its type declares.
struct SectionShape {
    /// The prefix of the keys in paths: `intake.`, `gates[0].settings.`; empty for the file itself.
    var path = ""
    /// The words for an unknown key and its section in a message: `key`, ` in intake`.
    var keyword = "key"
    var place = ""
    /// The keys of nested sections.
    var nested: [String] = []
    /// Settings that the file must give, each with the values to choose from.
    var required: [String: String] = [:]
    /// Environment variables, besides those that the settings declare.
    var variables: [String: String] = [:]
    /// The right section of each key that is often put in this one.
    var elsewhere: [String: String] = [:]
    /// Turns an environment variable's text into the setting's, given the value that it overrides.
    var override: (_ key: String, _ text: String, _ current: String) throws(SettingIssue) -> String = {
        (_, text, _) throws(SettingIssue) in text
    }
}

/// A section as it was read. A wrong value is replaced by its default in `settings`.
struct Section<Settings: GateSettings> {
    let settings: Settings
    let values: [EffectiveValue]
    let hasMistakes: Bool

    subscript(key: String) -> EffectiveValue? {
        values.first { $0.key == key }
    }
}

/// Reads sections, and collects everything that is wrong with them.
struct SectionReader {
    let file: String
    let environment: [String: String]
    private(set) var diagnostics: [Diagnostic] = []

    /// Bounds the list for a file that is all mistakes. Nobody reads more.
    static let maximumDiagnostics = 100

    init(file: String, environment: [String: String]) {
        self.file = file
        self.environment = environment
    }

    mutating func report(_ message: String, hint: String? = nil, at position: SourcePosition) {
        append(Diagnostic(.file(file, position), message, hint: hint))
    }

    mutating func report(_ message: String, hint: String? = nil, variable: String) {
        append(Diagnostic(.environment, "\(variable): \(message)", hint: hint))
    }

    private mutating func append(_ diagnostic: Diagnostic) {
        if diagnostics.count < Self.maximumDiagnostics { diagnostics.append(diagnostic) }
    }

    /// Points at a value where it was given, else at `position`.
    mutating func report(_ message: String, at value: EffectiveValue?, else position: SourcePosition) {
        switch value?.source {
        case .file(let line, let column): report(message, at: SourcePosition(line: line, column: column))
        case .environment(let variable): report(message, variable: variable)
        case .default, nil: report(message, at: position)
        }
    }

    mutating func read<Settings: GateSettings>(
        _ type: Settings.Type, from node: ConfigurationNode?, _ shape: SectionShape
    ) -> Section<Settings> {
        let mistakes = diagnostics.count
        var schema = SettingsSchema<Settings>()
        var sources: [String: EffectiveValue.Source] = [:]
        for entry in node?.entries ?? [] where !shape.nested.contains(entry.key) {
            if diagnostics.count >= Self.maximumDiagnostics { break }
            if let position = take(entry, shape, &schema) {
                sources[entry.key] = .file(line: position.line, column: position.column)
            }
        }
        if let node {
            for key in shape.required.keys.sorted() where node[key] == nil {
                report(
                    "\(shape.path)\(key) is missing" + (shape.required[key].map { ": \($0)" } ?? ""), at: node.position)
            }
        }
        for info in schema.infos {
            guard let variable = shape.variables[info.key] ?? info.variable, let text = environment[variable],
                !text.isEmpty
            else { continue }
            do throws(SettingIssue) {
                try schema.set(
                    info.key, SettingScalar(text: try shape.override(info.key, text, schema.text(info.key) ?? "")))
                sources[info.key] = .environment(variable)
            } catch {
                report(error.message, hint: NearestName.hint(for: text, in: error.choices), variable: variable)
            }
        }
        let values = schema.infos.map { info in
            EffectiveValue(
                path: shape.path + info.key, text: schema.text(info.key) ?? "", source: sources[info.key] ?? .default)
        }
        do {
            return Section(settings: try schema.make(), values: values, hasMistakes: diagnostics.count > mistakes)
        } catch {
            report(
                "\((error as? SettingsError)?.message ?? "unreadable settings")",
                at: node?.position ?? SourcePosition(line: 1, column: 1))
            return Section(settings: Settings(), values: values, hasMistakes: true)
        }
    }

    /// Takes one entry of a section, and gives the place of its value if that is good.
    private mutating func take<Settings>(
        _ entry: ConfigurationNode.Entry, _ shape: SectionShape, _ schema: inout SettingsSchema<Settings>
    ) -> SourcePosition? {
        guard let info = schema.infos.first(where: { $0.key == entry.key }) else {
            let hint =
                shape.elsewhere[entry.key].map { "did you mean '\($0)'?" }
                ?? NearestName.hint(for: entry.key, in: schema.infos.map(\.key) + shape.nested)
            report("unknown \(shape.keyword) \(shown(key: entry.key))\(shape.place)", hint: hint, at: entry.position)
            return nil
        }
        guard let scalar = entry.value.scalar ?? (info.type == NameList.settingType ? entry.value.flowList : nil)
        else {
            report("\(entry.key) must be a single value, not \(entry.value.kind)", at: entry.value.position)
            return nil
        }
        guard !scalar.isEmpty else {
            report("\(entry.key) has no value", at: entry.value.position)
            return nil
        }
        do throws(SettingIssue) {
            try schema.set(entry.key, scalar)
            return entry.value.position
        } catch {
            let hint =
                isBetterUnquoted(entry.key, scalar, schema)
                ? "write it without quotes" : NearestName.hint(for: scalar.text, in: error.choices)
            report("\(entry.key): \(error.message)", hint: hint, at: entry.value.position)
            return nil
        }
    }

    private func isBetterUnquoted<Settings>(_ key: String, _ scalar: SettingScalar, _ schema: SettingsSchema<Settings>)
        -> Bool
    {
        guard scalar.isQuoted else { return false }
        var schema = schema
        do throws(SettingIssue) {
            try schema.set(key, SettingScalar(text: scalar.text))
            return true
        } catch {
            return false
        }
    }
}
