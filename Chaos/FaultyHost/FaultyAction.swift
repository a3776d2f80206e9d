import Glibc

/// The faulty gate's ways to fail besides throwing.
enum FaultyAction {
    case trap
    case trapOnIndex
    case abort
    /// Overflows the stack.
    case recurse
    /// Ends the process by SIGKILL, as the kernel does when memory runs out.
    case kill
    /// Sleeps for ever.
    case hang
    /// Computes for ever.
    case spin
    case sleep(milliseconds: Int)
    /// Computes for this long.
    case burn(milliseconds: Int)

    init?(_ text: String) {
        switch text {
        case "trap": self = .trap
        case "trap-index": self = .trapOnIndex
        case "abort": self = .abort
        case "recurse": self = .recurse
        case "kill": self = .kill
        case "hang": self = .hang
        case "spin": self = .spin
        default:
            let words = text.split(separator: "-")
            guard words.count == 2, let milliseconds = Int(words[1].prefix { $0.isNumber }) else { return nil }
            switch words[0] {
            case "sleep": self = .sleep(milliseconds: milliseconds)
            case "burn": self = .burn(milliseconds: milliseconds)
            default: return nil
            }
        }
    }

    func perform() {
        switch self {
        case .trap: fatalError("the plan asked for it")
        case .trapOnIndex:
            let empty: [Int] = []
            print(empty[Int(getpid())])
        case .abort: Glibc.abort()
        case .recurse: print(Self.descend(1))
        case .kill:
            Glibc.kill(getpid(), SIGKILL)
            while true { pause() }
        case .hang: while true { Glibc.sleep(1_000) }
        case .spin: while true { _ = Self.now }
        case .sleep(let milliseconds): usleep(UInt32(milliseconds) * 1_000)
        case .burn(let milliseconds):
            let end = Self.now + milliseconds * 1_000_000
            while Self.now < end {}
        }
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Uses its frame after the recursive call, so that the compiler cannot make a loop of it.
    @inline(never)
    private static func descend(_ depth: Int) -> Int {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { frame in
            frame.initialize(repeating: depth)
            let deeper = descend(depth &+ 1)
            return deeper &+ frame[depth & 63]
        }
    }
}
