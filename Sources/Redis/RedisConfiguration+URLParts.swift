/// Parsers of the parts that the URL forms share.
extension RedisConfiguration {
    static func splitCredentials(
        _ authority: Substring
    ) throws(RedisURLError) -> (credentials: (username: String?, password: Secret)?, location: Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        let location = authority[authority.index(after: at)...]
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // A name without a password is most likely a misplaced password. As a user it could not log in anyway.
        guard parts.count == 2, !(parts[0].isEmpty && parts[1].isEmpty) else {
            throw RedisURLError(
                message: "a user needs a password: write user:password@ (or :password@ for the default user)")
        }
        let username = try percentDecoded(parts[0], of: "user")
        let password = try percentDecoded(parts[1], of: "password")
        return ((username.isEmpty ? nil : username, Secret(password)), location)
    }

    static func hostAndPort(_ location: Substring, default defaultPort: Int) throws(RedisURLError) -> (
        host: String, port: Int
    ) {
        let host: Substring
        let tail: Substring
        if location.first == "[" {
            guard let bracket = location.firstIndex(of: "]") else {
                throw RedisURLError(message: "the bracket of the IPv6 address is not closed")
            }
            host = location.dropFirst()[..<bracket]
            tail = location[location.index(after: bracket)...]
            guard host.contains(":"),
                host.utf8.allSatisfy({ isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else {
                throw RedisURLError(message: "the text in brackets is not an IPv6 address")
            }
        } else {
            let colon = location.firstIndex(of: ":") ?? location.endIndex
            host = location[..<colon]
            tail = location[colon...]
            guard !tail.dropFirst().contains(":") else {
                throw RedisURLError(message: "too many colons after the host: put an IPv6 address in brackets")
            }
            guard !host.isEmpty else {
                throw RedisURLError(message: "the host is empty")
            }
            guard host.utf8.allSatisfy(isHostCharacter) else {
                throw RedisURLError(message: "the host contains a character that no host name has")
            }
        }
        guard !tail.isEmpty else { return (String(host), defaultPort) }
        guard tail.first == ":", let port = number(tail.dropFirst()), (1...65_535).contains(port) else {
            throw RedisURLError(message: "the port must be a number from 1 to 65535")
        }
        return (String(host), port)
    }

    static func database(_ text: Substring) throws(RedisURLError) -> Int {
        guard let database = number(text), database <= Int32.max else {
            throw RedisURLError(message: "the database must be a whole number, 0 or more")
        }
        return database
    }

    /// Accepts digits only; `Int` alone would also accept a sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    static func percentDecoded(_ text: Substring, of part: StaticString) throws(RedisURLError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexDigit), let value = UInt8(Substring(digits), radix: 16)
            else {
                throw RedisURLError(
                    message: "bad percent escape in the \(part): a % must be followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw RedisURLError(message: "the percent escapes of the \(part) are not UTF-8")
        }
        return decoded
    }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
    default: false
    }
}

func isHostCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
    default: false
    }
}
