import GateAPI
import Yams

/// Reads YAML (JSON is YAML here) into a tree with positions.
struct YAMLTree {
    /// `nil` for a file that cannot be read and for one without content.
    private(set) var root: ConfigurationNode?
    private(set) var diagnostics: [Diagnostic] = []

    /// More values than any deployment has. Reached only if aliases slipped past ``YAMLSubset``.
    static let maximumNodes = 100_000

    private let file: String
    private var nodes = 0

    init(_ text: String, file: String) {
        self.file = file
        if let violation = YAMLSubset.check(text) {
            report(violation.message, at: violation.position)
            return
        }
        do {
            // The basic resolver leaves scalars as they are; each setting reads its own. YAML 1.1 would read `010` as 8
            // and `no` as false.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let node = try parser.singleRoot() else { return }
            root = tree(node)
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            report(duplicates: keys, at: SourcePosition(context.mark))
        } catch {
            report(syntaxError: error)
        }
    }

    private mutating func tree(_ node: Node) -> ConfigurationNode {
        let position = node.mark.map(SourcePosition.init) ?? SourcePosition(line: 1, column: 1)
        nodes += 1
        guard nodes <= Self.maximumNodes else {
            if nodes == Self.maximumNodes + 1 { report("more than \(Self.maximumNodes) values", at: position) }
            return ConfigurationNode(position: position, content: .list([]))
        }
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
            return ConfigurationNode(
                position: position, content: .scalar(SettingScalar(text: scalar.string, isQuoted: isQuoted)))
        case .sequence(let sequence):
            return ConfigurationNode(position: position, content: .list(sequence.map { tree($0) }))
        case .mapping(let mapping):
            return ConfigurationNode(position: position, content: .map(entries(mapping)))
        case .alias:
            report("aliases (*) are not supported", at: position)
            return ConfigurationNode(position: position, content: .list([]))
        }
    }

    private mutating func entries(_ mapping: Node.Mapping) -> [ConfigurationNode.Entry] {
        var entries: [ConfigurationNode.Entry] = []
        for (keyNode, valueNode) in mapping {
            let position = keyNode.mark.map(SourcePosition.init) ?? SourcePosition(line: 1, column: 1)
            guard case .scalar(let scalar) = keyNode else {
                report("a key must be a single word", at: position)
                continue
            }
            let value = tree(valueNode)
            if scalar.string == "<<", scalar.style == .plain {
                report("merge keys (<<) are not supported", at: position)
            } else {
                entries.append(ConfigurationNode.Entry(key: scalar.string, position: position, value: value))
            }
        }
        return entries
    }

    private mutating func report(_ message: String, at position: SourcePosition) {
        if diagnostics.count < SectionReader.maximumDiagnostics {
            diagnostics.append(Diagnostic(.file(file, position), message))
        }
    }

    /// The parser refuses a whole document for a duplicate key. The message names one such key, at its first use.
    private mutating func report(duplicates keys: [String], at position: SourcePosition) {
        // The parser's name for a key that is a map or a list.
        guard let key = keys.first, key != "<uncovertable>" else {
            return report("a key must be a single word", at: position)
        }
        report("duplicate key \(shown(key: key)): the same section sets it again", at: position)
    }

    private mutating func report(syntaxError error: any Error) {
        switch error {
        case YamlError.composer(_, "but found another document", let mark, _):
            report("a second document begins here: a deployment file is one document", at: SourcePosition(mark))
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let place = context.map { " (\($0.text), line \($0.mark.line), column \($0.mark.column))" } ?? ""
            report("not valid YAML: \(problem)\(place)", at: SourcePosition(mark))
        case YamlError.reader(let problem, _, _, _):
            diagnostics.append(Diagnostic(.file(file, nil), "not valid YAML: \(problem)"))
        default:
            diagnostics.append(Diagnostic(.file(file, nil), "not valid YAML"))
        }
    }
}

extension SourcePosition {
    fileprivate init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
