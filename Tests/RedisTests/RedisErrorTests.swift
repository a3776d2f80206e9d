import Redis
import Testing

@Suite("A Redis error")
struct RedisErrorTests {
    static let replies: [(message: String, prefix: String, isTransient: Bool)] = [
        ("ERR unknown command", "ERR", false),
        ("ERR max number of clients reached", "ERR", true),
        ("WRONGTYPE Operation against a key", "WRONGTYPE", false),
        ("NOSCRIPT No matching script.", "NOSCRIPT", false),
        ("NOGROUP No such key", "NOGROUP", false),
        ("LOADING Redis is loading the dataset in memory", "LOADING", true),
        ("READONLY You can't write against a read only replica.", "READONLY", true),
        ("OOM command not allowed", "OOM", true),
        ("", "", false),
    ]

    @Test("from the server has its first word as prefix and says whether it is retryable", arguments: replies)
    func serverErrors(message: String, prefix: String, isTransient: Bool) {
        let error = RedisServerError(message: message)
        #expect(error.prefix == prefix)
        #expect(error.message == message)
        #expect(RedisError(error).isRetryable == isTransient)
        #expect(!RedisError(error).isConnectionLost)
        #expect(RedisError(error).serverError == error)
    }

    static let codes: [(code: RedisError.Code, isLost: Bool, isRetryable: Bool)] = [
        (.connectionRefused, true, true), (.connectFailed, true, true), (.timeout, true, true),
        (.connectionClosed, true, true),
        (.protocolViolation, true, false), (.authenticationFailed, true, false), (.outOfMemory, true, false),
        (.replyUnexpected, false, false),
    ]

    @Test("says whether the connection is lost and whether it is retryable", arguments: codes)
    func retry(code: RedisError.Code, isLost: Bool, isRetryable: Bool) {
        let error = RedisError(code: code, message: "m")
        #expect(error.isConnectionLost == isLost)
        #expect(error.isRetryable == isRetryable)
        #expect("\(error)" == "m")
    }
}
