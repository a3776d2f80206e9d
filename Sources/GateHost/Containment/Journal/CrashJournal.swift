import Synchronization

/// The facts that must outlive the death of a process: the call that each intake thread is making, each gate's crashes
/// and hangs, the entries about which a gate is not asked again, and the consumer's name.
///
/// The journal is a small file mapped into memory. Noting a call is a store, and the kernel keeps the stored value
/// however the process ends. Only a machine that goes down may lose the newest stores, and then no gate caused it.
package final class CrashJournal: Sendable {
    package static let byteCount = JournalLayout.byteCount

    private let memory: JournalMemory
    private let lock = Mutex(())

    /// A journal in a file of its own. The file is created if there is none.
    package convenience init(path: String) throws(CrashJournalError) {
        try self.init(descriptor: JournalMemory.open(path), name: path)
    }

    /// A journal in an open file, which the journal takes over.
    package init(descriptor: Int32, name: String = "given by the supervisor") throws(CrashJournalError) {
        memory = try JournalMemory(descriptor: descriptor, name: name)
    }

    /// A journal in memory, which remembers nothing beyond this process.
    package init() {
        memory = JournalMemory()
    }

    /// Whether it outlives this process.
    package var isDurable: Bool { memory.isDurable }

    /// The name that the process before this one had in the consumer group, so that this process takes up the entries
    /// that the other left pending. The first process of a journal gets `name`.
    package func consumer(orNew name: String) -> String {
        withBytes { bytes in
            let start = JournalLayout.Consumer.start
            let byteCount = JournalLayout.Consumer.byteCount
            if let known = bytes.text(at: start, byteCount) { return known }
            bytes.store(name, at: start, byteCount)
            return name
        }
    }

    /// Gives access to the journal's bytes while the lock is held. Threads write their call slots without the lock.
    func withBytes<Result: Sendable>(_ body: (JournalBytes) -> Result) -> Result {
        lock.withLock { _ in body(JournalBytes(start: memory.start)) }
    }
}
