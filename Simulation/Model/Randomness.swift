import SeededRandom

/// The random numbers of a schedule: the same for the same seed.
package struct Randomness: RandomNumberGenerator {
    private var generator: SeededGenerator

    package init(seed: UInt64) {
        // Neighbouring seeds must not give neighbouring schedules.
        generator = SeededGenerator(seed: seed &* 0xD134_2543_DE82_EF95)
    }

    package mutating func next() -> UInt64 { generator.next() }

    /// One in so many.
    mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func element<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }
}
