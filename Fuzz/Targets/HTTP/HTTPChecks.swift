import Foundation

/// What every answer must look like, whatever was asked.
enum HTTPChecks {
    /// 500 is an answer of `/budget/{symbol}`, for keys of another type; 503 of the admin endpoint, whose host never
    /// gets ready here.
    private static let statuses: Set = [200, 401, 403, 404, 405, 422, 500, 503]
    /// What the server says itself of what is no HTTP, or too much of it.
    private static let protocolStatuses: Set = [400, 408, 413, 414, 431, 501, 505]

    /// - Parameter isThorough: whether metrics are read line by line. There may be thousands of them, and they are
    ///   asked for often: line by line every time, a run would do little else.
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

    /// A name, labels in braces where there are any, a number.
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
