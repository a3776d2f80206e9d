import Foundation
import Testing

/// What a service exposes at one moment: the value of each series.
struct Scrape {
    private let values: [String: String]

    init(_ exposition: String) {
        var values: [String: String] = [:]
        for line in exposition.split(separator: "\n") where !line.hasPrefix("#") {
            guard let end = line.lastIndex(of: " ") else { continue }
            values[String(line[..<end])] = String(line[line.index(after: end)...])
        }
        self.values = values
    }

    /// How an event shows in the scrapes after it.
    enum Pace {
        /// It came once.
        case once
        /// It comes once a scrape.
        case goesOn
    }

    /// The series of some metrics for a case of promtool: five minutes as they are here, then two hours as they are in
    /// `after`. A series that is not here is missing for five minutes.
    func series(of metrics: Set<String>, then after: Scrape, _ pace: Pace, job: String) -> [String] {
        Set(values.keys).union(after.values.keys).sorted().compactMap { series in
            let name = series.prefix { $0 != "{" }
            guard metrics.contains(String(name)) else { return nil }
            let labels = series.dropFirst(name.count).dropFirst().dropLast()
            let before = values[series].map { "\($0)x20" } ?? "_x20"
            let now = after.values[series] ?? "_"
            var then = "\(now)x480"
            let growth = (Double(now) ?? 0) - (values[series].flatMap { Double($0) } ?? 0)
            if pace == .goesOn, growth > 0 { then = "\(now)+\(growth)x480" }
            // The cases' clock begins at 0. The event comes after five minutes.
            if name.hasSuffix("_timestamp_seconds"), values[series] != after.values[series] { then = "300x480" }
            let all = [#"job="\#(job)""#, #"instance="a""#] + (labels.isEmpty ? [] : [String(labels)])
            return "      - { series: '\(name){\(all.joined(separator: ", "))}', values: '\(before) \(then)' }"
        }
    }
}

/// Asks promtool whether alerts stay silent before an event and fire after it.
enum ScrapedAlerts {
    static func check(_ names: [String], _ before: Scrape, _ after: Scrape, _ pace: Scrape.Pace, job: String) throws {
        let alerts = try RuleFile.load().alerts
        let wanted = alerts.filter { names.contains($0.alert) }
        try #require(wanted.count == names.count)
        let series = before.series(of: Set(wanted.flatMap(\.metrics)), then: after, pace, job: job)
        try #require(!series.isEmpty)
        var text =
            "rule_files: [gatehost.rules.yml]\nevaluation_interval: 15s\ntests:\n  - interval: 15s\n    input_series:\n"
        text += series.joined(separator: "\n") + "\n    promql_expr_test:\n"
        for name in names {
            let firing = #"ALERTS{alertname="\#(name)", alertstate="firing"}"#
            text += "      - { eval_time: 5m, expr: 'count(count_over_time(\(firing)[5m]))', exp_samples: [] }\n"
            text += "      - { eval_time: 2h, expr: 'count(count_over_time(\(firing)[115m])) > bool 0', "
            text += "exp_samples: [{ labels: \"{}\", value: 1 }] }\n"
        }
        let folder = try ScratchFolder()
        try folder.write(Repository.text(RuleFile.path), to: "gatehost.rules.yml")
        try folder.write(text, to: "scraped.test.yml")
        let result = try #require(Tool.promtool).run(["test", "rules", "scraped.test.yml"], in: folder.url)
        #expect(result.status == 0, "\(names): \(result.output)\n\(text)")
    }
}
