import Foundation

/// The public declarations of Swift source text.
///
/// A declaration is counted for each line of code with the modifier `public`, alone or with others before and after it
/// (`@inlinable public static var`, `public private(set) var`). Members of extensions count. Cases of an enum and
/// requirements of a protocol have no modifier of their own and do not count, and neither do imports, comments and text
/// in multi-line strings.
enum PublicDeclarations {
    static func count(_ source: String) -> Int {
        var isInText = false
        return source.split(separator: "\n").count { line in
            let line = line.drop { $0 == " " }
            let quotes = line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count - 1
            defer { if quotes % 2 == 1 { isInText.toggle() } }
            guard !isInText, !line.hasPrefix("//") else { return false }
            // A line may open an extension and declare its only member.
            return line.split(separator: "{").contains(where: isPublicDeclaration)
        }
    }

    private static let keywords: Set<Substring> = [
        "import", "struct", "enum", "class", "protocol", "extension", "typealias", "func", "var", "let", "init", "case",
    ]

    /// Whether `public` is among the modifiers before the keyword, and the keyword is not `import`.
    private static func isPublicDeclaration(_ text: Substring) -> Bool {
        let words = text.split(separator: " ").prefix { !$0.contains("\"") }
        guard let place = words.firstIndex(of: "public") else { return false }
        return words[..<place].allSatisfy { !keywords.contains($0) }
            && !words.dropFirst(place + 1).starts(with: ["import"])
    }

    /// The counts of all sources in a folder of the repository, by their paths.
    static func counts(in folder: String) throws -> [(path: String, count: Int)] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path())
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let source = try String(contentsOf: root.appending(path: folder).appending(path: path), encoding: .utf8)
            return (path, count(source))
        }
    }
}
