/// The address, login and timeouts of a Redis connection.
package struct RedisConfiguration: Sendable, Equatable {
    package enum Address: Sendable, Equatable {
        case tcp(host: String, port: Int)
        case unix(path: String)
        /// The master that the sentinels name.
        case sentinel(SentinelAddress)
    }

    package static let defaultPort = 6379

    package var address: Address
    package var database: Int
    /// The ACL user; nil means `default`. Ignored without a `password`.
    package var username: String?
    package var password: Secret?
    /// Bounds connecting, and separately the greeting (AUTH, SELECT, PING, ROLE). The system resolver bounds name
    /// resolution; `MasterDiscovery` bounds the search through the sentinels.
    package var connectTimeout: Duration
    /// Bounds one `send` as a whole, from the first byte out to the last reply in.
    package var commandTimeout: Duration
    /// Not applied by the connection itself; the writer of a commit adds it to its pipeline.
    package var replicaWait: ReplicaWait?

    package init(
        address: Address,
        database: Int = 0,
        username: String? = nil,
        password: Secret? = nil,
        connectTimeout: Duration = .seconds(2),
        commandTimeout: Duration = .seconds(2),
        replicaWait: ReplicaWait? = nil
    ) {
        self.address = address
        self.database = database
        self.username = username
        self.password = password
        self.connectTimeout = connectTimeout
        self.commandTimeout = commandTimeout
        self.replicaWait = replicaWait
    }
}

extension RedisConfiguration {
    /// The configuration as a URL for logs: passwords show as `***`.
    package var redactedURL: String {
        var credentials = ""
        if password != nil {
            credentials = "\(username.map(percentEncoded) ?? ""):***@"
        }
        switch address {
        case .tcp(let host, let port):
            return "redis://\(credentials)\(authority(host, port))/\(database)"
        case .sentinel(let sentinel):
            let nodes = sentinel.nodes.map { authority($0.host, $0.port) }.joined(separator: ",")
            var query = database == 0 ? [] : ["db=\(database)"]
            if let username = sentinel.username { query.append("sentinel_user=\(percentEncoded(username))") }
            if sentinel.password != nil { query.append("sentinel_password=***") }
            let suffix = query.isEmpty ? "" : "?" + query.joined(separator: "&")
            return "sentinel://\(credentials)\(nodes)/\(sentinel.master)\(suffix)"
        case .unix(let path):
            return "unix://\(credentials)\(percentEncoded(path))\(database == 0 ? "" : "?db=\(database)")"
        }
    }
}

private func authority(_ host: String, _ port: Int) -> String {
    "\(host.contains(":") ? "[\(host)]" : host):\(port)"
}

/// Keeps a log line on one line, and lets it parse back to the same URL.
private func percentEncoded(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
            bytes.append(byte)
        default:
            bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
