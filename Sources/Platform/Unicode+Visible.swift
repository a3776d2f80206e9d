extension Unicode.Scalar {
    /// Whether it may stand where people read: it shows something, ends no line, steers no terminal, and changes no order
    /// in which text is shown. Controls (C0, DEL, C1), direction marks, line and paragraph separators, and what is
    /// without width are not visible.
    package var isVisible: Bool {
        if value < 0x7F { return value >= 0x20 }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return false
        default: return !properties.isDefaultIgnorableCodePoint
        }
    }
}

extension String {
    /// The text as it may stand in a line that people read: U+FFFD for what is not visible.
    package var visible: String { replacingInvisible { _ in false } }

    /// The same for text of several lines.
    package var visibleLines: String { replacingInvisible { $0 == "\n" } }

    private func replacingInvisible(except isKept: (Unicode.Scalar) -> Bool) -> String {
        if unicodeScalars.allSatisfy({ $0.isVisible || isKept($0) }) { return self }
        return String(UnicodeScalarView(unicodeScalars.map { $0.isVisible || isKept($0) ? $0 : "\u{FFFD}" }))
    }
}
