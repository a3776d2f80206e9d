import CLibFuzzer
import Glibc

/// `gatehost-fuzz <target> [libFuzzer options] [corpora or inputs]`: one program for all targets, so that there is one
/// thing to build.
@main
enum GateHostFuzz {
    private static let targets: [any FuzzTarget.Type] = [
        AmountTarget.self, IntentTarget.self, ConfigurationTarget.self, HTTPTarget.self, RecordsTarget.self,
        TextTarget.self,
    ]
    /// libFuzzer starts itself anew to merge corpora or to minimise an input, with its own options only.
    private static let variable = "GATEHOST_FUZZ_TARGET"

    static func main() {
        var arguments = CommandLine.arguments
        if arguments.count > 1, targets.contains(where: { $0.name == arguments[1] }) {
            setenv(variable, arguments.remove(at: 1), 1)
        }
        let name = getenv(variable).map { String(cString: $0) } ?? ""
        guard let type = targets.first(where: { $0.name == name }) else {
            print(
                "usage: gatehost-fuzz <target> [libFuzzer options] [corpora or inputs]\ntargets: \(targets.map { $0.name }.joined(separator: ", "))"
            )
            exit(2)
        }
        exit(run(type, arguments))
    }

    private static func run<Target: FuzzTarget>(_ type: Target.Type, _ arguments: [String]) -> CInt {
        do {
            Running.target = try Target()
            return Running.drive(arguments)
        } catch {
            print("\(Target.name) cannot be set up: \(error)")
            return 2
        }
    }
}

/// What libFuzzer calls is a C function, which captures nothing: the target lies here.
private enum Running {
    /// Safe: set once before the driver starts, and used by the driver's one thread only.
    nonisolated(unsafe) static var target: (any FuzzTarget)?

    static func drive(_ arguments: [String]) -> CInt {
        var count = CInt(arguments.count)
        // Never freed: libFuzzer keeps them as long as the process lives.
        let texts = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() { texts.initializeElement(at: index, to: strdup(argument)) }
        texts.initializeElement(at: arguments.count, to: nil)
        var pointer = texts.baseAddress
        return LLVMFuzzerRunDriver(&count, &pointer) { data, size in
            // A copy of its own size, so that the address sanitizer sees a read beyond its end.
            Running.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        }
    }
}
