import Foundation
import GateAPI
import GateHost
import Testing

@Suite("Operators' documents")
struct DocumentTests {
    @Test("every reason to fail open is explained")
    func reasons() throws {
        let text = try Repository.text("docs/P2_8_INPUT_SOURCES.md")
        for reason in AbstainReason.allCases.map(\.rawValue) + GateFailure.allCases.map(\.rawValue) {
            #expect(text.contains("| `\(reason)`"), "\(reason)")
        }
    }

    @Test("K3: the contract's tables of fields are those of the host")
    func fields() throws {
        let text = try Repository.text("docs/CONTRACT.md")
        #expect(text.contains(PlanField.markdown))
        #expect(text.contains(PlanLookalike.markdown))
    }

    @Test("links between documents lead to sections and files", arguments: Repository.documents)
    func links(document: String) throws {
        for match in try Repository.text(document).matches(of: /\]\(([^)#]*)(?:#([^)]+))?\)/)
        where !match.output.1.hasPrefix("http") {
            let target = match.output.1.isEmpty ? document : "docs/" + match.output.1
            #expect(FileManager.default.fileExists(atPath: Repository.root.appending(path: target).path), "\(target)")
            if let anchor = match.output.2 {
                #expect(try Repository.anchors(of: target).contains(String(anchor)), "\(target)#\(anchor)")
            }
        }
    }

    @Test("Redis keys are spelt as in the sources", arguments: Repository.documents)
    func keys(document: String) throws {
        let sources = try Repository.sources()
        for match in try Repository.text(document).matches(of: /quantum:[a-z0-9_.:]*[a-z0-9_]/) {
            let key = String(match.output)
            // The keys of accounts are made of a prefix and the pool's name.
            let known = key.replacing(
                /^quantum:governor:account:(position|heat)$/, with: { _ in "quantum:governor:account:" })
            #expect(sources.contains(known), "\(key)")
        }
    }
}
