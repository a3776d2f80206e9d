import Foundation
import SeededRandom

extension SeededGenerator {
    /// In [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// The wait in seconds for the next of events that come at random, at `rate` a second.
    mutating func wait(rate: Double) -> Double { rate > 0 ? -log(1 - unit()) / rate : .infinity }
}
