/// Rooms of the source tree, and the rooms that each may use. The arrows make no circle.
struct Layers {
    /// A room is a folder below a base; its name is the folder's, or ends in `/` for files right below the base.
    private let rooms: [(name: String, uses: Set<String>)]

    /// - Parameter rooms: from the bottom up. A room may use those that it names, which must stand before it.
    init(_ rooms: [(String, uses: [String])]) {
        var known: Set<String> = []
        self.rooms = rooms.map { name, uses in
            for use in uses { precondition(known.contains(use), "\(name) uses \(use), which does not stand before it") }
            known.insert(name)
            return (name, Set(uses))
        }
    }

    var names: [String] { rooms.map(\.name) }

    /// Whether `room` may use `other`; `nil` if `room` is not known.
    private func allows(_ room: String, _ other: String) -> Bool? {
        rooms.first { $0.name == room }.map { $0.uses.contains(other) || room == other }
    }

    /// Imports of modules that a module may not use, one sentence each.
    func violations(ofImportsIn files: [SourceFile], module: (SourceFile) -> String) -> [String] {
        let known = Set(names)
        return files.flatMap { file in
            let own = module(file)
            guard known.contains(own) else { return ["\(file.path): no layer names the module \(own)"] }
            return file.imports.filter { known.contains($0) && allows(own, $0) == false }
                .map { "\(file.path): \(own) may not import \($0)" }
        }
    }

    /// Uses of types that are declared in a folder that the using folder may not reach, one sentence each.
    func violations(ofTypesIn files: [SourceFile], folder: (SourceFile) -> String) -> [String] {
        var homes: [String: Set<String>] = [:]
        for file in files { for type in file.types { homes[type, default: []].insert(folder(file)) } }
        return files.flatMap { file in
            let own = folder(file)
            guard names.contains(own) else { return ["\(file.path): no layer names the folder \(own)"] }
            return file.words.sorted().compactMap { word in
                // A name that several folders declare tells nothing.
                guard let declared = homes[word], declared.count == 1, let home = declared.first,
                    allows(own, home) == false
                else { return nil }
                return "\(file.path): \(own) may not use \(word) of \(home)"
            }
        }
    }
}
