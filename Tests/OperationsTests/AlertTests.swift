import Testing

@Suite("Alerts")
struct AlertTests {
    @Test("each says what it means and what to do first, and its link leads to a section")
    func annotations() throws {
        let alerts = try RuleFile.load().alerts
        #expect(Set(alerts.map(\.alert)).count == alerts.count)
        for alert in alerts {
            #expect(["page", "ticket", "info"].contains(alert.labels["severity"]), "\(alert.alert)")
            for name in ["summary", "meaning", "action"] {
                #expect(alert.annotations[name]?.isEmpty == false, "\(alert.alert): \(name)")
            }
            let link = (alert.annotations["runbook"] ?? "").split(separator: "#").map(String.init)
            try #require(link.count == 2 && Repository.documents.contains(link[0]), "\(alert.alert)")
            #expect(
                try Repository.anchors(of: link[0]).contains(link[1]),
                "\(alert.alert): \(link[0]) has no section \(link[1])")
        }
    }

    @Test("each has a case in which it fires and one in which it does not")
    func cases() throws {
        let cases = try Repository.text(RuleFile.testPath).split(separator: "\n")
        for alert in try RuleFile.load().alerts.map(\.alert) {
            let own = cases.filter { $0.contains("alertname=\"\(alert)\"") }
            #expect(own.contains { $0.hasSuffix("exp_samples: [] }") }, "\(alert) is never silent")
            #expect(own.contains { !$0.hasSuffix("exp_samples: [] }") }, "\(alert) never fires")
        }
    }

    @Test("the journal's messages that they quote are those of the sources")
    func quotes() throws {
        let sources = try Repository.sources()
        let quotes = try RuleFile.load().alerts.flatMap { alert in
            (alert.annotations["action"] ?? "").matches(of: /journal[^`]*`([^`]+)`/).map { String($0.output.1) }
        }
        #expect(quotes.count >= 5)
        for quote in quotes { #expect(sources.contains("\"" + quote), "\(quote)") }
    }

    @Test("each is in the operators' page")
    func documented() throws {
        let page = try Repository.text("docs/OPERATING.md")
        for alert in try RuleFile.load().alerts.map(\.alert) { #expect(page.contains("`\(alert)`"), "\(alert)") }
    }
}
