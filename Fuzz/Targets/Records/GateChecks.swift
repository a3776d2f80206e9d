import GateAPI
import HeatGate
import KillSwitch
import P28Budget
import TradingState

/// The gates must not trap on any record, and must not block a reduction of risk.
enum GateChecks {
    static func judge(_ sections: FuzzSections) {
        let plan = fields(sections[""])
        guard
            case .execute(let intent) = Intent.parse(
                id: EntryID(milliseconds: 1_795_354_847_000, sequence: 0), fields: plan)
        else { return }
        let inputs = inputs(sections, intent.symbol)
        for settings in [P28Budget.Settings(), strict] { judge(P28Budget(settings: settings), intent, inputs) }
        if let gate = try? HeatGate(settings: HeatGate.Settings()) { judge(gate, intent, inputs) }
        // By default the switch does not block reductions either.
        judge(KillSwitch(settings: KillSwitch.Settings()), intent, inputs)
    }

    private static var strict: P28Budget.Settings {
        var settings = P28Budget.Settings()
        settings.position.missingPosition = .unknown
        settings.price.valuation = .higher
        settings.reserve = false
        return settings
    }

    private static func judge<G: Gate>(_ gate: G, _ intent: Intent, _ inputs: Inputs) {
        let position = try? inputs.fresh(Position.self, intent.symbol, within: .seconds(300))
        do {
            var evidence = Evidence()
            switch try gate.evaluate(intent, inputs, &evidence) {
            case .block:
                guard let position, case .reduces = intent.exposure(from: position) else { return }
                // Orders under way may flip a position together with one that only reduces by itself.
                guard intent.isCapped || isIdle(intent, inputs) else { return }
                demand(false, "\(G.name) to let a reduction of \(position.quantity) pass: \(intent.fields.pairs)")
            case .amend(let amendment, _, _, _, _): check(amendment, intent)
            case .pass, .abstain: break
            }
        } catch is InputFailure {
            // The host records an abstention with this reason.
        } catch is AmountError {
            // The host counts a failure of the gate, which fails open alone.
        } catch {
            demand(false, "\(G.name) to throw only errors about its inputs, not \(error)")
        }
    }

    /// Whether nothing is under way.
    private static func isIdle(_ intent: Intent, _ inputs: Inputs) -> Bool {
        guard let account = try? inputs.account(PositionPool.self, intent.symbol) else { return true }
        return PositionPool.Lane.allCases.allSatisfy { account[$0].isZero }
    }

    /// An amendment may only reduce.
    private static func check(_ amendment: Amendment, _ intent: Intent) {
        guard let amended = intent.amended(amendment) else {
            return demand(false, "an amendment that makes \(intent.fields.pairs) milder")
        }
        if let before = intent.quantity.value, let after = amended.quantity.value {
            demand(after <= before, "\(after) to be no more than \(before)")
        }
    }

    private static func inputs(_ sections: FuzzSections, _ symbol: Symbol) -> Inputs {
        var inputs = Inputs(now: RecordsTarget.now)
        set(PortfolioBudget.self, sections["budget"], symbol, &inputs)
        set(Position.self, sections["position"], symbol, &inputs)
        set(PortfolioHeat.self, sections["heat"], symbol, &inputs)
        set(MarketState.self, sections["market"], symbol, &inputs)
        set(KillSwitchState.self, sections["kill"], symbol, &inputs)
        set(Account<PositionPool>.self, sections["account"], symbol, &inputs)
        return inputs
    }

    private static func set<Record: StateRecord>(
        _ type: Record.Type, _ pairs: [FuzzSections.Pair], _ symbol: Symbol, _ inputs: inout Inputs
    ) {
        guard !pairs.isEmpty else { return inputs.fail(type, for: symbol, .missing) }
        do {
            inputs.set(try Record(fields: fields(pairs)), for: symbol)
        } catch {
            inputs.fail(type, for: symbol, error)
        }
    }

    private static func fields(_ pairs: [FuzzSections.Pair]) -> Fields {
        Fields(pairs.map { (String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)) })
    }
}
