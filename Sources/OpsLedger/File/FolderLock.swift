import Glibc

/// An exclusive lock on a folder, held by one writer of one process at a time and given back by the system however that
/// process ends.
///
/// On the folder, not on the file in it, which every writer replaces by another; so no lock file is left lying about
/// either.
struct FolderLock: ~Copyable {
    private let folder: Int32

    /// Waits for other holders, without holding a thread, at most for `limit`.
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
