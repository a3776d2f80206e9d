import Foundation
import Glibc

/// A disk of a few KiB: a tmpfs that only a host started through ``wrapper`` sees.
struct SmallDisk {
    let path: String
    let wrapper: [String]
    /// Like ``wrapper``, and the file system of the shared memory lies on the small disk too.
    let wrapperWithoutMemory: [String]

    init(_ trial: Trial, kibibytes: Int) throws {
        path = trial.folder.appending(path: "disk").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let unshare = getuid() == 0 ? ["unshare", "-m"] : ["unshare", "-r", "-m"]
        let mount = "mount -t tmpfs -o size=\(kibibytes)k,mode=700 none '\(path)'"
        wrapper = unshare + ["sh", "-c", "\(mount) && exec \"$@\"", "sh"]
        wrapperWithoutMemory =
            unshare + ["sh", "-c", "\(mount) && mount --bind '\(path)' /dev/shm && exec \"$@\"", "sh"]
        let attempt = Process()
        attempt.executableURL = URL(filePath: "/usr/bin/env")
        attempt.arguments = wrapper + ["true"]
        attempt.standardOutput = FileHandle.nullDevice
        attempt.standardError = FileHandle.nullDevice
        try attempt.run()
        attempt.waitUntilExit()
        guard attempt.terminationStatus == 0 else {
            throw Skip(reason: "not possible here: no right to mount a file system (unshare, tmpfs)")
        }
    }

    /// Fills the disk to the last byte and returns the number of bytes written.
    func fill(seenBy process: pid_t) throws -> Int {
        let file = open("/proc/\(process)/root\(path)/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure("cannot write on the small disk: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        let page = [UInt8](repeating: 0x55, count: 1_024)
        var written = 0
        while true {
            let count = write(file, page, page.count)
            if count <= 0 {
                try expect(errno == ENOSPC, "the small disk fails with \(String(cString: strerror(errno)))")
                return written
            }
            written += count
        }
    }
}
