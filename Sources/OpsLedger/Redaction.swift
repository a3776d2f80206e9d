/// The text with `***` for the secrets of all URLs in it: the part before an `@`, and the values of query parameters
/// with a telling name.
///
/// It removes too much rather than too little: a password may hold a raw `/` or `?`, so everything up to a URL's last
/// `@` goes.
func redacted(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let mark = rest.firstRange(of: "://") {
        result += rest[..<mark.upperBound]
        rest = rest[mark.upperBound...]
        let end =
            rest.unicodeScalars.firstIndex { $0.properties.isWhitespace || "\"'`<>".unicodeScalars.contains($0) }
            ?? rest.endIndex
        result += redactedLocation(rest[..<end])
        rest = rest[end...]
    }
    return result + rest
}

private func redactedLocation(_ location: Substring) -> String {
    var location = location
    var result = ""
    if let at = location.utf8.lastIndex(of: UInt8(ascii: "@")) {
        result = "***@"
        location = Substring(location.utf8[location.utf8.index(after: at)...])
    }
    guard let question = location.utf8.firstIndex(of: UInt8(ascii: "?")) else { return result + location }
    result += location[...question]
    let query = Substring(location.utf8[location.utf8.index(after: question)...])
    return result
        + query.split(separator: "&", omittingEmptySubsequences: false).map { parameter in
            guard let equals = parameter.firstIndex(of: "="), isTelling(parameter[..<equals]) else {
                return String(parameter)
            }
            return parameter[...equals] + "***"
        }.joined(separator: "&")
}

private func isTelling(_ name: Substring) -> Bool {
    let name = name.lowercased()
    return ["pass", "pwd", "token", "key", "secret", "sig", "auth", "credential"].contains { name.contains($0) }
}
