/// The names in Redis that contenders and driver share.
enum Wire {
    static let plans = "quantum:stream:apply.plan"
    static let decisions = "quantum:stream:governor.decision"
    static let results = "quantum:stream:apply.result"
    static let group = "governor"
}
