import EmbeddedRedis
import Foundation

/// Sends requests over TCP to the budget service and to the host's admin endpoint, before a real Redis.
///
/// An input has a line with method and target, a line with the Authorization header, and the body. A method that begins
/// with `~` goes to the admin endpoint. An input that begins with `!` is sent as it is.
/// begins with `~` goes to the admin endpoint. Inputs that begin with `!` are sent as they are.
struct HTTPTarget: FuzzTarget {
    static let name = "http"

    private let redis: EmbeddedRedisServer
    private let services: HTTPServices
    private var risk: HTTPConnection
    private var admin: HTTPConnection
    /// Counts inputs. Changes of mode leave events in Redis, so the target empties Redis now and then.
    private var count = 0
    private static let inputsPerFlush = 20_000
    private static let inputsPerThoroughCheck = 50

    private var isThorough: Bool { count % Self.inputsPerThoroughCheck == 0 }

    init() throws {
        redis = try EmbeddedRedisServer()
        services = try HTTPServices(redis: redis)
        risk = HTTPConnection(port: services.riskPort)
        admin = HTTPConnection(port: services.adminPort)
    }

    mutating func run(_ input: [UInt8]) {
        count += 1
        if count % Self.inputsPerFlush == 0 { try? services.fill() }
        if input.first == UInt8(ascii: "!") {
            var connection = HTTPConnection(port: input.count % 2 == 0 ? services.riskPort : services.adminPort)
            for answer in connection.exchange(raw: Array(input.dropFirst())) {
                HTTPChecks.check(answer, isRaw: true, isThorough: isThorough)
            }
            return
        }
        let request = FuzzRequest(input)
        check(request)
        // If a HEAD answer wrongly had a body, the client would read it as the next answer. So send a next request at
        // once.
        if request.method == "HEAD" {
            check(FuzzRequest(Array((request.isForAdmin ? "~GET /health/live" : "GET /health").utf8)))
        }
    }

    private mutating func check(_ request: FuzzRequest) {
        let answer = request.isForAdmin ? admin.send(request) : risk.send(request)
        HTTPChecks.check(answer, isRaw: false, isThorough: isThorough)
    }
}

/// A well-formed HTTP request made from any input.
struct FuzzRequest {
    let isForAdmin: Bool
    let method: String
    let bytes: [UInt8]

    init(_ input: [UInt8]) {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        isForAdmin = input.first == UInt8(ascii: "~")
        let words = lines[0].drop { $0 == UInt8(ascii: "~") }.split(
            separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        let known = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]
        let given = String(decoding: words[0], as: UTF8.self)
        method = known.contains(given) ? given : "GET"
        var target = words.count > 1 ? words[1].flatMap(Self.visible) : []
        if target.first != UInt8(ascii: "/") { target.insert(UInt8(ascii: "/"), at: 0) }
        let body = lines.count > 2 ? Array(lines[2]) : []
        var head =
            Array("\(method) ".utf8) + target
            + Array(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n".utf8)
        if lines.count > 1, !lines[1].isEmpty {
            head +=
                Array("Authorization: ".utf8) + lines[1].map { $0 < 0x20 || $0 >= 0x7F ? UInt8(ascii: "?") : $0 }
                + Array("\r\n".utf8)
        }
        bytes = head + Array("\r\n".utf8) + body
    }

    /// Percent-encodes a byte that a request line cannot hold.
    private static func visible(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
            ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
