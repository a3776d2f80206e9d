import GateAPI
import Redis

/// The `redis` section as it stands in the file; the URL is read by `RedisConfiguration`.
struct RedisSection: GateSettings {
    @Setting(
        """
        Server: redis://[user:password@]host[:port][/db], unix://[user:password@]/path[?db=N] or \
        sentinel://[user:password@]host[:port],…/master[?db=N]
        """,
        default: "redis://localhost:6379/0", variable: "REDIS_URL")
    var url: String
    @Setting("Longest wait for a connection", in: .milliseconds(10) ... .seconds(60), default: .seconds(2))
    var connectTimeout: Duration
    @Setting(
        "Longest wait for the replies to a batch of commands", in: .milliseconds(10) ... .seconds(60),
        default: .seconds(2))
    var commandTimeout: Duration

    @Setting(
        "Replicas that must hold a commit before the next one is made; 0: none is waited for", in: 0...8, default: 0)
    var waitReplicas: Int
    @Setting("Longest wait for the replicas", in: .milliseconds(1) ... .seconds(10), default: .milliseconds(100))
    var waitTimeout: Duration

    init() {}

    func configuration() throws(RedisURLError) -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        configuration.connectTimeout = connectTimeout
        configuration.commandTimeout = commandTimeout
        configuration.replicaWait = waitReplicas > 0 ? ReplicaWait(count: waitReplicas, timeout: waitTimeout) : nil
        return configuration
    }
}
