import Glibc
import Platform

/// The names by which clients may ask for a service. A page in a browser reaches a service on this machine by a name of
/// its own that leads here; an address cannot be such a name.
package struct HostRule: Sendable {
    private let names: Set<String>

    /// - Parameter names: besides addresses, `localhost` and this machine's name.
    package init(_ names: [String]) {
        self.names = Set((names + ["localhost", HostName.current() ?? "localhost"]).map { $0.lowercased() })
    }

    /// The reason for which a request is refused; `nil` if it is not.
    ///
    /// - Parameters:
    ///   - host: the header `Host`. Every browser sends it.
    ///   - origin: the header `Origin`. Browsers send it with every request that could change something.
    package func refusal(host: String?, origin: String?) -> String? {
        if origin != nil { return "requests of web pages are refused" }
        guard let host, !allows(host) else { return nil }
        return "this service is not asked by this name; allow it, or use an address"
    }

    private func allows(_ host: String) -> Bool {
        let name = Self.withoutPort(host).lowercased()
        return names.contains(name.hasSuffix(".") ? String(name.dropLast()) : name) || Self.isAddress(name)
    }

    private static func withoutPort(_ host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            return String(host[host.index(after: host.startIndex)..<end])
        }
        return host.firstIndex(of: ":").map { String(host[..<$0]) } ?? host
    }

    private static func isAddress(_ name: String) -> Bool {
        var address = in6_addr()
        let withoutZone = name.firstIndex(of: "%").map { String(name[..<$0]) } ?? name
        return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, withoutZone, &address) == 1
    }
}
