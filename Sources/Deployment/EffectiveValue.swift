/// A setting in force, and its source.
package struct EffectiveValue: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case `default`
        case file(line: Int, column: Int)
        case environment(String)
    }

    /// `intake.batch`, `gates[0].settings.max_age`.
    package let path: String
    /// The value in canonical form, without secrets; empty if there is none.
    package let text: String
    package let source: Source
}

extension EffectiveValue {
    /// The last part of the path.
    package var key: String {
        path.split(separator: ".").last.map(String.init) ?? path
    }

    func with(text: String) -> EffectiveValue {
        EffectiveValue(path: path, text: text, source: source)
    }
}

extension EffectiveValue.Source: CustomStringConvertible {
    package var description: String {
        switch self {
        case .default: "default"
        case .file(let line, let column): "\(line):\(column)"
        case .environment(let variable): variable
        }
    }
}
