import GateAPI
import Glibc
import Synchronization
import Platform

/// What must outlive the death of a process: which gate each intake thread is asking about which entry, each gate's
/// crashes and hangs, and the entries about which a gate is not to be asked again.
///
/// A small file mapped into memory. Noting a call is a store; the kernel keeps what was stored however the process
/// ends. Only a machine that goes down may lose the newest of it, and then nothing has crashed by a gate.
package final class CrashJournal: Sendable {
    /// How many gates, calls at once and exempted entries it has room for.
    static let gateCapacity = 64
    static let slotCapacity = 128
    static let exemptionCapacity = 64
    static let faultCapacity = 8

    private static let magic: UInt64 = 0x4741_5445_484F_5354  // GATEHOST
    private static let version: UInt64 = 1
    private static let nameBytes = 64
    /// Magic, version, number of exemptions so far; then the consumer's name.
    private static let headBytes = 64 + consumerBytes
    private static let consumerBytes = 256
    private static let gateBytes = nameBytes + 8 * (faultCapacity + 1)
    private static let exemptionBytes = 8 * 6
    private static let slotBase = headBytes
    private static let gateBase = slotBase + slotCapacity * CallSlot.byteCount
    private static let exemptionBase = gateBase + gateCapacity * gateBytes
    package static let byteCount = 32 << 10

    /// Whether it outlives this process.
    package let isDurable: Bool
    // Safe: mapped until `deinit`; slots are atomics, all else is reached with `lock` held.
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer
    private let descriptor: Int32
    private let lock = Mutex(())

    /// A journal in a file of its own, made where there is none.
    package convenience init(path: String) throws(CrashJournalError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CrashJournalError("cannot open the crash journal \(path)", errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            close(descriptor)
            throw cause == EWOULDBLOCK
                ? CrashJournalError(
                    message:
                        "the crash journal \(path) belongs to another host that runs: each needs a file of its own",
                    isMistake: true)
                : CrashJournalError("cannot lock the crash journal \(path)", cause)
        }
        try self.init(descriptor: descriptor, name: path)
    }

    /// A journal in an open file, which this takes over.
    package init(descriptor: Int32, name: String = "given by the supervisor") throws(CrashJournalError) {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else {
            let cause = errno
            close(descriptor)
            throw CrashJournalError("cannot read the crash journal \(name)", cause)
        }
        if size != Self.byteCount {
            guard size == 0 else {
                close(descriptor)
                throw CrashJournalError(
                    message: "\(name) is not a crash journal: give containment.journal a file of its own",
                    isMistake: true)
            }
            // Every block is there from the start: a disk that is full later cannot hurt.
            let failure = posix_fallocate(descriptor, 0, off_t(Self.byteCount))
            guard failure == 0 else {
                // What there is of it would be taken for something else next time.
                ftruncate(descriptor, 0)
                close(descriptor)
                throw CrashJournalError("no room for the crash journal \(name)", failure)
            }
        }
        let mapped = mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            let cause = errno
            close(descriptor)
            throw CrashJournalError("cannot map the crash journal \(name)", cause)
        }
        let magic = mapped.load(as: UInt64.self)
        guard magic == 0 || magic == Self.magic else {
            munmap(mapped, Self.byteCount)
            close(descriptor)
            throw CrashJournalError(
                message: "\(name) is not a crash journal: give containment.journal a file of its own", isMistake: true)
        }
        memory = mapped
        self.descriptor = descriptor
        isDurable = true
        if mapped.load(fromByteOffset: 8, as: UInt64.self) != Self.version {
            memset(mapped, 0, Self.byteCount)
            mapped.storeBytes(of: Self.version, toByteOffset: 8, as: UInt64.self)
        }
        mapped.storeBytes(of: Self.magic, as: UInt64.self)
    }

    /// A journal in memory, which remembers nothing beyond this process.
    package init() {
        memory = .allocate(byteCount: Self.byteCount, alignment: 64)
        memset(memory, 0, Self.byteCount)
        descriptor = -1
        isDurable = false
    }

    deinit {
        if isDurable {
            munmap(memory, Self.byteCount)
            close(descriptor)
        } else {
            memory.deallocate()
        }
    }
}

package struct CrashJournalError: Error, CustomStringConvertible {
    package let message: String
    /// The configuration is wrong; otherwise the machine does not let it.
    package let isMistake: Bool
    package var description: String { message }

    init(message: String, isMistake: Bool) {
        self.message = message
        self.isMistake = isMistake
    }

    init(_ what: String, _ cause: Int32) {
        self.init(message: "\(what): \(String(cString: strerror(cause)))", isMistake: false)
    }
}

// MARK: The consumer

