import Telemetry

/// The instruments of one partition of the intents.
struct PartitionMetrics: Sendable {
    let isReady: Gauge
    let isCaching: Gauge
    /// The lead of the stream's last id over Redis' clock, in seconds.
    let ahead: Gauge
    let trimmed: Counter
    private let pending: Gauge
    private let undelivered: Gauge

    init(_ registry: MetricRegistry, stream: String) throws(MetricError) {
        let labels = [("stream", stream)]
        isReady = try registry.gauge(
            "gatehost_stream_ready", help: "1 while the stream's entries are decided; 0 while they wait.",
            labels: labels)
        isCaching = try registry.gauge(
            "gatehost_records_cached",
            help: "1 while records are kept between batches; 0 where they are read anew for every batch.",
            labels: labels)
        ahead = try registry.gauge(
            "gatehost_stream_ahead_seconds", help: "How far the last id of the stream is ahead of Redis' clock.",
            labels: labels)
        pending = try registry.gauge(
            "gatehost_pending_entries", help: "Entries delivered to the group and not yet decided.", labels: labels)
        undelivered = try registry.gauge(
            "gatehost_undelivered_entries",
            help: "Entries that no consumer of the group has read yet; NaN while Redis cannot tell.", labels: labels)
        trimmed = try registry.counter(
            "gatehost_entries_trimmed_unread_total",
            help: "Entries that left the stream before any consumer of the group had read them.", labels: labels)
    }

    /// - Parameters:
    ///   - waiting: the entries that wait, if they could be told apart from those that are lost.
    ///   - lost: the entries that are gone unread. Redis counts them among those that wait.
    func set(_ backlog: Backlog, waiting: Int?, lost: Int) {
        pending.set(Double(backlog.pending))
        let count = waiting ?? backlog.undelivered.map { max(0, $0 - lost) }
        undelivered.set(count.map { Double($0) } ?? .nan)
    }

    /// The group is gone: no old number stands for what waits.
    func forgetBacklog() {
        pending.set(.nan)
        undelivered.set(.nan)
    }
}
