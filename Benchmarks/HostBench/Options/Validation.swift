import ArgumentParser

/// Checks that options lie in their ranges.
func checkRanges(_ options: [(name: String, value: Int, range: ClosedRange<Int>)]) throws {
    for (name, value, range) in options where !range.contains(value) {
        throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound)")
    }
}

/// Comma-separated names.
func list<Item: RawRepresentable<String> & CaseIterable>(_ text: String, of: Item.Type, _ name: String) throws
    -> [Item]
{
    try text.split(separator: ",").map {
        guard let item = Item(rawValue: String($0)) else {
            throw ValidationError(
                "--\(name): \($0) is none of \(Item.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return item
    }
}

/// Different comma-separated numbers.
func numbers(_ text: String, _ name: String, _ range: ClosedRange<Int>) throws -> [Int] {
    let numbers = text.split(separator: ",").map { Int($0) }
    let known = numbers.compactMap(\.self)
    guard !known.isEmpty, known.count == numbers.count, Set(known).count == known.count,
        known.allSatisfy(range.contains)
    else {
        throw ValidationError(
            "--\(name) must be different numbers from \(range.lowerBound) to \(range.upperBound), comma-separated")
    }
    return known
}
