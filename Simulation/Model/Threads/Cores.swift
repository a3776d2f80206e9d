import Glibc

/// The cores that this process may use.
enum Cores {
    // Looked up by name, because glibc declares both only with _GNU_SOURCE, which Swift does not define.
    private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> Int32

    private static func function(_ name: String) -> Affinity? {
        // Safe: these are the types of glibc's functions with these names.
        dlsym(nil, name).map { unsafeBitCast($0, to: Affinity.self) }
    }

    static var count: Int { max(1, allowed.count) }

    private static var allowed: [Int] {
        var set = cpu_set_t()
        guard let get = function("sched_getaffinity"), get(0, MemoryLayout<cpu_set_t>.size, &set) >= 0 else {
            return []
        }
        return withUnsafeBytes(of: set) { bytes in
            (0..<bytes.count * 8).filter { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        }
    }

    /// Pins the calling thread to one core. Without the right to do so, it only runs slower.
    static func pin(to index: Int) {
        let allowed = allowed
        guard let pin = function("sched_setaffinity"), allowed.count > 1 else { return }
        let core = allowed[index % allowed.count]
        var set = cpu_set_t()
        withUnsafeMutableBytes(of: &set) { $0[core / 8] = 1 << UInt8(core % 8) }
        _ = pin(0, MemoryLayout<cpu_set_t>.size, &set)
    }
}
