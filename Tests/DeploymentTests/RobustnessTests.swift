import SeededRandom
import Testing

@testable import Deployment

@Suite("No file traps the host")
struct RobustnessTests {
    /// The insertions of a mutation: the characters that mean something to YAML, and whole constructs.
    private static let fragments = [
        "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "\"", "'", "#", " #", "\n", "\r\n", "\t", "&a ", "*a", "!!map ",
        "! ", "|", ">", "%", "---\n", "...\n", "<<: ", "\\", "\\u0000", "\\x", "\u{0}", "\u{85}", "\u{2028}",
        "\u{FEFF}", "é", "😀", "0x", "1e999", "-", "~", "null", "  ",
        "gates:", "gate: heat", "mode: off", "a: 1\n",
    ].map { Array($0.utf8) }

    private func check(_ bytes: [UInt8], _ registry: GateRegistry) {
        do throws(ConfigurationErrors) {
            let host = try HostConfiguration.parse(bytes: bytes, file: "f", registry: registry, environment: [:])
            #expect(!host.gates.isEmpty)
            _ = host.described()
        } catch {
            #expect(!error.diagnostics.isEmpty, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test("neither random bytes", arguments: [1, 2] as [UInt64])
    func randomBytes(_ seed: UInt64) throws {
        let registry = try testRegistry()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let length = Int.random(in: 0...200, using: &random)
            check(
                (0..<length).map { _ in UInt8.random(in: seed == 1 ? 0...255 : 0x20...0x7E, using: &random) }, registry)
        }
    }

    @Test("nor a file that is cut off anywhere")
    func truncated() throws {
        let registry = try testRegistry()
        for text in [HostConfigurationTests.full, HashTests.json] {
            let bytes = Array(text.utf8)
            for length in 0...bytes.count { check(Array(bytes[..<length]), registry) }
        }
    }

    @Test("nor a mutated one", arguments: [3, 4, 5] as [UInt64])
    func mutated(_ seed: UInt64) throws {
        let registry = try testRegistry()
        var random = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            var bytes = Array((round % 2 == 0 ? HostConfigurationTests.full : HashTests.json).utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let start = Int.random(in: 0...bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...4, using: &random))
                bytes.replaceSubrange(start..<end, with: Self.fragments.randomElement(using: &random) ?? [])
            }
            check(bytes, registry)
        }
    }

    @Test("nor the deepest nesting that is let through, on any thread")
    func deep() throws {
        let registry = try testRegistry()
        let indented = (0..<64).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        check(
            Array((indented + String(repeating: " ", count: 63) + "- " + String(repeating: "[", count: 16)).utf8),
            registry)
        check(Array((String(repeating: "- ", count: 32) + String(repeating: "{a: ", count: 16)).utf8), registry)
    }
}
