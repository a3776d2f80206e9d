import Foundation
import GateAPI
import GateHost
import Testing
import TestSupport

/// Judges a plan again with the inputs and the time in its decision record.
struct Replay {
    private let plan: Fields
    private let inputs: [String: RawRecord]
    private let now: Timestamp

    init(_ record: [String: String]) throws {
        let plan = try #require(try Self.object(record["plan"]) as? [String: String])
        self.plan = Fields(plan.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        inputs = try Self.object(record["inputs"]).mapValues { value in
            (value as? [String: String]).map { .fields(Fields($0.map { (name: $0.key, value: $0.value) })) } ?? .missing
        }
        now = Timestamp(milliseconds: try #require(record["decided_at_ms"].flatMap { Int64($0) }))
    }

    func gates(_ pipeline: Pipeline) throws -> String {
        let entry = StreamEntry(id: EntryID(milliseconds: 1, sequence: 0), fields: plan)
        guard case .execute(let intent) = entry.parsed else { throw FixtureError.timeout("an intent") }
        var request = InputRequest()
        pipeline.request(for: intent, &request)
        let batch = InputReader().decode(request.keys, now: now) { key, _ in inputs[key] ?? .missing }
        var bytes: [UInt8] = []
        DecisionJSON.writeGates(pipeline.decide(entry, batch.inputs).results, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func object(_ text: String?) throws -> [String: Any] {
        let text = try #require(text)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
