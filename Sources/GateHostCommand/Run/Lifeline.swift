import Foundation
import Glibc

/// The host's end of a pipe to the supervisor. When the supervisor is gone, the host ends too, so that two hosts never
/// run under one name.
enum Lifeline {
    static func hold(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let count = read(descriptor, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { _exit(1) }
            }
        }
        thread.name = "lifeline"
        thread.stackSize = 64 << 10
        thread.start()
    }
}
