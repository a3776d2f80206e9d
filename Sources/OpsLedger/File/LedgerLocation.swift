import Glibc

/// A ledger's path, free of symbolic links, and its repository.
struct LedgerLocation: Sendable {
    let file: String
    let folder: String
    let repository: String

    /// - Parameter creatingFolder: creates the ledger's folder if only that one folder is missing.
    init(_ path: String, creatingFolder: Bool) throws(LedgerError) {
        let given = splitPath(path)
        guard !given.name.isEmpty, given.name != ".", given.name != "..", !path.utf8.contains(0) else {
            throw LedgerError(.invalidRequest, "--ledger: '\(visible(path))' is not the path of a file")
        }
        if creatingFolder, mkdir(given.folder, 0o755) != 0, errno != EEXIST {
            throw systemError("\(given.folder) cannot be made")
        }
        guard let folder = realPath(given.folder) else { throw systemError("\(given.folder) cannot be entered") }
        // A file that replaced a symbolic link would no longer be the file behind it.
        file = realPath(path) ?? "\(folder)/\(given.name)"
        self.folder = splitPath(file).folder
        repository = Self.repository(of: self.folder)
    }

    /// The nearest folder above with a `.git`; without one, the folder above `docs`, which holds the ledger by default.
    private static func repository(of folder: String) -> String {
        var candidate = folder
        while true {
            if access("\(candidate)/.git", F_OK) == 0 { return candidate }
            guard candidate != "/" else { break }
            candidate = splitPath(candidate).folder
        }
        let (parent, name) = splitPath(folder)
        return name == "docs" ? parent : folder
    }

    /// The path under which a proof file is recorded: relative if the file lies in the repository, else absolute.
    func recorded(_ path: String) -> String {
        let absolute = realPath(path) ?? Self.absolute(path)
        let prefix = repository == "/" ? "/" : "\(repository)/"
        return absolute.starts(exactlyWith: prefix)
            ? String(absolute.utf8.dropFirst(prefix.utf8.count)) ?? absolute : absolute
    }

    private static func absolute(_ path: String) -> String {
        guard !path.starts(exactlyWith: "/"), let current = realPath(".") else { return path }
        return "\(current)/\(path)"
    }
}

private func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
