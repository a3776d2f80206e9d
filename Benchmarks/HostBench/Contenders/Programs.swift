import Foundation

/// The paths of the contenders' programs.
struct Programs {
    static let contenderNames = [
        "gatehost", "gatehost-unreserved", "floor", "echo", "python-pipelined", "python",
    ]

    var floor: String
    var gateHost: String
    /// The host with sixteen gates, for the sweep over their number.
    var sweepHost: String
    var echo: String
    var execution: String
    var allocationCounter: String
    /// The folder of the Python consumers.
    var python: String
    /// The hosts' deployment file.
    var deployment: ShippedDeployment

    /// A program without a given path is expected beside this one.
    init(
        floor: String?, gateHost: String?, sweepHost: String?, echo: String?, execution: String?,
        allocationCounter: String?, python: String, deployment: String
    ) throws {
        let folder = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
        self.floor = floor ?? folder.appending(path: "gatehost-floor").path
        self.gateHost = gateHost ?? folder.appending(path: "gatehost").path
        self.sweepHost = sweepHost ?? folder.appending(path: "gatehost-sweep").path
        self.echo = echo ?? folder.appending(path: "gatehost-echo").path
        self.execution = execution ?? folder.appending(path: "gatehost-execution").path
        let counter = allocationCounter ?? folder.appending(path: "libAllocationCounter.so").path
        // The loader searches other folders for a name without a slash.
        self.allocationCounter = URL(filePath: counter).path
        self.python = python
        self.deployment = try ShippedDeployment(path: deployment)
    }

    func contender(_ name: String) throws -> any Contender {
        switch name {
        case "floor": try existing(FloorContender(program: floor), floor)
        case "gatehost": try existing(host(name), gateHost)
        case "gatehost-unreserved": try existing(host(name, reserves: false), gateHost)
        case "echo": try existing(EchoContender(program: echo), echo)
        case "python": try pythonContender(name, "one_at_a_time.py", batch: 10, share: 0.03)
        case "python-pipelined": try pythonContender(name, "pipelined.py", batch: 128, share: 0.3)
        default:
            throw BenchError("there is no contender \(name); there are \(Self.contenderNames.joined(separator: ", "))")
        }
    }

    func sweepContender() throws -> any Contender {
        try existing(HostContender(name: "gatehost", program: sweepHost, deployment: deployment), sweepHost)
    }

    func countedHost() throws -> any Contender {
        guard FileManager.default.isReadableFile(atPath: allocationCounter) else {
            throw BenchError("allocations: there is no library at \(allocationCounter)")
        }
        return try existing(host("gatehost", allocationCounter: allocationCounter), gateHost)
    }

    /// The program of the execution layer.
    func executionProgram() throws -> String {
        guard FileManager.default.isExecutableFile(atPath: execution) else {
            throw BenchError("the execution layer: there is no program at \(execution)")
        }
        return execution
    }

    private func host(_ name: String, reserves: Bool = true, allocationCounter: String? = nil) -> HostContender {
        HostContender(
            name: name, program: gateHost, deployment: deployment, reserves: reserves,
            allocationCounter: allocationCounter)
    }

    private func pythonContender(_ name: String, _ script: String, batch: Int, share: Double) throws -> any Contender {
        let script = URL(filePath: python).appending(path: script).path
        guard FileManager.default.isReadableFile(atPath: script) else {
            throw BenchError("\(name): there is no script at \(script)")
        }
        return try existing(
            PythonContender(name: name, script: script, batch: batch, share: share), PythonContender.interpreter)
    }

    private func existing(_ contender: some Contender, _ program: String) throws -> any Contender {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchError("\(contender.name): there is no program at \(program)")
        }
        return contender
    }
}
