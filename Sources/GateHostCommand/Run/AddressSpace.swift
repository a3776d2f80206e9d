import Glibc

/// The limit of this process's address space: `ulimit -v`, or `LimitAS=` of a systemd unit.
enum AddressSpace {
    /// Threads reserve far more address space than they use. A host of one stream dies by a trap with half of this.
    static let least: UInt64 = 1 << 30

    /// Why the host would not run under the limit, and what to do; `nil` without a limit, or with room enough.
    static var complaint: String? {
        guard let limit, limit < least else { return nil }
        return """
            the address space of this process is limited to \(limit >> 20) MiB (`ulimit -v`, or LimitAS= of the unit), and the \
            host needs \(least >> 20) MiB. Raise the limit, and bound the memory by MemoryMax= instead.
            """
    }

    /// The likely cause if a signal ends a host under a limit: memory that the limit refused ends it by a trap. `nil`
    /// without a limit, or for other signals.
    static func suspicion(_ signal: Int32) -> String? {
        guard [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS].contains(signal), let limit else { return nil }
        return
            "the address space is limited to \(limit >> 20) MiB: the host may have found no memory; raise `ulimit -v`"
    }

    /// In bytes; `nil` if there is none.
    private static var limit: UInt64? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
            return nil
        }
        return UInt64(limit.rlim_cur)
    }
}
