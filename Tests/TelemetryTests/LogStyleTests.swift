import Logging
import Testing

@testable import Telemetry

@Suite("The style of the log")
struct LogStyleTests {
    @Test(
        "follows the terminal if automatic, and has colour only on a terminal whose user didn't ask for none",
        arguments: [
            (.automatic, true, nil, .text(colored: true)),
            (.automatic, true, "", .text(colored: true)),
            (.automatic, true, "1", .text(colored: false)),
            (.automatic, false, nil, .json),
            (.text, true, nil, .text(colored: true)),
            (.text, false, nil, .text(colored: false)),
            (.json, true, nil, .json),
            (.json, false, "1", .json),
        ] as [(LogStyle, Bool, String?, LogFormat)])
    func format(style: LogStyle, isTerminal: Bool, noColor: String?, format: LogFormat) {
        #expect(style.format(isTerminal: isTerminal, noColor: noColor) == format)
    }

    @Test("is set up once a process: the first call holds and a second one harms nothing")
    func bootstrap() {
        bootstrapLogging(style: .json, level: .error)
        bootstrapLogging(style: .text, level: .trace)
        #expect(Logger(label: "test").logLevel == .error)
    }
}
