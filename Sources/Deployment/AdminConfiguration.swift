package import GateAPI

/// The HTTP endpoint for metrics, health and readiness.
package struct AdminConfiguration: GateSettings {
    /// Overrides the port alone.
    static let portVariable = "METRICS_PORT"

    @Setting(
        "Address of metrics, health and readiness; port 0 takes a free one",
        default: ListenAddress(host: "127.0.0.1", port: 8_044),
        variable: portVariable)
    package var listen: ListenAddress

    @Setting(
        "Names by which clients may ask, besides addresses, localhost, this machine's name and the one in `listen`",
        default: nil)
    package var allowedHosts: HostNames?

    @Setting(
        "Symbols with metrics of their own, besides those with a position or a budget; all others count as other",
        default: nil)
    package var symbols: NameList?

    package init() {}

    package var host: String { listen.host }
    package var port: Int { listen.port }
}

/// A host name or address, and a port.
package struct ListenAddress: Sendable, Equatable {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The same host with the port that an environment variable gives.
    func withPort(_ text: String) throws(SettingIssue) -> ListenAddress {
        let scalar = SettingScalar(text: text)
        guard let port = Self.port(text) else {
            throw SettingIssue(message: "\(scalar.shown) is not a port (0...65535)")
        }
        return ListenAddress(host: host, port: port)
    }

    private static func port(_ text: String) -> Int? {
        Int(setting: SettingScalar(text: text)).flatMap { (0...65_535).contains($0) ? $0 : nil }
    }
}

extension ListenAddress: SettingValue {
    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("listen address (127.0.0.1:8044, [::1]:8044)", parse: Self.init(setting:), text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        guard let colon = setting.text.lastIndex(of: ":"),
            let port = Self.port(String(setting.text[setting.text.index(after: colon)...]))
        else { return nil }
        let host = setting.text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = host.dropFirst().dropLast()
            guard address.contains(":"), address.utf8.allSatisfy(Self.isAddressByte) else { return nil }
            self.init(host: String(address), port: port)
        } else {
            guard !host.isEmpty, host.utf8.allSatisfy(Self.isNameByte) else { return nil }
            self.init(host: String(host), port: port)
        }
    }

    package var settingText: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    fileprivate static func isNameByte(_ byte: UInt8) -> Bool {
        let scalar = Character(Unicode.Scalar(byte))
        return scalar.isASCII && (scalar.isLetter || scalar.isNumber || scalar == "." || scalar == "-" || scalar == "_")
    }

    /// IPv6, perhaps with an IPv4 tail or a zone.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "%")
    }
}

/// Names of hosts: `[a, b]`.
package struct HostNames: SettingValue, Equatable {
    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("list of host names ([a, b])", parse: Self.init(setting:), text: \.settingText)
    }
    package static let maximumCount = 64

    package let names: [String]

    package init?(setting: SettingScalar) {
        guard setting.text.hasPrefix("["), setting.text.hasSuffix("]") else { return nil }
        names = setting.text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimming { $0 == " " }
        }
        guard names.count <= Self.maximumCount,
            names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(ListenAddress.isNameByte) })
        else { return nil }
    }

    package var settingText: String { "[\(names.joined(separator: ", "))]" }
}
