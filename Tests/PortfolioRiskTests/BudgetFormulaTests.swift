import GateAPI
import TestSupport
import Testing

@testable import PortfolioRisk

struct BudgetVector: Sendable, CustomTestStringConvertible {
    var equity = "100000"
    let heat: String
    let cluster: String
    let volatility: String
    let stress: String
    let budget: String

    var testDescription: String { "equity \(equity), heat \(heat), cluster \(cluster), volatility \(volatility)" }

    static let published: [BudgetVector] = [
        BudgetVector(heat: ".06", cluster: "0", volatility: ".33", stress: "0.09", budget: "1820.0"),
        BudgetVector(heat: "0", cluster: "0", volatility: ".33", stress: "0.066", budget: "1867.9999999999998"),
        BudgetVector(heat: ".25", cluster: "0", volatility: ".33", stress: "0.166", budget: "1668.0"),
        BudgetVector(heat: ".4", cluster: "0", volatility: ".33", stress: "0.22600000000000003", budget: "1548.0"),
        BudgetVector(heat: ".65", cluster: "0", volatility: ".33", stress: "0.326", budget: "1347.9999999999998"),
        BudgetVector(heat: ".8825", cluster: "0", volatility: ".33", stress: "0.419", budget: "1162.0"),
        BudgetVector(heat: "1", cluster: "0", volatility: ".33", stress: "0.466", budget: "1068.0"),
        BudgetVector(heat: "2.5", cluster: "0", volatility: ".33", stress: "1.0", budget: "500.0"),
        BudgetVector(heat: "-1", cluster: "0", volatility: ".33", stress: "0.0", budget: "2000.0"),
        BudgetVector(heat: ".06", cluster: ".5", volatility: ".33", stress: "0.29000000000000004", budget: "1420.0"),
        BudgetVector(
            heat: ".06", cluster: ".788493010732072", volatility: ".33", stress: "0.4053972042928288",
            budget: "1189.2055914143423"),
        BudgetVector(
            heat: ".8825", cluster: ".788493010732072", volatility: ".67", stress: "0.8023972042928288", budget: "500.0"
        ),
        BudgetVector(heat: ".06", cluster: "0", volatility: "1", stress: "0.224", budget: "1552.0"),
        BudgetVector(equity: "25000", heat: ".06", cluster: "0", volatility: ".33", stress: "0.09", budget: "500.0"),
        BudgetVector(
            equity: "123456.789", heat: ".06", cluster: "0", volatility: ".33", stress: "0.09",
            budget: "2246.9135598000003"),
        BudgetVector(
            equity: "549450.55", heat: ".06", cluster: "0", volatility: ".33", stress: "0.09", budget: "10000.0"),
    ]
}

/// The default parameters of the service.
let defaultParameters = RiskSettings().budgetParameters

@Suite("The budget formula")
struct BudgetFormulaTests {
    @Test("agrees with every published vector to a millionth", arguments: BudgetVector.published)
    func vectors(_ vector: BudgetVector) throws {
        let inputs = StressInputs(
            heat: try Ratio(vector.heat), cluster: try Ratio(vector.cluster), volatility: try Ratio(vector.volatility))
        let stress = defaultParameters.stress(inputs)
        let budget = try #require(defaultParameters.budget(equity: try Amount(vector.equity), stress: stress))
        let millionth = try Amount("0.000001")
        #expect(abs(stress.units - (try Ratio(vector.stress)).units) <= 1_000_000_000_000)
        #expect((try budget.amount - Amount(vector.budget)).magnitude <= millionth)
        #expect(!budget.isCappedAtEquity)
    }

    @Test("is exact, unlike binary floating point")
    func exact() throws {
        let stress = defaultParameters.stress(
            StressInputs(heat: try Ratio(".06"), cluster: try Ratio(".788493010732072"), volatility: try Ratio(".33")))
        #expect(stress.description == "0.4053972042928288")
        // 1189.2055914143424, rounded down: a budget never exceeds the formula.
        #expect(defaultParameters.budget(equity: 100_000, stress: stress)?.amount.description == "1189.20559141")
        let calm = defaultParameters.stress(StressInputs(heat: .zero, cluster: .zero, volatility: try Ratio(".33")))
        #expect(defaultParameters.budget(equity: 100_000, stress: calm)?.amount.description == "1868")
    }

