import GateAPI

extension Duration {
    /// In seconds, cut to the millisecond.
    var secondsToTheMillisecond: Amount { seconds.rounded(toDecimals: 3, .towardZero) }
}
