import ArgumentParser
import Foundation
import GateAPI
import GateHost
import PlanFiles
import Redis

/// The source of the records that `evaluate` reads.
enum StateSource {
    case redis(RedisConnection)
    /// Records by Redis key.
    case records([String: RawRecord])

    /// A JSON object by Redis key: objects are hashes, texts and numbers are strings, null is a missing record,
    /// `{"error": …}` an unreadable one.
    static func file(_ path: String) throws -> StateSource {
        let data = try PlanFile.contents(of: path)
        do {
            return .records(try JSONDecoder().decode([String: StateValue].self, from: data).mapValues(\.record))
        } catch {
            throw ValidationError("\(path): not a state file: \(JSONFields.explain(error))")
        }
    }

    static func connect(_ configuration: RedisConfiguration) throws -> StateSource {
        do {
            return .redis(try RedisConnection(configuration))
        } catch {
            throw ValidationError("\(configuration.redactedURL): \(error)")
        }
    }

    func read(_ request: InputRequest, now: Timestamp) throws -> BatchInputs {
        let reader = InputReader()
        switch self {
        case .records(let records):
            return reader.decode(request.keys, now: now) { key, _ in records[key] ?? .missing }
        case .redis(let connection):
            var commands = RedisPipeline()
            reader.encode(request.keys, into: &commands)
            guard commands.count > 0 else { return BatchInputs(inputs: Inputs(now: now)) }
            return reader.decode(request.keys, try connection.send(commands), now: now)
        }
    }
}

private struct StateValue: Decodable {
    let record: RawRecord

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            record = .missing
        } else if let text = try? container.decode(String.self) {
            record = .fields(["value": text])
        } else if let number = try? container.decode(Decimal.self) {
            record = .fields(["value": "\(number)"])
        } else {
            let pairs = try container.decode(JSONFields.self).pairs
            // The form in which `answers.record_inputs` writes an unreadable record.
            record = pairs.count == 1 && pairs[0].name == "error" ? .failed(pairs[0].value) : .fields(Fields(pairs))
        }
    }
}