    @Test("gives no budget without a positive equity", arguments: ["0", "-0.00000001", "-5000"])
    func noEquity(_ equity: String) throws {
        #expect(defaultParameters.budget(equity: try Amount(equity), stress: .zero) == nil)
    }

    @Test("caps the minimum at the equity, unless the cap is off")
    func cap() throws {
        let equity = try Amount("120.5")
        #expect(
            defaultParameters.budget(equity: equity, stress: .one) == Budget(amount: equity, isCappedAtEquity: true))
        #expect(defaultParameters.budget(equity: 500, stress: .one) == Budget(amount: 500, isCappedAtEquity: false))
        var uncapped = defaultParameters
        uncapped.capAtEquity = false
        #expect(uncapped.budget(equity: equity, stress: .one) == Budget(amount: 500, isCappedAtEquity: false))
    }

    @Test("gives the largest budget for an equity that overflows, without a trap")
    func huge() {
        #expect(defaultParameters.budget(equity: .max, stress: .zero)?.amount == 10_000)
        #expect(defaultParameters.budget(equity: .max, stress: Ratio(saturating: Ratio.unitsPerOne - 1))?.amount == 500)
        #expect(defaultParameters.budget(equity: .max, stress: .one)?.amount == 500)
    }

    @Test(
        "treats an absurd heat as full stress",
        arguments: ["1e9", "1e30", "1e40", "170141183460469231731687303715"])
    func absurdHeat(_ heat: String) throws {
        #expect(
            defaultParameters.stress(StressInputs(heat: try Ratio(heat), cluster: .zero, volatility: .zero)) == .one)
        #expect(
            defaultParameters.stress(StressInputs(heat: try Ratio("-" + heat), cluster: .one, volatility: .one))
                == .zero)
    }

    @Test(
        "reads a zero with any exponent as zero",
        arguments: ["0e9223372036854775807", "0e-9223372036854775808", "-0.0e99999999999999999999"])
    func zeroWithExponent(_ text: String) throws {
        #expect(try Ratio(text) == .zero)
    }

    @Test("stays within its bounds, never grows with heat, and agrees with the floating-point formula")
    func properties() throws {
        var random = SeededGenerator(seed: 28)
        for _ in 0..<5_000 {
            let equity = Amount(units: Int64.random(in: 1...10_000_000_000_000_00, using: &random), decimals: 8)
            let heat = Ratio(
                saturating: Int128(
                    Int64.random(in: -1_000_000_000_000_000_000...2_000_000_000_000_000_000, using: &random)))
            let cluster = Ratio(saturating: Int128(Int64.random(in: 0...1_000_000_000_000_000_000, using: &random)))
            let inputs = StressInputs(heat: heat, cluster: cluster, volatility: VolatilityReading.normal)
            let stress = defaultParameters.stress(inputs)
            #expect((.zero ... .one).contains(stress))
            let budget = try #require(defaultParameters.budget(equity: equity, stress: stress))
            #expect(budget.amount <= equity && budget.amount <= 10_000)
            #expect(budget.amount >= 500 || budget.isCappedAtEquity)

            var hotter = inputs
            hotter.heat = Ratio(saturating: heat.units + 10_000_000_000_000_000)
            let less = try #require(defaultParameters.budget(equity: equity, stress: defaultParameters.stress(hotter)))
            #expect(less.amount <= budget.amount)

            let approximateStress = max(0, min(1, 0.4 * heat.approximate + 0.4 * cluster.approximate + 0.066))
            let approximate = max(500, min(10_000, Double(equity.units) / 1e20 * 0.02 * (1 - approximateStress)))
            let capped = min(approximate, Double(equity.units) / 1e20)
            #expect(abs(Double(budget.amount.units) / 1e20 - capped) < 1e-6)
        }
    }
}
