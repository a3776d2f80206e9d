internal import Glibc

/// Starts a program in a process group of its own, so that a Ctrl-C at the terminal does not end it before this
/// process. The program gets standard input, both outputs to a file, and descriptor 3, and no others. Returns 0 or an
/// error number.
func spawn(_ arguments: [String], input: Int32, output: String, third: Int32, process: inout Int32) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    // This comes before the outputs are opened: `third` could be 1 or 2 if this process has closed its own outputs.
    posix_spawn_file_actions_adddup2(&actions, third, 3)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Closing a descriptor that is not open is no error. A process has few open at this time, and most are
    // close-on-exec.
    for descriptor in 4..<Int32(256) { posix_spawn_file_actions_addclose(&actions, descriptor) }

    // The child must not inherit the signals that a host blocks or ignores.
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    // The child needs no other variable, and reading `environ` would race with a thread that sets one.
    let path = getenv("PATH").map { String(cString: $0) } ?? defaultPath
    guard let program = arguments.first else { return EINVAL }
    return withCStrings(arguments) { arguments in
        withCStrings(["PATH=\(path)", "LC_ALL=C"]) { environment in
            posix_spawn(&process, program, &actions, &attributes, arguments, environment)
        }
    }
}

/// Lends a NULL-terminated array of C strings.
private func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
