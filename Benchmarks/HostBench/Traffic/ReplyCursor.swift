/// Walks over a RESP reply in a buffer without copies and allocations, so that the follower of a busy stream costs
/// little.
struct ReplyCursor {
    private(set) var position: Int

    init(at position: Int = 0) {
        self.position = position
    }

    /// A line's type byte and its number, or 0 if it has none. `nil` while the line is incomplete.
    struct Header {
        let kind: UInt8
        let number: Int
    }

    mutating func header(_ bytes: Span<UInt8>) -> Header? {
        guard position < bytes.count else { return nil }
        let kind = bytes[position]
        var number = 0
        var isNegative = false
        var next = position + 1
        while next < bytes.count {
            let byte = bytes[next]
            next += 1
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number &* 10 &+ Int(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "\n"):
                position = next
                return Header(kind: kind, number: isNegative ? -number : number)
            default: break
            }
        }
        return nil
    }

    /// The number of elements in the array at the cursor; -1 for a null array.
    mutating func array(_ bytes: Span<UInt8>) throws -> Int {
        guard let header = header(bytes), header.kind == UInt8(ascii: "*") else {
            throw BenchError("Redis did not answer with an array")
        }
        return header.number
    }

    /// The range of the string at the cursor.
    mutating func string(_ bytes: Span<UInt8>) throws -> Range<Int> {
        guard let header = header(bytes), header.kind == UInt8(ascii: "$"), header.number >= 0,
            position + header.number + 2 <= bytes.count
        else {
            throw BenchError("Redis did not answer with a string")
        }
        let start = position
        position += header.number + 2
        return start..<start + header.number
    }
}

/// Finds the end of a reply, and continues where it stopped when more bytes have arrived.
struct ReplyBoundary {
    private var position = 0
    private var missing = 1

    /// The length of the reply; `nil` while it is incomplete.
    mutating func end(_ bytes: Span<UInt8>) -> Int? {
        while missing > 0 {
            var cursor = ReplyCursor(at: position)
            guard let header = cursor.header(bytes) else { return nil }
            var next = cursor.position
            switch header.kind {
            case UInt8(ascii: "*"): missing += max(0, header.number) - 1
            case UInt8(ascii: "$"):
                if header.number >= 0 { next += header.number + 2 }
                guard next <= bytes.count else { return nil }
                missing -= 1
            default: missing -= 1
            }
            position = next
        }
        return position
    }
}
