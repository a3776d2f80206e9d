import Deployment
import GateAPI
import Testing

/// One gate, on lines 1 to 3; what a case adds begins on line 4.
private let oneGate = "gates:\n  - gate: p28-budget\n    mode: shadow\n"

/// K1, K3: the section `plans`.
@Suite struct PlansTests {
    private func configuration(_ plans: String) throws -> HostConfiguration {
        try parse(oneGate + "plans: \(plans)\n").get()
    }

    @Test("K1: a plan with absurd numbers is refused by default")
    func badPlans() throws {
        #expect(try configuration("{}").plans.onBadPlan == .block)
        let allowed = try configuration("{ on_bad_plan: allow }")
        #expect(allowed.plans.onBadPlan == .allow)
        #expect(try configuration("{}").hash != allowed.hash)
    }

    @Test("K3: symbols are as they are written, unless the file lists other spellings")
    func symbols() throws {
        let plain = try configuration("{}")
        let spelling = try #require(Symbol("BTC/USDT:USDT"))
        #expect(plain.symbols.symbol(spelling) == spelling)
        let mapped = try configuration(#"{ symbols: { "btc/usdt:usdt": BTCUSDT, BTC-USDT-SWAP: BTCUSDT } }"#)
        for written in ["BTC/USDT:USDT", "btc/usdt:usdt", "BTC-USDT-SWAP", "btc-usdt-swap", "BTCUSDT"] {
            #expect(try mapped.symbols.symbol(#require(Symbol(written))).name == "BTCUSDT")
        }
        #expect(try mapped.symbols.symbol(#require(Symbol("ETH/USDT:USDT"))).name == "ETH/USDT:USDT")
        #expect(plain.hash != mapped.hash)
        let other = try configuration(#"{ symbols: { "btc/usdt:usdt": BTCUSDT, BTC-USDT-SWAP: BTCUSDC } }"#)
        #expect(mapped.hash != other.hash)
    }

    @Test(
        "a mistake in the section is told with its place, to the letter",
        arguments: [
            Mistake(
                "an unknown policy", oneGate + "plans: { on_bad_plan: deny }\n",
                "host.yaml:4:23: error: on_bad_plan: 'deny' is not one of block, allow"),
            Mistake(
                "an unknown key", oneGate + "plans: { symbol: {} }\n",
                "host.yaml:4:10: error: unknown key 'symbol' in plans; did you mean 'symbols'?"),
            Mistake(
                "a list of symbols", oneGate + "plans: { symbols: [a] }\n",
                "host.yaml:4:19: error: plans.symbols must be a map of spellings to symbols, not a list"),
            Mistake(
                "a spelling with a blank", oneGate + "plans: { symbols: { \"BTC USDT\": BTCUSDT } }\n",
                "host.yaml:4:21: error: plans.symbols: 'BTC…' is no symbol"),
            Mistake(
                "a symbol in lower case", oneGate + "plans: { symbols: { BTC-USDT: btcusdt } }\n",
                "host.yaml:4:31: error: plans.symbols: 'BTC-USDT' must mean one symbol, in upper case"),
            Mistake(
                "a spelling twice", oneGate + "plans: { symbols: { BTC-USDT: BTCUSDT, btc-usdt: ETHUSDT } }\n",
                "host.yaml:4:40: error: plans.symbols: 'btc-usdt' is listed twice"),
        ])
    func mistakes(_ mistake: Mistake) throws {
        #expect(try diagnostics(mistake.text) == mistake.expected)
    }
}
