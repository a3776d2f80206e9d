import Foundation
import GateHost
import Glibc

extension Supervisor {
    /// The descriptors under which the host finds its journal and its lifeline.
    private static let journalDescriptor: Int32 = 3
    private static let lifelineDescriptor: Int32 = 4

    func spawn(_ restarts: Int) throws -> pid_t {
        var arguments = [CommandLine.arguments[0], "run", "--config", config, "--restarts", String(restarts)]
        arguments += ["--lifeline-descriptor", String(Self.lifelineDescriptor)]
        if journal != nil { arguments += ["--journal-descriptor", String(Self.journalDescriptor)] }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let journal { posix_spawn_file_actions_adddup2(&actions, journal, Self.journalDescriptor) }
        posix_spawn_file_actions_adddup2(&actions, lifeline.theirs, Self.lifelineDescriptor)

        // The host gets a process group of its own, so that a terminal's Ctrl-C reaches it once, from here. Its signals
        // are unblocked and have their default actions.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        // The program that runs here, even if its file was replaced meanwhile.
        let failure = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, pointers, environ)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
        return process
    }

    /// A file without a name, which lives as long as a process has it open. In memory if possible: the host writes to
    /// it for every call of a gate, and a slow disk would hold the host up.
    static func anonymousFile() -> Int32? {
        for folder in ["/dev/shm", FileManager.default.temporaryDirectory.path] {
            var path = Array("\(folder)/gatehost-journal-\(String(repeating: "X", count: 6))".utf8CString)
            let file = mkstemp(&path)
            guard file >= 0 else { continue }
            unlink(path)
            guard posix_fallocate(file, 0, off_t(CrashJournal.byteCount)) == 0 else {
                close(file)
                continue
            }
            return raised(file)
        }
        return nil
    }

    /// The same file under a number above the descriptors that the host expects, so that `dup2` overwrites neither.
    static func raised(_ descriptor: Int32) -> Int32? {
        defer { close(descriptor) }
        let high = fcntl(descriptor, F_DUPFD_CLOEXEC, 16)
        return high >= 0 ? high : nil
    }
}
