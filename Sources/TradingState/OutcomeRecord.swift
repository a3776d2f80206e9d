package import Bytes
package import GateAPI

/// `quantum:governor:outcome:{plan_id}`: the first decision on a plan id. It keeps a plan id from a second permit.
///
/// The text is `body entry kind`: a hash of the plan's fields, the entry's id, and `permit`, `block` or `foreign`. That
/// of a permit goes on with its grant: `state label`, and `account lane amount` of each share.
package struct OutcomeRecord {
    package static let keyPrefix = "quantum:governor:outcome:"
    /// The kind of a plan that another Governor permitted first. This group has given it nothing.
    package static let foreign = "foreign"

    /// Two publications of one plan have the same hash.
    package let bodyHash: UInt64
    package let entry: EntryID
    package let isPermit: Bool

    package init(bodyHash: UInt64, entry: EntryID, isPermit: Bool) {
        self.bodyHash = bodyHash
        self.entry = entry
        self.isPermit = isPermit
    }

    package func write(to output: inout ByteWriter) {
        output.append(hexadecimal: bodyHash)
        output.append(" ")
        output.append(entry)
        output.append(isPermit ? " permit" : " block")
    }
}

extension ByteWriter {
    package mutating func append(_ id: EntryID) {
        append(decimal: id.milliseconds)
        append("-")
        append(decimal: id.sequence)
    }

    /// Sixteen digits.
    package mutating func append(hexadecimal number: UInt64) {
        let start = reserve(16)
        for position in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 &- position &* 4)) & 0xF
            start[position] = digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ (digit &- 10)
        }
        advance(by: 16)
    }
}
