import Foundation

/// The programs that the suite starts. They lie beside its own.
struct Programs: Sendable {
    let host: String
    let clockShift: String

    init() throws {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        host = try Self.file("gatehost-faulty", in: folder)
        clockShift = try Self.file("libClockShift.so", in: folder)
    }

    private static func file(_ name: String, in folder: URL) throws -> String {
        let path = folder.appending(path: name).path
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Failure("\(path) is not there: `make chaos` builds it")
        }
        return path
    }
}
