import Glibc

/// One connection through the proxy, on a thread of its own.
struct ProxiedConnection: Sendable {
    private let proxy: RedisProxy
    private let client: Int32
    private let server: Int32
    private let cut: Cut?

    /// The direction in which the connection is cut, and after how many bytes.
    private struct Cut {
        let isReply: Bool
        let bytes: Int
    }

    private static let pieceBytes = 16 << 10
    private static let largestFragment = 7
    /// Bounds the time that one piece takes.
    private static let maximumFragments = 200
    /// A greeting takes about 12 KiB to the server and 1 KiB back. One cut in four falls into the greeting, the others
    /// behind it.
    private static let greetingBytes = (commands: 12 << 10, replies: 1 << 10)
    private static let longestLife = (commands: 192 << 10, replies: 64 << 10)

    init(_ proxy: RedisProxy, client: Int32, server: Int32) {
        self.proxy = proxy
        self.client = client
        self.server = server
        if case .cutting = proxy.disturbance {
            let isReply = proxy.random(2) == 0
            let bounds = proxy.random(4) == 0 ? Self.greetingBytes : Self.longestLife
            cut = Cut(isReply: isReply, bytes: 1 + proxy.random(isReply ? bounds.replies : bounds.commands))
        } else {
            cut = nil
        }
    }

    func run() {
        defer {
            close(client)
            close(server)
        }
        var passed = (commands: 0, replies: 0)
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            var events = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&events, 2, -1) > 0 || errno == EINTR else { return }
            if events[0].revents != 0, !pass(client, server, &piece, &passed.commands, isReply: false) { return }
            if events[1].revents != 0, !pass(server, client, &piece, &passed.replies, isReply: true) { return }
        }
    }

    /// Passes on one piece; returns false when the connection ends.
    private func pass(_ source: Int32, _ target: Int32, _ piece: inout [UInt8], _ passed: inout Int, isReply: Bool)
        -> Bool
    {
        let count = recv(source, &piece, piece.count, 0)
        guard count > 0 else { return false }
        if let cut, cut.isReply == isReply, passed + count >= cut.bytes {
            _ = UnixSocket.sendAll(piece[..<(cut.bytes - passed)], to: target)
            proxy.count { if isReply { $0.cutReplies += 1 } else { $0.cutCommands += 1 } }
            return false
        }
        passed += count
        switch proxy.disturbance {
        case .faithful, .cutting: return UnixSocket.sendAll(piece[..<count], to: target)
        case .slow(let longest, let rarely, let rare):
            let isLong = proxy.random(rare) == 0
            proxy.count { if isLong { $0.longDelays += 1 } else { $0.delays += 1 } }
            rest(
                isLong
                    ? .milliseconds(rarely.lowerBound + proxy.random(rarely.count))
                    : .microseconds(proxy.random(longest * 1_000)))
            return UnixSocket.sendAll(piece[..<count], to: target)
        case .fragmenting: return sendFragments(piece[..<count], to: target)
        }
    }

    private func sendFragments(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        var left = bytes
        for _ in 0..<Self.maximumFragments where !left.isEmpty {
            let fragment = left.prefix(1 + proxy.random(Self.largestFragment))
            guard UnixSocket.sendAll(fragment, to: target) else { return false }
            left = left.dropFirst(fragment.count)
            proxy.count { $0.fragments += 1 }
            // Gives the other side time to read these bytes alone.
            sched_yield()
        }
        return left.isEmpty || UnixSocket.sendAll(left, to: target)
    }
}
