import Foundation
import GateAPI
import Testing
import TradingState

@Suite struct PermitTests {
    private func text(_ permit: Permit) -> String {
        var bytes: [UInt8] = []
        permit.write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func permit(quantity: Amount = 0, notional: Amount = 0) throws -> Permit {
        Permit(
            symbol: try #require(Symbol("BTCUSDT")), quantity: quantity, notional: notional,
            createdAt: Timestamp(microseconds: 1_795_354_622_123_242))
    }

    @Test("a permit has the contract's fifteen members, in order and spacing")
    func members() throws {
        #expect(
            text(try permit())
                == """
                {"granted": true, "symbol": "BTCUSDT", "decision": "EXECUTE", "computed_qty": 0, \
                "computed_notional": 0, "created_at": 1795354622.123242, "consumed": false, "eff_score": "", \
                "eff_confidence": "", "eff_stale": "1", "eff_factor": "1.0000", "eff_action": "NONE", \
                "eff_reason": "missing_eff", "downsize_factor": "1.0000", "extra_cooldown_sec": "0"}
                """)
    }

    @Test("amounts and amendments are written plainly")
    func amounts() throws {
        var permit = try permit(quantity: Amount("0.00000001"), notional: Amount("1820.93"))
        permit.downsizeFactor = try Amount("0.44449999")
        permit.extraCooldown = .milliseconds(96_500)
        let text = text(permit)
        #expect(text.contains(#""computed_qty": 0.00000001, "computed_notional": 1820.93, "#))
        #expect(text.hasSuffix(#""downsize_factor": "0.4444", "extra_cooldown_sec": "96"}"#))
    }

    @Test(
        "a factor is printed with four decimals and never rounded up",
        arguments: [
            ("1", "1.0000"), ("0.5", "0.5000"), ("0.05", "0.0500"), ("0.99999999", "0.9999"), ("0.00009999", "0.0000"),
            ("0.25001", "0.2500"),
        ])
    func factor(factor: String, printed: String) throws {
        var permit = try permit()
        permit.downsizeFactor = try Amount(factor)
        #expect(text(permit).contains("\"downsize_factor\": \"\(printed)\""))
    }

    @Test("a permit is JSON that other readers understand, for any symbol")
    func isJSON() throws {
        var permit = try permit(quantity: 5, notional: .max)
        permit.symbol = try #require(Symbol("Ø\"\\1000SATSUSDT"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text(permit).utf8)) as? [String: Any])
        #expect(object.count == 15)
        #expect(object["symbol"] as? String == permit.symbol.name)
        #expect(object["granted"] as? Bool == true)
        #expect(object["computed_qty"] as? Int == 5)
        #expect(text(permit).utf8.allSatisfy { $0 < 0x80 })
    }
}
