internal import Glibc

let defaultPath = "/usr/local/bin:/usr/bin:/bin"

/// The path of a program in PATH.
func executable(_ name: String, hint: String) throws(EmbeddedRedisError) -> String {
    let path = getenv("PATH").map { String(cString: $0) } ?? defaultPath
    for folder in path.split(separator: ":") {
        let candidate = "\(folder)/\(name)"
        if access(candidate, X_OK) == 0 { return candidate }
    }
    throw EmbeddedRedisError(message: "\(name) not found in PATH: \(hint)")
}

/// A new folder that only this user may enter. Its path is short: a socket in it must fit 107 bytes.
func makeTemporaryFolder() throws(EmbeddedRedisError) -> String {
    let longest = 60
    var parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    if !parent.hasPrefix("/") || parent.utf8.count > longest { parent = "/tmp" }
    // mkdtemp replaces the six X.
    var template = Array("\(parent)/gatehost-redis.\(String(repeating: "X", count: 6))".utf8CString)
    guard let folder = mkdtemp(&template) else { throw systemError("mkdtemp in \(parent)", errno) }
    return String(cString: folder)
}

/// The last lines of a log, for an error message.
func tail(of path: String) -> String {
    let bound = 2_048
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    _ = lseek(file, max(0, size - bound), SEEK_SET)
    let bytes = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, bound))
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(10).joined(separator: "\n")
}

/// Removes the folder of a server that does not run: files, and folders one deep (`appendonlydir`).
func removeFolder(_ folder: String) {
    guard let entries = opendir(folder) else { return }
    while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name == "." || name == ".." { continue }
        let path = "\(folder)/\(name)"
        // `unlink` refuses a folder, so its entries are removed first.
        if unlink(path) != 0 { removeFolder(path) }
    }
    closedir(entries)
    rmdir(folder)
}
