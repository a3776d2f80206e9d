import GateAPI
import TradingState

extension HeatGate {
    /// A full close, made smaller while the portfolio is cold or warm.
    func moderated(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let heat: PortfolioHeat
        do {
            heat = try inputs.fresh(PortfolioHeat.self, intent.symbol, within: settings.maxAge)
        } catch let failure where failure != .notRequested {
            // Missing data never hold up a close, not even in a gate that fails closed: the close passes whole.
            return .pass
        }
        evidence.add("heat", heat.heat)
        evidence.add("warm", settings.warm)
        evidence.add("hot", settings.hot)
        evidence.add("heat_age_sec", inputs.age(of: heat))
        if heat.heat >= settings.hot { return .pass }
        if heat.heat >= settings.warm {
            return .amend(.closeFraction(Amount(percent: 75)), .closeModeratedWarm)
        }
        return .amend(.closeFraction(Amount(percent: 25)), .closeModeratedCold)
    }
}
