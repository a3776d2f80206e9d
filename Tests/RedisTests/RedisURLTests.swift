@testable import Redis
import Testing

@Suite("A Redis URL")
struct RedisURLTests {
    struct Good: Sendable, CustomTestStringConvertible {
        let url: String
        let address: RedisConfiguration.Address
        var database = 0
        var username: String?
        var password: String?
        let redacted: String
        var testDescription: String { redacted }
    }

    static let good: [Good] = [
        Good(
            url: "redis://localhost", address: .tcp(host: "localhost", port: 6379), redacted: "redis://localhost:6379/0"
        ),
        Good(
            url: "REDIS://10.0.0.1:7000/", address: .tcp(host: "10.0.0.1", port: 7000),
            redacted: "redis://10.0.0.1:7000/0"),
        Good(
            url: "redis://cache-1.example:1/15", address: .tcp(host: "cache-1.example", port: 1), database: 15,
            redacted: "redis://cache-1.example:1/15"),
        Good(
            url: "redis://[::1]:6380/2", address: .tcp(host: "::1", port: 6380), database: 2,
            redacted: "redis://[::1]:6380/2"),
        Good(
            url: "redis://[fe80::1]", address: .tcp(host: "fe80::1", port: 6379), redacted: "redis://[fe80::1]:6379/0"),
        Good(
            url: "redis://:pw@h", address: .tcp(host: "h", port: 6379), password: "pw",
            redacted: "redis://:***@h:6379/0"),
        Good(
            url: "redis://u:pw@h:1/3", address: .tcp(host: "h", port: 1), database: 3, username: "u", password: "pw",
            redacted: "redis://u:***@h:1/3"),
        Good(
            url: "redis://a%40b:p%2F%3a%25@h", address: .tcp(host: "h", port: 6379), username: "a@b", password: "p/:%",
            redacted: "redis://a%40b:***@h:6379/0"
        ),
        Good(
            url: "redis://u:a:b@c@h", address: .tcp(host: "h", port: 6379), username: "u", password: "a:b@c",
            redacted: "redis://u:***@h:6379/0"),
        Good(
            url: "redis://u:@h", address: .tcp(host: "h", port: 6379), username: "u", password: "",
            redacted: "redis://u:***@h:6379/0"),
        Good(
            url: "unix:///run/redis.sock", address: .unix(path: "/run/redis.sock"), redacted: "unix:///run/redis.sock"),
        Good(
            url: "unix:///a%20b.sock?db=4", address: .unix(path: "/a b.sock"), database: 4,
            redacted: "unix:///a%20b.sock?db=4"),
        Good(
            url: "unix://u:pw@/r.sock?db=0", address: .unix(path: "/r.sock"), username: "u", password: "pw",
            redacted: "unix://u:***@/r.sock"),
    ]

    @Test("gives address, database and login, and a redacted form that parses again", arguments: good)
    func parses(_ expected: Good) throws {
        let configuration = try RedisConfiguration(url: expected.url)
        #expect(configuration.address == expected.address)
        #expect(configuration.database == expected.database)
        #expect(configuration.username == expected.username)
        #expect(configuration.password == expected.password.map { Secret($0) })
        #expect(configuration.connectTimeout == .seconds(2))
        #expect(configuration.commandTimeout == .seconds(2))
        #expect(configuration.redactedURL == expected.redacted)
        var again = try RedisConfiguration(url: expected.redacted)
        again.password = configuration.password
        #expect(again == configuration)
    }

