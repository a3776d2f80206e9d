import Glibc

/// The memory of a crash journal: a locked file that is mapped, or plain memory. Unmapped and unlocked when it ends.
struct JournalMemory: ~Copyable, Sendable {
    // Safe: mapped until `deinit`. Call slots are atomics; the journal holds its lock for all other access.
    nonisolated(unsafe) let start: UnsafeMutableRawPointer
    /// The mapped file; `nil` for plain memory.
    private let descriptor: Int32?

    /// Whether it outlives this process.
    var isDurable: Bool { descriptor != nil }

    /// Plain memory.
    init() {
        start = .allocate(byteCount: JournalLayout.byteCount, alignment: JournalLayout.CallSlot.byteCount)
        memset(start, 0, JournalLayout.byteCount)
        descriptor = nil
    }

    /// Maps an open file and takes it over.
    init(descriptor: Int32, name: String) throws(CrashJournalError) {
        do throws(CrashJournalError) {
            try Self.fill(descriptor, name)
            start = try Self.map(descriptor, name)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit {
        if let descriptor {
            munmap(start, JournalLayout.byteCount)
            close(descriptor)
        } else {
            start.deallocate()
        }
    }

    /// Opens a file, creates it if there is none, and locks it against other hosts.
    static func open(_ path: String) throws(CrashJournalError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CrashJournalError("cannot open the crash journal \(path)", errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            close(descriptor)
            throw cause == EWOULDBLOCK
                ? CrashJournalError(
                    mistake: "the crash journal \(path) belongs to another host that runs: "
                        + "each needs a file of its own")
                : CrashJournalError("cannot lock the crash journal \(path)", cause)
        }
        return descriptor
    }

    /// Gives an empty file its full size. All blocks are allocated at once, so that a disk that fills up later does no
    /// harm.
    private static func fill(_ descriptor: Int32, _ name: String) throws(CrashJournalError) {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw CrashJournalError("cannot read the crash journal \(name)", errno) }
        if size == JournalLayout.byteCount { return }
        guard size == 0 else { throw CrashJournalError(foreign: name) }
        let failure = posix_fallocate(descriptor, 0, off_t(JournalLayout.byteCount))
        guard failure == 0 else {
            // The next start would refuse a file of another size.
            ftruncate(descriptor, 0)
            throw CrashJournalError("no room for the crash journal \(name)", failure)
        }
    }

    private static func map(_ descriptor: Int32, _ name: String) throws(CrashJournalError) -> UnsafeMutableRawPointer {
        let mapped = mmap(nil, JournalLayout.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            throw CrashJournalError("cannot map the crash journal \(name)", errno)
        }
        let magic = mapped.load(fromByteOffset: JournalLayout.Header.magic, as: UInt64.self)
        guard magic == 0 || magic == JournalLayout.magic else {
            munmap(mapped, JournalLayout.byteCount)
            throw CrashJournalError(foreign: name)
        }
        if mapped.load(fromByteOffset: JournalLayout.Header.version, as: UInt64.self) != JournalLayout.version {
            memset(mapped, 0, JournalLayout.byteCount)
            mapped.storeBytes(
                of: JournalLayout.version, toByteOffset: JournalLayout.Header.version, as: UInt64.self)
        }
        mapped.storeBytes(of: JournalLayout.magic, toByteOffset: JournalLayout.Header.magic, as: UInt64.self)
        return mapped
    }
}
