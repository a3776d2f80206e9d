import Hummingbird

/// Refuses requests by their `Host` and `Origin` before anything else looks at them.
struct GuardedResponder<Inner: HTTPResponder>: HTTPResponder {
    let inner: Inner
    let rule: HostRule
    let refuse: @Sendable (_ reason: String) -> Response

    func respond(to request: Request, context: Inner.Context) async throws -> Response {
        if let reason = rule.refusal(host: request.head.authority, origin: request.headers[.origin]) {
            return refuse(reason)
        }
        return try await inner.respond(to: request, context: context)
    }
}
