/// What is wrong with a Redis URL. The message never quotes what follows the scheme: a mistyped URL may have its
/// password anywhere.
package struct RedisURLError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String
    package var description: String { message }
}

extension RedisConfiguration {
    /// The longest path that fits a socket address together with its closing NUL; hiredis would cut a longer one
    /// silently.
    package static let maximumSocketPathBytes = 107

    /// Reads `redis://[user:password@]host[:port][/db]`, `unix://[user:password@]/path/to.sock[?db=N]` or
    /// `sentinel://[user:password@]host[:port][,…]/master[?db=N&sentinel_user=…&sentinel_password=…]`. User, password
    /// and path may be percent-encoded; an IPv6 address stands in brackets.
    package init(url: String) throws(RedisURLError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw RedisURLError(
                message: "a Redis URL consists of printable ASCII characters without blanks: percent-encode all others")
        }
        guard !url.utf8.contains(UInt8(ascii: "#")) else {
            throw RedisURLError(message: "a Redis URL has no fragment: write a # in a user, password or path as %23")
        }
        guard let mark = url.firstRange(of: "://") else {
            throw RedisURLError(message: "not a Redis URL: expected redis://host:port/db or unix:///path/to.sock")
        }
        let rest = url[mark.upperBound...]
        switch url[..<mark.lowerBound].lowercased() {
        case "redis":
            try self.init(tcp: rest)
        case "unix":
            try self.init(unix: rest)
        case "rediss":
            throw RedisURLError(
                message: "rediss:// (TLS) is not supported: use redis://, a unix:// socket, or a local TLS proxy")
        case "sentinel":
            try self.init(sentinel: rest)
        case "redis+sentinel", "redis-sentinel":
            throw RedisURLError(message: "write the sentinels as sentinel://host:26379,host:26379/mymaster")
        default:
            throw RedisURLError(message: "unknown scheme in the Redis URL: expected redis://, unix:// or sentinel://")
        }
    }

    private init(tcp rest: Substring) throws(RedisURLError) {
        guard !rest.contains("?") else {
            throw RedisURLError(
                message: "redis:// takes no query: write the database as /db, and a ? in a user or password as %3F")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var database = 0
        let path = rest[slash...].dropFirst()
        if !path.isEmpty {
            guard !path.contains("@") else {
                throw RedisURLError(message: "write a / in a user or password as %2F")
            }
            database = try Self.database(path)
        }
        let (credentials, location) = try Self.splitCredentials(rest[..<slash])
        let (host, port) = try Self.hostAndPort(location, default: Self.defaultPort)
        self.init(
            address: .tcp(host: host, port: port), database: database, username: credentials?.username,
            password: credentials?.password)
    }

    private init(unix rest: Substring) throws(RedisURLError) {
        let question = rest.firstIndex(of: "?") ?? rest.endIndex
        let slash = rest[..<question].firstIndex(of: "/") ?? question
        let (credentials, host) = try Self.splitCredentials(rest[..<slash])
        guard host.isEmpty else {
            throw RedisURLError(message: "unix:// takes no host: write an absolute path, unix:///path/to.sock")
        }
        let path = try Self.percentDecoded(rest[slash..<question], of: "path")
        guard path.utf8.count > 1 else {
            throw RedisURLError(message: "the socket's path is empty: write unix:///path/to.sock")
        }
        guard !path.utf8.contains(0) else {
            throw RedisURLError(message: "the socket's path contains a NUL character")
        }
        guard path.utf8.count <= Self.maximumSocketPathBytes else {
            throw RedisURLError(message: "the socket's path is longer than \(Self.maximumSocketPathBytes) bytes")
        }
        var database = 0
        let query = rest[question...].dropFirst()
        if !query.isEmpty {
            guard query.hasPrefix("db=") else {
                throw RedisURLError(message: "unix:// knows one query parameter: ?db=N")
            }
            database = try Self.database(query.dropFirst(3))
        }
        self.init(
            address: .unix(path: path), database: database, username: credentials?.username,
            password: credentials?.password)
    }
}

extension RedisConfiguration {
    static func splitCredentials(
        _ authority: Substring
    ) throws(RedisURLError) -> (credentials: (username: String?, password: Secret)?, location: Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        let location = authority[authority.index(after: at)...]
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // A lone name is as likely a password in the wrong place; as a user it could not log in anyway.
        guard parts.count == 2, !(parts[0].isEmpty && parts[1].isEmpty) else {
            throw RedisURLError(
                message: "a user needs a password: write user:password@ (or :password@ for the default user)")
        }
        let username = try percentDecoded(parts[0], of: "user")
        let password = try percentDecoded(parts[1], of: "password")
        return ((username.isEmpty ? nil : username, Secret(password)), location)
    }

    static func hostAndPort(_ location: Substring, default defaultPort: Int) throws(RedisURLError) -> (
        host: String, port: Int
    ) {
        let host: Substring
        let tail: Substring
        if location.first == "[" {
            guard let bracket = location.firstIndex(of: "]") else {
                throw RedisURLError(message: "the bracket of the IPv6 address is not closed")
            }
            host = location.dropFirst()[..<bracket]
            tail = location[location.index(after: bracket)...]
            guard host.contains(":"),
                host.utf8.allSatisfy({ isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else {
                throw RedisURLError(message: "what stands in brackets is not an IPv6 address")
            }
        } else {
            let colon = location.firstIndex(of: ":") ?? location.endIndex
            host = location[..<colon]
            tail = location[colon...]
            guard !tail.dropFirst().contains(":") else {
                throw RedisURLError(message: "too many colons after the host: put an IPv6 address in brackets")
            }
            guard !host.isEmpty else {
                throw RedisURLError(message: "the host is empty")
            }
            guard host.utf8.allSatisfy(isHostCharacter) else {
                throw RedisURLError(message: "the host contains a character that no host name has")
            }
        }
        guard !tail.isEmpty else { return (String(host), defaultPort) }
        guard tail.first == ":", let port = number(tail.dropFirst()), (1...65_535).contains(port) else {
            throw RedisURLError(message: "the port must be a number from 1 to 65535")
        }
        return (String(host), port)
    }

    static func database(_ text: Substring) throws(RedisURLError) -> Int {
        guard let database = number(text), database <= Int32.max else {
            throw RedisURLError(message: "the database must be a whole number, 0 or more")
        }
        return database
    }

    /// Digits only: `Int` would also take a sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    static func percentDecoded(_ text: Substring, of part: StaticString) throws(RedisURLError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexDigit), let value = UInt8(Substring(digits), radix: 16)
            else {
                throw RedisURLError(
                    message: "bad percent escape in the \(part): a % must be followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw RedisURLError(message: "the percent escapes of the \(part) are not UTF-8")
        }
        return decoded
    }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
    default: false
    }
}

func isHostCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
    default: false
    }
}
