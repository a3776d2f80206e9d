/// Variables that look like the service's and are none: a typing mistake leaves a setting at its default.
enum UnknownVariables {
    private static let prefixes = ["P28", "PORTFOLIO_"]
    /// Shorter names are alike by chance.
    private static let shortest = 6

    static func warnings(_ environment: [String: String], known: Set<String>) -> [String] {
        environment.keys.sorted().compactMap { name in
            guard !known.contains(name) else { return nil }
            let isOwn = prefixes.contains { name.hasPrefix($0) }
            let nearest = known.sorted().map { (name: $0, slips: slips(name, $0)) }.min { $0.slips < $1.slips }
            // A name of another program may resemble one of ours only by one letter.
            if let nearest, nearest.slips <= (isOwn ? name.count * 2 / 5 : 1), name.count >= shortest {
                return "\(name): not a variable of this service; did you mean \(nearest.name)?"
            }
            guard isOwn else { return nil }
            let names = known.filter { own in prefixes.contains { own.hasPrefix($0) } }.sorted()
            return "\(name): not a variable of this service; its variables are \(names.joined(separator: ", "))"
        }
    }

    /// Letters too many, too few or wrong (Levenshtein), up to the length of a variable's name.
    private static func slips(_ word: String, _ other: String) -> Int {
        let (word, other) = (Array(word.utf8.prefix(64)), Array(other.utf8.prefix(64)))
        var previous = Array(0...other.count)
        for row in word.indices {
            var current = [row + 1]
            for column in other.indices {
                current.append(
                    min(
                        previous[column + 1] + 1, current[column] + 1,
                        previous[column] + (word[row] == other[column] ? 0 : 1)))
            }
            previous = current
        }
        return previous[other.count]
    }
}
