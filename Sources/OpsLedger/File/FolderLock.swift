import Glibc

/// An exclusive lock on a folder. One writer holds it at a time. The system releases it when the process ends, also by
/// a crash.
///
/// The lock is on the folder, because every writer replaces the file in it. So no lock file is left behind either.
struct FolderLock: ~Copyable {
    private let folder: Int32

    /// Waits at most `limit` for other holders, without blocking a thread.
    init(_ path: String, within limit: Duration) async throws(LedgerError) {
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw systemError("\(path) cannot be locked") }
        let end = ContinuousClock.now + limit
        while flock(folder, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            guard number == EWOULDBLOCK || number == EINTR else {
                close(folder)
                throw systemError("\(path) cannot be locked", number)
            }
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(5))) != nil else {
                close(folder)
                throw LedgerError(.notRecorded, "\(path) is locked by another writer")
            }
        }
    }

    deinit {
        close(folder)
    }
}
