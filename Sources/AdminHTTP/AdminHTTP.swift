package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// An HTTP endpoint for operators and scrapers: it refuses foreign names and web pages, and it bounds the number of
/// connections and the life of each.
package struct AdminHTTP: Sendable {
    /// The longest wait for a request's head or for the next part of its body.
    package static let idleTimeout: Duration = .seconds(20)
    private static let largestHeader = 16 << 10
    /// Connections that the kernel holds until one ends. They take no descriptor.
    private static let backlog = 64

    let host: String
    let port: Int
    let rule: HostRule
    let limit: ConnectionLimit
    let idleTimeout: Duration
    let logger: Logger

    package init(
        host: String, port: Int, rule: HostRule, limit: ConnectionLimit = ConnectionLimit(),
        idleTimeout: Duration = AdminHTTP.idleTimeout, logger: Logger
    ) {
        self.host = host
        self.port = port
        self.rule = rule
        self.limit = limit
        self.idleTimeout = idleTimeout
        self.logger = logger
    }

    /// Serves until a graceful shutdown.
    ///
    /// - Parameter refuse: the answer to a request that is refused for this reason.
    package func run<Responder: HTTPResponder>(
        _ responder: Responder, refuse: @escaping @Sendable (_ reason: String) -> Response,
        onListening: @escaping @Sendable (_ port: Int) -> Void
    ) async throws where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let limit = limit
        let application = Application(
            responder: GuardedResponder(inner: responder, rule: rule, refuse: refuse),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionHandler(limit)],
                    idleTimeout: TimeAmount(idleTimeout),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Self.largestHeader, maxHeaderListSize: Self.largestHeader,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: Self.backlog,
                // Those that the limit has closed may take a moment to end.
                availableConnectionsDelegate: .maximum(2 * limit.maximum, logger: logger)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }
}
