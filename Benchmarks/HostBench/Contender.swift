import Foundation

/// A program that turns plans into decisions: what the bench measures.
protocol Contender {
    /// In the report and in `--contenders`.
    var name: String { get }

    /// The program and its arguments; files that it needs are written into the stage's folder.
    func command(_ stage: Stage, _ settings: Settings) throws -> [String]
}

/// Where the contenders' programs are.
struct Programs {
    var floor: String
    var gateHost: String

    /// Programs that are not named lie beside this one.
    init(floor: String?, gateHost: String?) throws {
        let folder = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).deletingLastPathComponent()
        self.floor = floor ?? folder.appending(path: "gatehost-floor").path
        self.gateHost = gateHost ?? folder.appending(path: "gatehost").path
    }

    static let contenderNames = ["floor", "gatehost"]

    func contender(_ name: String) throws -> any Contender {
        let contender: any Contender
        let program: String
        switch name {
        case "floor": (contender, program) = (FloorContender(program: floor), floor)
        case "gatehost": (contender, program) = (HostContender(program: gateHost), gateHost)
        default: throw BenchError("no contender is called \(name); there are \(Self.contenderNames.joined(separator: ", "))")
        }
        guard FileManager.default.isExecutableFile(atPath: program) else { throw BenchError("\(name): no program at \(program)") }
        return contender
    }
}
