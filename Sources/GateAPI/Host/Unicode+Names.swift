extension Unicode.Scalar {
    /// Whether it may stand in the name of a plan or symbol: no blank, nothing invisible, and nothing that steers a
    /// terminal or changes the order in which text is shown. Two names that look alike would be two plans.
    var isNameable: Bool {
        if value < 0x7F { return value > 0x20 }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
        default: return self != "\u{FFFD}" && !properties.isDefaultIgnorableCodePoint
        }
    }
}
