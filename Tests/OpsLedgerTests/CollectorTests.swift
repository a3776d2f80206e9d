import EmbeddedRedis
import Foundation
import OpsLedger
import TestSupport
import Testing

@Suite("What an entry finds out")
struct CollectorTests {
    /// A folder of programs that stand in for the system's.
    private func programs(_ scripts: [String: String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, script) in scripts { chmod(try folder.write("#!/bin/sh\n\(script)\n", to: name), 0o755) }
        return folder
    }

    private func run(_ arguments: [String], in folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/git")
        process.arguments =
            ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "init.defaultBranch=main"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("the commit and branch of the ledger's repository, also in the environment of another repository's hook")
    func git() async throws {
        let folder = try TemporaryFolder()
        let collector = FactCollector(environment: ["PATH": "/usr/bin:/bin", "GIT_DIR": "/nowhere"])
        let outside = await collector.collect(.sample, repository: folder.path)
        #expect(outside.gitCommit == "UNKNOWN")
        #expect(outside.gitBranch == "UNKNOWN")
        #expect(outside.warnings == ["git: the commit of \(folder.path) is unknown"])
        try run(["init", "-q"], in: folder.path)
        try run(["commit", "-q", "--allow-empty", "-m", "first"], in: folder.path)
        try run(["checkout", "-q", "-b", "feature/ledger"], in: folder.path)
        let inside = await collector.collect(.sample, repository: folder.path)
        #expect(inside.gitCommit.wholeMatch(of: /[0-9a-f]{8}/) != nil)
        #expect(inside.gitBranch == "feature/ledger")
        #expect(inside.warnings == [])
        try run(["checkout", "-q", "--detach"], in: folder.path)
        #expect(await collector.collect(.sample, repository: folder.path).gitBranch == "HEAD")
    }

    @Test("whether services are active; unknown where systemctl fails, is missing or does not answer")
    func services() async throws {
        let folder = try programs([
            "systemctl": """
            [ "$1 $2" = "is-active --" ] || exit 9
            case "$3" in
                up) echo active ;;
                down) echo inactive; exit 3 ;;
                broken) echo failed; exit 3 ;;
                slow) exec sleep 60 ;;
                *) echo 'Failed to connect to bus' >&2; exit 1 ;;
            esac
            """
        ])
        var operation = LedgerOperation.sample
        operation.allowedServices = ["up,down,broken", "slow,lost", "up"]
        let facts = await FactCollector(environment: ["PATH": "\(folder.path):/usr/bin:/bin"], limit: .seconds(2))
            .collect(operation, repository: folder.path)
        #expect(
            facts.services.map { "\($0.name) \($0.state)" } == [
                "up active", "down inactive", "broken inactive", "slow UNKNOWN", "lost UNKNOWN",
            ])
        let none = await FactCollector(environment: ["PATH": folder.path + "/none"]).collect(
            operation, repository: folder.path)
        #expect(Set(none.services.map(\.state)) == ["UNKNOWN"])
    }

