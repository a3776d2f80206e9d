import Foundation
import TestSupport
import Testing

@Suite("gatehost under a limit of address space")
struct AddressSpaceTests {
    private func run(_ kilobytes: Int, _ arguments: [String]) throws -> HostProcess {
        try HostProcess(
            executable: URL(fileURLWithPath: "/bin/sh"),
            ["-c", "ulimit -c 0; ulimit -v \(kilobytes); exec \"$@\"", "sh", HostProcess.gatehost.path] + arguments,
            // A backtrace would keep the host alive for seconds.
            environment: ["SWIFT_BACKTRACE": "enable=no"])
    }

    @Test(
        "K9: too little is said at the start, with or without a supervisor", arguments: [200_000, 1_047_000],
        [[], ["--unsupervised"]])
    func tooLittle(kilobytes: Int, options: [String]) async throws {
        let world = try OperatorWorld("  - { gate: p28-budget, mode: enforce }")
        let result = try await run(kilobytes, ["run", "--config", world.config] + options).finish(within: 30)
        #expect(result.status == 78)
        #expect(
            result.errors == """
                error: the address space of this process is limited to \(kilobytes >> 10) MiB (`ulimit -v`, or LimitAS= \
                of the unit), and the host needs 1024 MiB. Raise the limit, and bound the memory by MemoryMax= instead.

                """)
    }

    @Test("K9: the least that is accepted is enough for a host to decide, and a death by a trap names the limit")
    func enough() async throws {
        let world = try OperatorWorld("  - { gate: p28-budget, mode: enforce }")
        let host = try run(1_048_576, ["run", "--config", world.config])
        try world.redis.publish([Plans.fullClose("a")], to: RedisFixture.planStream)
        try await world.redis.waitForDecisions(1)
        for child in host.children { kill(child, SIGILL) }
        try world.redis.publish([Plans.fullClose("b")], to: RedisFixture.planStream)
        try await world.redis.waitForDecisions(2)
        host.signal(SIGTERM)
        let result = try await host.finish(within: 30)
        #expect(result.errors.contains("the host died and is started again"))
        #expect(result.errors.contains("the address space is limited to 1024 MiB"), "\(result.errors)")
    }
}