extension CrashJournal {
    /// The name in the consumer group of the process that this journal is of, so that the next one takes up what it
    /// left pending; this one's at first.
    package func consumer(orNew name: String) -> String {
        lock.withLock { _ in
            let start = memory + 64
            let known = UnsafeRawBufferPointer(start: start, count: Self.consumerBytes).prefix { $0 != 0 }
            guard known.isEmpty else { return String(decoding: known, as: UTF8.self) }
            for (offset, byte) in name.utf8.prefix(Self.consumerBytes - 1).enumerated() {
                start.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
            return name
        }
    }
}

// MARK: Calls

extension CrashJournal {
    /// A call of a gate that was under way when a process died of it.
    struct Death {
        let stream: UInt64
        let entry: EntryID
        /// `nil` where the thread that died was not in a gate.
        let gate: String?
    }

    /// A slot for a thread; `nil` where all are taken.
    func takeSlot(stream: UInt64) -> CallSlot? {
        lock.withLock { _ in
            for index in 0..<Self.slotCapacity {
                let slot = slot(index)
                if slot.take(stream: stream) { return slot }
            }
            return nil
        }
    }

    /// What the last process was at when it died of a trap; nothing where it was killed or ended. All slots are free
    /// afterwards.
    func recover() -> [Death] {
        lock.withLock { _ in
            var deaths: [Death] = []
            for index in 0..<Self.slotCapacity {
                let slot = slot(index)
                if slot.hasTrapped {
                    deaths.append(Death(stream: slot.stream, entry: slot.entry, gate: slot.place.flatMap(name)))
                }
                slot.clear()
            }
            return deaths
        }
    }

