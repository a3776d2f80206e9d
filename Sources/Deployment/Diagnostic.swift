/// A place in the deployment file. Columns count Unicode scalars.
package struct SourcePosition: Sendable, Hashable, Comparable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One mistake in the configuration, with its place and perhaps a hint: `gatehost.yaml:3:5: error: unknown key
/// 'bach' in intake; did you mean 'batch'?`
package struct Diagnostic: Sendable, Hashable {
    package enum Origin: Sendable, Hashable {
        /// `position` is `nil` if the file as a whole is at fault.
        case file(String, SourcePosition?)
        case environment
    }

    package let origin: Origin
    package let message: String
    package let hint: String?

    package init(_ origin: Origin, _ message: String, hint: String? = nil) {
        self.origin = origin
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    package var description: String {
        let place =
            switch origin {
            case .file(let file, nil): file
            case .file(let file, let position?): "\(file):\(position.line):\(position.column)"
            case .environment: "environment"
            }
        return "\(place): error: \(message)" + (hint.map { "; \($0)" } ?? "")
    }
}

extension Diagnostic: Comparable {
    /// In the order of the file, then the environment's.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        switch (left.origin, right.origin) {
        case (.file(_, let one), .file(_, let other)) where one != other:
            (one ?? SourcePosition(line: 0, column: 0)) < (other ?? SourcePosition(line: 0, column: 0))
        case (.file, .environment): true
        case (.environment, .file): false
        default: left.message < right.message
        }
    }
}

/// All mistakes in a configuration, in the order of the file.
package struct ConfigurationErrors: Error, Sendable, Equatable {
    package let diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.sorted()
    }
}

extension ConfigurationErrors: CustomStringConvertible {
    package var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
