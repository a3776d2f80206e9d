import GateAPI

/// Tells whether two entries with one plan id say the same, timestamp aside: 64-bit FNV-1a over each field, summed, so that the order of the fields does not
/// matter. It labels a re-publication (`duplicate` or `plan_id_reused`); neither kind gets a second permit, so a collision could only mislabel.
enum BodyHash {
    static func of(_ fields: Fields) -> String {
        var sum: UInt64 = 0
        for position in fields.positions {
            let name = fields.bytes(position.name)
            if name.elementsEqual("timestamp".utf8) { continue }
            var hash = StableHash()
            hash.combine(name)
            hash.combine(CollectionOfOne(0))
            hash.combine(fields.bytes(position.value))
            sum &+= hash.value
        }
        return StableHash.digits(sum)
    }
}
