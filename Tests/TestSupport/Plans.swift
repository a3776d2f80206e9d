import Foundation
import GateAPI
package import GateHost

/// Plans for tests.
package enum Plans {
    package typealias Pairs = [(name: String, value: String)]

    /// An entry in intent_bridge's shape.
    package static func open(
        _ planID: String, _ symbol: String = "BTCUSDT", side: String = "BUY", quantity: String = "0.01",
        price: String? = "100000",
        timestamp: String = "1795354622"
    ) -> Pairs {
        var pairs: Pairs = [
            ("plan_id", planID), ("decision", "EXECUTE"), ("symbol", symbol), ("side", side), ("type", "MARKET"),
            ("qty", quantity),
            ("reduceOnly", "false"), ("source", "intent_bridge"), ("signature", "intent_bridge"),
            ("timestamp", timestamp),
            ("action", "ENTRY_PROPOSED"),
        ]
        if let price { pairs.append(("entry_price", price)) }
        return pairs
    }

    /// An entry in apply_layer's shape.
    package static func fullClose(_ planID: String, _ symbol: String = "BTCUSDT") -> Pairs {
        [
            ("plan_id", planID), ("symbol", symbol), ("action", "FULL_CLOSE_PROPOSED"), ("kill_score", "0.4"),
            ("decision", "EXECUTE"),
            ("close_qty", "0.0"), ("price", ""), ("timestamp", "1795354622"),
        ]
    }

    package static func entry(_ pairs: Pairs, id: UInt64 = 1) -> StreamEntry {
        StreamEntry(id: EntryID(milliseconds: id, sequence: 0), fields: Fields(pairs))
    }

    /// The 21 sample plans, with `NOW` filled in.
    package static func samples() throws -> [(name: String, fields: Pairs)] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/GateHostDemo/Resources/sample_plans.jsonl")
        let now = String(Int(Date().timeIntervalSince1970))
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let name = object["name"] as? String,
                let fields = object["fields"] as? [String: String]
            else { throw FixtureError.timeout("sample plans") }
            return (
                name,
                fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value.replacingOccurrences(of: "NOW", with: now)) }
            )
        }
    }
}
