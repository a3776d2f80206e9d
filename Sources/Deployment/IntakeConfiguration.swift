package import GateAPI

/// The intake of intents.
package struct IntakeConfiguration: GateSettings {
    @Setting("Stream that the intents are published on", .name, default: "quantum:stream:apply.plan")
    package var stream: String
    @Setting(
        """
        Streams instead of `stream`: partitions of the intents, each served by a thread of its own; a symbol's intents \
        belong in one
        """,
        default: nil)
    package var streams: NameList?
    @Setting(
        """
        The source of each stream, in their order; a plan that names none counts as from it, one that names another goes \
        to the dead letters. any: not checked
        """,
        default: nil)
    package var sources: SourceNames?
    @Setting("Consumer group; the hosts of one group share the intents between them", .name, default: "governor")
    package var group: String
    @Setting("This host's name in the group; none: made of host name and process id", .name, default: nil)
    package var consumer: String?
    @Setting("Start of a new consumer group in the stream", default: .beginning)
    package var start: GroupStart
    @Setting("Most intents read and decided at once", in: 1...1_024, default: 128)
    package var batch: Int
    @Setting(
        """
        Largest entry that the host reads, in bytes; a larger one goes to the dead letters by reference, without its \
        fields
        """, in: 65_536...16_777_216, default: 1_048_576)
    package var maxEntryBytes: Int
    @Setting(
        "Longest wait for new intents; must be shorter than redis.command_timeout",
        in: .milliseconds(1) ... .seconds(10), default: .milliseconds(250))
    package var block: Duration
    @Setting(
        "Longest busy poll for Redis, while intents keep arriving within this time after a commit; 0us: never",
        in: .zero ... .milliseconds(1), default: .milliseconds(1))
    package var busyPoll: Duration
    @Setting(
        "How long an intent lies with a silent host before another takes it over", in: .seconds(1) ... .seconds(86_400),
        default: .seconds(30))
    package var claimAfter: Duration
    @Setting(
        "Time between two searches for intents of silent hosts", in: .milliseconds(100) ... .seconds(3_600),
        default: .seconds(5))
    package var claimInterval: Duration

    @Setting(
        """
        Keep the records that gates read between batches, as long as Redis says that they are unchanged (CLIENT \
        TRACKING)
        """,
        default: true)
    package var cacheRecords: Bool
    @Setting(
        """
        Age beyond which an intent opens nothing any more, by the time at which Redis got it: it is skipped, or \
        granted as a close of at most what may be there to close. Closes never expire
        """,
        default: .after(.seconds(60)))
    package var expireAfter: Expiry

    package init() {}

    /// The streams that the intents are published on.
    package var partitions: [String] { streams?.names ?? [stream] }

    /// The source that the plans of a stream may name; `nil` if they may name any.
    package func source(of stream: String) -> String? {
        guard let sources, let index = partitions.firstIndex(of: stream), index < sources.names.count else {
            return nil
        }
        return sources.names[index] == SourceNames.any ? nil : sources.names[index]
    }
}

/// Different names: `[a, b]`.
package struct NameList: SettingValue, Equatable {
    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("list of names ([a, b])", parse: Self.init(setting:), text: \.settingText)
    }
    package static let maximumCount = 64

    package let names: [String]

    package init?(setting: SettingScalar) {
        guard let names = Self.names(in: setting), Set(names).count == names.count else { return nil }
        self.names = names
    }

    fileprivate static func names(in setting: SettingScalar) -> [String]? {
        guard setting.text.hasPrefix("["), setting.text.hasSuffix("]") else { return nil }
        let names = setting.text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimming { $0 == " " }
        }
        return names.count <= Self.maximumCount && names.allSatisfy(\.isName) ? names : nil
    }

    package var settingText: String { "[\(names.joined(separator: ", "))]" }
}

/// The names of sources, one for each stream: `[a, any, a]`.
package struct SourceNames: SettingValue, Equatable {
    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("list of names ([a, b])", parse: Self.init(setting:), text: \.settingText)
    }
    /// Any source, or none.
    static let any = "any"

    package let names: [String]

    package init?(setting: SettingScalar) {
        guard let names = NameList.names(in: setting),
            names.allSatisfy({ $0.utf8.count <= Symbol.maximumSourceLength })
        else { return nil }
        self.names = names
    }

    package var settingText: String { "[\(names.joined(separator: ", "))]" }
}

extension Substring {
    func trimming(_ isBlank: (Character) -> Bool) -> String {
        var rest = self.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}

/// The age beyond which an intent opens nothing any more.
package enum Expiry: Sendable, Equatable {
    case after(Duration)
    case never

    /// `nil`: never.
    package var duration: Duration? {
        if case .after(let duration) = self { duration } else { nil }
    }
}

extension Expiry: SettingValue {
    package static var settingFormat: SettingFormat<Self> {
        SettingFormat(
            "duration of 1s or more, or never (30s, never)", choices: ["never"], parse: Self.init(setting:),
            text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        if setting.text == "never" {
            self = .never
        } else {
            guard let duration = Duration.settingFormat.parse(setting), duration >= .seconds(1) else { return nil }
            self = .after(duration)
        }
    }

    package var settingText: String { duration?.settingText ?? "never" }
}

/// The place in the stream at which a new consumer group begins to read.
package enum GroupStart: Sendable, Equatable {
    /// With the oldest intent in the stream.
    case beginning
    /// With the entries added after the group was created.
    case end
    /// Behind this entry.
    case id(EntryID)

    /// The id for `XGROUP CREATE`.
    package var streamID: String {
        switch self {
        case .beginning: "0"
        case .end: "$"
        case .id(let id): id.description
        }
    }
}

extension GroupStart: SettingValue {
    package static var settingFormat: SettingFormat<Self> {
        SettingFormat(
            "one of beginning, end, an entry id (1795354847562-0)", choices: ["beginning", "end"],
            parse: Self.init(setting:),
            text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        switch setting.text {
        case "beginning": self = .beginning
        case "end": self = .end
        default:
            guard let id = EntryID(setting.text), id.description == setting.text else { return nil }
            self = .id(id)
        }
    }

    package var settingText: String {
        switch self {
        case .beginning: "beginning"
        case .end: "end"
        case .id(let id): id.description
        }
    }
}
