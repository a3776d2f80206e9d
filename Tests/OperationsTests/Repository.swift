import Foundation

/// The files that these tests read.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static let documents = ["docs/CONTRACT.md", "docs/OPERATING.md", "docs/P2_8_INPUT_SOURCES.md", "docs/SECURITY.md"]

    /// All of our code as one text.
    static func sources() throws -> String {
        let files =
            FileManager.default.enumerator(at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL } ?? []
        return try files.filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }
            .joined()
    }

    /// The anchors of a document's headings: lower case, no punctuation but `-` and `_`, `-` for blanks.
    static func anchors(of document: String) throws -> Set<String> {
        let headings = try text(document).split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                let title = heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
                return String(
                    title.filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }.map { $0 == " " ? "-" : $0 })
            })
    }
}

/// A folder of a test's own, gone with it.
final class ScratchFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "operations-test-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ text: String, to path: String, executable: Bool = false) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path) }
    }
}
