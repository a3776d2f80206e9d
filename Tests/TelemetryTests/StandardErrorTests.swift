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

    @Test("gives up on a descriptor that cannot be written")
    func closed() {
        StandardError.emit(Array("lost\n".utf8), to: -1)
    }
}