    @Test("the lines of metrics that match, ten of each pattern; a URL that fails says so")
    func metrics() async throws {
        let text =
            (1...12).map { "p28_budget_value_usd{symbol=\"S\($0)\"} \($0)" }.joined(separator: "\n")
            + "\np28_enforce_mode 1.0\n# HELP other\nother 5\n"
        let server = try SmallHTTPServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)")
        let failing = try SmallHTTPServer(answer: "HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let silent = try SmallHTTPServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\npartial")
        var operation = LedgerOperation.sample
        operation.metricsURLs = ["\(server.url)/m?a=1,2,\(failing.url)/m", "\(silent.url)/m"]
        operation.metricsPatterns = ["^p28_budget.*S[0-9]+", "enforce_mode|other"]
        let facts = await FactCollector(environment: ["PATH": "/usr/bin:/bin"], limit: .seconds(1)).collect(
            operation, repository: "/")
        #expect(
            facts.metrics == [
                SnapshotSection(
                    title: "\(server.url)/m?a=1,2 | grep '^p28_budget.*S[0-9]+'",
                    lines: (1...10).map { "p28_budget_value_usd{symbol=\"S\($0)\"} \($0)" }),
                SnapshotSection(
                    title: "\(server.url)/m?a=1,2 | grep 'enforce_mode|other'",
                    lines: ["p28_enforce_mode 1.0", "# HELP other", "other 5"]),
                SnapshotSection(title: "\(failing.url)/m: FAILED", lines: []),
                SnapshotSection(title: "\(silent.url)/m: FAILED", lines: []),
            ])
        #expect(facts.warnings.contains("\(failing.url)/m: answered with status 503"))
        #expect(facts.warnings.contains("\(silent.url)/m: no answer in time"))
    }

    @Test("a port that nothing listens on fails at once")
    func refusedConnection() async throws {
        var operation = LedgerOperation.sample
        operation.metricsURLs = ["http://u:pw@127.0.0.1:1/metrics"]
        let start = ContinuousClock.now
        let facts = await FactCollector(environment: ["PATH": "/usr/bin:/bin"], limit: .seconds(60)).collect(
            operation, repository: "/")
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(Snapshot(facts.metrics).lines == ["# http://***@127.0.0.1:1/metrics: FAILED"])
        #expect(
            facts.warnings.filter { $0.hasPrefix("http://***@127.0.0.1:1/metrics: ") && !$0.contains("pw") }.count == 1)
    }

    @Test("replies of Redis as redis-cli prints them")
    func redis() async throws {
        let fixture = try RedisFixture()
        try fixture.command("SET", "quantum:kill", "1")
        try fixture.command("HSET", "h", "symbol", "BTCUSDT", "budget_usd", "1820")
        try fixture.command("XADD", "s", "1-1", "a", "two words")
        try fixture.command("SET", "two words", "line\nnext \u{1}")
        var operation = LedgerOperation.sample
        operation.redisCommands = [
            "GET quantum:kill", "hgetall h", "XRANGE s - +", "GET 'two words'", "TTL h", "GET none", "HGETALL none",
            "XLEN h",
        ]
        let collector = FactCollector(environment: ["PATH": "/usr/bin:/bin", "REDIS_URL": fixture.server.url])
        let facts = await collector.collect(operation, repository: "/")
        #expect(
            Snapshot(facts.redis).lines == [
                "# redis-cli GET quantum:kill", "1", "# redis-cli hgetall h", "symbol", "BTCUSDT", "budget_usd", "1820",
                "# redis-cli XRANGE s - +", "1-1", "a",
                "two words", "# redis-cli GET 'two words'", "line", "next \\x01", "# redis-cli TTL h", "-1",
                "# redis-cli GET none", "(nil)",
                "# redis-cli HGETALL none", "(empty array)", "# redis-cli XLEN h",
                "(error) WRONGTYPE Operation against a key holding the wrong kind of value",
            ])
        fixture.server.kill()
        let failed = await collector.collect(operation, repository: "/")
        #expect(failed.redis.map(\.title) == operation.redisCommands.map { "redis-cli \($0): FAILED" })
        #expect(failed.warnings.count == 2)
    }

    @Test(
        "no command that could change or hold up Redis",
        arguments: [
            "DEL a", "set a b", "KEYS *", "EVAL 'return 1' 0", "FLUSHALL", "XREAD BLOCK 0 STREAMS s $", "CONFIG GET *",
            "GETDEL a",
        ])
    func refused(_ command: String) throws {
        var operation = LedgerOperation.sample
        operation.redisCommands = ["PING", command]
        let name = try #require(command.split(separator: " ").first)
        #expect { try operation.normalized() } throws: { error in
            (error as? LedgerError)?.code == .invalidRequest
                && (error as? LedgerError)?.message.hasPrefix(
                    "--redis_cmds: '\(name)' is not among the read-only commands that a ledger records: ") == true
        }
    }
}
