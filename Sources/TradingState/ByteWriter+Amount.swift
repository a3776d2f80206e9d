package import GateAPI
package import JSONText

extension ByteWriter {
    /// The amount in plain decimal form.
    @inline(__always)
    package mutating func append(_ amount: Amount) {
        let start = reserve(Amount.maximumTextBytes)
        advance(by: amount.write(to: start))
    }
}
