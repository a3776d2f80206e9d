/// A read-only Redis command, written as for redis-cli: words, with quotes around those that have blanks.
struct RedisCommandLine: Sendable, Equatable {
    /// Commands that change nothing, do not block, and do not scan all keys in one step.
    static let allowed: Set<String> = [
        "DBSIZE", "EXISTS", "GET", "GETRANGE", "HEXISTS", "HGET", "HGETALL", "HKEYS", "HLEN", "HMGET", "HVALS", "INFO",
        "LINDEX", "LLEN", "LRANGE", "MGET",
        "PING", "PTTL", "SCARD", "SISMEMBER", "SMEMBERS", "STRLEN", "TIME", "TTL", "TYPE", "XINFO", "XLEN", "XPENDING",
        "XRANGE", "XREVRANGE", "ZCARD",
        "ZCOUNT", "ZRANGE", "ZRANK", "ZSCORE",
    ]

    let text: String
    let arguments: [String]

    init(_ text: String) throws(LedgerError) {
        guard !text.utf8.contains(0), let arguments = Self.words(text), let name = arguments.first else {
            throw LedgerError(
                .invalidRequest,
                "--redis_cmds: '\(visible(redacted(text)))' is not a command: it is empty or a quote is not closed")
        }
        guard Self.allowed.contains(name.uppercased()) else {
            throw LedgerError(
                .invalidRequest,
                "--redis_cmds: '\(visible(redacted(name)))' is not among the read-only commands that a ledger records: "
                    + Self.allowed.sorted().joined(separator: ", "))
        }
        self.text = text
        self.arguments = arguments
    }

    /// `nil` if a quote is not closed.
    private static func words(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch (quote, scalar) {
            case (nil, "'"), (nil, "\""):
                quote = scalar
                word = word ?? String.UnicodeScalarView()
            case (nil, _) where scalar.properties.isWhitespace:
                if let whole = word { words.append(String(whole)) }
                word = nil
            case (let open?, _) where scalar == open:
                quote = nil
            case ("\"", "\\"):
                guard let next = scalars.popFirst() else { return nil }
                word?.append(next)
            default:
                word = word ?? String.UnicodeScalarView()
                word?.append(scalar)
            }
        }
        if let whole = word { words.append(String(whole)) }
        return quote == nil ? words : nil
    }
}
