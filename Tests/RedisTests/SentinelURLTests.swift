@testable import Redis
import Testing

@Suite("A sentinel URL")
struct SentinelURLTests {
    struct Good: Sendable, CustomTestStringConvertible {
        let url: String
        let address: SentinelAddress
        var database = 0
        var username: String?
        var password: String?
        let redacted: String
        var testDescription: String { redacted }
    }

    static let good: [Good] = [
        Good(
            url: "sentinel://a,b:1,[::1]:2/mymaster",
            address: SentinelAddress(
                nodes: [.init(host: "a"), .init(host: "b", port: 1), .init(host: "::1", port: 2)], master: "mymaster"),
            redacted: "sentinel://a:26379,b:1,[::1]:2/mymaster"),
        Good(
            url: "SENTINEL://u:p,w@a/my.master-1_x?db=3",
            address: SentinelAddress(nodes: [.init(host: "a")], master: "my.master-1_x"), database: 3,
            username: "u", password: "p,w", redacted: "sentinel://u:***@a:26379/my.master-1_x?db=3"),
        Good(
            url: "sentinel://:pw@a/m?sentinel_password=q%26r&db=0",
            address: SentinelAddress(nodes: [.init(host: "a")], master: "m", password: Secret("q&r")), password: "pw",
            redacted: "sentinel://:***@a:26379/m?sentinel_password=***"),
        Good(
            url: "sentinel://a/m?db=2&sentinel_user=s%40x&sentinel_password=q",
            address: SentinelAddress(nodes: [.init(host: "a")], master: "m", username: "s@x", password: Secret("q")),
            database: 2,
            redacted: "sentinel://a:26379/m?db=2&sentinel_user=s%40x&sentinel_password=***"),
    ]

    @Test("gives sentinels, master, database and both logins, and a redacted form that parses again", arguments: good)
    func parses(_ expected: Good) throws {
        let configuration = try RedisConfiguration(url: expected.url)
        #expect(configuration.address == .sentinel(expected.address))
        #expect(configuration.database == expected.database)
        #expect(configuration.username == expected.username)
        #expect(configuration.password == expected.password.map { Secret($0) })
        #expect(configuration.redactedURL == expected.redacted)
        #expect(try RedisConfiguration(url: expected.redacted).redactedURL == expected.redacted)
        #expect(!String(reflecting: configuration).contains("q&r"))
    }

    private static let noName = """
        the master's name is missing or has a character that Sentinel forbids: write sentinel://host:26379/mymaster
        """
    private static let query = "sentinel:// knows the query parameters db, sentinel_user and sentinel_password"

    static let bad: [(url: String, message: String)] = [
        ("sentinel://", noName), ("sentinel://a", noName), ("sentinel://a/", noName), ("sentinel://a/x/0", noName),
        ("sentinel://a/my%20m", noName),
        ("sentinel:///m", "the host is empty"),
        ("sentinel://a,/m", "the host is empty"),
        ("sentinel://a,,b/m", "the host is empty"),
        ("sentinel://a:0,b/m", "the port must be a number from 1 to 65535"),
        ("sentinel://a,b@c/m", "a user needs a password: write user:password@ (or :password@ for the default user)"),
        ("sentinel://u:p/q@a/m", "write a / or ? in a user or password as %2F or %3F"),
        ("sentinel://u:p?q@a/m", "write a / or ? in a user or password as %2F or %3F"),
        ("sentinel://a/m?db=x", "the database must be a whole number, 0 or more"),
        ("sentinel://a/m?db=1&db=1", "a query parameter is given twice"),
        ("sentinel://a/m?db=1&", query), ("sentinel://a/m?password=x", query),
        ("sentinel://a/m?sentinel_user=u", "a sentinel_user needs a sentinel_password"),
        (
            "sentinel://a/m?sentinel_password=%zz",
            "bad percent escape in the sentinel_password: a % must be followed by two hexadecimal digits"
        ),
        ("sentinel://" + Array(repeating: "a", count: 17).joined(separator: ",") + "/m", "more than 16 sentinels"),
    ]

    @Test("with a mistake is refused with a message that does not quote it", arguments: bad)
    func refuses(url: String, message: String) {
        #expect(throws: RedisURLError(message: message)) { _ = try RedisConfiguration(url: url) }
    }
}
