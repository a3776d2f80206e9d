import GateAPI
import Redis

/// The `redis` section as it stands in the file; the URL is read by `RedisConfiguration`.
struct RedisSection: GateSettings {
    @Setting(
        "Server: redis://[user:password@]host[:port][/db] or unix://[user:password@]/path[?db=N]", default: "redis://localhost:6379/0", variable: "REDIS_URL")
    var url: String
    @Setting("Longest wait for a connection", in: .milliseconds(10) ... .seconds(60), default: .seconds(2))
    var connectTimeout: Duration
    @Setting("Longest wait for the replies to a batch of commands", in: .milliseconds(10) ... .seconds(60), default: .seconds(2))
    var commandTimeout: Duration

    init() {}

    func configuration() throws(RedisURLError) -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        configuration.connectTimeout = connectTimeout
        configuration.commandTimeout = commandTimeout
        return configuration
    }
}
