/// The report as one picture: throughput and latency above, the sweeps below.
struct ReportChart {
    let report: Report

    private static let width = 1_240.0
    private static let margin = 28.0
    private static let headHeight = 330.0
    private static let cellHeight = 400.0
    private static let columns = 3

    private static func color(_ contender: String) -> String {
        switch contender {
        case "floor": "#8a94a3"
        case "gatehost": "#1f6feb"
        case "gatehost-unreserved": "#8250df"
        case "echo": "#2a9d8f"
        case "python-pipelined": "#e09f3e"
        default: "#c44536"
        }
    }

    var svg: String {
        let rows = (report.sweeps.count + Self.columns - 1) / Self.columns
        var svg = SVG(width: Self.width, height: 84 + Self.headHeight + Double(rows) * Self.cellHeight + 16)
        svg.text("GateHost over Redis", Self.margin, 36, size: 22, bold: true)
        let machine = report.machine
        svg.text(
            "\(machine.processor), \(machine.cores) cores, Linux \(machine.kernel), Redis \(machine.redis). "
                + "Batch \(report.settings.batch), \(report.settings.symbols) symbols; "
                + "median of interleaved rounds, whiskers from the lowest to the highest.",
            Self.margin, 58, color: SVG.muted)
        let half = (Self.width - 3 * Self.margin) / 2
        drawThroughput(in: &svg, x: Self.margin, y: 84, width: half)
        drawLatency(in: &svg, x: 2 * Self.margin + half, y: 84, width: half)
        let cell = (Self.width - Double(Self.columns + 1) * Self.margin) / Double(Self.columns)
        for (index, summary) in report.sweeps.enumerated() {
            let x = Self.margin + Double(index % Self.columns) * (cell + Self.margin)
            draw(
                summary, in: &svg, x: x, y: 84 + Self.headHeight + Double(index / Self.columns) * Self.cellHeight,
                width: cell)
        }
        return svg.document
    }

    private func drawThroughput(in svg: inout SVG, x: Double, y: Double, width: Double) {
        let names = report.throughput.map(\.contender)
        guard let baseline = names.first(where: { $0 == "floor" }) ?? names.first else { return }
        svg.text("Throughput from a full stream", x, y + 14, size: 15, bold: true)
        let bars = report.throughput.map { row in
            let ratio =
                if row.contender == baseline { "" } else if row.ratio.median >= 0.1 {
                    ", \(Report.number(row.ratio.median, 2)) × \(baseline)"
                } else {
                    row.hostRatio.map { ", gatehost is \(Report.number($0.median)) ×" } ?? ""
                }
            return BarPanel.Bar(
                name: row.contender, color: Self.color(row.contender), value: row.decisionsPerSecond,
                label: Report.number(row.decisionsPerSecond.median) + ratio)
        }
        BarPanel(axis: "decisions/s", bars: bars).draw(
            in: &svg, x: x, y: y + 30, width: width, height: Self.headHeight - 60)
    }

    private func drawLatency(in svg: inout SVG, x: Double, y: Double, width: Double) {
        guard !report.curve.isEmpty else { return }
        svg.text("Latency from XADD to the visible decision", x, y + 14, size: 15, bold: true)
        var rates: [Int] = []
        var contenders: [String] = []
        for row in report.curve {
            if !rates.contains(row.rate) { rates.append(row.rate) }
            if !contenders.contains(row.contender) { contenders.append(row.contender) }
        }
        let series = contenders.flatMap { name in
            let rows = rates.map { rate in report.curve.first { $0.contender == name && $0.rate == rate } }
            let color = Self.color(name)
            return [
                LinePanel.Series(
                    name: "\(name) p50", color: color, values: rows.map { $0?.all.p50Microseconds },
                    ranges: rows.map { $0?.p50Rounds }),
                LinePanel.Series(
                    name: "\(name) p99", color: color, isDashed: true, values: rows.map { $0?.all.p99Microseconds },
                    ranges: rows.map { $0?.p99Rounds }),
            ]
        }
        drawLegend(series, in: &svg, x: x, y: y + 34, step: 142)
        let values = report.curve.flatMap {
            [$0.p50Rounds.minimum, $0.all.p50Microseconds, $0.all.p99Microseconds, $0.p99Rounds.maximum]
        }
        LinePanel(
            unit: "µs, logarithmic", places: rates.map { Report.number(Double($0)) },
            axis: "plans/s, open loop",
            scale: .logarithmic(around: values), series: series
        ).draw(in: &svg, x: x, y: y + 48, width: width, height: Self.headHeight - 78)
    }

    private func draw(_ summary: SweepSummary, in svg: inout SVG, x: Double, y: Double, width: Double) {
        let places = summary.points.map { Report.number(Double($0.value)) }
        func series(_ name: String, _ color: String, _ value: (SweepPoint) -> Spread) -> LinePanel.Series {
            let spreads = summary.points.map(value)
            return LinePanel.Series(name: name, color: color, values: spreads.map(\.median), ranges: spreads)
        }
        svg.text(summary.sweep.title, x, y + 14, size: 15, bold: true)
        LinePanel(
            unit: "decisions/s", places: places, axis: "",
            scale: .linear(upTo: summary.points.map(\.decisionsPerSecond.maximum)),
            series: [series("decisions/s", Self.color("gatehost"), \.decisionsPerSecond)]
        ).draw(in: &svg, x: x, y: y + 26, width: width, height: 170)
        let processor = [
            series("host", Self.color("gatehost"), \.hostMicrosecondsPerPlan),
            series("redis-server", Self.color("python"), \.redisMicrosecondsPerPlan),
        ]
        drawLegend(processor, in: &svg, x: x + 110, y: y + 208, step: 70)
        LinePanel(
            unit: "CPU µs/plan", places: places, axis: summary.sweep.title.lowercased(),
            scale: .linear(
                upTo: summary.points.flatMap {
                    [$0.hostMicrosecondsPerPlan.maximum, $0.redisMicrosecondsPerPlan.maximum]
                }), series: processor
        ).draw(in: &svg, x: x, y: y + 200, width: width, height: 180)
    }

    private func drawLegend(_ series: [LinePanel.Series], in svg: inout SVG, x: Double, y: Double, step: Double) {
        for (index, line) in series.enumerated() {
            let start = x + Double(index) * step
            svg.polyline([(x: start, y: y - 4), (x: start + 18, y: y - 4)], color: line.color, dashed: line.isDashed)
            svg.text(line.name, start + 23, y, size: 11, color: SVG.muted)
        }
    }
}
