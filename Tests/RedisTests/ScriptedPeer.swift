import Foundation
import Synchronization

/// A loopback peer that speaks RESP and answers each command from a closure: sentinels that disagree, servers that fail
/// over.
final class ScriptedPeer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var received: [[String]] = []
        var clients: [Int32] = []
    }

    init(_ answer: @escaping @Sendable (_ command: [String]) -> String) throws {
        (listener, port) = try boundSocket()
        guard listen(listener, 8) == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [listener, weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                self?.state.withLock { $0.clients.append(client) }
                Thread.detachNewThread { [weak self] in
                    Self.serve(client) { command in
                        self?.state.withLock { $0.received.append(command) }
                        return answer(command)
                    }
                    self?.state.withLock { $0.clients.removeAll { $0 == client } }
                    close(client)
                }
            }
            // Not in `deinit`: this thread could then accept on a descriptor that another file has reused.
            close(listener)
        }
    }

    deinit {
        // Ends the waiting or the next `accept`.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// All received commands, in order.
    var commands: [[String]] { state.withLock { $0.received } }

    /// Sends an unsolicited message to all clients.
    func push(_ text: String) {
        let bytes = Array(text.utf8)
        state.withLock { for client in $0.clients { _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) } }
    }

    func hangUp() {
        state.withLock { for client in $0.clients { _ = shutdown(client, Int32(SHUT_RDWR)) } }
    }

    /// Accepts no more clients.
    func refuse() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A sentinel that names a loopback port; nil: it knows no master.
    static func sentinel(naming port: @autoclosure @escaping @Sendable () -> Int?, epoch: Int?, listening: Bool = true)
        throws -> ScriptedPeer
    {
        try ScriptedPeer { command in
            if command.first == "SUBSCRIBE" {
                return listening ? "*3\r\n+subscribe\r\n+\(command[1])\r\n:1\r\n" : "-NOPERM no channel\r\n"
            }
            return switch (command.dropFirst().first, port()) {
            case ("GET-MASTER-ADDR-BY-NAME", let port?): array(["127.0.0.1", "\(port)"])
            case ("GET-MASTER-ADDR-BY-NAME", nil): "*-1\r\n"
            case ("MASTER", .some):
                epoch.map { array(["name", "m", "config-epoch", "\($0)"]) } ?? "-NOPERM this user may not\r\n"
            case ("MASTER", nil): "-ERR No such master with that name\r\n"
            default: "+PONG\r\n"
            }
        }
    }

    static func array(_ texts: [String]) -> String {
        "*\(texts.count)\r\n" + texts.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }

    private static func serve(_ client: Int32, _ answer: ([String]) -> String) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while case let count = recv(client, &chunk, chunk.count, 0), count > 0 {
            bytes += chunk.prefix(count)
            var replies: [UInt8] = []
            while let command = firstCommand(&bytes) { replies += Array(answer(command).utf8) }
            guard send(client, replies, replies.count, Int32(MSG_NOSIGNAL)) == replies.count else { return }
        }
    }

    /// Removes one complete command from the front. Commands in tests hold no line ends.
    private static func firstCommand(_ bytes: inout [UInt8]) -> [String]? {
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        guard let count = lines.first.flatMap({ Int($0.dropFirst()) }), lines.count > 1 + 2 * count else { return nil }
        let words = (0..<count).map { lines[2 + 2 * $0] }
        bytes.removeFirst(lines[...(2 * count)].joined(separator: "\r\n").utf8.count + 2)
        return words
    }
}
