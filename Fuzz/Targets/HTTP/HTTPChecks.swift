import Foundation

/// Checks that hold for every answer to any request.
enum HTTPChecks {
    /// `/budget/{symbol}` answers 500 for a key of another type. The admin endpoint answers 503, because its host never
    /// gets ready here.
    private static let statuses: Set = [200, 401, 403, 404, 405, 422, 500, 503]
    /// The HTTP server's own answers to malformed or oversized requests.
    private static let protocolStatuses: Set = [400, 408, 413, 414, 431, 501, 505]

    /// - Parameter isThorough: whether to parse metrics line by line. There may be thousands of lines, so doing it for
    ///   every answer would dominate the run.
    static func check(_ answer: HTTPAnswer, isRaw: Bool, isThorough: Bool) {
        demand(
            statuses.contains(answer.status) || (isRaw && protocolStatuses.contains(answer.status)),
            "a status of the service, not \(answer.status)")
        guard !answer.body.isEmpty else { return }
        let text = String(validating: answer.body, as: UTF8.self)
        demand(text != nil, "text, not \(answer.body)")
        let shown = text ?? ""
        if answer.headers["content-type"] == "application/json"
            || answer.headers["content-type"] == "application/json; charset=utf-8"
        {
            demand(isObject(answer.body), "a JSON object, not \(shown)")
        } else if answer.status == 200 {
            demand(shown.hasPrefix("# HELP ") && shown.hasSuffix("\n"), "metrics, not \(shown)")
            guard isThorough else { return }
            demand(
                answer.body.split(separator: UInt8(ascii: "\n")).allSatisfy {
                    $0.first == UInt8(ascii: "#") || isSample($0)
                }, "samples only, in \(shown)")
        }
    }

    private static func isObject(_ body: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(body))) is [String: Any]
    }

    /// Whether the line has a name, optional labels in braces, and a number.
    private static func isSample(_ line: ArraySlice<UInt8>) -> Bool {
        guard let blank = line.lastIndex(of: UInt8(ascii: " ")),
            Double(String(decoding: line[(blank + 1)...], as: UTF8.self)) != nil
        else { return false }
        let labels = line[..<blank].drop {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
        return labels.startIndex > line.startIndex
            && (labels.isEmpty || (labels.first == UInt8(ascii: "{") && labels.last == UInt8(ascii: "}")))
    }
}
