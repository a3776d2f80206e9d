import Foundation
import Testing
import TestSupport

@Suite(
    "TLS to Redis through a tunnel", .serialized,
    .enabled(if: TLSTunnel.program != nil, "stunnel is not installed (Debian: stunnel4): scripts/setup.sh stunnel"),
    .enabled(if: TLSCertificates.openSSL != nil, "openssl is not installed (Debian: openssl)"))
struct TLSTests {
    /// A Redis that speaks TLS and knows the users, a tunnel to it, and the services of a deployment.
    private struct TLSFixture {
        let server: LeastPrivilegeServer
        let port: Int
        let tunnel: TLSTunnel
        let deployment: LeastPrivilegeDeployment
        let producer: LeastPrivilegeClient
        let looking: LeastPrivilegeClient

        init(change: (TLSCertificates) async throws -> (String) -> String = { _ in { $0 } }) async throws {
            let certificates = try await TLSCertificates()
            port = try freePort()
            server = try await LeastPrivilegeServer(extraArguments: certificates.serverArguments(port: port))
            tunnel = try TLSTunnel(to: port, certificates, change: try await change(certificates))
            deployment = try LeastPrivilegeDeployment(
                server, hostURL: server.url("gatehost", through: tunnel.socketPath))
            producer = try server.connect("plan-producer")
            looking = try server.connect("operator")
            let writer = try server.connect("portfolio-risk-governor")
            let now = String(Int(Date().timeIntervalSince1970))
            for symbol in LeastPrivilegeDeployment.symbols {
                try writer(
                    "HSET", "quantum:portfolio:budget:\(symbol)", "symbol", symbol, "budget_usd", "1000", "mode",
                    "enforce", "timestamp", now)
            }
            let publisher = try server.connect("position-publisher")
            for symbol in LeastPrivilegeDeployment.symbols { try publisher(FaultDeployment.flat(symbol)) }
        }

        /// Plans of 100 to 900 USD against budgets of 1,000.
        func publish(_ range: Range<Int>) throws {
            let symbols = LeastPrivilegeDeployment.symbols
            try producer.publish(
                range.map {
                    Plans.open("plan-\($0)", symbols[$0 % symbols.count], quantity: "0.0\($0 % 20 + 1)", price: "10000")
                })
        }

        func decided() throws -> Int { try looking("XLEN", "quantum:stream:governor.decision").integer ?? 0 }

        /// Every entry has one decision, every plan one permit or block, and nothing is left pending.
        func checkBooks(plans count: Int) throws {
            let ids = try looking("XRANGE", "quantum:stream:apply.plan", "-", "+").elements.compactMap {
                $0.element(0)?.text
            }
            let records = try looking.entries("quantum:stream:governor.decision")
            #expect(ids.count == count)
            #expect(records.count == count)
            #expect(Set(records.compactMap { $0["intent_id"] }) == Set(ids))
            #expect(records.allSatisfy { ["permit", "block"].contains($0["outcome"]) })
            #expect(Set(records.compactMap { $0["outcome"] }).count == 2)
            for record in records {
                let answer = record["outcome"] == "permit" ? "quantum:permit:" : "quantum:governor:block:"
                #expect(try looking("EXISTS", answer + (record["plan_id"] ?? "")).integer == 1)
            }
            #expect(try looking("XPENDING", "quantum:stream:apply.plan", "governor").element(0)?.integer == 0)
            #expect(try server.refusals() == [])
        }
    }

