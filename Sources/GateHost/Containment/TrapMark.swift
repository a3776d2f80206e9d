import Glibc
import Telemetry

/// Notes in a thread's call slot that this thread trapped. Without that mark, every gate that was being asked when a
/// process was killed, or when another thread trapped, would be blamed for its death.
enum TrapMark {
    /// The signals that a trap, a stack overflow or a failed allocation raises in the thread itself.
    private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]
    private static let stackBytes = 64 << 10

    private static let signalCount = 65
    /// The earlier handlers, by signal.
    // Safe: written once, before any handler can read it.
    private nonisolated(unsafe) static let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: signalCount)

    /// The key of the calling thread's trap word. Its first use creates it and installs the handlers.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        previous.initialize(repeating: sigaction(), count: signalCount)
        var action = sigaction()
        action.sa_flags = Int32(SA_ONSTACK) | Int32(SA_SIGINFO)
        // A handler may do only what is safe in a signal: it looks up a word, stores to it, waits for the log's thread,
        // and returns to the instruction that trapped, which now traps as it would have without the handler.
        action.__sigaction_handler.sa_sigaction = { signal, information, _ in
            // A signal from another process is no trap of this thread. The earlier handler must still receive it.
            let isTrap = (information?.pointee.si_code ?? 1) > 0
            if isTrap || signal == SIGABRT, let word = pthread_getspecific(TrapMark.key) {
                word.storeBytes(of: 1, as: UInt64.self)
            }
            // The lines before the crash tell of it. The thread that writes them still runs.
            flushLog()
            sigaction(signal, TrapMark.previous + Int(signal), nil)
            if !isTrap { raise(signal) }
        }
        for signal in signals { sigaction(signal, &action, previous + Int(signal)) }
        return key
    }()

    /// From here on a trap of the calling thread is noted in the slot. The handler runs on a stack of its own, because
    /// an overflow of the thread's stack may be the trap.
    static func install(_ slot: CallSlot) -> SignalStack {
        pthread_setspecific(key, slot.trapWord)
        return SignalStack(bytes: stackBytes)
    }

    /// Ends the noting of traps for the calling thread.
    static func remove() {
        pthread_setspecific(key, nil)
    }
}
