/// The workload's plan ids: sixteen hexadecimal digits, as the bridge makes them. The last eight are the plan's number.
enum PlanID {
    static let length = 16
    private static let prefix = Array("7b3e9a1c".utf8)

    static func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    static func bytes(_ index: Int) -> [UInt8] {
        prefix
            + (0..<length - prefix.count).reversed().map { digit(UInt8(truncatingIfNeeded: (index >> (4 * $0)) & 15)) }
    }

    /// The plan's number; `nil` if the id is not one of these.
    static func index(_ id: some Collection<UInt8>) -> Int? {
        guard id.count == length, id.starts(with: prefix) else { return nil }
        var index = 0
        for digit in id.dropFirst(prefix.count) {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index = index << 4 | Int(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): index = index << 4 | Int(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return index
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
