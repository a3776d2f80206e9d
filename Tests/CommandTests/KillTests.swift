import TestSupport
import Testing

@Suite("gatehost kill")
struct KillTests {
    private static let events = "quantum:stream:governor.events"

    @Test("on takes live permits back, except those of orders that only reduce; repeating it is safe")
    func on() async throws {
        let world = try OperatorWorld()
        try world.setBudget("1000")
        try world.snapshot("position_amt", "0.002")
        let host = try await world.host()
        #expect(try await world.decide("a", "BUY", "0.003") == "permit")
        #expect(try await world.decide("b", "BUY", "0.001") == "permit")
        #expect(try await world.decide("close", "SELL", "0.002", reduceOnly: true) == "permit")
        try world.consume("b")
        // The host takes permits back too: without it the count is exact.
        host.crash()
        let result = try await world.run("kill", "on", "--why", "exchange is down")
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(result.output == "quantum:kill: on\nlive permits taken back: 1\n")
        #expect(try world.redis.command("GET", "quantum:kill").text == "1")
        #expect(try world.redis.command("EXISTS", "quantum:permit:a").integer == 0)
        #expect(try world.redis.command("EXISTS", "quantum:permit:close").integer == 1)
        #expect(try world.redis.totals(of: OperatorWorld.account) == "0=0.001 3=0.002")
        #expect(try await world.run("kill", "on").output == "quantum:kill: on\nlive permits taken back: 0\n")
        let all = try await world.run("exposure", "BTCUSDT", "--all")
        #expect(all.output.contains("a      revoked   buy 0.003"))
        let event = try #require(try world.redis.entries(Self.events).first)
        #expect(event["event"] == "KILL_SWITCH")
        #expect(event["from"] == "")
        #expect(event["to"] == "1")
        #expect(event["why"] == "exchange is down")
        #expect(event["revoked"] == "1")
        #expect(event["origin"]?.contains("@") == true)
    }

    @Test("stops a running host from opening, and lets it go on")
    func running() async throws {
        let world = try OperatorWorld()
        try world.setBudget("1000")
        try world.snapshot("position_amt", "0")
        let host = try await world.host()
        defer { host.crash() }
        #expect(try await world.run("kill", "on").status == 0)
        #expect(try await world.decide("a", "BUY", "0.003") == "block")
        #expect(try await world.run("kill", "off").output == "quantum:kill: off\n")
        #expect(try await world.decide("b", "BUY", "0.003") == "permit")
    }

    @Test("status changes nothing", arguments: [(nil, "off"), ("0", "off"), ("1", "on")] as [(String?, String)])
    func status(value: String?, state: String) async throws {
        let world = try OperatorWorld()
        if let value { try world.redis.command("SET", "quantum:kill", value) }
        let result = try await world.run("kill", "status")
        #expect(result.status == 0)
        #expect(result.output == "quantum:kill: \(state)\n")
        #expect(try world.redis.command("GET", "quantum:kill").text == value)
        #expect(try world.redis.command("EXISTS", Self.events).integer == 0)
    }

    @Test("an ambiguous switch is on, and on and off mend it")
    func damaged() async throws {
        let world = try OperatorWorld()
        for text in ["yes", "true", "1 ", "1\n", "exchange is down"] {
            try world.redis.command("SET", "quantum:kill", text)
            #expect(try await world.run("kill", "status").output == "quantum:kill: on\n", "\(text)")
        }
        try world.redis.command("DEL", "quantum:kill")
        try world.redis.command("LPUSH", "quantum:kill", "1")
        #expect(try await world.run("kill", "status").output == "quantum:kill: on\n")
        #expect(try await world.run("kill", "on").status == 0)
        #expect(try world.redis.command("GET", "quantum:kill").text == "1")
        try world.redis.command("SET", "quantum:kill", "Off\n")
        #expect(try await world.run("kill", "status").output == "quantum:kill: off\n")
    }

    @Test(
        "stops a symbol or a source alone, takes its permits back, and says who and why",
        arguments: [
            (["--symbol", "btcusdt"], "quantum:kill:symbol:BTCUSDT"),
            (["--source", "bridge"], "quantum:kill:source:bridge"),
        ])
    func scoped(option: [String], key: String) async throws {
        let world = try OperatorWorld()
        try world.setBudget("1000")
        try world.snapshot("position_amt", "0")
        let host = try await world.host()
        defer { host.crash() }
        #expect(try await world.decide("a", "BUY", "0.001", source: "bridge") == "permit")
        #expect(try await world.decide("b", "BUY", "0.001", source: "other", symbol: "ETHUSDT") == "permit")
        let config = ["--config", world.config]
        let on = try await HostProcess(["kill"] + option + ["--why", "strategy is wild"] + config).finish()
        #expect(on.status == 0, "\(on.errors)")
        #expect(on.output.hasPrefix("\(key): on\n"))
        #expect(try world.redis.command("EXISTS", "quantum:permit:a").integer == 0)
        #expect(try world.redis.command("EXISTS", "quantum:permit:b").integer == 1)
        #expect(try await world.decide("c", "BUY", "0.001", source: "bridge") == "block")
        #expect(try await world.decide("d", "BUY", "0.001", source: "other", symbol: "ETHUSDT") == "permit")
        #expect(try await world.run("kill", "status").output == "quantum:kill: off\n\(key): on\n")
        let off = try await HostProcess(["kill", "--off"] + option + config).finish()
        #expect(off.output == "quantum:kill: off\n")
        #expect(try world.redis.command("EXISTS", key).integer == 0)
        #expect(try await world.decide("e", "BUY", "0.001", source: "bridge") == "permit")
        let events = try world.redis.entries(Self.events)
        #expect(events.map { $0["key"] } == [key, key])
        #expect(events.map { $0["to"] } == ["1", "0"])
        #expect(events[0]["why"] == "strategy is wild")
        #expect(events[0]["origin"]?.contains("@") == true)
        #expect(events[1]["from"] == "1")
    }

