import Foundation
import Platform
import TestSupport
import Testing

@Suite("The service manager")
struct ServiceManagerTests {
    @Test("gets a message by a path or an abstract name", arguments: [true, false])
    func sends(isAbstract: Bool) throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(isAbstract ? "@gatehost-test-\(UUID().uuidString)" : folder.path + "/notify")
        let manager = try #require(
            ServiceManager(environment: [
                "NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1",
            ]))
        #expect(manager.watchdog == .seconds(60))
        #expect(manager.send(["READY=1", "STATUS=ready"]) == nil)
        #expect(socket.lines() == ["READY=1", "STATUS=ready"])
    }

    @Test("is not there without a name, or with one that cannot be an address")
    func none() {
        #expect(ServiceManager(environment: [:]) == nil)
        for name in ["", "@", "relative", "vsock:2:1234", "/" + String(repeating: "x", count: 200)] {
            #expect(ServiceManager(environment: ["NOTIFY_SOCKET": name]) == nil, "\(name)")
        }
        for time in ["0", "-1", "soon", ""] {
            #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": time])?.watchdog == nil)
        }
    }

    @Test("nobody listening is an error number, and no wait")
    func silent() {
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "/nowhere/notify"])?.send(["READY=1"]) == ENOENT)
    }
}
