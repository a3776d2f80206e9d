import Telemetry

/// The instruments of what a host and its group believe together.
struct GroupMetrics: Sendable {
    let hosts: Gauge
    let otherConfigurations: Gauge
    let otherBuilds: Gauge
    let mayEvict: Gauge
    let clockOffset: Gauge

    init(_ registry: MetricRegistry) throws(MetricError) {
        hosts = try registry.gauge("gatehost_group_hosts", help: "Hosts of the group, as they register in Redis.")
        let differing: GaugeFamily<1> = try registry.gaugeFamily(
            "gatehost_group_disagreements", help: "Other hosts of the group whose configuration or build is another.",
            labels: ["about"])
        otherConfigurations = differing["configuration"]
        otherBuilds = differing["build"]
        mayEvict = try registry.gauge(
            "gatehost_redis_may_evict", help: "1 if Redis' maxmemory-policy is not noeviction.")
        clockOffset = try registry.gauge(
            "gatehost_clock_offset_seconds", help: "How far this host's clock is ahead of Redis'.")
    }
}
