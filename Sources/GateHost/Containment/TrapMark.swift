import Glibc

/// Notes in a thread's slot of the crash journal that it was this thread that trapped. Without it a process that was
/// killed, or trapped elsewhere, would look as if it had died of whatever gates were being asked at that moment.
enum TrapMark {
    /// What a trap, a stack that ran over or a failed allocation raises in the thread itself.
    private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]
    private static let stackBytes = 64 << 10

    /// The handlers that were there before, by signal.
    // Safe: written once, before it is read.
    private nonisolated(unsafe) static let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)

    /// The calling thread's trap word. Made, with the handlers, at the first use.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        previous.initialize(repeating: sigaction(), count: 65)
        var action = sigaction()
        action.sa_flags = Int32(SA_ONSTACK) | Int32(SA_SIGINFO)
        // Only what is safe in a handler: a look-up, a store, and back to the instruction that trapped, which traps
        // again as it would have.
        action.__sigaction_handler.sa_sigaction = { signal, information, _ in
            // A signal that some process sent is no trap of this thread; it only ends here, and must be sent on.
            let isTrap = (information?.pointee.si_code ?? 1) > 0
            if isTrap || signal == SIGABRT, let word = pthread_getspecific(TrapMark.key) {
                word.storeBytes(of: 1, as: UInt64.self)
            }
            sigaction(signal, TrapMark.previous + Int(signal), nil)
            if !isTrap { raise(signal) }
        }
        for signal in signals { sigaction(signal, &action, previous + Int(signal)) }
        return key
    }()

    /// From here on a trap of the calling thread is noted in the slot; on a stack of its own, since the thread's may be
    /// what ran over.
    static func install(_ slot: CallSlot) -> SignalStack {
        pthread_setspecific(key, slot.trapWord)
        return SignalStack(bytes: stackBytes)
    }

    static func remove() {
        pthread_setspecific(key, nil)
    }
}

/// The calling thread's stack for signal handlers, where it has none yet.
struct SignalStack: ~Copyable {
    private let memory: UnsafeMutableRawPointer?

    init(bytes: Int) {
        var current = stack_t()
        // Another runtime's, such as a sanitizer's, serves as well.
        guard sigaltstack(nil, &current) == 0, current.ss_flags & Int32(SS_DISABLE) != 0 else {
            memory = nil
            return
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        var stack = stack_t(ss_sp: memory, ss_flags: 0, ss_size: bytes)
        guard sigaltstack(&stack, nil) == 0 else {
            memory.deallocate()
            self.memory = nil
            return
        }
        self.memory = memory
    }

    deinit {
        guard let memory else { return }
        var none = stack_t(ss_sp: nil, ss_flags: Int32(SS_DISABLE), ss_size: 0)
        sigaltstack(&none, nil)
        memory.deallocate()
    }
}
