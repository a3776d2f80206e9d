/// The values of a family's labels, in the order of their names; unused ones are empty. Inline, so that a lookup
/// allocates nothing.
struct LabelValues: Hashable, Sendable {
    /// Longer values count as `other`. Otherwise one large input would make a large exposition.
    static let maxValueBytes = 128
    static let other = "other"

    var first: String
    var second = ""
    var third = ""

    /// The same values, with `other` for each one that is too long.
    var bounded: LabelValues {
        func bounded(_ value: String) -> String { value.utf8.count <= Self.maxValueBytes ? value : Self.other }
        return LabelValues(first: bounded(first), second: bounded(second), third: bounded(third))
    }

    /// The series for everything beyond a family's bounds; `count` is the family's number of labels.
    static func others(_ count: Int) -> LabelValues {
        LabelValues(first: other, second: count > 1 ? other : "", third: count > 2 ? other : "")
    }

    func text(names: [String]) -> String {
        PrometheusText.labels(zip(names, [first, second, third]).map { (name: $0, value: $1) })
    }
}
