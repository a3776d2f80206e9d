/// A text that must not reach a log, an error or a dump. Only `value` reveals it.
package struct Secret: Sendable, Equatable {
    package let value: String

    package init(_ value: String) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    /// `dump` and string interpolation of an enclosing value use the mirror, which would show the stored property.
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
