package import GateAPI
import TradingState

/// The switches that take permits back: those that count for all plans, and those of one symbol or source.
package struct WatchedSwitches {
    /// The switches that count for all plans.
    let shared: [InputKey]
    private let scoped: [Scoped]

    /// A key of a switch that is kept per symbol or source.
    private struct Scoped {
        let record: any RevokingRecord.Type
        let prefix: String
        let isPerSource: Bool
    }

    package init(_ switches: [any RevokingRecord.Type]) {
        shared = switches.filter { !$0.isPerSymbol }.map { InputKey($0, perSymbol: nil) }
        scoped = switches.flatMap { record in
            record.keys.compactMap { key in
                switch key {
                case .perSymbol(let prefix): Scoped(record: record, prefix: prefix, isPerSource: false)
                case .perSource(let prefix): Scoped(record: record, prefix: prefix, isPerSource: true)
                case .single, .perLeg: nil
                }
            }
        }
    }

    /// How the keys of switches of symbols and sources begin, each once: Redis refuses prefixes that overlap.
    var prefixes: [String] {
        let all = Set(scoped.map(\.prefix))
        return all.filter { prefix in !all.contains { $0 != prefix && prefix.hasPrefix($0) } }.sorted()
    }

    /// The switch under a Redis key.
    package func key(named name: String) -> InputKey? {
        for kind in scoped where name.hasPrefix(kind.prefix) {
            let scope = String(name.dropFirst(kind.prefix.count))
            guard let symbol = kind.isPerSource ? Symbol(source: scope.utf8.span) : Symbol(scope) else { continue }
            let key = InputKey(kind.record, perSymbol: symbol)
            if key.redisKeys.contains(name) { return key }
        }
        return nil
    }

    /// The switches of symbols and sources.
    func keys(_ scope: RevocationScope) -> Set<InputKey> {
        var keys: Set<InputKey> = []
        for kind in scoped {
            for name in kind.isPerSource ? scope.sources : scope.symbols {
                if let key = key(named: kind.prefix + name) { keys.insert(key) }
            }
        }
        return keys
    }
}
