import CLibFuzzer
import Glibc

/// `gatehost-fuzz <target> [libFuzzer options] [corpora or inputs]`: all targets in one program, so that there is one
/// build.
@main
enum GateHostFuzz {
    private static let targets: [any FuzzTarget.Type] = [
        AmountTarget.self, IntentTarget.self, ConfigurationTarget.self, HTTPTarget.self, RecordsTarget.self,
        TextTarget.self,
    ]
    /// Names the target to libFuzzer's child processes, which merge corpora or minimise an input and get only
    /// libFuzzer's own options.
    private static let variable = "GATEHOST_FUZZ_TARGET"

    static func main() {
        var arguments = CommandLine.arguments
        if arguments.count > 1, targets.contains(where: { $0.name == arguments[1] }) {
            setenv(variable, arguments.remove(at: 1), 1)
        }
        let name = getenv(variable).map { String(cString: $0) } ?? ""
        guard let type = targets.first(where: { $0.name == name }) else {
            let names = targets.map { $0.name }.joined(separator: ", ")
            print("usage: gatehost-fuzz <target> [libFuzzer options] [corpora or inputs]\ntargets: \(names)")
            exit(2)
        }
        exit(run(type, arguments))
    }

    private static func run<Target: FuzzTarget>(_ type: Target.Type, _ arguments: [String]) -> CInt {
        do {
            Running.target = try Target()
            return Running.drive(arguments)
        } catch {
            print("cannot set up \(Target.name): \(error)")
            return 2
        }
    }
}

/// Holds the target, because libFuzzer calls a C function, which cannot capture it.
private enum Running {
    /// Safe: set once before the driver starts, and used by the driver's one thread only.
    nonisolated(unsafe) static var target: (any FuzzTarget)?

    static func drive(_ arguments: [String]) -> CInt {
        var count = CInt(arguments.count)
        // Never freed: libFuzzer keeps the pointers for the life of the process.
        let texts = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() { texts.initializeElement(at: index, to: strdup(argument)) }
        texts.initializeElement(at: arguments.count, to: nil)
        var pointer = texts.baseAddress
        return LLVMFuzzerRunDriver(&count, &pointer) { data, size in
            // An exact copy, so that the address sanitizer sees a read beyond the end.
            Running.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        }
    }
}
