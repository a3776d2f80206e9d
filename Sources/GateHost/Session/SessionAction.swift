/// The next step of a session.
enum SessionAction: Equatable {
    /// Decide a slice of the pending entries, or measure the backlog. Nothing is in flight.
    case housekeep
    /// Judge the batch in judgement. If it lacks records, read them first; if anything is in flight, say so instead.
    case judge
    /// Read the records that the batch in judgement was found to lack, then judge it. Nothing is in flight any more.
    case load
    /// Send the judged batch, if there is one, and this read.
    case send(Exchange.Reading)
    /// Wait for the replies to the oldest exchange.
    case receive
    /// Everything that was read is decided.
    case finished
}
