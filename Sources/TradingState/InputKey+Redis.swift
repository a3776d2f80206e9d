package import GateAPI

extension InputKey {
    /// The Redis keys of the record, one for each generation of keys.
    package var redisKeys: [String] {
        record.keys.map { key in
            switch key {
            case .perSymbol(let prefix), .perSource(let prefix): prefix + (symbol?.name ?? "")
            case .perLeg(let prefix, let leg): "\(prefix)\(symbol?.name ?? ""):\(leg.rawValue)"
            case .single(let name): name
            }
        }
    }
}
