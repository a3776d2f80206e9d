import GateAPI

/// The deployment file as a tree, the same for YAML and JSON. Keys within a map are unique.
struct ConfigurationNode {
    enum Content {
        case scalar(SettingScalar)
        case list([ConfigurationNode])
        case map([Entry])
    }

    struct Entry {
        let key: String
        let position: SourcePosition
        let value: ConfigurationNode
    }

    let position: SourcePosition
    let content: Content

    var entries: [Entry]? {
        switch content {
        case .map(let entries): entries
        // `settings:` with nothing behind it, or only comments, is an empty section.
        case .scalar(let scalar) where scalar.isEmpty: []
        case .scalar, .list: nil
        }
    }

    /// Nothing was written.
    var isEmpty: Bool { scalar?.isEmpty ?? false }

    var scalar: SettingScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// A list of single values, as it would be written on one line.
    var flowList: SettingScalar? {
        guard case .list(let nodes) = content else { return nil }
        let texts = nodes.compactMap(\.scalar?.text)
        return texts.count == nodes.count ? SettingScalar(text: "[\(texts.joined(separator: ", "))]") : nil
    }

    var kind: String {
        switch content {
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a map"
        }
    }

    subscript(key: String) -> ConfigurationNode? {
        entries?.first { $0.key == key }?.value
    }
}

extension SettingScalar {
    /// Nothing was written.
    var isEmpty: Bool { text.isEmpty && !isQuoted }
}

/// A key as a message shows it. The text is cut at the first character that no key has: it may be a URL with a
/// password, in the wrong place.
func shown(key: String) -> String {
    let word = key.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.<".contains($0)) }.prefix(
        NearestName.maximumLength)
    return "'\(word)\(word.endIndex == key.endIndex ? "" : "…")'"
}
