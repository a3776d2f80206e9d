import Foundation

extension HostConfiguration {
    /// Far larger than any deployment file.
    package static let maximumFileBytes = 1_048_576

    /// Reads a deployment file, YAML or JSON.
    package static func load(
        path: String, registry: GateRegistry, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationErrors) -> HostConfiguration {
        try parse(bytes: bytes(of: path), file: path, registry: registry, environment: environment)
    }

    package static func parse(
        text: String, file: String, registry: GateRegistry, environment: [String: String]
    ) throws(ConfigurationErrors) -> HostConfiguration {
        try parse(bytes: Array(text.utf8), file: file, registry: registry, environment: environment)
    }

    package static func parse(
        bytes: [UInt8], file: String, registry: GateRegistry, environment: [String: String]
    ) throws(ConfigurationErrors) -> HostConfiguration {
        guard bytes.count <= maximumFileBytes else {
            throw ConfigurationErrors([
                Diagnostic(.file(file, nil), "the file is larger than \(maximumFileBytes) bytes")
            ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationErrors([
                Diagnostic(.file(file, positionOfInvalidByte(bytes)), "the file is not UTF-8 text")
            ])
        }
        let tree = YAMLTree(text, file: file)
        guard let root = tree.root, !root.isEmpty else {
            let empty = Diagnostic(
                .file(file, SourcePosition(line: 1, column: 1)),
                "the file is empty: it must list at least one gate under 'gates'")
            throw ConfigurationErrors(tree.diagnostics.isEmpty ? [empty] : tree.diagnostics)
        }
        var decoder = ConfigurationDecoder(file: file, registry: registry, environment: environment)
        let configuration = decoder.decode(root)
        let diagnostics = tree.diagnostics + decoder.diagnostics
        guard diagnostics.isEmpty, let configuration else { throw ConfigurationErrors(diagnostics) }
        return configuration
    }

    private static func bytes(of path: String) throws(ConfigurationErrors) -> [UInt8] {
        func failure() -> ConfigurationErrors {
            ConfigurationErrors([
                Diagnostic(.file(path, nil), "the file cannot be read: \(String(cString: strerror(errno)))")
            ])
        }
        guard let file = fopen(path, "rb") else { throw failure() }
        defer { fclose(file) }
        // One byte more than allowed shows that the file is too large.
        var bytes = [UInt8](repeating: 0, count: maximumFileBytes + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw failure() }
        return Array(bytes.prefix(count))
    }

    private static func positionOfInvalidByte(_ bytes: [UInt8]) -> SourcePosition {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var line = 1
        var column = 1
        var previous: Unicode.Scalar = " "
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            let isBreak = YAMLSubset.isBreak(scalar)
            column = isBreak ? 1 : column + 1
            // A carriage return and a line feed are one break.
            line += isBreak && !(scalar == "\n" && previous == "\r") ? 1 : 0
            previous = scalar
        }
        return SourcePosition(line: line, column: column)
    }
}
