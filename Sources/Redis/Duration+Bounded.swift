extension Duration {
    /// Kept between nothing and a day, so that adding it to an instant or turning it into a `timeval` cannot overflow.
    static func bounded(_ duration: Duration) -> Duration {
        min(max(duration, .zero), .seconds(86_400))
    }
}
