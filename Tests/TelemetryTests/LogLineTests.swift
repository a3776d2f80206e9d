import Logging
import Platform
import Synchronization
import Telemetry
import Testing

@Suite("A log line")
struct LogLineTests {
    /// Collects lines; the clock stands at 2026-11-22T16:00:00.123Z.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func logger(_ format: LogFormat, label: String = "gatehost", provider: Logger.MetadataProvider? = nil) -> Logger
        {
            Logger(label: label) { label in
                let clock: LineLogHandler.Clock = { UTCTime(sinceEpoch: .milliseconds(1_795_363_200_123)) }
                var handler = LineLogHandler(label: label, level: .info, format: format, clock: clock) { [self] line in
                    lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
                }
                handler.metadataProvider = provider
                return handler
            }
        }

        var all: [String] { lines.withLock { $0 } }
    }

    private struct Refused: Error, CustomStringConvertible {
        let description = "connection \"refused\""
    }

    private let lines = Lines()

    @Test("in JSON is one object with sorted fields")
    func json() {
        let logger = lines.logger(.json)
        logger.info("decided", metadata: ["symbol": "BTCUSDT", "plan_id": "a1", "count": .stringConvertible(3)])
        #expect(
            lines.all == [
                #"""
                {"time":"2026-11-22T16:00:00.123Z","level":"info","label":"gatehost","message":"decided",\#
                "count":"3","plan_id":"a1","symbol":"BTCUSDT"}

                """#
            ])
    }

    @Test("in JSON stays one line of UTF-8 with any content")
    func jsonEscapes() {
        lines.logger(.json, label: "a\"b").warning("two\nlines \u{1B}[31m é", metadata: ["k\"": "v\\\r\n"])
        #expect(
            lines.all == [
                #"""
                {"time":"2026-11-22T16:00:00.123Z","level":"warning","label":"a\"b",\#
                "message":"two\nlines \u001b[31m é","k\"":"v\\\r\n"}

                """#
            ])
    }

    @Test("in JSON never has a key twice")
    func jsonKeys() {
        lines.logger(.json, label: "l").error("m", metadata: ["level": "mine", "metadata.level": "too"])
        #expect(
            lines.all == [
                #"""
                {"time":"2026-11-22T16:00:00.123Z","level":"error","label":"l","message":"m",\#
                "metadata.level":"mine","metadata.metadata.level":"too"}

                """#
            ])
    }

    @Test("in JSON nests arrays and dictionaries, down to a depth")
    func jsonNesting() {
        var deep: Logger.MetadataValue = "core"
        for _ in 0..<20 { deep = .array([deep]) }
        lines.logger(.json, label: "l").info("m", metadata: ["a": ["x", ["k": "v", "j": []]], "b": [:], "c": deep])
        #expect(
            lines.all == [
                #"""
                {"time":"2026-11-22T16:00:00.123Z","level":"info","label":"l","message":"m",\#
                "a":["x",{"j":[],"k":"v"}],"b":{},"c":[[[[[[["…"]]]]]]]}

                """#
            ])
    }

    @Test("as text has time, level, label, message and key=value, quoted if a reader could not see the value's end")
    func text() {
        lines.logger(.text(colored: false)).notice(
            "budget exceeded",
            metadata: [
                "symbol": "BTCUSDT", "why": "too much", "empty": "", "eq": "a=b", "quote": "\"", "list": ["a", "b"],
                "n": "1",
            ])
        #expect(
            lines.all == [
                #"""
                2026-11-22T16:00:00.123Z notice   gatehost: budget exceeded \#
                empty="" eq="a=b" list=["a","b"] n=1 quote="\"" symbol=BTCUSDT why="too much"

                """#
            ])
    }

    @Test(
        "K8: no invisible character reaches a line in either format",
        arguments: [LogFormat.json, .text(colored: false)],
        [
            "\u{80}", "\u{85}", "\u{9B}", "\u{9F}", "\u{AD}", "\u{200B}", "\u{200E}", "\u{2028}", "\u{2029}",
            "\u{202E}",
            "\u{2066}", "\u{3164}", "\u{FEFF}", "\u{E0041}",
        ])
    func invisible(format: LogFormat, scalar: Unicode.Scalar) {
        let text = "a\(scalar)b"
        lines.logger(format, label: text).info("\(text)", metadata: ["k\(scalar)": "\(text)", "list": ["\(text)"]])
        #expect(lines.all.first?.unicodeScalars.contains(scalar) == false)
        #expect(lines.all.first?.contains("\\u") == true)
    }

    @Test("as text cannot be forged or made to steer the terminal from outside")
    func textEscapes() {
        lines.logger(.text(colored: false), label: "l\n").critical(
            "a \"quoted\" \\ é\nb\u{1B}[2J\u{9B}\u{7F}\u{2028}", metadata: ["k\n": "v\u{9B}", "list": ["\u{9B}\n"]])
        #expect(
            lines.all == [
                #"""
                2026-11-22T16:00:00.123Z critical l\n: a "quoted" \ é\nb\u001b[2J\u009b\u007f\u2028 \#
                k\n="v\u009b" list=["\u009b\n"]

                """#
            ])
    }

    @Test(
        "in colour has only its level coloured, each in its own way",
        arguments: [
            (.trace, "\u{1B}[2mtrace\u{1B}[0m    "), (.debug, "\u{1B}[2mdebug\u{1B}[0m    "),
            (.info, "\u{1B}[32minfo\u{1B}[0m     "),
            (.notice, "\u{1B}[36mnotice\u{1B}[0m   "), (.warning, "\u{1B}[33mwarning\u{1B}[0m  "),
            (.error, "\u{1B}[31merror\u{1B}[0m    "),
            (.critical, "\u{1B}[1;31mcritical\u{1B}[0m "),
        ] as [(Logger.Level, String)])
    func colors(level: Logger.Level, printed: String) {
        var logger = lines.logger(.text(colored: true))
        logger.logLevel = .trace
        logger.log(level: level, "m")
        #expect(lines.all == ["2026-11-22T16:00:00.123Z \(printed)gatehost: m\n"])
    }

    @Test("is not written below the logger's level")
    func levels() {
        let logger = lines.logger(.json)
        logger.debug("hidden")
        logger.info("shown")
        #expect(lines.all.count == 1)
    }

    @Test("takes each field from the metadata closest to the event")
    func precedence() {
        var logger = lines.logger(.text(colored: false), provider: .init { ["a": "context", "b": "context"] })
        for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
        logger.info("m", metadata: ["a": "event"])
        #expect(lines.all == ["2026-11-22T16:00:00.123Z info     gatehost: m a=event b=context c=logger\n"])
    }

    @Test("carries an error's text and type")
    func errors() {
        lines.logger(.json).error("read failed", error: Refused())
        #expect(
            lines.all.first?.contains(
                #""error.message":"connection \"refused\"","error.type":"TelemetryTests.LogLineTests."#) == true)
    }

    @Test("comes from a handler whose level and metadata are values")
    func valueSemantics() {
        var first = lines.logger(.json)
        first.logLevel = .debug
        first[metadataKey: "only-on"] = "first"
        var second = first
        second.logLevel = .error
        second[metadataKey: "only-on"] = "second"
        #expect(first.logLevel == .debug && second.logLevel == .error)
        #expect(first[metadataKey: "only-on"] == "first" && second[metadataKey: "only-on"] == "second")
    }
}
