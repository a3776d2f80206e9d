import Testing

@testable import AdminHTTP

@Suite("The names by which a service is asked")
struct HostRuleTests {
    private let rule = HostRule(["gatehost.internal"])

    @Test(
        "are addresses, localhost and the allowed ones, with any port and in any case",
        arguments: [
            "127.0.0.1", "127.0.0.1:8044", "10.1.2.3:80", "[::1]:8044", "[fe80::1%eth0]:8044", "localhost",
            "LocalHost:1", "localhost.:8044", "gatehost.internal:8044", "GATEHOST.internal",
        ])
    func allowed(_ host: String) {
        #expect(rule.refusal(host: host, origin: nil) == nil)
    }

    @Test(
        "are no others: a page could have made them lead here",
        arguments: [
            "evil.example", "evil.example:8044", "127.0.0.1.evil.example", "localhost.evil.example", "[::1", "1.2.3",
            "gatehost.internal.evil.example", "",
        ])
    func refused(_ host: String) {
        #expect(rule.refusal(host: host, origin: nil) != nil)
    }

    @Test("a request of a page is refused, by any name")
    func origin() {
        for origin in ["http://evil.example", "http://127.0.0.1:8044", "null"] {
            #expect(rule.refusal(host: "127.0.0.1", origin: origin) != nil)
        }
        #expect(rule.refusal(host: nil, origin: nil) == nil)
    }
}
