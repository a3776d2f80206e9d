import AdminHTTP
package import Deployment
import Hummingbird
import JSONText
package import Logging
import NIOCore
import ServiceLifecycle
package import Telemetry

/// The operators' HTTP endpoint: health, metrics, and the reset of a latched gate.
package struct AdminServer: Service {
    private let address: AdminConfiguration
    private let status: HostStatus
    private let containment: Containment?
    private let registry: MetricRegistry
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void

    package init(
        _ address: AdminConfiguration, status: HostStatus, containment: Containment? = nil, registry: MetricRegistry,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.address = address
        self.status = status
        self.containment = containment
        self.registry = registry
        self.logger = logger
        self.onListening = onListening
    }

    package func run() async throws {
        let endpoint = AdminHTTP(
            host: address.host, port: address.port,
            rule: HostRule([address.host] + (address.allowedHosts?.names ?? [])), logger: logger)
        try await endpoint.run(router().buildResponder(), refuse: { Self.error($0, .forbidden) }) {
            [logger, onListening] port in
            logger.info("admin endpoint listens", metadata: ["port": "\(port)"])
            onListening(port)
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("health/live") { [status] _, _ in
            status.isStuck
                ? Self.json(
                    #"{"status":"stuck","detail":"the intake thread has not moved for a minute"}"#, .serviceUnavailable)
                : Self.json(#"{"status":"live"}"#, .ok)
        }
        router.get("health/ready") { [status, containment] _, _ in
            Readiness(status, concerns: containment?.concerns ?? [], warnings: status.warnings.all).response
        }
        router.post("gates/:gate/reset") { [containment] _, context in
            let gate = context.parameters.get("gate") ?? ""
            guard containment?.reset(gate) == true else {
                return Self.json(#"{"error":"no such gate in the pipeline"}"#, .notFound)
            }
            return Self.json(#"{"status":"reset"}"#, .ok)
        }
        router.get("metrics") { [registry] _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: registry.exposition())))
        }
        return router
    }

    private static func error(_ text: String, _ status: HTTPResponse.Status) -> Response {
        var object = JSONObject()
        object.add("error", text)
        return json(object.text, status)
    }

    static func json(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
