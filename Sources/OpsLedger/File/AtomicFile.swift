import Glibc

/// Files that are written whole or not at all.
enum AtomicFile {
    /// Replaces a file's content. After a crash, even of the machine, the file has its old content or its new one.
    ///
    /// Only one writer may call it at a time: it first writes the content into a file beside the target. That file
    /// always has the same name, so the next writer removes one that a crash has left.
    static func replace(_ path: String, with bytes: [UInt8]) throws(LedgerError) {
        let (folder, name) = splitPath(path)
        let temporary = "\(folder)/.\(name).new"
        var old = stat()
        let mode = stat(path, &old) == 0 ? old.st_mode & 0o777 : 0o644
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw systemError("\(temporary) cannot be written") }
        do throws(LedgerError) {
            defer { close(file) }
            // The process's umask has cleared bits that the old file has.
            guard fchmod(file, mode) == 0 else { throw systemError("\(temporary) cannot be written") }
            try write(bytes, to: file, name: temporary)
            guard fsync(file) == 0 else { throw systemError("\(temporary) cannot be written") }
            guard rename(temporary, path) == 0 else { throw systemError("\(path) cannot be replaced") }
        } catch {
            unlink(temporary)
            throw error
        }
        // The rename is durable only once the folder is on disk too.
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    private static func write(_ bytes: [UInt8], to file: Int32, name: String) throws(LedgerError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw systemError("\(name) cannot be written") }
            written += count
        }
    }

    /// The whole content of a regular file; `nil` if there is no such file.
    static func read(_ path: String, atMost limit: Int) throws(LedgerError) -> [UInt8]? {
        // O_NONBLOCK, because opening a pipe in the file's place would wait for a writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw systemError("\(path) cannot be read")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw LedgerError(.notRecorded, "\(path) cannot be read: not a regular file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError("\(path) cannot be read") }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= limit else { throw LedgerError(.notRecorded, "\(path) is larger than \(limit) bytes") }
        }
    }
}

func systemError(_ what: String, _ number: Int32 = errno) -> LedgerError {
    LedgerError(.notRecorded, "\(what): \(String(cString: strerror(number)))")
}

func splitPath(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let name = String(path[path.utf8.index(after: slash)...])
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
}