    private func slot(_ index: Int) -> CallSlot {
        CallSlot(memory + Self.slotBase + index * CallSlot.byteCount)
    }
}

// MARK: Gates

extension CrashJournal {
    /// The place of a gate, by which its calls are noted; takes one that holds nothing worth keeping where the gate has
    /// none yet.
    func place(of gate: String, besides taken: Set<Int>) -> Int? {
        lock.withLock { _ in
            let places = 0..<Self.gateCapacity
            if let known = places.first(where: { name($0) == gate }) { return known }
            let free =
                places.first { name($0) == nil }
                ?? places.first { !taken.contains($0) && faultTimes($0).isEmpty && !isStuckOpen($0) }
            guard let free else { return nil }
            let start = gateStart(free)
            memset(start, 0, Self.gateBytes)
            for (offset, byte) in gate.utf8.prefix(Self.nameBytes - 1).enumerated() {
                start.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
            return free
        }
    }

    /// Notes a crash or hang of a gate; returns how many there were within `window`.
    func addFault(_ place: Int, at now: Timestamp, window: Duration) -> Int {
        lock.withLock { _ in
            let times = Array((faultTimes(place) + [now.milliseconds]).suffix(Self.faultCapacity))
            for index in 0..<Self.faultCapacity {
                gateStart(place).storeBytes(
                    of: index < times.count ? times[index] : 0, toByteOffset: Self.nameBytes + 8 * index, as: Int64.self
                )
            }
            // Either way: a clock that was set back must not forget them.
            return times.count { abs(now.milliseconds - $0) <= window.milliseconds }
        }
    }

    /// When the gate crashed or hung last.
    func lastFault(_ place: Int) -> Timestamp? {
        lock.withLock { _ in faultTimes(place).max().map { Timestamp(milliseconds: $0) } }
    }

    func isLatched(_ place: Int) -> Bool { lock.withLock { _ in isStuckOpen(place) } }

    func latch(_ place: Int) {
        lock.withLock { _ in
            gateStart(place).storeBytes(of: 1, toByteOffset: Self.nameBytes + 8 * Self.faultCapacity, as: UInt64.self)
        }
    }

    /// Forgets a gate's crashes and hangs.
    func reset(_ place: Int) {
        lock.withLock { _ in _ = memset(gateStart(place) + Self.nameBytes, 0, Self.gateBytes - Self.nameBytes) }
    }

    private func gateStart(_ place: Int) -> UnsafeMutableRawPointer { memory + Self.gateBase + place * Self.gateBytes }

    private func name(_ place: Int) -> String? {
        guard (0..<Self.gateCapacity).contains(place) else { return nil }
        let bytes = UnsafeRawBufferPointer(start: gateStart(place), count: Self.nameBytes).prefix { $0 != 0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private func faultTimes(_ place: Int) -> [Int64] {
        (0..<Self.faultCapacity).map { gateStart(place).load(fromByteOffset: Self.nameBytes + 8 * $0, as: Int64.self) }
            .filter { $0 > 0 }
    }

    private func isStuckOpen(_ place: Int) -> Bool {
        gateStart(place).load(fromByteOffset: Self.nameBytes + 8 * Self.faultCapacity, as: UInt64.self) != 0
    }
}

// MARK: Exemptions

extension CrashJournal {
    /// Those that are in force, by gates' names.
    func exemptions() -> [Exemption] {
        lock.withLock { _ in (0..<Self.exemptionCapacity).compactMap { exemption($0) } }
    }

    /// Where there is no room left, the oldest gives way: most likely another host has decided its entry.
    func add(_ exemption: Exemption, place: Int) {
        lock.withLock { _ in
            let count = head(16)
            let free =
                (0..<Self.exemptionCapacity).first { self.exemption($0) == nil }
                ?? Int(count % UInt64(Self.exemptionCapacity))
            setHead(16, count &+ 1)
            let words = [
                exemption.stream, exemption.entry.milliseconds, exemption.entry.sequence, UInt64(place) + 1,
                UInt64(GateFailure.allCases.firstIndex(of: exemption.failure) ?? 0),
            ]
            for (index, word) in words.enumerated() {
                exemptionStart(free).storeBytes(of: word, toByteOffset: 8 * index, as: UInt64.self)
            }
        }
    }

    func remove(stream: UInt64, entry: EntryID) {
        lock.withLock { _ in
            for index in 0..<Self.exemptionCapacity {
                if let found = exemption(index), found.stream == stream, found.entry == entry {
                    memset(exemptionStart(index), 0, Self.exemptionBytes)
                }
            }
        }
    }

    private func exemptionStart(_ index: Int) -> UnsafeMutableRawPointer {
        memory + Self.exemptionBase + index * Self.exemptionBytes
    }

    private func exemption(_ index: Int) -> Exemption? {
        let words = (0..<5).map { exemptionStart(index).load(fromByteOffset: 8 * $0, as: UInt64.self) }
        guard words[3] > 0, let gate = name(Int(clamping: words[3] - 1)), words[4] < GateFailure.allCases.count else {
            return nil
        }
        return Exemption(
            stream: words[0], entry: EntryID(milliseconds: words[1], sequence: words[2]), gate: gate,
            failure: GateFailure.allCases[Int(words[4])])
    }

    private func head(_ offset: Int) -> UInt64 { memory.load(fromByteOffset: offset, as: UInt64.self) }
    private func setHead(_ offset: Int, _ value: UInt64) {
        memory.storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
    }
}

/// A gate that is not asked about an entry, because it crashed or hung over it.
struct Exemption: Sendable, Equatable {
    let stream: UInt64
    let entry: EntryID
    let gate: String
    let failure: GateFailure
}

/// Where one thread notes which gate it is asking about which entry: a cache line of a journal.
struct CallSlot: Sendable {
    static let byteCount = 64
    private static let words = 6

    // Safe: every word is an atomic, in memory of a journal that outlives this.
    private nonisolated(unsafe) let word: UnsafeMutablePointer<Atomic<UInt64>>

    init(_ memory: UnsafeMutableRawPointer) {
        word = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Self.words)
    }

    /// 0, or the number of the call above the gate's place in the journal, counted from 1.
    var call: UInt64 { word[0].load(ordering: .relaxed) }
    var entry: EntryID {
        EntryID(milliseconds: word[1].load(ordering: .relaxed), sequence: word[2].load(ordering: .relaxed))
    }
    var stream: UInt64 { word[3].load(ordering: .relaxed) }
    var hasTrapped: Bool { word[4].load(ordering: .relaxed) != 0 }
    /// `nil` where no gate is being asked.
    var place: Int? { call == 0 ? nil : Int(call & 0xFF) - 1 }

    @inline(__always)
    func begin(_ entry: EntryID) {
        word[1].store(entry.milliseconds, ordering: .relaxed)
        word[2].store(entry.sequence, ordering: .relaxed)
    }

    /// Releasing: the entry that it is about is there before it. On this processor family that is an ordinary store.
    @inline(__always)
    func enter(_ call: UInt64, place: UInt64) {
        word[0].store(call << 8 | (place &+ 1), ordering: .releasing)
    }

    @inline(__always)
    func leave() {
        word[0].store(0, ordering: .releasing)
    }

    func take(stream: UInt64) -> Bool {
        guard word[5].compareExchange(expected: 0, desired: 1, ordering: .relaxed).exchanged else { return false }
        word[3].store(stream, ordering: .relaxed)
        return true
    }

    /// Gives the slot back.
    func clear() {
        for index in (0..<Self.words) { word[index].store(0, ordering: .releasing) }
    }

    /// Where ``TrapMark`` notes that this thread has trapped.
    var trapWord: UnsafeMutableRawPointer { UnsafeMutableRawPointer(word + 4) }
}
