@testable import Redis
import Testing

@Suite("A pipeline")
struct RedisPipelineTests {
    private func text(_ pipeline: borrowing RedisPipeline) -> String {
        pipeline.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test("encodes commands as RESP")
    func encodes() {
        var pipeline = RedisPipeline()
        pipeline.add("GET", "k")
        pipeline.add(["SET", "", "ä"])
        #expect(text(pipeline) == "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$2\r\nä\r\n")
        #expect(pipeline.count == 2)
    }

    @Test("encodes every kind of argument the same way")
    func argumentKinds() {
        let bytes = Array("-42".utf8)
        let fixed: StaticString = "-42"
        var pipeline = RedisPipeline()
        pipeline.begin()
        pipeline.argument("-42")
        pipeline.argument("x-42"[...].dropFirst())
        pipeline.argument(bytes)
        pipeline.argument(bytes[...])
        pipeline.argument(fixed)
        pipeline.argument(-42)
        pipeline.argument { $0.append(bytes) }
        pipeline.end()
        #expect(text(pipeline) == "*7\r\n" + String(repeating: "$3\r\n-42\r\n", count: 7))
    }

    @Test("writes numbers exactly", arguments: [0, 9, 10, -1, Int.max, Int.min])
    func numbers(_ number: Int) {
        var pipeline = RedisPipeline()
        pipeline.begin()
        pipeline.argument(number)
        pipeline.end()
        #expect(text(pipeline) == "*1\r\n$\(String(number).utf8.count)\r\n\(number)\r\n")
    }

    @Test("encodes lengths of any width", arguments: [0, 1, 9, 10, 99, 100, 12_345])
    func lengths(_ length: Int) {
        let value = String(repeating: "v", count: length)
        var pipeline = RedisPipeline()
        pipeline.begin()
        pipeline.argument { $0.append(value) }
        for _ in 0..<length { pipeline.argument("") }
        pipeline.end()
        pipeline.add("PING")
        let expected = "*\(length + 1)\r\n$\(length)\r\n\(value)\r\n" + String(repeating: "$0\r\n\r\n", count: length)
        #expect(text(pipeline) == expected + "*1\r\n$4\r\nPING\r\n")
    }

    @Test("drops a command without arguments and a command that was not ended")
    func dropsEmpty() {
        var pipeline = RedisPipeline()
        pipeline.add([])
        pipeline.begin()
        pipeline.argument("LOST")
        pipeline.begin()
        pipeline.argument("PING")
        pipeline.end()
        pipeline.begin()
        pipeline.argument("OPEN")
        #expect(text(pipeline) == "*1\r\n$4\r\nPING\r\n")
        #expect(pipeline.count == 1)
    }

    @Test("is empty after removeAll, and usable again")
    func removeAll() {
        var pipeline = RedisPipeline()
        pipeline.add("GET", "k")
        pipeline.begin()
        pipeline.removeAll()
        #expect(pipeline.count == 0)
        #expect(text(pipeline) == "")
        pipeline.add("PING")
        #expect(text(pipeline) == "*1\r\n$4\r\nPING\r\n")
    }
}
