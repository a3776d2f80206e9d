extension RedisConfiguration {
    /// Parses the part after `sentinel://`:
    /// `[user:password@]host[:port][,…]/master[?db=N&sentinel_user=…&sentinel_password=…]`. The login before the
    /// hosts is for the master, as in the other URLs.
    init(sentinel rest: Substring) throws(RedisURLError) {
        let question = rest.firstIndex(of: "?") ?? rest.endIndex
        let slash = rest[..<question].firstIndex(of: "/") ?? question
        let (credentials, location) = try Self.splitCredentials(rest[..<slash])
        let master = rest[slash..<question].dropFirst()
        guard !master.contains("@"), !rest[question...].contains("@") else {
            throw RedisURLError(message: "write a / or ? in a user or password as %2F or %3F")
        }
        // sentinel.conf allows the same characters in a master's name.
        guard !master.isEmpty, master.utf8.allSatisfy(isHostCharacter) else {
            throw RedisURLError(
                message: """
                    the master's name is missing or has a character that Sentinel forbids: \
                    write sentinel://host:26379/mymaster
                    """)
        }
        var nodes: [SentinelAddress.Node] = []
        for part in location.split(separator: ",", omittingEmptySubsequences: false) {
            let (host, port) = try Self.hostAndPort(part, default: SentinelAddress.defaultPort)
            nodes.append(SentinelAddress.Node(host: host, port: port))
        }
        guard nodes.count <= SentinelAddress.maximumNodes else {
            throw RedisURLError(message: "more than \(SentinelAddress.maximumNodes) sentinels")
        }
        let query = try SentinelQuery(rest[question...].dropFirst())
        let address = SentinelAddress(
            nodes: nodes, master: String(master), username: query.username, password: query.password)
        self.init(
            address: .sentinel(address), database: query.database, username: credentials?.username,
            password: credentials?.password)
    }
}

/// The query of a sentinel URL.
private struct SentinelQuery {
    private(set) var database = 0
    private(set) var username: String?
    private(set) var password: Secret?

    init(_ text: Substring) throws(RedisURLError) {
        guard !text.isEmpty else { return }
        var seen: Set<Substring> = []
        for parameter in text.split(separator: "&", omittingEmptySubsequences: false) {
            let equals = parameter.firstIndex(of: "=") ?? parameter.endIndex
            let (name, value) = (parameter[..<equals], parameter[equals...].dropFirst())
            switch name {
            case "db": database = try RedisConfiguration.database(value)
            case "sentinel_user": username = try RedisConfiguration.percentDecoded(value, of: "sentinel_user")
            case "sentinel_password":
                password = Secret(try RedisConfiguration.percentDecoded(value, of: "sentinel_password"))
            default:
                throw RedisURLError(
                    message: "sentinel:// knows the query parameters db, sentinel_user and sentinel_password")
            }
            guard seen.insert(name).inserted else {
                throw RedisURLError(message: "a query parameter is given twice")
            }
        }
        guard username == nil || password != nil else {
            throw RedisURLError(message: "a sentinel_user needs a sentinel_password")
        }
    }
}
