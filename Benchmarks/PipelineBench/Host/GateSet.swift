import Deployment
import GateAPI
import GateHost
import HeatGate
import P28Budget

/// The gates of the bench's pipelines.
struct GateSet {
    let budget: ConfiguredGate
    let heat: ConfiguredGate
    let small: [ConfiguredGate]
    private let passing: ConfiguredGate

    init() throws {
        budget = try Self.enforced(P28Budget.self)
        heat = try Self.enforced(HeatGate.self)
        small = [
            try Self.enforced(MaxNotional.self), try Self.enforced(SymbolAllowList.self),
            try Self.enforced(LeverageCap.self),
            try Self.enforced(VolatilityCap.self), try Self.enforced(MinConfidence.self),
            try Self.enforced(QuantityStep.self),
        ]
        passing = try Self.enforced(PassingGate.self)
    }

    /// The budget gate, the heat gate, and then the small gates in turn.
    func pipeline(of count: Int) -> [ConfiguredGate] {
        (0..<count).map { $0 == 0 ? budget : $0 == 1 ? heat : small[($0 - 2) % small.count] }
    }

    func passing(_ count: Int) -> [ConfiguredGate] { Array(repeating: passing, count: count) }

    /// A gate in enforce mode with all settings at their defaults.
    private static func enforced<G: Gate>(_ type: G.Type) throws -> ConfiguredGate {
        ConfiguredGate(gate: try type.init(settings: G.Settings()), name: type.name, mode: .enforce, onFailure: .allow)
    }
}
