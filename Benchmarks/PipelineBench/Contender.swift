/// Something that decides, and what it took.
struct Contender {
    let name: String
    let gates: Int
    /// Judges that many plans; returns how many were permitted.
    let decide: (Int) -> Int
}
