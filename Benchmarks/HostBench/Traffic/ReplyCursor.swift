/// Walks over a RESP reply in a buffer. Nothing is copied and nothing allocated: a follower of a busy stream must cost
/// little.
struct ReplyCursor {
    private(set) var position: Int

    init(at position: Int = 0) {
        self.position = position
    }

    /// A line's first byte and the number behind it; 0 where that is no number. `nil` while the line is not whole.
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

    /// How many elements the array here has; -1 for the null array.
    mutating func array(_ bytes: Span<UInt8>) throws -> Int {
        guard let header = header(bytes), header.kind == UInt8(ascii: "*") else {
            throw BenchError("Redis answered something else than an array")
        }
        return header.number
    }

    /// The string here.
    mutating func string(_ bytes: Span<UInt8>) throws -> Range<Int> {
        guard let header = header(bytes), header.kind == UInt8(ascii: "$"), header.number >= 0,
            position + header.number + 2 <= bytes.count
        else {
            throw BenchError("Redis answered something else than a string")
        }
        let start = position
        position += header.number + 2
        return start..<start + header.number
    }
}

/// Finds where a reply ends, and goes on where it stopped when more has come.
struct ReplyBoundary {
    private var position = 0
    private var missing = 1

    /// The reply's length, or `nil` while it is not whole.
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
