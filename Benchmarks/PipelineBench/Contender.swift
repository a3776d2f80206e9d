/// A pipeline that decides plans, and its measurements.
struct Contender {
    let name: String
    let gates: Int
    /// Judges this number of plans; returns the number of permits.
    let decide: (Int) -> Int
}
