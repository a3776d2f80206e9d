import Foundation

/// Builds an SVG picture. Coordinates are pixels from the upper left corner.
struct SVG {
    enum Anchor: String {
        case start, middle, end
    }

    static let ink = "#1f2933"
    static let faint = "#d9dee5"
    static let muted = "#52606d"

    let width: Double
    let height: Double
    private var body: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = ink, width: Double = 1) {
        let ends = "x1=\"\(Self.px(x1))\" y1=\"\(Self.px(y1))\" x2=\"\(Self.px(x2))\" y2=\"\(Self.px(y2))\""
        body.append("<line \(ends) stroke=\"\(color)\" stroke-width=\"\(Self.px(width))\"/>")
    }

    mutating func rectangle(_ x: Double, _ y: Double, width: Double, height: Double, color: String) {
        let position = "x=\"\(Self.px(x))\" y=\"\(Self.px(y))\""
        let size = "width=\"\(Self.px(max(0, width)))\" height=\"\(Self.px(max(0, height)))\""
        body.append("<rect \(position) \(size) fill=\"\(color)\"/>")
    }

    mutating func polyline(_ points: [(x: Double, y: Double)], color: String, dashed: Bool = false) {
        let text = points.map { "\(Self.px($0.x)),\(Self.px($0.y))" }.joined(separator: " ")
        let dashes = dashed ? " stroke-dasharray=\"5 4\"" : ""
        body.append("<polyline points=\"\(text)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"\(dashes)/>")
    }

    mutating func dot(_ x: Double, _ y: Double, color: String) {
        body.append("<circle cx=\"\(Self.px(x))\" cy=\"\(Self.px(y))\" r=\"3\" fill=\"\(color)\"/>")
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, size: Double = 12, color: String = ink, anchor: Anchor = .start,
        bold: Bool = false
    ) {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        let weight = bold ? " font-weight=\"600\"" : ""
        let style = "font-size=\"\(Self.px(size))\" fill=\"\(color)\" text-anchor=\"\(anchor.rawValue)\"\(weight)"
        body.append("<text x=\"\(Self.px(x))\" y=\"\(Self.px(y))\" \(style)>\(escaped)</text>")
    }

    var document: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.px(width))" height="\(Self.px(height))" \
        viewBox="0 0 \(Self.px(width)) \(Self.px(height))" \
        font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif">
        <rect width="100%" height="100%" fill="#ffffff"/>
        \(body.joined(separator: "\n"))
        </svg>

        """
    }

    private static func px(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
