import GateAPI

extension ConfigurationDecoder {
    /// The most gates in a pipeline: every intent passes them all.
    static let maximumGates = 64

    struct ConfiguredPipeline {
        var gates: [ConfiguredGate] = []
        var values: [EffectiveValue] = []
        /// The names that the file gives, with their places; unknown ones too.
        var names: [(name: String, position: SourcePosition)] = []
    }

    /// Reads `gates`, and checks their order against `first_gate`.
    mutating func pipeline(_ root: ConfigurationNode, first: EffectiveValue?) -> ConfiguredPipeline {
        var pipeline = ConfiguredPipeline()
        guard let node = root["gates"] else {
            reader.report("no gates: the file must list at least one gate under 'gates'", at: root.position)
            return pipeline
        }
        switch node.content {
        case .list(let entries) where !entries.isEmpty:
            for (index, entry) in entries.prefix(Self.maximumGates).enumerated() { read(entry, index, &pipeline) }
            if entries.count > Self.maximumGates {
                reader.report("more than \(Self.maximumGates) gates", at: entries[Self.maximumGates].position)
            }
            if let first { checkFirst(first, pipeline, entries[0]) }
        case .scalar where !node.isEmpty, .map:
            reader.report("gates must be a list of gates, not \(node.kind)", at: node.position)
        case .list, .scalar:
            reader.report("no gates: 'gates' must list at least one", at: node.position)
        }
        return pipeline
    }

    private mutating func read(_ node: ConfigurationNode, _ index: Int, _ pipeline: inout ConfiguredPipeline) {
        let path = "gates[\(index)]"
        guard node.entries != nil, !node.isEmpty else {
            let what = node.isEmpty ? "is empty: it must give" : "must be a map with"
            reader.report("\(path) \(what) 'gate' and 'mode'", at: node.position)
            return
        }
        let description = (node["gate"]?.scalar?.text).flatMap(registry.description)
        var shape = SectionShape(path: "\(path).", place: " in \(path)", nested: GateEntry.nested)
        shape.required = ["gate": oneOf(registry.names.sorted()), "mode": GateMode.settingType]
        shape.variables["mode"] = description?.modeVariable
        for info in description?.settings ?? [] { shape.elsewhere[info.key] = "settings.\(info.key)" }
        let entry = reader.read(GateEntry.self, from: node, shape)
        pipeline.values += entry.values
        let name = entry.settings.gate
        // Without a valid name, which is reported already, there is no gate to read further.
        guard let given = node["gate"], entry["gate"]?.source != .default else { return }
        if let earlier = pipeline.names.first(where: { $0.name == name }) {
            reader.report(
                "gate \(shown(key: name)) is listed twice: the first is on line \(earlier.position.line)",
                at: given.position)
        }
        pipeline.names.append((name, given.position))
        guard let type = registry[name] else {
            reportUnknownGate(name, key: "gate", at: given.position)
            return
        }
        configure(type, node, path, entry, &pipeline)
    }

    /// Reads the settings of a gate, and makes it.
    private mutating func configure<G: Gate>(
        _ type: G.Type, _ node: ConfigurationNode, _ path: String, _ entry: Section<GateEntry>,
        _ pipeline: inout ConfiguredPipeline
    ) {
        let settingsNode = node["settings"]
        if let settingsNode, settingsNode.entries == nil {
            reader.report("settings must be a map, not \(settingsNode.kind)", at: settingsNode.position)
            return
        }
        let shape = SectionShape(path: "\(path).settings.", keyword: "setting", place: " of gate '\(G.name)'")
        let settings = reader.read(G.Settings.self, from: settingsNode, shape)
        pipeline.values += settings.values
        guard !settings.hasMistakes else { return }
        do {
            let gate = try G(settings: settings.settings)
            let common = entry.settings
            pipeline.gates.append(
                ConfiguredGate(
                    gate: gate, name: G.name, mode: common.mode, onFailure: common.onFailure, deadline: common.deadline,
                    alarm: FailOpenAlarm(share: common.alarmShare, count: common.alarmCount, action: common.onAlarm),
                    settings: settings.values))
        } catch let error as SettingsError {
            reader.report(
                "gate '\(G.name)': \(error.message)", at: error.key.flatMap { settings[$0] }, else: node.position)
        } catch {
            reader.report("gate '\(G.name)' refuses its settings: \(error)", at: node.position)
        }
    }

    private mutating func checkFirst(
        _ first: EffectiveValue, _ pipeline: ConfiguredPipeline, _ leader: ConfigurationNode
    ) {
        let source: String
        if case .file(let line, let column) = first.source {
            source = "'first_gate'"
            if registry[first.text] == nil {
                reportUnknownGate(first.text, key: "first_gate", at: SourcePosition(line: line, column: column))
                return
            }
        } else {
            source = "the default of 'first_gate'"
        }
        // A first entry without a name, or with an unknown one, is reported elsewhere.
        guard let name = leader["gate"]?.scalar?.text, registry[name] != nil, name != first.text else { return }
        let listed = pipeline.names.first { $0.name == first.text }
        let place = listed.map { "which is on line \($0.position.line)" } ?? "which is not listed"
        reader.report("the first gate must be '\(first.text)' (\(source)), \(place)", at: leader.position)
    }

    private mutating func reportUnknownGate(_ name: String, key: String, at position: SourcePosition) {
        let hint = NearestName.hint(for: name, in: registry.names)
        reader.report(
            "\(key): \(SettingScalar(text: name).shown) is no gate of this host"
                + (hint == nil ? ": \(oneOf(registry.names.sorted()))" : ""), hint: hint, at: position)
    }

    private func oneOf(_ words: [String]) -> String {
        "one of " + words.joined(separator: ", ")
    }
}
