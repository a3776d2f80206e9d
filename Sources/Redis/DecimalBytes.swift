/// The longest `Int` in decimal: 19 digits and a sign.
let maximumDecimalBytes = 20

/// Writes a number as decimal ASCII at the end of a scratch buffer of at least `maximumDecimalBytes`, and returns that end.
func decimalDigits(of number: Int, into scratch: UnsafeMutableBufferPointer<UInt8>) -> Slice<UnsafeMutableBufferPointer<UInt8>> {
    var position = scratch.endIndex
    var magnitude = number.magnitude
    repeat {
        position -= 1
        scratch[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
        magnitude /= 10
    } while magnitude > 0
    if number < 0 {
        position -= 1
        scratch[position] = UInt8(ascii: "-")
    }
    return scratch[position...]
}

extension UInt8 {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
}

extension [UInt8] {
    mutating func append(decimal number: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumDecimalBytes) { scratch in
            append(contentsOf: decimalDigits(of: number, into: scratch))
        }
    }
}
