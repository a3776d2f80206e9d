import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the routes over HTTP.
struct RiskServer: Service {
    let routes: RiskRoutes
    let host: String
    let port: Int
    let logger: Logger
    let onListening: @Sendable (_ port: Int) -> Void

    func run() async throws {
        let responder = CallbackResponder { [routes] (request: Request, context: PeerContext) in
            var request = request
            return await Self.response(to: &request, from: context.remote, routes)
        }
        let application = Application(
            responder: responder, configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [logger, onListening, host] channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("endpoints listen", metadata: ["host": "\(host)", "port": "\(port)"])
                onListening(port)
            }, logger: logger)
        try await application.run()
    }

    private static func response(to request: inout Request, from remote: String, _ routes: RiskRoutes) async -> Response
    {
        let riskRequest = RiskRequest(
            method: request.method,
            path: request.uri.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
                String(part).removingPercentEncoding ?? String(part)
            },
            query: Dictionary(request.uri.queryParameters.map { (String($0.key), String($0.value)) }) { first, _ in
                first
            },
            authorization: request.headers[.authorization], remote: remote)
        var body = request
        let riskResponse = await routes.response(to: riskRequest) { () async throws(ValidationError) in
            do {
                return Array(buffer: try await body.collectBody(upTo: BodyMembers.maximumBytes))
            } catch {
                throw ValidationError(mistakes: [
                    .init(
                        type: "too_large", place: ["body"],
                        message: "The body cannot be read, or is larger than \(BodyMembers.maximumBytes) bytes",
                        input: nil)
                ])
            }
        }
        var headers: HTTPFields = [.contentType: riskResponse.contentType]
        if let allow = riskResponse.allow { headers[.allow] = allow }
        if riskResponse.isChallenge { headers[.wwwAuthenticate] = "Bearer" }
        let response = Response(
            status: riskResponse.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: riskResponse.body)))
        // The client would take a body for the response to its next request.
        return riskRequest.method == .head ? response.createHeadResponse() : response
    }
}

/// A request context with the client's address.
private struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remote: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remote = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
