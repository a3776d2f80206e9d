import GateAPI
import TradingState

extension LaneTotals {
    /// Sums such as `0=0.004 3=1`; `nil` if the text has another form.
    init?(text: String) {
        self.init()
        for part in text.split(separator: " ") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let lane = Int(pair[0]), let amount = try? Amount(String(pair[1])) else {
                return nil
            }
            add(amount, to: lane)
        }
    }
}
