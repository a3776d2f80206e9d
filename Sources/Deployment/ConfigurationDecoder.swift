import GateAPI
import Redis

/// Turns the tree of a deployment file into a configuration.
struct ConfigurationDecoder {
    let registry: GateRegistry
    var reader: SectionReader

    init(file: String, registry: GateRegistry, environment: [String: String]) {
        self.registry = registry
        reader = SectionReader(file: file, environment: environment)
    }

    var diagnostics: [Diagnostic] { reader.diagnostics }

    /// `nil` if there are diagnostics.
    mutating func decode(_ root: ConfigurationNode) -> HostConfiguration? {
        guard root.entries != nil else {
            reader.report("the file must be a map of sections, not \(root.kind)", at: root.position)
            return nil
        }
        let top = reader.read(RootSection.self, from: root, SectionShape(nested: RootSection.sections))
        let redis = section(RedisSection.self, "redis", of: root)
        let intake = section(IntakeConfiguration.self, "intake", of: root)
        let plans = section(PlansConfiguration.self, "plans", of: root, nested: PlansConfiguration.nested)
        let symbols = symbols(root["plans"]?["symbols"])
        let answers = section(AnswersConfiguration.self, "answers", of: root)
        let containment = section(ContainmentConfiguration.self, "containment", of: root)
        let admin = section(AdminConfiguration.self, "admin", of: root) { (_, text, current) throws(SettingIssue) in
            let address = ListenAddress(setting: SettingScalar(text: current)) ?? AdminConfiguration().listen
            return try address.withPort(text).settingText
        }
        let log = section(LogConfiguration.self, "log", of: root)
        let pipeline = pipeline(root, first: top["first_gate"])
        let server = server(redis, at: root.position)
        checkTimes(redis, intake, at: root.position)
        checkStreams(intake, answers, at: root.position)
        checkLifetimes(answers, at: root.position)
        checkDeadlines(containment, pipeline, at: root.position)
        guard diagnostics.isEmpty, let server else { return nil }
        let redisValues = redis.values.map { $0.key == "url" ? $0.with(text: server.redactedURL) : $0 }
        return HostConfiguration(
            file: reader.file, redis: server, intake: intake.settings, plans: plans.settings, symbols: symbols.map,
            answers: answers.settings, containment: containment.settings, admin: admin.settings, log: log.settings,
            firstGate: top.settings.firstGate, gates: pipeline.gates,
            effective: pipeline.values + top.values + redisValues + intake.values + plans.values + symbols.values
                + answers.values
                + containment.values + admin.values + log.values)
    }

    private mutating func section<Settings: GateSettings>(
        _ type: Settings.Type, _ key: String, of root: ConfigurationNode, nested: [String] = [],
        override: ((String, String, String) throws(SettingIssue) -> String)? = nil
    ) -> Section<Settings> {
        var shape = SectionShape(path: "\(key).", place: " in \(key)", nested: nested)
        if let override { shape.override = override }
        let node = root[key]
        if let node, node.entries == nil {
            reader.report("\(key) must be a map, not \(node.kind)", at: node.position)
        }
        return reader.read(type, from: node, shape)
    }

    private mutating func server(_ redis: Section<RedisSection>, at position: SourcePosition) -> RedisConfiguration? {
        do throws(RedisURLError) {
            return try redis.settings.configuration()
        } catch {
            reader.report(
                redis["url"].map { $0.isFromFile ? "url: \(error.message)" : error.message } ?? error.message,
                at: redis["url"], else: position)
            return nil
        }
    }

    /// If Redis may hold a blocking read longer than the client waits for a reply, every such read breaks the
    /// connection.
    private mutating func checkTimes(
        _ redis: Section<RedisSection>, _ intake: Section<IntakeConfiguration>, at position: SourcePosition
    ) {
        guard !redis.hasMistakes, !intake.hasMistakes, intake.settings.block >= redis.settings.commandTimeout else {
            return
        }
        let block = intake["block"]
        reader.report(
            """
            intake.block (\(intake.settings.block.settingText)) must be shorter than redis.command_timeout \
            (\(redis.settings.commandTimeout.settingText))
            """,
            at: block?.source == .default ? redis["command_timeout"] : block, else: position)
    }

    /// Outcomes and shares must outlive their permit. A plan whose outcome is forgotten earlier could get a second permit.
    /// A share that ends earlier would go to another plan.
    private mutating func checkLifetimes(_ answers: Section<AnswersConfiguration>, at position: SourcePosition) {
        guard !answers.hasMistakes else { return }
        let permit = answers.settings.permitTTL
        for (key, life) in [
            ("outcome_ttl", answers.settings.outcomeTTL), ("reservation_ttl", answers.settings.reservationTTL),
        ] where life < permit {
            let value = answers[key]
            reader.report(
                "answers.\(key) (\(life.settingText)) must not be less than permit_ttl (\(permit.settingText))",
                at: value?.source == .default ? answers["permit_ttl"] : value, else: position)
        }
    }

    /// The gates' deadlines must fit into the time that an intent may take.
    private mutating func checkDeadlines(
        _ containment: Section<ContainmentConfiguration>, _ pipeline: ConfiguredPipeline, at position: SourcePosition
    ) {
        guard !containment.hasMistakes else { return }
        let sum = pipeline.gates.filter { $0.mode != .off }.map(\.deadline).reduce(.zero, +)
        let total = containment.settings.decisionDeadline
        guard sum > total else { return }
        reader.report(
            """
            the gates' deadlines add up to \(sum.settingText), more than containment.decision_deadline \
            (\(total.settingText))
            """,
            at: containment["decision_deadline"], else: position)
    }

    private mutating func checkPartitions(
        _ intake: Section<IntakeConfiguration>, _ answers: Section<AnswersConfiguration>, at position: SourcePosition
    ) {
        if let sources = intake.settings.sources?.names, sources.count != intake.settings.partitions.count {
            reader.report(
                """
                intake.sources needs one name for each stream, in their order (any: not checked): \(sources.count) for \
                \(intake.settings.partitions.count)
                """,
                at: intake["sources"], else: position)
        }
        guard let names = intake.settings.streams?.names else { return }
        if let stream = intake["stream"], stream.source != .default {
            reader.report("intake.stream and intake.streams exclude each other", at: intake["streams"], else: position)
        }
        for key in ["decision_stream", "dead_letter_stream", "result_stream"] {
            guard let other = answers[key], names.contains(other.text) else { continue }
            reader.report(
                "intake.streams and \(other.path) must be different streams", at: intake["streams"], else: position)
        }
    }

    /// Decisions or dead letters on the intents' stream would be read as intents, without end.
    private mutating func checkStreams(
        _ intake: Section<IntakeConfiguration>, _ answers: Section<AnswersConfiguration>, at position: SourcePosition
    ) {
        guard !intake.hasMistakes, !answers.hasMistakes else { return }
        checkPartitions(intake, answers, at: position)
        let streams = [
            intake["stream"], answers["decision_stream"], answers["dead_letter_stream"], answers["result_stream"],
        ].compactMap { $0 }
        for (index, stream) in streams.enumerated() {
            guard let same = streams[..<index].first(where: { $0.text == stream.text }) else { continue }
            let place = stream.source == .default ? same : stream
            reader.report("\(same.path) and \(stream.path) must be different streams", at: place, else: position)
        }
    }
}

extension EffectiveValue {
    fileprivate var isFromFile: Bool {
        if case .file = source { true } else { false }
    }
}
