import AdminHTTP
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
    let allowedHosts: [String]
    let logger: Logger
    let onListening: @Sendable (_ port: Int) -> Void

    func run() async throws {
        let responder = CallbackResponder { [routes] (request: Request, context: PeerContext) in
            var request = request
            return await Self.response(to: &request, from: context.remote, routes)
        }
        let endpoint = AdminHTTP(host: host, port: port, rule: HostRule([host] + allowedHosts), logger: logger)
        try await endpoint.run(responder, refuse: { Self.http(.detail(.forbidden, $0)) }) {
            [logger, onListening, host] port in
            logger.info("endpoints listen", metadata: ["host": "\(host)", "port": "\(port)"])
            onListening(port)
        }
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
        let response = http(riskResponse)
        // The client would take a body for the response to its next request.
        return riskRequest.method == .head ? response.createHeadResponse() : response
    }

    private static func http(_ answer: RiskResponse) -> Response {
        var headers: HTTPFields = [.contentType: answer.contentType]
        if let allow = answer.allow { headers[.allow] = allow }
        if answer.isChallenge { headers[.wwwAuthenticate] = "Bearer" }
        return Response(
            status: answer.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
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
