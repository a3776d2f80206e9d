import Hummingbird
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The heat of an exporter")
struct HeatReaderTests {
    /// Serves one response on a free port and reads it with a `HeatReader`.
    private func read(_ status: HTTPResponse.Status, _ text: String, metric: String? = nil) async throws -> HeatSource {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.get("metrics") { _, _ in
            Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: silentLogger)
        let server = Task { try await application.run() }
        guard let listening = await ports.first(where: { _ in true }) else {
            throw FixtureError.timeout("the exporter's port")
        }
        var environment = ["HEAT_GATE_METRICS_URL": "http://127.0.0.1:\(listening)/metrics"]
        environment["HEAT_METRIC_NAME"] = metric
        let source = await HeatReader(try settings(environment), logger: silentLogger).read()
        server.cancel()
        _ = await server.result
        return source
    }

    @Test("is read from the metric with exactly the configured name")
    func exact() async throws {
        let text =
            "# TYPE p26_heat_value gauge\np26_heat_value_old 9\np26_heat_value 0.0625\nother_heat{a=\"b\"} 1e-3\n"
        #expect(try await read(.ok, text) == .exporter(try Ratio("0.0625")))
        #expect(try await read(.ok, text, metric: "other_heat") == .exporter(try Ratio("0.001")))
    }

    @Test("is unknown if the exporter gives no usable value")
    func none() async throws {
        #expect(try await read(.ok, "p26_heat_value_old 9\n") == .exporter(nil))
        #expect(try await read(.ok, "p26_heat_value NaN\n") == .exporter(nil))
        #expect(try await read(.ok, "p26_heat_value abc\n") == .exporter(nil))
        #expect(try await read(.internalServerError, "p26_heat_value 1\n") == .exporter(nil))
        #expect(
            await HeatReader(
                try settings(["HEAT_GATE_METRICS_URL": "http://127.0.0.1:1/metrics"]), logger: silentLogger
            ).read() == .exporter(nil))
    }

    @Test("comes from the positions unless an exporter is configured")
    func unconfigured() async throws {
        #expect(await HeatReader(RiskSettings(), logger: silentLogger).read() == .positions)
    }
}
