package import Bytes
package import GateAPI

extension ByteWriter {
    /// The amount in plain decimal form.
    @inline(__always)
    package mutating func append(_ amount: Amount) {
        let start = reserve(Amount.maximumTextBytes)
        advance(by: amount.write(to: start))
    }
}
