import GateAPI
import TradingState

extension ExposureText {
    static func amount(_ amount: Amount) -> String {
        amount >= Account<PositionPool>.everything ? "everything" : "\(amount)"
    }

    static func age(_ age: Duration) -> String { "\(seconds(age)) old" }

    /// Whole seconds, with minutes from two minutes on.
    static func seconds(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds >= 120 ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds) s"
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
