import Foundation

/// A JSON object as the strings that a Redis hash or stream entry would hold.
package struct JSONFields: Decodable {
    package let pairs: [(name: String, value: String)]

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let nested = try? container.decode(JSONFields.self, forKey: Key(stringValue: "fields")) {
            pairs = nested.pairs
            return
        }
        // JSONDecoder forgets the order of members; sorting by name makes it the same every time.
        pairs = try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
            if let text = try? container.decode(String.self, forKey: key) { return (key.stringValue, text) }
            if let flag = try? container.decode(Bool.self, forKey: key) { return (key.stringValue, String(flag)) }
            return (key.stringValue, "\(try container.decode(Decimal.self, forKey: key))")
        }
    }

    package static func explain(_ error: any Error) -> String {
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
