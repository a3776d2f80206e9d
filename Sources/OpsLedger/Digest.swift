import Crypto

/// SHA-256 in 64 lower-case hexadecimal digits.
enum Digest {
    /// The oldest entry's hash of the entry before it.
    static let none = String(repeating: "0", count: 64)

    static func sha256(of text: String) -> String {
        var hash = SHA256()
        hash.update(data: Array(text.utf8))
        return hexadecimal(hash.finalize())
    }

    static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func isSHA256(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { $0.isLowercaseHex }
    }
}
