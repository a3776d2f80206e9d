import Crypto
import Glibc
import Platform

extension ProofRecord.Measured {
    /// Hashes a file as it is now.
    init(path: String) throws(LedgerError) {
        // O_NONBLOCK, because opening a pipe in the file's place would wait for a writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw systemError("cannot be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw LedgerError(.notRecorded, "cannot be read: not a regular file")
        }
        var hash = SHA256()
        var size = 0
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError("cannot be read") }
            if count == 0 { break }
            hash.update(data: chunk[..<count])
            size += count
        }
        // The size of the hashed bytes: a log may have grown since its status was read.
        let modified = UTCTime(
            seconds: Int64(status.st_mtim.tv_sec), microseconds: Int64(status.st_mtim.tv_nsec / 1_000))
        self.init(sha256: Digest.hexadecimal(hash.finalize()), sizeBytes: size, modified: modified.iso8601)
    }
}

extension ProofRecord {
    /// The difference between the file and its record; `nil` if there is none.
    func difference(in repository: String) -> String? {
        guard let measured else { return nil }
        do throws(LedgerError) {
            let now = try Measured(path: path.starts(exactlyWith: "/") ? path : "\(repository)/\(path)")
            if now.sizeBytes != measured.sizeBytes {
                return "has \(now.sizeBytes) bytes, \(measured.sizeBytes) were recorded"
            }
            if !now.sha256.isExactly(measured.sha256) {
                return "has sha256 \(now.sha256), \(measured.sha256) was recorded"
            }
            return nil
        } catch {
            return error.message
        }
    }
}
