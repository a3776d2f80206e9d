/// An event on a stream, committed together with the decision of the verdict that causes it.
public protocol StreamEvent: Sendable {
    static var stream: String { get }
    /// The approximate bound of the stream's length.
    static var maximumLength: Int { get }
    /// The event's fields. `enforced` is true if the verdict took effect, false if it was only recorded.
    func fields(enforced: Bool) -> [(name: String, value: String)]
}
