/// The sentinels of a master, and the login to them.
package struct SentinelAddress: Sendable, Equatable {
    package struct Node: Sendable, Equatable {
        package var host: String
        package var port: Int

        package init(host: String, port: Int = SentinelAddress.defaultPort) {
            self.host = host
            self.port = port
        }
    }

    package static let defaultPort = 26_379
    /// The sentinels are asked one after the other, so this bounds the time to find the master.
    package static let maximumNodes = 16

    package var nodes: [Node]
    /// The master's name in sentinel.conf.
    package var master: String
    /// Ignored without a `password`.
    package var username: String?
    package var password: Secret?

    package init(nodes: [Node], master: String, username: String? = nil, password: Secret? = nil) {
        self.nodes = nodes
        self.master = master
        self.username = username
        self.password = password
    }
}
