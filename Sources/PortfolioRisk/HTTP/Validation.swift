import GateAPI
import Hummingbird
import JSONText

/// All mistakes in a request's parameters, in the form that existing callers read.
struct ValidationError: Error, Equatable {
    struct Mistake: Equatable {
        let type: String
        let place: [String]
        let message: String
        /// The given text; `nil` if the parameter is missing.
        let input: String?
    }

    var mistakes: [Mistake]

    var response: RiskResponse {
        let details = mistakes.map { mistake in
            var json = JSONObject()
            json.add("type", mistake.type)
            json.add("loc", literal: "[" + mistake.place.map(Self.literal).joined(separator: ",") + "]")
            json.add("msg", mistake.message)
            json.add("input", literal: mistake.input.map(Self.literal) ?? "null")
            return json.text
        }
        var json = JSONObject()
        json.add("detail", literal: "[" + details.joined(separator: ",") + "]")
        return RiskResponse(.unprocessableContent, json)
    }

    private static func literal(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSON.write(string: text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Reads the parameters of a request and collects their mistakes.
struct ParameterReader {
    private let query: [String: String]
    /// Members of a JSON body; empty for endpoints without a body.
    private let body: [String: String]
    private(set) var mistakes: [ValidationError.Mistake] = []

    init(query: [String: String], body: [String: String] = [:]) {
        self.query = query
        self.body = body
    }

    mutating func text(_ name: String) -> String? {
        if let text = query[name] ?? body[name] { return text }
        mistakes.append(.init(type: "missing", place: ["query", name], message: "Field required", input: nil))
        return nil
    }

    /// Reads a finite decimal. `default` stands in for a missing parameter.
    mutating func number(_ name: String, default standIn: Amount? = nil) -> Amount? {
        if let standIn, query[name] ?? body[name] == nil { return standIn }
        guard let text = text(name) else { return nil }
        let place = [query[name] == nil ? "body" : "query", name]
        do throws(AmountError) {
            return try Amount(text)
        } catch .nonFinite, .overflow {
            mistakes.append(
                .init(type: "finite_number", place: place, message: "Input should be a finite number", input: text))
        } catch {
            let message = "Input should be a valid number, unable to parse string as a number"
            mistakes.append(.init(type: "float_parsing", place: place, message: message, input: text))
        }
        return nil
    }

    /// Reads a time in epoch seconds, not before 1970.
    mutating func time(_ name: String, default standIn: Timestamp) -> Timestamp? {
        guard let text = query[name] ?? body[name], let seconds = number(name) else { return standIn }
        guard let time = Timestamp(epochSeconds: seconds), !seconds.isNegative else {
            let place = [query[name] == nil ? "body" : "query", name]
            let message = "Input should be a time in epoch seconds"
            mistakes.append(.init(type: "timestamp_parsing", place: place, message: message, input: text))
            return nil
        }
        return time
    }

    func check() throws(ValidationError) {
        guard mistakes.isEmpty else { throw ValidationError(mistakes: mistakes) }
    }
}
