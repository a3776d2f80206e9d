/// The base URL of an HTTP API: scheme, host and perhaps a port.
struct BaseURL {
    /// Without a trailing slash.
    let text: String
    /// The mistake in it, or `nil`. The message never quotes the text, which may hold a password.
    let complaint: String?

    init(_ text: String) {
        self.text = text.hasSuffix("/") && !text.hasSuffix("://") ? String(text.dropLast()) : text
        complaint = Self.complaint(about: self.text)
    }

    private static func complaint(about text: String) -> String? {
        guard let mark = text.firstRange(of: "://") else {
            return "is not a URL: expected https://host or https://host:port"
        }
        let scheme = text[..<mark.lowerBound]
        guard scheme == "https" || scheme == "http" else { return "has an unknown scheme: expected https://" }
        let authority = text[mark.upperBound...]
        guard !authority.contains("@") else {
            return "holds a user or a password: they belong in BINANCE_API_KEY and BINANCE_API_SECRET"
        }
        guard !authority.contains(where: { "/?#".contains($0) }) else {
            return "holds a path or a query: expected https://host or https://host:port"
        }
        guard let match = authority.wholeMatch(of: /(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.\-]+)(?::([0-9]{1,5}))?/) else {
            return "has no readable host and port: expected https://host or https://host:port"
        }
        if let port = match.2, !(1...65_535).contains(Int(port) ?? 0) { return "has a port outside 1...65535" }
        // The key is sent in a header, so plain HTTP is allowed on loopback only.
        guard scheme == "https" || ["localhost", "127.0.0.1", "[::1]"].contains(match.1) else {
            return "sends the API key in clear: use https:// (http:// is for this machine only)"
        }
        return nil
    }
}
