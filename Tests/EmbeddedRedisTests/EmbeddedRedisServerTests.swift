@testable import EmbeddedRedis
import Glibc
import Testing
import TestSupport

@Suite("A private redis-server")
struct EmbeddedRedisServerTests {
    @Test("serves on a short socket path, in a folder that only its user may enter")
    func serves() throws {
        let server = try EmbeddedRedisServer()
        defer { server.stop() }
        #expect(server.socketPath.utf8.count < 100)
        #expect(server.url == "unix://\(server.socketPath)")
        #expect(try ask("PING", at: server.socketPath) == "+PONG\r\n")
        var status = stat()
        #expect(stat(folder(of: server), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test("runs in a process group of its own, so a Ctrl-C reaches its owner first")
    func ownProcessGroup() throws {
        let server = try EmbeddedRedisServer()
        defer { server.stop() }
        #expect(getpgid(server.processIdentifier) != getpgrp())
    }

    @Test("leaves no process, no zombie and no folder behind when it is stopped")
    func stopLeavesNothing() throws {
        let server = try EmbeddedRedisServer(appendOnly: true)
        let process = server.processIdentifier
        let group = getpgid(process)
        #expect(process > 0 && group > 0)
        _ = try ask("SET k v", at: server.socketPath)
        server.stop()
        #expect(kill(process, 0) == -1 && errno == ESRCH)
        #expect(killpg(group, 0) == -1 && errno == ESRCH, "the guarding shell is reaped too")
        #expect(access(folder(of: server), F_OK) == -1)
        #expect(server.processIdentifier == 0)
        server.stop()
    }

    @Test("ends with its last reference")
    func endsWithLastReference() throws {
        var server: EmbeddedRedisServer? = try EmbeddedRedisServer()
        let process = try #require(server?.processIdentifier)
        let folder = try #require(server.map(folder))
        server = nil
        #expect(kill(process, 0) == -1 && errno == ESRCH)
        #expect(access(folder, F_OK) == -1)
    }

    @Test("keeps every acknowledged write across a kill and a restart when it is append-only")
    func keepsData() throws {
        let server = try EmbeddedRedisServer(appendOnly: true)
        defer { server.stop() }
        let first = server.processIdentifier
        #expect(try ask("SET k kept", at: server.socketPath) == "+OK\r\n")
        server.kill()
        #expect(kill(first, 0) == -1 && errno == ESRCH)
        #expect(server.processIdentifier == 0)
        #expect(throws: (any Error).self) { try ask("PING", at: server.socketPath) }
        try server.restart()
        #expect(server.processIdentifier != first)
        #expect(try ask("GET k", at: server.socketPath) == "$4\r\nkept\r\n")
    }

    @Test("restarts while it runs, too")
    func restartsWhileRunning() throws {
        let server = try EmbeddedRedisServer(appendOnly: true)
        defer { server.stop() }
        let first = server.processIdentifier
        _ = try ask("SET k kept", at: server.socketPath)
        try server.restart()
        #expect(kill(first, 0) == -1 && errno == ESRCH)
        #expect(try ask("GET k", at: server.socketPath) == "$4\r\nkept\r\n")
    }

    @Test("removes its folder when it is stopped after a kill, and then refuses to restart")
    func stopAfterKill() throws {
        let server = try EmbeddedRedisServer(appendOnly: true)
        server.kill()
        server.stop()
        #expect(access(folder(of: server), F_OK) == -1)
        #expect(throws: EmbeddedRedisError(message: "the embedded redis-server was stopped: its folder is gone")) {
            try server.restart()
        }
    }

    @Test("tells what the server said when it exits at its start, and leaves no folder")
    func exitsEarly() throws {
        let error = #expect(throws: EmbeddedRedisError.self) {
            _ = try EmbeddedRedisServer(extraArguments: ["--no-such-option", "1"])
        }
        let message = try #require(error?.message)
        #expect(message.hasPrefix("redis-server exited at its start:\n"))
        #expect(message.contains("no-such-option"))
    }

    @Test("counts a server that wants a password as one that serves")
    func password() throws {
        let server = try EmbeddedRedisServer(extraArguments: ["--requirepass", "secret"])
        defer { server.stop() }
        #expect(try ask("PING", at: server.socketPath).hasPrefix("-NOAUTH"))
    }

    @Test("says what to install when there is no redis-server")
    func notInstalled() async {
        // In a process of its own: PATH belongs to all tests.
        await #expect(processExitsWith: .success) {
            setenv("PATH", "/nonexistent", 1)
            #expect(throws: EmbeddedRedisError(message: "redis-server not found in PATH: apt-get install redis-server"))
            { _ = try EmbeddedRedisServer() }
        }
    }

    @Test("ends, and removes its folder, when its owner is killed by SIGKILL")
    func ownerKilled() async throws {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            let server = try EmbeddedRedisServer(appendOnly: true)
            print("server: \(server.processIdentifier) \(server.socketPath)")
            fflush(nil)
            kill(getpid(), SIGKILL)
        }
        let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        let line = try #require(output.split(separator: "\n").last { $0.hasPrefix("server: ") })
        let words = line.split(separator: " ")
        let process = try #require(Int32(words[1]))
        let folder = words[2].dropLast("/redis.sock".count)
        #expect(folder.hasSuffix("/redis.sock") == false && !folder.isEmpty)
        try await eventually("the server and its folder to be gone") {
            access(String(folder), F_OK) == -1 && !isRunning(process)
        }
    }
}

private func folder(of server: EmbeddedRedisServer) -> String {
    String(server.socketPath.dropLast("/redis.sock".count))
}

/// A zombie does not count as running: an orphan stays one until its new parent reaps it.
private func isRunning(_ process: Int32) -> Bool {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return false }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return !text.contains(") Z ")
}
