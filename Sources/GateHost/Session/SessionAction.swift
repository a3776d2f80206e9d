/// The next action of a session.
enum SessionAction: Equatable {
    /// Claim entries of dead consumers and measure the backlog. Nothing is in flight.
    case housekeep
    /// Judge the batch in judgement, unless it lacks records.
    case judge
    /// Read the records that the batch in judgement lacks, then judge it. Nothing is in flight.
    case load
    /// Send the judged batch, if there is one, and this read.
    case send(Exchange.Reading)
    /// Wait for the replies to the oldest exchange.
    case receive
    /// Everything that was read is decided.
    case finished
}
