/// The mistake in a Redis URL. The message never quotes the URL after its scheme, because a mistyped URL may hold the
/// password anywhere.
package struct RedisURLError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String
    package var description: String { message }
}

extension RedisConfiguration {
    /// The longest path that fits a socket address with its closing NUL. hiredis silently cuts longer ones.
    package static let maximumSocketPathBytes = 107

    /// Parses `redis://[user:password@]host[:port][/db]`, `unix://[user:password@]/path/to.sock[?db=N]` or
    /// `sentinel://[user:password@]host[:port][,…]/master[?db=N&sentinel_user=…&sentinel_password=…]`. User,
    /// password and path may be percent-encoded. An IPv6 address needs brackets.
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