    @Test("the host decides through the tunnel, under its own user, after both sides have checked certificates")
    func decides() async throws {
        let fixture = try await TLSFixture()
        try await fixture.tunnel.start()
        try fixture.deployment.startHost()
        try fixture.publish(0..<500)
        try await eventually("500 decisions") { try fixture.decided() >= 500 }
        try fixture.checkBooks(plans: 500)
        #expect(
            try await fixture.deployment.askHost("metrics").body.contains(
                "\ngatehost_records_cached{stream=\"quantum:stream:apply.plan\"} 1\n"))
        #expect(fixture.tunnel.log.contains("Certificate accepted at depth=0: CN=localhost"))
        let clients =
            try fixture.server.connect("admin")("CLIENT", "LIST").text?.split(separator: "\n").filter {
                $0.contains(" user=gatehost ")
            } ?? []
        #expect(
            !clients.isEmpty && clients.allSatisfy { $0.contains(" laddr=127.0.0.1:\(fixture.port) ") }, "\(clients)")
    }

    enum Fault: String, CaseIterable, CustomTestStringConvertible {
        case otherAuthority = "another CA of the same name"
        case otherName = "a certificate for another name"
        case noClientCertificate = "no certificate of our own"

        var testDescription: String { rawValue }

        /// The text in the tunnel's log.
        var complaint: String {
            switch self {
            case .otherAuthority: "self-signed certificate in certificate chain"
            case .otherName: "CERT: Subject checks failed"
            case .noClientCertificate: "certificate required"
            }
        }

        func change(_ certificates: TLSCertificates) async throws -> (String) -> String {
            switch self {
            case .otherAuthority:
                let other = try await certificates.makeOtherAuthority()
                return { $0.replacing(certificates.path("ca.pem"), with: other) }
            case .otherName:
                return { $0.replacing("checkHost = localhost", with: "checkHost = redis.example.internal") }
            case .noClientCertificate:
                return { text in
                    text.split(separator: "\n", omittingEmptySubsequences: false).filter {
                        !$0.hasPrefix("cert =") && !$0.hasPrefix("key =")
                    }
                    .joined(separator: "\n")
                }
            }
        }
    }

    @Test(
        "nothing is sent to a wrong server, nothing is decided, and the host reports that it is not ready",
        arguments: Fault.allCases)
    func refused(fault: Fault) async throws {
        let fixture = try await TLSFixture(change: fault.change)
        try await fixture.tunnel.start()
        try fixture.publish(0..<10)
        let host = try fixture.deployment.startHost()
        try await fixture.deployment.hostIs(ready: false)
        // Intake, reports and revocations each have a connection.
        try await eventually("several attempts of each") {
            fixture.tunnel.log.matches(of: /accepted connection/).count >= 9
        }
        #expect(fixture.tunnel.log.contains(fault.complaint), "\(fixture.tunnel.log)")
        // In TLS 1.3 the server rejects a missing client certificate only after the handshake, and so after the tunnel
        // has sent the first bytes.
        if fault != .noClientCertificate {
            let sent = Set(fixture.tunnel.log.matches(of: /([0-9]+) byte\(s\) sent to TLS/).map(\.output.1))
            #expect(sent == ["0"])
        }
        try await eventually("the reason") {
            let reason = try await fixture.deployment.askHost("health/ready").body
            return reason.contains("closed the connection") || reason.contains("Connection reset by peer")
        }
        #expect(host.isRunning)
        #expect(try fixture.decided() == 0)
        #expect(try fixture.looking("INFO", "commandstats").text?.contains("cmdstat_xreadgroup") == false)
    }

    @Test("a tunnel killed again and again under 6,000 plans costs reconnects, and no decision is lost or repeated")
    func killed() async throws {
        let fixture = try await TLSFixture()
        try await fixture.tunnel.start()
        let host = try fixture.deployment.startHost()
        var interrupted = 0
        for start in stride(from: 0, to: 6_000, by: 1_000) {
            try fixture.publish(start..<(start + 1_000))
            try await eventually("work under way") { try fixture.decided() > start + 20 }
            fixture.tunnel.kill()
            try await fixture.deployment.hostIs(ready: false)
            if try fixture.decided() < start + 1_000 { interrupted += 1 }
            try await fixture.tunnel.start()
        }
        try await eventually("6,000 decisions") { try fixture.decided() >= 6_000 }
        try fixture.checkBooks(plans: 6_000)
        #expect(host.isRunning)
        #expect(interrupted > 0)
    }

    @Test("the host notices a frozen tunnel within seconds, and goes on when it thaws")
    func frozen() async throws {
        let fixture = try await TLSFixture()
        try await fixture.tunnel.start()
        try fixture.deployment.startHost()
        try fixture.publish(0..<500)
        try await eventually("work under way") { try fixture.decided() > 20 }
        fixture.tunnel.freeze()
        let start = ContinuousClock.now
        try await fixture.deployment.hostIs(ready: false)
        // The command timeout is 1 s; the rest allows for a busy machine.
        #expect(ContinuousClock.now - start < .seconds(8))
        try fixture.publish(500..<1_000)
        fixture.tunnel.thaw()
        try await fixture.deployment.hostIs(ready: true)
        try await eventually("1,000 decisions") { try fixture.decided() >= 1_000 }
        try fixture.checkBooks(plans: 1_000)
    }
}
