import Glibc
import Platform

/// A program installed beside this one that serves as one of its subcommands, so that the trading binary does not carry
/// the program's code.
struct SiblingProgram {
    let name: String

    /// Replaces this process by the program, which keeps the environment, the descriptors and the process id. Prints an
    /// error and exits with 1 if the program cannot be started.
    func execute(_ arguments: [String]) -> Never {
        guard let folder = Self.ownFolder else {
            Console.fail("error: \(name) cannot be found: this program's own file was replaced or removed")
        }
        let path = "\(folder)/\(name)"
        let pointers = ([path] + arguments).map { strdup($0) } + [nil]
        execv(path, pointers)
        // Only a failure returns.
        let reason = String(cString: strerror(errno))
        Console.fail(
            """
            error: \(path) cannot be run: \(reason)
            Build it in GateHost's repository with `make build`, or with `swift build -c release --product \(name)`, \
            and put it beside this program.
            """)
    }

    /// The folder of this program's file, free of symbolic links.
    private static var ownFolder: Substring? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { text[..<$0] }
    }
}
