import Foundation

/// The members of a JSON object as text. Numbers are parsed as `Decimal`, never as binary floating point.
enum BodyMembers {
    /// The largest accepted body.
    static let maximumBytes = 16_384

    private enum Scalar: Decodable {
        case text(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Decimal.self) {
                self = .text(number.description)
            } else {
                self = .other
            }
        }
    }

    /// An empty body has no members. Members other than texts and numbers are ignored.
    static func read(_ body: [UInt8]) throws(ValidationError) -> [String: String] {
        guard !body.isEmpty else { return [:] }
        guard let members = try? JSONDecoder().decode([String: Scalar].self, from: Data(body)) else {
            throw ValidationError(mistakes: [
                .init(
                    type: "json_invalid", place: ["body"], message: "JSON decode error: an object is expected",
                    input: nil)
            ])
        }
        return members.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
    }
}
