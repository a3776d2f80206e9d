import Platform
import Redis
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The mode endpoint")
struct ModeEndpointTests {
    @Test("changes the mode at once and on the audit trail for requests with the token")
    func mode() async throws {
        try await withService(["BUDGET_COMPUTE_INTERVAL_SEC": "3600"]) { service in
            try service.setBudget("BTCUSDT", "budget_usd", "1", "mode", "shadow")
            let enforce = #"{"mode":"enforce"}"#
            let missing = try await service.post("/mode", enforce)
            expect(missing, 401, #"{"detail":"Not authenticated"}"#)
            #expect(missing.headers["www-authenticate"] == "Bearer")
            expect(
                try await service.post("/mode", enforce, authorization: "Basic abc"), 401,
                #"{"detail":"Not authenticated"}"#)
            expect(
                try await service.post("/mode", enforce, authorization: "Bearer 0123456789abcdeF"), 403,
                #"{"detail":"Invalid token"}"#)
            let bearer = "Bearer \(ServiceFixture.token)"
            expect(
                try await service.post("/mode", #"{"mode":"Enforce"}"#, authorization: bearer), 422,
                #"{"detail":[{"type":"enum","loc":["body","mode"],"#
                    + #""msg":"Input should be 'shadow' or 'enforce'","input":"Enforce"}]}"#
            )
            expect(
                try await service.post("/mode", authorization: bearer), 422,
                #"{"detail":[{"type":"missing","loc":["body","mode"],"msg":"Field required","input":null}]}"#)
            #expect(try service.redis.entries("quantum:stream:governor.events").isEmpty)

            expect(
                try await service.post("/mode", enforce, authorization: bearer), 200,
                #"{"success":true,"mode":"enforce","previous":"shadow","changed":true,"applied":true}"#)
            // No cycle is due for an hour: the change itself reaches the budgets.
            #expect(try service.budget()["mode"] == "enforce")
            expect(
                try await service.post("/mode", enforce, authorization: bearer), 200,
                #"{"success":true,"mode":"enforce","previous":"enforce","changed":false,"applied":true}"#)
            expect(
                try await service.post("/mode", #"{"mode":"shadow"}"#, authorization: bearer), 200,
                #"{"success":true,"mode":"shadow","previous":"enforce","changed":true,"applied":true}"#)
            #expect(try service.budget()["mode"] == "shadow")
            let events = try service.redis.entries("quantum:stream:governor.events")
            #expect(
                events.map { event in
                    let change = "\(event["from"] ?? "")>\(event["to"] ?? "")"
                    return "\(event["event"] ?? "") \(change) \(event["remote"] ?? "") \(event["origin"] ?? "")"
                } == [
                    "P28_MODE_CHANGE shadow>enforce 127.0.0.1 request",
                    "P28_MODE_CHANGE enforce>shadow 127.0.0.1 request",
                ])
            let metrics = try await service.get("/metrics").body
            #expect(metricValue("p28_mode_changes_total", in: metrics) == "2")
            #expect(metricValue("p28_mode_unauthorized_total", in: metrics) == "3")
        }
    }

    @Test("makes guessing slow, and answers the right token at once meanwhile")
    func guessing() async throws {
        try await withService { service in
            let port = service.port
            try await withThrowingTaskGroup(of: Int.self) { guessers in
                let end = ContinuousClock.now + .seconds(3)
                for guesser in 0..<16 {
                    guessers.addTask {
                        var guesses = 0
                        while ContinuousClock.now < end {
                            let guess = "Bearer guess-\(guesser)-\(guesses)-0123456789"
                            let answer = try await ServiceFixture.send(
                                .POST, "/mode", #"{"mode":"enforce"}"#, guess, port: port)
                            #expect(answer.status == 403)
                            guesses += 1
                        }
                        return guesses
                    }
                }
                try await Task.sleep(for: .seconds(1))
                // On a connection of its own: the guessers share those of their client.
                let start = ContinuousClock.now
                let answer = await onBlockingThread(named: "operator") { Self.change(to: "shadow", port: port) }
                #expect(answer.hasPrefix("HTTP/1.1 200"))
                #expect(ContinuousClock.now - start < .seconds(1))
                var guesses = 0
                for try await count in guessers { guesses += count }
                // Without the wait they were thousands.
                #expect(guesses < 100)
            }
        }
    }

    private static func change(to mode: String, port: Int) -> String {
        let body = #"{"mode":"\#(mode)"}"#
        guard let connection = try? RawConnection(port: port) else { return "no connection" }
        connection.send(
            "POST /mode HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(ServiceFixture.token)\r\n"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        return connection.readAll(within: 5)
    }

    @Test(
        "and all others answer no foreign Host and no page",
        arguments: [["Host": "evil.example"], ["Origin": "http://evil.example"]])
    func foreign(_ headers: [String: String]) async throws {
        try await withService { service in
            let bearer = "Bearer \(ServiceFixture.token)"
            let change = try await service.send(.POST, "/mode", #"{"mode":"enforce"}"#, bearer, headers: headers)
            #expect(change.status == 403)
            #expect(try await service.send(.GET, "/metrics", headers: headers).status == 403)
            #expect(try service.redis.hash("quantum:portfolio:mode")["mode"] != "enforce")
        }
    }

    @Test("leaves the mode unchanged if the audit trail cannot be written or no token is set")
    func modeRefused() async throws {
        try await withService { service in
            try service.redis.command("SET", "quantum:stream:governor.events", "no stream")
            let answer = try await service.post(
                "/mode", #"{"mode":"enforce"}"#, authorization: "Bearer \(ServiceFixture.token)")
            #expect(answer.status == 503)
            #expect(answer.body.contains("WRONGTYPE"))
            #expect(try service.redis.hash("quantum:portfolio:mode")["mode"] != "enforce")
            #expect(try await service.get("/health").body.contains(#""mode":"shadow""#))
        }
        try await withService(["P28_ADMIN_TOKEN": ""]) { service in
            expect(
                try await service.post("/mode", #"{"mode":"enforce"}"#, authorization: "Bearer "), 403,
                #"{"detail":"Changes of mode are disabled (P28_ADMIN_TOKEN is not set)"}"#)
        }
    }
}
