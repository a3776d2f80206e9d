import GateAPI
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("A budget computation")
struct BudgetComputationTests {
    private let now = Timestamp(seconds: 1_795_354_260)

    private func inputs(
        _ name: String, quantity: Amount? = nil, mark: Amount? = 100, age: Int64 = 5, market: Fields? = nil,
        cluster: Result<Fields, InputFailure> = .failure(.missing)
    ) throws -> SymbolInputs {
        let position: Result<Position, InputFailure> =
            quantity.map {
                .success(Position(quantity: $0, markPrice: mark, timestamp: Timestamp(seconds: 1_795_354_260 - age)))
            } ?? .failure(.missing)
        return SymbolInputs(
            symbol: try #require(Symbol(name)), positions: [PositionGeneration(position)],
            market: market.map { .success($0) } ?? .failure(.missing),
            cluster: cluster)
    }

    private func state(_ equity: Amount = 100_000) -> ResolvedState {
        ResolvedState(
            state: PortfolioState(equity: equity, takenAt: Timestamp(seconds: 1_795_354_220)), source: .lastKnownGood,
            age: .seconds(40))
    }

    private func compute(
        _ symbols: [SymbolInputs], heat: HeatSource = .positions, equity: Amount = 100_000,
        _ settings: RiskSettings = RiskSettings()
    )
        -> BudgetComputation.Result
    {
        BudgetComputation(settings)(symbols, heat: heat, state: state(equity), mode: .shadow, now: now)
    }

    @Test("computes heat from the absolute values of all positions, with their own or the default volatility")
    func heat() throws {
        let result = compute([
            try inputs("BTCUSDT", quantity: 10, mark: 20_000, market: ["sigma": "0.02"]),
            try inputs("ETHUSDT", quantity: -100, mark: 2_000),
            try inputs("FLATUSDT", quantity: 0), try inputs("NEWUSDT"),
        ])
        // (200 000 × 0.02 + 200 000 × 0.01) / 100 000
        let heat = try #require(result.heat)
        #expect(heat.heat.heat == (try Amount("0.06")))
        #expect(heat.positions == 2)
        #expect(
            heat.fields.map { "\($0.name)=\($0.value)" } == [
                "heat=0.06", "bucket=COLD", "equity_usd=100000", "total_risk_usd=6000", "positions=2",
                "timestamp=1795354260", "source=positions",
            ])
        #expect(result.problems == [:])
        #expect(result.positionAge == .seconds(5))
        #expect(result.budgets.allSatisfy { $0.inputs.heat.description == "0.06" })
    }

    @Test("writes the contract's ten fields in order, then the origin of the equity")
    func fields() throws {
        let result = compute([try inputs("BTCUSDT")], heat: .exporter(try Ratio("0.06")))
        let record = try #require(result.budgets.first)
        #expect(record.key == "quantum:portfolio:budget:BTCUSDT")
        #expect(
            record.fields.map { "\($0.name)=\($0.value)" } == [
                "symbol=BTCUSDT", "budget_usd=1820", "stress_factor=0.09", "equity_usd=100000", "portfolio_heat=0.06",
                "cluster_stress=0", "vol_regime=0.33",
                "mode=shadow", "timestamp=1795354260", "base_risk_pct=0.02", "as_of=1795354220", "state_source=lkg",
                "state_age_sec=40", "capped=none",
            ])
    }

    @Test("writes records that Gate 0 and the heat gate can read")
    func roundTrip() throws {
        let result = compute([try inputs("BTCUSDT", quantity: 1, mark: 7)])
        let budget = try #require(result.budgets.first)
        #expect(
            try PortfolioBudget(fields: Fields(budget.fields))
                == PortfolioBudget(budget: budget.budget.amount, isEnforced: false, computedAt: now))
        let heat = try #require(result.heat)
        #expect(try PortfolioHeat(fields: Fields(heat.fields)) == heat.heat)
    }

    @Test("records that the equity capped the minimum")
    func capped() throws {
        let record = try #require(compute([try inputs("BTCUSDT")], equity: 300).budgets.first)
        #expect(record.fields.contains { $0 == ("budget_usd", "300") })
        #expect(record.fields.contains { $0 == ("capped", "equity") })
    }

    @Test("counts an unknown heat as a problem and as zero")
    func noHeat() throws {
        let silent = compute([try inputs("BTCUSDT")])
        #expect(silent.problems == [.heat: 1])
        #expect(silent.heat?.heat.heat == .zero)
        let unanswered = compute([try inputs("BTCUSDT", quantity: 1)], heat: .exporter(nil))
        #expect(unanswered.problems == [.heat: 1])
        #expect(unanswered.heat == nil)
        #expect(unanswered.budgets.first?.inputs.heat == .zero)
    }

    @Test("records the heat of an exporter with the exporter as its source")
    func exporter() throws {
        let result = compute([try inputs("BTCUSDT", quantity: 1)], heat: .exporter(try Ratio("0.7")))
        #expect(result.heat?.source == .exporter)
        #expect(result.heat?.bucket == .hot)
        #expect(result.heat?.totalRisk == 70_000)
        #expect(result.problems == [:])
    }

    @Test("uses the newer of two position records and counts unreadable and unpriced positions as problems")
    func positions() throws {
        let old = Position(quantity: 1, markPrice: 100, timestamp: Timestamp(seconds: 100))
        let new = Position(quantity: 2, markPrice: 100, timestamp: Timestamp(seconds: 200))
        let symbol = try #require(Symbol("BTCUSDT"))
        func of(_ positions: [Result<Position, InputFailure>]) -> SymbolInputs {
            SymbolInputs(
                symbol: symbol, positions: positions.map { PositionGeneration($0) }, market: .failure(.missing),
                cluster: .failure(.missing))
        }
        #expect(of([.success(old), .success(new)]).position == .success(new))
        #expect(of([.success(new), .success(old)]).position == .success(new))
        // Its time is unknown, so it may be the newer one.
        #expect(
            of([.failure(.malformed(field: "ts_epoch")), .success(old)]).position
                == .failure(.malformed(field: "ts_epoch")))
        #expect(
            compute([of([.failure(.unavailable(detail: "WRONGTYPE")), .failure(.missing)])]).problems == [
                .position: 1, .heat: 1,
            ])
        #expect(compute([try inputs("ETHUSDT", quantity: 3, mark: nil)]).problems == [.position: 1])
    }

    @Test("uses the contract's defaults for malformed stress inputs and counts them as problems")
    func garbage() throws {
        let result = compute([
            try inputs("AUSDT", quantity: 0, market: ["sigma": "nan"], cluster: .success(["stress": "inf"])),
            try inputs("BUSDT", cluster: .failure(.unavailable(detail: "WRONGTYPE"))),
            try inputs("CUSDT", cluster: .success(["stress": "0.5"])),
            try inputs("DUSDT", cluster: .success(["other": "1"])),
        ])
        #expect(result.problems == [.market: 1, .cluster: 2])
        #expect(result.budgets.map(\.inputs.cluster.description) == ["0", "0", "0.5", "0"])
        #expect(result.budgets.map(\.inputs.volatility.description) == ["0.33", "0.33", "0.33", "0.33"])
    }

    @Test("survives the largest numbers")
    func extremes() throws {
        let result = compute(
            [
                try inputs("AUSDT", quantity: .max, mark: .max),
                try inputs("BUSDT", quantity: Amount(units: .min), mark: .max),
            ], equity: 1)
        #expect(result.heat?.bucket == .hot)
        #expect(result.budgets.allSatisfy { $0.stress == .one })
    }
}

