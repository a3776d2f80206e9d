/// Lines over named points on the horizontal axis.
struct LinePanel {
    struct Series {
        let name: String
        let color: String
        var isDashed = false
        let values: [Double?]
        /// The lowest and the highest round, drawn as whiskers.
        var ranges: [Spread?] = []
    }

    let unit: String
    let places: [String]
    let axis: String
    let scale: Scale
    let series: [Series]

    private static let left = 62.0
    private static let bottom = 34.0

    func draw(in svg: inout SVG, x: Double, y: Double, width: Double, height: Double) {
        let plot = (x: x + Self.left, y: y + 16, width: width - Self.left - 12, height: height - 16 - Self.bottom)
        svg.text(unit, x + 4, y + 8, size: 11, color: SVG.muted)
        for tick in scale.ticks {
            let height = plot.y + plot.height * (1 - scale.position(tick))
            svg.line(plot.x, height, plot.x + plot.width, height, color: SVG.faint)
            svg.text(Scale.label(tick), plot.x - 6, height + 4, size: 11, color: SVG.muted, anchor: .end)
        }
        func place(_ index: Int) -> Double {
            plot.x + plot.width * (Double(index) + 0.5) / Double(max(1, places.count))
        }
        for (index, name) in places.enumerated() {
            svg.text(name, place(index), plot.y + plot.height + 15, size: 11, color: SVG.muted, anchor: .middle)
        }
        svg.text(axis, plot.x + plot.width / 2, plot.y + plot.height + 30, size: 11, color: SVG.muted, anchor: .middle)
        svg.line(plot.x, plot.y + plot.height, plot.x + plot.width, plot.y + plot.height, color: SVG.muted)
        func level(_ value: Double) -> Double { plot.y + plot.height * (1 - scale.position(value)) }
        for line in series {
            for (index, range) in line.ranges.enumerated() {
                guard let range else { continue }
                svg.line(
                    place(index), level(range.minimum), place(index), level(range.maximum), color: line.color, width: 1)
            }
            let points = line.values.enumerated().compactMap { index, value in
                value.map { (x: place(index), y: level($0)) }
            }
            svg.polyline(points, color: line.color, dashed: line.isDashed)
            for point in points { svg.dot(point.x, point.y, color: line.color) }
        }
    }
}
