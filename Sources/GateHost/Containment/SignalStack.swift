import Glibc

/// A stack for the calling thread's signal handlers, if the thread has none yet.
struct SignalStack: ~Copyable {
    private let memory: UnsafeMutableRawPointer?

    init(bytes: Int) {
        var current = stack_t()
        // The stack of another runtime, such as a sanitizer, serves as well.
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
