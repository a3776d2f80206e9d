import GateAPI
import TradingState

extension SettingRule where Value == String {
    static var hostName: Self {
        Self("host name or address", complaint: "is not a host name or address") { isHost($0) }
    }

    static var metricName: Self {
        Self("metric name", complaint: "is not a metric name") { name in
            name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":") }
        }
    }
}

extension SettingRule where Value == String? {
    static var stateKey: Self {
        Self("key below quantum:state:", complaint: "is not a key below quantum:state:") { key in
            guard let key else { return true }
            return key.hasPrefix("quantum:state:") && key != PortfolioState.key && key.utf8.count <= 128
                && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
    }

    static var webURL: Self {
        Self("http:// or https://", complaint: "is not an http:// or https:// address") { url in
            guard let url, let mark = url.firstRange(of: "://"), ["http", "https"].contains(url[..<mark.lowerBound])
            else { return false }
            return url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && mark.upperBound < url.endIndex
        }
    }
}

/// IPv6 addresses are written without brackets.
func isHost(_ text: String) -> Bool {
    text.utf8.allSatisfy { isAlphanumeric($0) || ".-_:%".utf8.contains($0) }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    let character = Character(Unicode.Scalar(byte))
    return character.isASCII && (character.isLetter || character.isNumber)
}
