import Foundation

/// A Swift file: the modules that it imports, the types that it declares, and the words of its code.
struct SourceFile {
    /// Below the root, such as `Sources/GateHost/Plans/Decision.swift`.
    let path: String
    let imports: [String]
    /// Declared at the top of the file, outside of other types.
    let types: [String]
    /// Identifiers outside of comments and string literals.
    let words: Set<String>

    init(path: String, text: String) {
        self.path = path
        var imports: [String] = []
        var types: [String] = []
        var words: Set<String> = []
        for line in Self.code(text).split(separator: "\n") {
            let parts = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.map(String.init)
            if let index = parts.firstIndex(of: "import"), index <= 2, let module = parts.dropFirst(index + 1).first {
                imports.append(module)
                continue
            }
            words.formUnion(parts)
            guard line.first?.isWhitespace == false, parts.first != "extension" else { continue }
            let keywords: Set = ["struct", "class", "enum", "protocol", "actor", "typealias"]
            guard let keyword = parts.lastIndex(where: { keywords.contains($0) }), keyword < 4 else { continue }
            types += parts.dropFirst(keyword + 1).prefix(1)
        }
        self.imports = imports
        self.types = types
        self.words = words
    }

    /// The text without comments and without the contents of string literals.
    private static func code(_ text: String) -> String {
        var code = ""
        var isLong = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains("\"\"\"") {
                isLong.toggle()
                continue
            }
            guard !isLong else { continue }
            var isString = false
            var previous: Character = " "
            for character in line {
                if character == "\"", previous != "\\" { isString.toggle() }
                if character == "/", previous == "/", !isString {
                    code.removeLast()
                    break
                }
                if !isString { code.append(character) }
                previous = character
            }
            code.append("\n")
        }
        return code
    }

    /// All Swift files below a folder of the root.
    static func all(below folder: String, of root: URL) throws -> [SourceFile] {
        let base = root.appendingPathComponent(folder)
        guard let names = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            return SourceFile(path: "\(folder)/\(name)", text: text)
        }
    }
}