    static let bad: [(url: String, message: String)] = [
        ("", "not a Redis URL: expected redis://host:port/db or unix:///path/to.sock"),
        ("localhost:6379", "not a Redis URL: expected redis://host:port/db or unix:///path/to.sock"),
        ("http://h", "unknown scheme in the Redis URL: expected redis://, unix:// or sentinel://"),
        ("rediss://h", "rediss:// (TLS) is not supported: use redis://, a unix:// socket, or a local TLS proxy"),
        ("redis+sentinel://h/mymaster", "write the sentinels as sentinel://host:26379,host:26379/mymaster"),
        ("redis://", "the host is empty"),
        ("redis://:6379", "the host is empty"),
        ("redis://h_st!", "the host contains a character that no host name has"),
        ("redis://h:", "the port must be a number from 1 to 65535"),
        ("redis://h:0", "the port must be a number from 1 to 65535"),
        ("redis://h:65536", "the port must be a number from 1 to 65535"),
        ("redis://h:+1", "the port must be a number from 1 to 65535"),
        ("redis://h:99999999999999999999", "the port must be a number from 1 to 65535"),
        ("redis://h/-1", "the database must be a whole number, 0 or more"),
        ("redis://h/1/2", "the database must be a whole number, 0 or more"),
        ("redis://h/x", "the database must be a whole number, 0 or more"),
        ("redis://h/2147483648", "the database must be a whole number, 0 or more"),
        ("redis://h?db=1", "redis:// takes no query: write the database as /db, and a ? in a user or password as %3F"),
        ("redis://::1:6379", "too many colons after the host: put an IPv6 address in brackets"),
        ("redis://[::1", "the bracket of the IPv6 address is not closed"),
        ("redis://[host]", "the text in brackets is not an IPv6 address"),
        ("redis://[::1]6379", "the port must be a number from 1 to 65535"),
        ("redis://secret@h", "a user needs a password: write user:password@ (or :password@ for the default user)"),
        ("redis://@h", "a user needs a password: write user:password@ (or :password@ for the default user)"),
        ("redis://u:sec/ret@h", "write a / in a user or password as %2F"),
        ("redis://u:sec%2@h", "bad percent escape in the password: a % must be followed by two hexadecimal digits"),
        ("redis://u%zz:secret@h", "bad percent escape in the user: a % must be followed by two hexadecimal digits"),
        ("redis://u:secret%ff@h", "the percent escapes of the password are not UTF-8"),
        (
            "redis://u:sec ret@h",
            "a Redis URL consists of printable ASCII characters without blanks: percent-encode all others"
        ),
        (
            "redis://h\r\n",
            "a Redis URL consists of printable ASCII characters without blanks: percent-encode all others"
        ),
        ("redis://u:sec#ret@h", "a Redis URL has no fragment: write a # in a user, password or path as %23"),
        ("unix://", "the socket's path is empty: write unix:///path/to.sock"),
        ("unix:///", "the socket's path is empty: write unix:///path/to.sock"),
        ("unix://redis.sock", "unix:// takes no host: write an absolute path, unix:///path/to.sock"),
        ("unix:///r.sock?db=x", "the database must be a whole number, 0 or more"),
        ("unix:///r.sock?timeout=1", "unix:// knows one query parameter: ?db=N"),
        ("unix:///a%00b", "the socket's path contains a NUL character"),
        ("unix:///" + String(repeating: "x", count: 107), "the socket's path is longer than 107 bytes"),
    ]

    @Test("with a mistake is refused with a message that does not quote it", arguments: bad)
    func refuses(url: String, message: String) {
        #expect(throws: RedisURLError(message: message)) { _ = try RedisConfiguration(url: url) }
    }
}

@Suite("A secret")
struct SecretTests {
    @Test("shows in no description, dump or enclosing value")
    func redaction() throws {
        let configuration = try RedisConfiguration(url: "redis://user:hunter2@h")
        let secret = try #require(configuration.password)
        var dumped = ""
        dump(secret, to: &dumped)
        dump(configuration, to: &dumped)
        let shown = [
            "\(secret)", String(reflecting: secret), String(describing: Optional(secret)), "\(configuration)",
            String(reflecting: configuration), dumped,
            configuration.redactedURL,
        ]
        #expect(shown.allSatisfy { !$0.contains("hunter2") })
        #expect("\(secret)" == "***")
        #expect(secret.value == "hunter2")
    }
}
