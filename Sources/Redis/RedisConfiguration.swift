/// Where a Redis server is, who we are there, and how long we wait for it.
package struct RedisConfiguration: Sendable, Equatable {
    package enum Address: Sendable, Equatable {
        case tcp(host: String, port: Int)
        case unix(path: String)
        /// The master of that name, wherever its sentinels say that it is.
        case sentinel(SentinelAddress)
    }

    package static let defaultPort = 6379

    package var address: Address
    package var database: Int
    /// The ACL user; nil is the user `default`. Used only together with `password`.
    package var username: String?
    package var password: Secret?
    /// Bounds the connecting, and once more the greeting (AUTH, SELECT, PING, ROLE). Name resolution has the bounds of
    /// the system's resolver, and asking sentinels those of `MasterDiscovery`.
    package var connectTimeout: Duration
    /// Bounds one `send` as a whole, from the first byte out to the last reply in.
    package var commandTimeout: Duration
    /// Not heeded by the connection: for who commits on it.
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
    /// The configuration as a URL, with passwords as `***`: for logs.
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
            return
                "sentinel://\(credentials)\(nodes)/\(sentinel.master)\(query.isEmpty ? "" : "?\(query.joined(separator: "&"))")"
        case .unix(let path):
            return "unix://\(credentials)\(percentEncoded(path))\(database == 0 ? "" : "?db=\(database)")"
        }
    }
}

private func authority(_ host: String, _ port: Int) -> String {
    "\(host.contains(":") ? "[\(host)]" : host):\(port)"
}

/// A log line must stay one line and parse back to the same URL, whatever the user or the path is called.
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
