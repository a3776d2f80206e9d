import GateAPI
import Synchronization

/// One intake thread as the watchdog sees it. A thread that hangs in a gate is given up, and another takes its place.
final class IntakePost: Sendable {
    let stream: String
    let streamHash: UInt64
    let slot: CallSlot
    private let givenUp = Atomic(false)
    private let ended = Atomic(false)
    private let onGivenUp: @Sendable () -> Void

    init(stream: String, slot: CallSlot, onGivenUp: @escaping @Sendable () -> Void) {
        self.stream = stream
        streamHash = StableHash.of(stream)
        self.slot = slot
        self.onGivenUp = onGivenUp
    }

    /// The thread must decide nothing any more: another does its work.
    var isGivenUp: Bool { givenUp.load(ordering: .acquiring) }
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    func giveUp() {
        guard !givenUp.exchange(true, ordering: .acquiringAndReleasing) else { return }
        onGivenUp()
    }

    func end() {
        ended.store(true, ordering: .releasing)
    }
}

extension StableHash {
    static func of(_ text: String) -> UInt64 {
        var hash = StableHash()
        hash.combine(text.utf8)
        return hash.value
    }
}
