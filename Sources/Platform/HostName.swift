import Glibc

package enum HostName {
    /// This machine's host name; `nil` if the system does not give one.
    package static func current() -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0, let length = name.firstIndex(of: 0), length > 0 else {
            return nil
        }
        return String(decoding: name[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