@Suite("The choice of symbols")
struct SymbolSelectionTests {
    private func symbols(_ names: String...) throws -> [Symbol] { try names.map { try #require(Symbol($0)) } }

    /// The inputs of candidates, with the quantities of those that have a position record.
    private func inputs(_ candidates: [Symbol], _ quantities: [String: Amount] = [:]) -> [SymbolInputs] {
        candidates.map { symbol in
            let position = quantities[symbol.name].map { Position(quantity: $0, markPrice: 1, timestamp: nil) }
            return SymbolInputs(
                symbol: symbol, positions: [PositionGeneration(position.map { .success($0) } ?? .failure(.missing))],
                market: .failure(.missing), cluster: .failure(.missing))
        }
    }

    @Test("takes open positions, then the universe, then plans, then flat positions, each symbol once")
    func order() throws {
        let (universe, plans) = (try symbols("BUSDT", "AUSDT", "FUSDT"), try symbols("CUSDT", "BUSDT", "CUSDT"))
        let candidates = SymbolSelection.candidates(
            positions: Set(try symbols("ZUSDT", "AUSDT", "EUSDT", "FUSDT")), universe: universe, plans: plans)
        #expect(candidates == (try symbols("AUSDT", "EUSDT", "FUSDT", "ZUSDT", "BUSDT", "CUSDT")))
        let records = inputs(candidates, ["ZUSDT": -1, "AUSDT": 1, "EUSDT": 0, "FUSDT": 0])
        let all = SymbolSelection(records, universe: universe, plans: plans, limit: 10)
        #expect(all.chosen.map(\.symbol) == (try symbols("AUSDT", "ZUSDT", "BUSDT", "FUSDT", "CUSDT", "EUSDT")))
        #expect(all.dropped == 0)
        let four = SymbolSelection(records, universe: universe, plans: plans, limit: 4)
        #expect(four.chosen.map(\.symbol) == (try symbols("AUSDT", "ZUSDT", "BUSDT", "FUSDT")))
        // The symbol of a plan; a flat position does not count.
        #expect(four.dropped == 1)
        #expect(four.droppedPositions == 0)
        #expect(SymbolSelection(records, universe: universe, plans: plans, limit: 1).droppedPositions == 1)
    }
}
