import Hummingbird
import TestSupport
import Testing

@testable import PortfolioRisk

/// An exporter that sends the head of its answer and half a body, and then nothing.
private func withStalledExporter(_ body: (_ url: String) async throws -> Void) async throws {
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let router = Router()
    router.get("metrics") { _, _ in
        Response(
            status: .ok,
            body: ResponseBody(contentLength: 1_000) { writer in
                try await writer.write(ByteBuffer(string: "p26_heat_value 0.5\n# half"))
                try await Task.sleep(for: .seconds(3_600))
            })
    }
    let application = Application(
        router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: silentLogger)
    let server = Task { try await application.run() }
    guard let listening = await ports.first(where: { _ in true }) else {
        throw FixtureError.timeout("the exporter's port")
    }
    let result: Result<Void, any Error>
    do { result = .success(try await body("http://127.0.0.1:\(listening)/metrics")) } catch { result = .failure(error) }
    server.cancel()
    _ = await server.result
    try result.get()
}

@Suite("An exporter that stalls in the middle of its answer")
struct StalledExporterTests {
    @Test("gives no heat, within 5 s", .timeLimit(.minutes(1)))
    func heat() async throws {
        try await withStalledExporter { url in
            let start = ContinuousClock.now
            let heat = await HeatReader(try settings(["HEAT_GATE_METRICS_URL": url]), logger: silentLogger).read()
            #expect(heat == .exporter(nil))
            #expect(ContinuousClock.now - start < .seconds(7))
        }
    }

    @Test("stops neither budgets nor a change of mode nor the end of the service", .timeLimit(.minutes(1)))
    func service() async throws {
        try await withStalledExporter { url in
            let service = try await ServiceFixture(["HEAT_GATE_METRICS_URL": url, "P28_MODE": "enforce"])
            try await service.inject("100000")
            try await eventually("a budget without heat", within: 15) {
                try service.budget()["budget_usd"] == "1868"
            }
            var start = ContinuousClock.now
            #expect(try await service.setMode("shadow").body.contains(#""applied":true"#))
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(try service.budget()["mode"] == "shadow")
            start = .now
            await service.stop()
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }
}
