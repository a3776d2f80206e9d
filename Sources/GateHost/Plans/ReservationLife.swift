/// How long a reservation counts.
enum ReservationLife {
    /// The longest time that an executed plan's reservation counts without a newer snapshot: as long as a position
    /// snapshot itself lives.
    static let executed: Duration = .seconds(3_600)
}
