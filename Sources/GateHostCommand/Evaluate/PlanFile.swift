import ArgumentParser
import Foundation
import GateAPI

/// Plans as JSON lines: flat objects, or objects with the plan under `fields`.
enum PlanFile {
    static func read(_ path: String) throws -> [Fields] {
        let data = path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try contents(of: path)
        return try plans(in: data, file: path == "-" ? "<stdin>" : path)
    }

    static func plans(in data: Data, file: String) throws -> [Fields] {
        try data.split(separator: UInt8(ascii: "\n")).enumerated().compactMap { number, line in
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return nil }
            do {
                let object = try JSONDecoder().decode(JSONFields.self, from: Data(line))
                return Fields(object.pairs)
            } catch {
                throw ValidationError("\(file):\(number + 1): not a plan: \(JSONFields.explain(error))")
            }
        }
    }

    /// One plan from `field=value` arguments. What a person would not type is filled in: a plan id, and the decision to
    /// execute.
    static func plan(of arguments: [String]) throws -> Fields {
        var pairs: [(name: String, value: String)] = try arguments.map { argument in
            guard let equals = argument.firstIndex(of: "=") else {
                throw ValidationError("\(argument): not field=value")
            }
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
        if !pairs.contains(where: { $0.name == "plan_id" }) { pairs.insert(("plan_id", "evaluated"), at: 0) }
        if !pairs.contains(where: { $0.name == "decision" }) { pairs.append(("decision", "EXECUTE")) }
        return Fields(pairs)
    }

    static func contents(of path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ValidationError("\(path): cannot be read: \((error as NSError).localizedDescription)")
        }
    }
}

/// A JSON object as the strings that Redis would hold.
struct JSONFields: Decodable {
    let pairs: [(name: String, value: String)]

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let nested = try? container.decode(JSONFields.self, forKey: Key(stringValue: "fields")) {
            pairs = nested.pairs
            return
        }
        // Decoding forgets the order of members; by name it is at least always the same.
        pairs = try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
            if let text = try? container.decode(String.self, forKey: key) { return (key.stringValue, text) }
            if let flag = try? container.decode(Bool.self, forKey: key) { return (key.stringValue, String(flag)) }
            return (key.stringValue, "\(try container.decode(Decimal.self, forKey: key))")
        }
    }

    static func explain(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .dataCorrupted: "invalid JSON"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context):
            context.codingPath.isEmpty
                ? "an object is expected"
                : "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is not a text, number or boolean"
        default: "\(error)"
        }
    }
}
