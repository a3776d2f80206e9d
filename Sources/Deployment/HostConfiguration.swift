package import GateAPI
import Platform
package import Redis

/// A checked deployment: the whole configuration of one `gatehost` process.
package struct HostConfiguration: Sendable {
    /// The file's name, as it was given.
    package var file: String
    package var redis: RedisConfiguration
    package var intake: IntakeConfiguration
    package var plans: PlansConfiguration
    /// Other spellings of symbols: `plans.symbols`.
    package var symbols: SymbolMap
    package var answers: AnswersConfiguration
    package var containment: ContainmentConfiguration
    package var admin: AdminConfiguration
    package var log: LogConfiguration
    package var firstGate: String
    /// In the order of the file, which is the order of evaluation. Gates that are off are here too.
    package var gates: [ConfiguredGate]
    /// Every setting in force: the pipeline first, then the sections.
    package var effective: [EffectiveValue]

    /// A hash of all settings that change decisions, in 16 hexadecimal digits: gates, their order, modes, policies and
    /// settings, `first_gate`, `plans`, `answers`, `containment` without the path of its journal, `intake.expire_after` and
    /// `intake.sources`. It is the same on every machine, and for YAML and JSON.
    package var hash: String {
        var hash = StableHash()
        for value in effective where isDeciding(value) {
            for text in [value.path, value.text] {
                hash.combine(text.utf8)
                hash.combine(CollectionOfOne(0))
            }
        }
        return hash.digits
    }

    private func isDeciding(_ value: EffectiveValue) -> Bool {
        ["gates", "first_gate", "plans", "answers", "containment"].contains(value.section)
            && value.path != "containment.journal"
            || value.path == "intake.expire_after" || value.path == "intake.sources"
    }
}

extension EffectiveValue {
    /// `gates` for `gates[0].mode`.
    var section: Substring {
        path.prefix { $0 != "." && $0 != "[" }
    }
}
