import Foundation
import Testing

@Suite("Prometheus files", .enabled(if: Tool.promtool != nil, "promtool is not installed (Debian: prometheus)"))
struct PrometheusFilesTests {
    @Test("the rules are well formed")
    func rules() throws {
        let result = try #require(Tool.promtool).run(["check", "rules", "--lint-fatal", RuleFile.path])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("every alert fires when it should and is silent when it should be")
    func cases() throws {
        let result = try #require(Tool.promtool).run(["test", "rules", RuleFile.testPath])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("the example configuration is one")
    func example() throws {
        let result = try #require(Tool.promtool).run(["check", "config", RuleFile.folder + "prometheus.example.yml"])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("the cases notice an alert that fires too early or too late", arguments: ["0s", "30m"])
    func spoilt(wait: String) throws {
        let rules = try Repository.text(RuleFile.path)
        let spoilt = rules.replacing("> 128\n        for: 2m", with: "> 128\n        for: \(wait)")
        try #require(spoilt != rules)
        let folder = try ScratchFolder()
        try folder.write(spoilt, to: "gatehost.rules.yml")
        try folder.write(Repository.text(RuleFile.testPath), to: "gatehost.rules.test.yml")
        let result = try #require(Tool.promtool).run(["test", "rules", "gatehost.rules.test.yml"], in: folder.url)
        #expect(result.status != 0)
    }
}
