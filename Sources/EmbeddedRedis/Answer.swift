internal import Glibc

/// Sends one inline command on a connection of its own. Returns the first bytes of the reply, or nothing if none came
/// in time.
func answer(to command: String, at path: String, within milliseconds: Int32) -> String {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let copied = withUnsafeMutableBytes(of: &address.sun_path) { field in
        guard path.utf8.count < field.count else { return false }
        field.copyBytes(from: path.utf8)
        return true
    }
    guard copied else { return "" }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard connected == 0 else { return "" }
    let line = Array("\(command)\r\n".utf8)
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count, poll(&event, 1, milliseconds) == 1
    else { return "" }
    var reply = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &reply, reply.count, Int32(MSG_DONTWAIT))
    return String(decoding: reply.prefix(max(0, count)), as: UTF8.self)
}
