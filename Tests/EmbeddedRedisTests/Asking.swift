import Glibc
import Testing

struct NoAnswer: Error {}

/// Sends one inline command on a connection of its own and gives the reply as it came.
func ask(_ command: String, at path: String) throws -> String {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    guard connected == 0 else { throw NoAnswer() }
    let bytes = Array("\(command)\r\n".utf8)
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw NoAnswer() }
    var reply = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &reply, reply.count, 0)
    guard count > 0 else { throw NoAnswer() }
    return String(decoding: reply.prefix(count), as: UTF8.self)
}