    @Test("--why alone stops everything, --off lets it go on")
    func flags() async throws {
        let world = try OperatorWorld()
        #expect(try await world.run("kill", "--why", "exchange is down").status == 0)
        #expect(try world.redis.command("GET", "quantum:kill").text == "1")
        #expect(try await world.run("kill", "--off").output == "quantum:kill: off\n")
        #expect(try world.redis.command("GET", "quantum:kill").text == "0")
        #expect(try world.redis.entries(Self.events).map { $0["key"] } == ["quantum:kill", "quantum:kill"])
    }

    @Test(
        "asks back if it is not clear what is meant",
        arguments: [
            [], ["on", "--off"], ["status", "--symbol", "BTCUSDT"], ["--symbol", "A", "--source", "b", "--why", "c"],
            ["--symbol", "two words", "--why", "c"], ["--source", " ", "--why", "c"],
        ])
    func unclear(arguments: [String]) async throws {
        let world = try OperatorWorld()
        let result = try await HostProcess(["kill"] + arguments + ["--config", world.config]).finish()
        #expect(result.status == 64)
        #expect(try world.redis.command("DBSIZE").integer == 0)
    }

    @Test("status tells of a switch that no plan can have")
    func misnamed() async throws {
        let world = try OperatorWorld()
        try world.redis.command("SET", "quantum:kill:symbol:btcusdt", "1")
        let result = try await world.run("kill", "status")
        #expect(result.output == "quantum:kill: off\n")
        #expect(
            result.errors
                == "warning: quantum:kill:symbol:btcusdt stops nothing: no symbol or source is named so\n")
    }

    @Test("shows the global switch if a gate obeys it")
    func global() async throws {
        let world = try OperatorWorld(
            """
              - { gate: p28-budget, mode: enforce }
              - { gate: kill-switch, mode: enforce, settings: { global_switch: true } }
            """)
        try world.redis.command("SET", "quantum:global:kill_switch", "true")
        let result = try await world.run("kill", "status")
        #expect(result.output == "quantum:kill: off\nquantum:global:kill_switch: on\n")
    }

    @Test("warns if no enforced gate obeys the switch, or if there are no accounts")
    func warnings() async throws {
        let world = try OperatorWorld(
            """
              - { gate: p28-budget, mode: enforce, settings: { reserve: false } }
              - { gate: kill-switch, mode: shadow, settings: { reserve: false } }
            """)
        let result = try await world.run("kill", "on")
        #expect(result.status == 0)
        #expect(
            result.errors == """
                warning: the switch stops nothing: no enforced gate of \(world.config) obeys it, so hosts go on giving \
                permits. kill-switch is in shadow.
                warning: no gate keeps an account, so permits that are already given stay until they end

                """)
    }

    @Test("the switch is on even if the user may do nothing else, and that is an error")
    func fewRights() async throws {
        let world = try OperatorWorld()
        try world.redis.command("ACL", "SETUSER", "few", "on", ">secret", "+ping", "(+set %W~quantum:kill)")
        let url = world.redis.server.url.replacing("unix://", with: "unix://few:secret@")
        let result = try await world.run("kill", "on", environment: ["REDIS_URL": url])
        #expect(result.status == 1)
        #expect(result.output == "quantum:kill: on\n")
        #expect(result.errors.contains("error: the kill switch is on, but not all live permits were taken back\n"))
        #expect(try world.redis.command("GET", "quantum:kill").text == "1")
    }

    @Test("exits with 69 if there is no Redis, and with 64 for another word")
    func exits() async throws {
        let world = try OperatorWorld()
        let away = try await world.run("kill", "on", environment: ["REDIS_URL": "unix:///nowhere/redis.sock"])
        #expect(away.status == 69)
        #expect(try await world.run("kill", "maybe").status == 64)
    }

    @Test("K8: a switch's name and value from outside neither forge a line nor steer a terminal")
    func foreignNames() async throws {
        let world = try OperatorWorld()
        try world.redis.command("SET", "quantum:kill", "1\u{9B}2J\n" + String(repeating: "x", count: 100_000))
        try world.redis.command("SET", "quantum:kill:source:a\u{9B}2J\nquantum:kill: off\u{202E}", "1")
        try world.redis.command("SET", "quantum:kill:symbol:a\u{9B}\nb", "1")
        let status = try await world.run("kill", "status")
        #expect(
            status.output == "quantum:kill: on\nquantum:kill:source:a\u{FFFD}2J\u{FFFD}quantum:kill: off\u{FFFD}: on\n")
        #expect(
            status.errors.contains("warning: quantum:kill:symbol:a\u{FFFD}\u{FFFD}b stops nothing"), "\(status.errors)")
        #expect(try await world.run("kill", "on").status == 0)
        let event = try #require(try world.redis.entries(Self.events).first)
        #expect(event["from"]?.hasPrefix("1\u{FFFD}2J\u{FFFD}xxx") == true)
        #expect(event["from"]?.unicodeScalars.count == 64)
    }
}
