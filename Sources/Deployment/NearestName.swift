/// Finds the valid name nearest to a mistyped one.
enum NearestName {
    /// Longer words are no typing mistakes, and comparing them costs time.
    static let maximumLength = 64

    /// The candidate with the fewest slips (a letter too many, too few, wrong, or swapped with its neighbour), if at
    /// most a third of the word is wrong.
    static func of(_ word: String, in candidates: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased())
        guard !letters.isEmpty, letters.count <= maximumLength else { return nil }
        var nearest: (name: String, slips: Int)?
        for candidate in candidates {
            let slips = slips(from: letters, to: Array(candidate.lowercased()))
            guard slips <= max(1, min(letters.count, candidate.count) / 3), slips < nearest?.slips ?? .max else {
                continue
            }
            nearest = (candidate, slips)
        }
        // One slip in a word of one or two letters makes any other word of that length.
        return letters.count > 2 ? nearest?.name : nil
    }

    static func hint(for word: String, in candidates: some Sequence<String>) -> String? {
        of(word, in: candidates).map { "did you mean '\($0)'?" }
    }

    /// The distance of optimal string alignment.
    private static func slips(from word: [Character], to other: [Character]) -> Int {
        guard !word.isEmpty, !other.isEmpty else { return max(word.count, other.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...other.count)
        for row in 1...word.count {
            var current = [row]
            for column in 1...other.count {
                let substitution = previous[column - 1] + (word[row - 1] == other[column - 1] ? 0 : 1)
                var least = min(previous[column] + 1, current[column - 1] + 1, substitution)
                if row > 1, column > 1, word[row - 1] == other[column - 2], word[row - 2] == other[column - 1] {
                    least = min(least, beforePrevious[column - 2] + 1)
                }
                current.append(least)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[other.count]
    }
}
