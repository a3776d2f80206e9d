import Foundation
import Testing

@testable import Telemetry

@Suite("Writing a line to a descriptor")
struct StandardErrorTests {
    @Test("delivers lines whole and apart, longer than a pipe's atomic unit and from several threads at once")
    func whole() {
        let pipe = Pipe()
        let lines = (0..<8).map { Array("\(String(repeating: "\($0)", count: 100_000))\n".utf8) }
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        Thread.detachNewThread {
            onThreads(lines.count) { StandardError.emit(lines[$0], to: descriptor) }
            try? pipe.fileHandleForWriting.close()
        }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        let expected = lines.map { String(decoding: $0.dropLast(), as: UTF8.self) }
        #expect(text.split(separator: "\n").map(String.init).sorted() == expected.sorted())
    }

    enum Refusal: CaseIterable {
        case noDescriptor, fullPipe
    }

    @Test(
        "gives up on a descriptor that cannot be written, and lets the next line through", arguments: Refusal.allCases)
    func refused(_ refusal: Refusal) throws {
        // Larger than a pipe, so that the second write to one that does not wait fails.
        let lost = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
        let full = Pipe()
        let descriptor = full.fileHandleForWriting.fileDescriptor
        #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let end = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            StandardError.emit(lost, to: refusal == .fullPipe ? descriptor : -1)
            end.signal()
        }
        // On a thread of its own: were it to try for ever, it would hold the lock, and the next line would never come.
        try #require(end.wait(timeout: .now() + 10) == .success)
        let open = Pipe()
        StandardError.emit(Array("next\n".utf8), to: open.fileHandleForWriting.fileDescriptor)
        try open.fileHandleForWriting.close()
        #expect(open.fileHandleForReading.readDataToEndOfFile() == Data("next\n".utf8))
        withExtendedLifetime(full) {}
    }
}
