/// Horizontal bars. Whiskers reach from the lowest to the highest round; each bar has a label behind it.
struct BarPanel {
    struct Bar {
        let name: String
        let color: String
        let value: Spread
        let label: String
    }

    let axis: String
    let bars: [Bar]

    private static let left = 118.0
    /// Space for the labels behind the bars.
    private static let right = 190.0

    func draw(in svg: inout SVG, x: Double, y: Double, width: Double, height: Double) {
        let plot = (x: x + Self.left, y: y, width: width - Self.left - Self.right, height: height - 34)
        let scale = Scale.linear(upTo: bars.map(\.value.maximum))
        func across(_ value: Double) -> Double { plot.x + plot.width * scale.position(value) }
        for tick in scale.ticks {
            svg.line(across(tick), plot.y, across(tick), plot.y + plot.height, color: SVG.faint)
            svg.text(
                Scale.label(tick), across(tick), plot.y + plot.height + 15, size: 11, color: SVG.muted, anchor: .middle)
        }
        svg.text(axis, plot.x + plot.width / 2, plot.y + plot.height + 30, size: 11, color: SVG.muted, anchor: .middle)
        let room = plot.height / Double(max(1, bars.count))
        for (index, bar) in bars.enumerated() {
            let middle = plot.y + room * (Double(index) + 0.5)
            svg.rectangle(
                plot.x, middle - room * 0.3, width: across(bar.value.median) - plot.x, height: room * 0.6,
                color: bar.color)
            svg.line(across(bar.value.minimum), middle, across(bar.value.maximum), middle, width: 1.5)
            for end in [bar.value.minimum, bar.value.maximum] {
                svg.line(across(end), middle - 5, across(end), middle + 5, width: 1.5)
            }
            svg.text(bar.name, plot.x - 8, middle + 4, anchor: .end)
            svg.text(bar.label, across(bar.value.maximum) + 8, middle + 4)
        }
    }
}
