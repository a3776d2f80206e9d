import Synchronization

/// What an operator must know of a host that works: it is in the readiness answer, and keeps the host ready.
package final class HostWarnings: Sendable {
    /// What a warning is about. Each has at most one text.
    package enum Topic: Int, CaseIterable, Sendable {
        case configurations, builds, registry, memoryPolicy, clock
    }

    private let texts = Mutex<[Topic: String]>([:])

    /// Sets or ends a warning. Returns whether anything has changed.
    @discardableResult
    package func set(_ topic: Topic, _ text: String?) -> Bool {
        texts.withLock { texts in
            defer { texts[topic] = text }
            return texts[topic] != text
        }
    }

    package subscript(topic: Topic) -> String? { texts.withLock { $0[topic] } }

    /// All texts, in the order of the topics.
    package var all: [String] {
        texts.withLock { texts in Topic.allCases.compactMap { texts[$0] } }
    }
}
