/// One permit, its order at the exchange, and the checker's own book of its share.
struct Grant {
    enum Book: UInt8 {
        case given, executed, revoked, void
        /// The share's time is over, or a snapshot shows the execution.
        case ended
    }

    /// The order's number among the scenario's, from 1; 0 in a free slot.
    var number: UInt8 = 0
    var host: UInt8 = 0
    var isCapped = false
    var quantity: UInt8 = 0
    /// Ticks in which the permit can still be taken.
    var permit: Int8 = 0
    var isTaken = false
    var isRefused = false
    /// Ticks in which the order may still fill.
    var life: Int8 = 0
    var left: UInt8 = 0
    var filled: UInt8 = 0

    var book = Book.given
    /// What counts: the quantity, or what was reported as filled.
    var counted: UInt8 = 0
    /// Given: ticks until the bucket ends. Executed: the bucket's time, in ticks from now.
    var time: Int8 = 0
    /// Ticks in which the consumer may still report, once the share has ended.
    var late: Int8 = 0

    var isFree: Bool { number == 0 }
    var isLive: Bool { !isFree && (book == .given || book == .executed) }
    /// The exchange and the consumer are done with the order, and it filled.
    var isExecuted: Bool { isTaken && left == 0 && filled > 0 }

    /// Nothing can happen to the grant any more.
    var isOver: Bool { permit == 0 && left == 0 && !isLive && late == 0 }

    var code: UInt64 {
        guard !isFree else { return 0 }
        var code = UInt64(number) | UInt64(host) << 4 | (isCapped ? 1 << 5 : 0) | UInt64(quantity) << 6
        code |= UInt64(permit) << 9 | (isTaken ? 1 << 12 : 0) | (isRefused ? 1 << 13 : 0) | UInt64(life) << 14
        code |= UInt64(left) << 17 | UInt64(filled) << 20 | UInt64(book.rawValue) << 23 | UInt64(counted) << 26
        return code | UInt64(UInt8(bitPattern: time)) << 29 | UInt64(late) << 37
    }

    /// - Parameter lives: a permit, an order and a late report have ended when their ticks are over.
    mutating func tick(_ lives: Lives) {
        guard !isFree else { return }
        if permit > 0 { permit -= 1 }
        if life > 0 { life -= 1 }
        if life == 0 { left = 0 }
        if late > 0 { late -= 1 }
        if isLive { time = max(time - 1, -lives.executed) }
    }
}
