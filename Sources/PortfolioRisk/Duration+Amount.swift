import GateAPI

extension Duration {
    /// In seconds, cut to the millisecond.
    var secondsToTheMillisecond: Amount { Amount(units: seconds.units / 100_000 * 100_000) }
}
