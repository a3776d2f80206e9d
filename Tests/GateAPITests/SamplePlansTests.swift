import Foundation
import GateAPI
import GateTestSupport
import Testing

@Suite struct SamplePlansTests {
    private struct Line: Decodable {
        let name: String
        let fields: [String: String]
    }

    /// The outcome of each sample, by its name.
    static let expected = [
        "01_al_full_close": "execute fullClose nil", "02_al_partial_75": "execute partialClose nil",
        "03_al_partial_50_warn": "execute partialClose nil",
        "04_al_skip_allowlist": "skip SKIP", "05_al_blocked_kill": "skip BLOCKED",
        "06_al_update_sl": "execute updateStop nil",
        "07_ib_open_long": "execute none buy 23.80952380952381", "08_ib_open_short": "execute none sell 1.5",
        "09_ib_reduce_only": "execute none sell 0.05",
        "10_ib_head_entry": "execute open buy 12.5", "11_gov_rotation": "execute fullClose close",
        "12_hv2_partial_25": "execute partialClose sell 1000",
        "13_proof_hardclose": "execute fullClose sell 85.5", "14_proof_p31_open": "execute open buy 0.01",
        "15_dag5_halt": "skip HALT",
        "16_missing_plan_id": "rejected missing_plan_id", "17_plan_id_only": "skip SKIP",
        "18_garbage_kill_skip": "skip SKIP",
        "19_garbage_numbers": "execute fullClose buy", "20_old_nested_payload": "rejected missing_plan_id",
        "21_replay_of_01": "execute fullClose nil",
    ]

    private static func lines() throws -> [Line] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "Sources/GateHostDemo/Resources/sample_plans.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    private static func outcome(_ parsed: ParsedEntry) -> String {
        switch parsed {
        case .execute(let intent):
            "execute \(intent.action) \(intent.side.map { "\($0)" } ?? "nil")"
                + (intent.quantity.value.map { " \($0)" } ?? "")
        case .skip(_, _, let decision): "skip \(decision)"
        case .rejected(let rejection): "rejected \(rejection.rawValue)"
        }
    }

    @Test("all 21 sample plans are parsed as intended")
    func samples() throws {
        let lines = try Self.lines()
        #expect(lines.count == 21)
        for line in lines {
            let fields = Fields(line.fields.map { (name: $0.key, value: $0.value) })
            #expect(Self.outcome(fields.parsed) == Self.expected[line.name], "\(line.name)")
        }
    }

    @Test("garbage numbers are told apart from missing ones")
    func garbageNumbers() throws {
        let line = try #require(try Self.lines().first { $0.name == "19_garbage_numbers" })
        let intent = try #require(Fields(line.fields.map { (name: $0.key, value: $0.value) }).parsed.intent)
        #expect(intent.symbol.name == "BTCUSDT")
        #expect(intent.quantity == .malformed)
        #expect(intent.price == .malformed)
        #expect(intent.reduceOnly == .value(true))
    }
}
