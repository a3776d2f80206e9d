import Foundation
import Testing

@testable import Telemetry

@Suite("The queue of log lines")
struct LogQueueTests {
    private let pipe = Pipe()
    private let losses = LogLosses()
    private var descriptor: Int32 { pipe.fileHandleForWriting.fileDescriptor }

    private func queue(_ descriptor: Int32) -> LogQueue {
        LogQueue(descriptor: descriptor, losses: losses) { Array("dropped \($0)\n".utf8) }
    }

    private func text() -> String {
        String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    private static let longFlush: UInt64 = 10_000_000_000

    @Test("delivers lines whole and apart, longer than a pipe's atomic unit and from several threads at once")
    func whole() {
        let lines = (0..<8).map { Array("\(String(repeating: "\($0)", count: 100_000))\n".utf8) }
        let queue = queue(descriptor)
        onThreads(lines.count) { queue.add(lines[$0]) }
        let writing = pipe.fileHandleForWriting
        Thread.detachNewThread {
            queue.flush(nanoseconds: Self.longFlush)
            try? writing.close()
        }
        let text = text()
        #expect(text.hasSuffix("\n"))
        let expected = lines.map { String(decoding: $0.dropLast(), as: UTF8.self) }
        #expect(text.split(separator: "\n").map(String.init).sorted() == expected.sorted())
    }

    @Test("never waits for a pipe that nobody reads; what finds no room is dropped, counted and told of")
    func unread() throws {
        let queue = queue(descriptor)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 9_999) + [UInt8(ascii: "\n")]
        let added = 2 * LogQueue.maximumBytes / line.count
        let start = ContinuousClock.now
        for _ in 0..<added { queue.add(line) }
        queue.flush(nanoseconds: 10_000_000)
        #expect(ContinuousClock.now - start < .seconds(5))
        let dropped = losses.dropped.value
        #expect((added / 3...added * 2 / 3).contains(dropped))

        // The reader is back: the lines that were kept come, and the number of the others.
        let writing = pipe.fileHandleForWriting
        Thread.detachNewThread {
            queue.flush(nanoseconds: Self.longFlush)
            try? writing.close()
        }
        let lines = text().split(separator: "\n")
        #expect(lines.count == added - dropped + 1)
        #expect(lines.contains("dropped \(dropped)"))
    }

    @Test("waits for room in a pipe that refuses to block")
    func nonblocking() throws {
        #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
        let queue = queue(descriptor)
        queue.add(line)
        let writing = pipe.fileHandleForWriting
        Thread.detachNewThread {
            queue.flush(nanoseconds: Self.longFlush)
            try? writing.close()
        }
        #expect(text().utf8.count == line.count)
        #expect(losses.refused.value == 0)
    }

    @Test("counts the lines that the system refuses, and goes on")
    func refused() {
        let queue = queue(-1)
        for _ in 0..<3 { queue.add(Array("lost\n".utf8)) }
        queue.flush(nanoseconds: Self.longFlush)
        #expect(losses.refused.value == 3)
    }
}
