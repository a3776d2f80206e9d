/// The sentinels that watch a master, and who we are to them.
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
    /// All are asked one after the other, so this bounds how long finding the master takes.
    package static let maximumNodes = 16

    package var nodes: [Node]
    /// What the sentinels call their master.
    package var master: String
    /// Used only together with `password`.
    package var username: String?
    package var password: Secret?

    package init(nodes: [Node], master: String, username: String? = nil, password: Secret? = nil) {
        self.nodes = nodes
        self.master = master
        self.username = username
        self.password = password
    }
}
