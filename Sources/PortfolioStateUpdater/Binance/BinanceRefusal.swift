import Foundation
import GateAPI

/// An error response of the exchange: `{"code": -1022, "msg": "…"}`. Messages do not repeat its text; the code
/// suffices.
struct BinanceRefusal: Sendable, Equatable {
    let status: Int
    /// `nil` if the body is not the documented one, for example from a proxy or a firewall.
    let code: Int?
    /// The end of the ban of this address, by the exchange's clock.
    let bannedUntil: Timestamp?

    private struct Body: Decodable {
        let code: Int
        let msg: String?
    }

    init(_ answer: BinanceTransport.Answer) {
        let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body))
        status = answer.status
        code = body?.code
        // "Way too many requests; IP banned until 1591702613943. …"
        let digits = body?.msg?.firstMatch(of: /banned until ([0-9]{13})/)?.1
        bannedUntil = digits.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
    }

    var failure: PortfolioStateFailure {
        PortfolioStateFailure(
            reason, "Binance answered HTTP \(status)\(code.map { " with code \($0)" } ?? ""): \(meaning)")
    }

    private var reason: PortfolioStateFailure.Reason {
        switch (status, code) {
        case (418, _): .banned
        // 403 comes from the firewall in front of the exchange, which also counts requests.
        case (429, _), (403, nil), (_, -1003): .rateLimited
        case (_, -1021): .clockSkew
        case (_, -1022), (_, -1002), (_, -2014), (_, -2015), (401, _): .unauthorized
        case (500..., _), (408, _): .serverError
        default: .refused
        }
    }

    private var meaning: String {
        switch (reason, code) {
        case (.banned, _): "this address is banned because it ignored the rate limit"
        case (.rateLimited, _): "this address exceeded the rate limit"
        case (.clockSkew, _): "the request's timestamp lies outside the receive window"
        case (_, -1022): "the signature is wrong: check BINANCE_API_SECRET"
        case (_, -2014): "the API key has a wrong format: check BINANCE_API_KEY"
        case (_, -2015): "the API key is unknown, or its permissions or allowed addresses do not cover this request"
        case (.unauthorized, _): "the API key does not permit this request"
        case (.serverError, _): "the exchange has a problem"
        default: "the request was refused"
        }
    }
}
