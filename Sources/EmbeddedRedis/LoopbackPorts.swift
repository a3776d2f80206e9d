internal import Glibc

/// Loopback ports that were free a moment ago, all different. Another process may take one at any time.
package func freeLoopbackPorts(_ count: Int) throws(EmbeddedRedisError) -> [Int] {
    var ports: [Int] = []
    var descriptors: [Int32] = []
    // All sockets stay open until the end, so that no port is returned twice.
    defer { for descriptor in descriptors { close(descriptor) } }
    for _ in 0..<count {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw systemError("socket", errno) }
        descriptors.append(descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &size) == 0
            }
        }
        guard status else { throw systemError("bind to a free port", errno) }
        ports.append(Int(UInt16(bigEndian: address.sin_port)))
    }
    return ports
}
