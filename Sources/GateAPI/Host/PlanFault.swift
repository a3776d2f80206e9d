/// A fault that makes a plan unfit to be judged: a field of its own that cannot be read. Unlike a record that is
/// missing, this is the plan's own doing.
package final class PlanFault: Sendable {
    /// The field, in the spelling that the host reads.
    package let field: StaticString
    /// The fault in words, with the spelling to write instead if that is clear.
    package let complaint: String

    package init(_ field: StaticString, _ complaint: String) {
        self.field = field
        self.complaint = complaint
    }
}
