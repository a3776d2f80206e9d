/// How long things last, in ticks of Redis' clock. The assumptions under which the properties are promised.
struct Lives: Sendable {
    /// A permit can be taken in this many ticks, the tick of its grant included.
    var permit: Int8 = 1
    /// An order may fill in this many ticks, the tick in which it is placed included.
    var order: Int8 = 1
    /// A snapshot is stamped at most this much later than the position was read: clock skew and a slow read together.
    var skew: Int8 = 1
    /// A snapshot shows a fill if it is later than the report by more than this.
    var margin: Int8 = 1
    /// The oldest snapshot that counts.
    var maxAge: Int8 = 1
    /// A snapshot is written at the latest so long after the position was read.
    var write: Int8 = 1
    /// A host may judge by a snapshot for so long after another has taken its place in Redis.
    var lag: Int8 = 0
    /// A consumer may report so long after the share has ended.
    var late: Int8 = 1
    /// A share counts at most so long, from its end or its execution, without a newer snapshot.
    var executed: Int8 = 4
    /// How much longer a share counts than it must; negative to show that less is too little.
    var slack: Int8 = 0

    /// A share without a report ends when nothing more can happen to its order: the permit is taken, and the order fills.
    /// It counts until a snapshot shows what became of it.
    var share: Int8 { (permit - 1) + (order - 1) + slack }
}
